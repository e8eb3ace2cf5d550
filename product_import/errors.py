"""The errors that a user can mend."""


class UserError(Exception):
    """What the user can mend; the text says what is wrong, what is allowed and what was given.

    The command line shows the text alone and leaves with the status. Whatever else is raised is a fault of the program.
    """

    status = 1


class UsageError(UserError):
    """What is wrong are the arguments of a command, whatever any file holds."""

    status = 2

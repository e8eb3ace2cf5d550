"""The errors that a user can mend."""


class UserError(Exception):
    """What the user can mend; the text says what is wrong, what is allowed and what was given.

    The command line shows the text alone and leaves with status 1. Whatever else is raised is a fault of the program.
    """

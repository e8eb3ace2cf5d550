"""Numbers in sentences."""


def counted(number: int, of: str) -> str:
    """A number of things, in words."""
    return f"{number:,} {of}{'s' if number != 1 else ''}"

"""Long values cut down to what differs."""

# Equal text at either end of two long values is cut to its last characters.
CONTEXT_IN_CHARACTERS = 24
LONG_IN_CHARACTERS = 60
LONGEST_IN_CHARACTERS = 300


def excerpts(old: str, new: str) -> tuple[str, str]:
    """Both texts, short enough to be read side by side; an ellipsis stands for what is left out."""
    if min(len(old), len(new)) > LONG_IN_CHARACTERS:
        start = max(_equal_start(old, new) - CONTEXT_IN_CHARACTERS, 0)
        end = max(_equal_start(old[start:][::-1], new[start:][::-1]) - CONTEXT_IN_CHARACTERS, 0)
        old, new = _without_ends(old, start, end), _without_ends(new, start, end)
    return _shortened(old), _shortened(new)


def _equal_start(old: str, new: str) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(old), len(new)))


def _without_ends(text: str, start: int, end: int) -> str:
    return f"{'…' if start else ''}{text[start : len(text) - end]}{'…' if end else ''}"


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_IN_CHARACTERS:
        return text
    return f"{text[:LONGEST_IN_CHARACTERS]}… ({len(text) - LONGEST_IN_CHARACTERS:,} more characters)"

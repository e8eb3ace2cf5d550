"""Tables of Markdown."""

from collections.abc import Iterable

Row = tuple[object, ...]


def table_rows(rows: Iterable[Row]) -> str:
    """Return the rows of a table."""
    cells = ([str(cell).replace("|", "\\|") for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)

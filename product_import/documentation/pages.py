"""What the pages of the module have in common: their templates and tables."""

from collections.abc import Iterable
from pathlib import Path

from product_import.documentation.settings import shown

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

Row = tuple[object, ...]

_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: object) -> str:
    """The text of a page.

    Raises:
        jinja2.UndefinedError: the template names a value that is not given.
    """
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        # Compiling the template takes longer than all the rest. Kept in the user's own folder below the temporary one.
        bytecode_cache=FileSystemBytecodeCache(),
    )
    return shown(environment.get_template(template).render(values))


def rows(rows: Iterable[Row]) -> str:
    """The rows of a Markdown table."""
    cells = ([str(cell).replace("|", "\\|") for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)

"""The clone of the project that this package lies in: where it synthesizes, compares and releases."""

from pathlib import Path

from product_import.errors import UserError

PROJECT = Path(__file__).parents[1]
MODULE = Path("modules/product-import")
"""Where the module lies in the project."""


def checkout() -> Path:
    """The project's folder.

    Raises:
        UserError: the package lies somewhere else, as an installed one does.
    """
    if not (PROJECT / "cdktf.json").is_file():
        raise UserError(f"this works in a clone of the project alone, and the package lies in {PROJECT}.")
    return PROJECT

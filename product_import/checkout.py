"""Where the module and the example are: in a clone, or in what the wheel has of it."""

from pathlib import Path

from product_import.errors import UserError

PROJECT = Path(__file__).parents[1]
MODULE = Path("modules/product-import")
EXAMPLE = Path("examples/consumer")
SHIPPED = Path(__file__).with_name("shipped")
"""In a wheel: MODULE and EXAMPLE. imports/build_hook.py puts them there."""


def is_clone() -> bool:
    """Whether the package is in a clone."""
    return (PROJECT / "cdktf.json").is_file()


def shipped() -> Path:
    """Return the folder that MODULE and EXAMPLE are in."""
    return PROJECT if is_clone() else SHIPPED


def checkout() -> Path:
    """Return the clone's folder.

    Raises:
        UserError: the package is installed somewhere else.
    """
    if not is_clone():
        raise UserError(
            "this command needs a clone of the repository. Clone it, run `make synth` there, and use its "
            f".venv/bin/product-import. The installed package is in {Path(__file__).parent}."
        )
    return PROJECT

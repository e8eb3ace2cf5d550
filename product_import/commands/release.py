"""`product-import release`: make the archives of a version, for maintainers."""

import argparse

from product_import.checkout import checkout
from product_import.release.archives import release
from product_import.terminal import progress

EXAMPLE = """\
example: product-import release 1.4.0
The changelog has to have an entry for the version, and the working tree has to be clean.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The version."""
    parser.add_argument("version", metavar="VERSION", help="as in 1.4.0")


def run(options: argparse.Namespace) -> int:
    """Make the archives and name them."""
    project = checkout()
    # Without the bindings, the build downloads them.
    with progress("Building the wheel and the archives"):
        files = release(project, options.version)
    for file in files:
        print(file.relative_to(project))
    return 0

"""`product-import release`: make the archives of a version, for maintainers."""

import argparse

from product_import.checkout import checkout
from product_import.release.archives import release

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
    for file in release(project, options.version):
        print(file.relative_to(project))
    return 0

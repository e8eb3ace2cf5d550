"""`product-import demo`: what the module does, without an account."""

import argparse

from product_import.demo import demo

EXAMPLE = """\
example: product-import demo
It wants an engine, Terraform or OpenTofu, and nothing else. `make demo` sets up what it needs.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_options: argparse.Namespace) -> int:
    """Show it."""
    demo()
    return 0

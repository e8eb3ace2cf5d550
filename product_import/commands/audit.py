"""`product-import audit`: scan the module, and ask about what is pinned, for maintainers."""

import argparse
import sys

from product_import import engine as engines
from product_import.checkout import checkout

EXAMPLE = """\
example: product-import audit
It runs checkov and tfsec, and asks for licences and known vulnerabilities. `make audit` sets up what it needs.
Status 1: something is wrong, or a part did not run; both are named.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether services are asked."""
    parser.add_argument("--offline", action="store_true", help="leave out what asks services: pip-audit and npm audit")


def run(options: argparse.Namespace) -> int:
    """Run each part and say what it found."""
    from product_import.audit.run import audit  # noqa: PLC0415, it starts Node

    # An engine that is not to be used is an error now, and not after the minutes of the other parts.
    engines.executable()
    failed = False
    for part in audit(checkout(), offline=options.offline):
        print(f"{part.name:<16}  {part.said}", flush=True)
        for problem in part.problems:
            print(f"  {problem}", file=sys.stderr, flush=True)
        failed = failed or bool(part.problems)
    return int(failed)

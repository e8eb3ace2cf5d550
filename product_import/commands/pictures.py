"""`product-import pictures`: draw the pictures of the documentation again, for maintainers."""

import argparse
import json
import os
from typing import Any

from product_import.checkout import MODULE, checkout
from product_import.files import replace_files
from product_import.simulation import drawing

EXAMPLE = """\
example: product-import pictures
They follow from modules/product-import/*.tf.json: run it after `make synth`, and commit both.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_options: argparse.Namespace) -> int:
    """Write the pictures and say what became of each."""
    drawing.check([])
    from product_import.documentation.pictures import pictures  # noqa: PLC0415

    project, tree = checkout(), dict[str, Any]()
    for path in sorted((project / MODULE).glob("*.tf.json")):
        tree |= json.loads(path.read_text(encoding="utf-8"))
    files = {project / path: text for path, text in pictures(tree).items()}
    for path, changed in replace_files(files):
        print("wrote    " if changed else "unchanged", os.path.relpath(path))
    return 0

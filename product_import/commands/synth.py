"""`product-import synth`: synthesize the root and the module."""

import argparse
import gc
import json
import os
from pathlib import Path
from typing import Any

from product_import import node
from product_import.checkout import checkout
from product_import.errors import UserError
from product_import.files import read_text

EXAMPLE = """\
example: product-import synth
cdktf.json names the output folder and the backend; `make synth` and `npx cdktf synth` do the same.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: cdktf.json has the settings."""


def run(_options: argparse.Namespace) -> int:
    """Write both artefacts and say what became of each file."""
    # A run is too short to leave garbage that is worth looking for.
    gc.disable()
    project = checkout()
    settings = _settings(project / "cdktf.json")
    node.check()
    from product_import.synthesis import synthesize  # noqa: PLC0415, it starts Node

    output = project / os.environ.get("CDKTF_OUTDIR", settings.get("output", "cdktf.out"))
    for path, changed in synthesize(output, project / "modules", settings.get("context", {})):
        print("wrote    " if changed else "unchanged", os.path.relpath(path))
    return 0


def _settings(path: Path) -> dict[str, Any]:
    try:
        settings = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise UserError(f"cdktf.json must be a JSON object: {error}") from None
    if not isinstance(settings, dict):
        raise UserError(f"cdktf.json must be a JSON object: given: {json.dumps(settings):.80}")
    for name, kind, allowed in (("output", str, "a string"), ("context", dict, "an object")):
        if not isinstance(settings.get(name, kind()), kind):
            raise UserError(f"cdktf.json: {name} must be {allowed}. Given: {json.dumps(settings[name]):.80}")
    return settings

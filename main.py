"""Synthesize the root in cdktf.out/ and the module in modules/product-import/: `python main.py`."""

import json
import os
import sys
from pathlib import Path

try:
    from product_import.synthesis import SynthesisError, synthesize
except ModuleNotFoundError as error:
    sys.exit(f"error: {error} (`make synth` sets up what is missing)")

PROJECT = Path(__file__).parent


def main() -> None:
    """Write both artefacts and say what became of each file."""
    if len(sys.argv) > 1:
        print("usage: python main.py", file=sys.stderr)
        sys.exit(2)
    settings = json.loads((PROJECT / "cdktf.json").read_text())
    output = PROJECT / os.environ.get("CDKTF_OUTDIR", settings["output"])
    try:
        for line in synthesize(output, PROJECT / "modules", settings["context"]):
            print(line)
    except (SynthesisError, OSError) as error:
        sys.exit(f"error: {error}")


main()

"""Synthesize the root in cdktf.out/ and the module in modules/product-import/: `python main.py`."""

import gc
import json
import os
import sys
from pathlib import Path

# A run is too short to leave garbage that is worth looking for.
gc.disable()

try:
    from product_import.synthesis import SynthesisError, synthesize
except FileNotFoundError as error:
    sys.exit(f"error: {error}")
except ModuleNotFoundError as error:
    remedy = "" if "`make " in str(error) else ". Run `make synth`, or .venv/bin/python main.py once that is set up."
    sys.exit(f"error: {error}{remedy}")

PROJECT = Path(__file__).parent


def main() -> None:
    """Write both artefacts and say what became of each file."""
    if len(sys.argv) > 1:
        print("usage: python main.py", file=sys.stderr)
        sys.exit(2)
    try:
        settings = json.loads((PROJECT / "cdktf.json").read_text(encoding="utf-8"))
        output = PROJECT / os.environ.get("CDKTF_OUTDIR", settings.get("output", "cdktf.out"))
        written = synthesize(output, PROJECT / "modules", settings.get("context", {}))
    except (json.JSONDecodeError, AttributeError) as error:
        sys.exit(f"error: cdktf.json must be a JSON object: {error}")
    except (SynthesisError, OSError) as error:
        sys.exit(f"error: {error}")
    for path, changed in written:
        print("wrote    " if changed else "unchanged", os.path.relpath(path))


main()

"""Synthesize the root in cdktf.out/ and the module in modules/product-import/, for cdktf's own command line.

The same as `.venv/bin/product-import synth`, from any folder.
"""

import sys

from product_import.command_line import main

if __name__ == "__main__":
    sys.exit(main(["synth", *sys.argv[1:]]))

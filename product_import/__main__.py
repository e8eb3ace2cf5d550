"""`python -m product_import`: see `--help`."""

import sys

from product_import.command_line import main

if __name__ == "__main__":
    sys.exit(main())

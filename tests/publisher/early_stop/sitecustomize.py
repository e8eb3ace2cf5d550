"""Sends SIGTERM to the program as soon as it imports what it needs.

Python imports this before the program when this folder is on PYTHONPATH.
"""

import os
import signal
import sys
from importlib.abc import MetaPathFinder


class _Stop(MetaPathFinder):
    def find_spec(self, name: str, *_: object) -> None:
        if name == "argparse":
            os.kill(os.getpid(), signal.SIGTERM)


sys.meta_path.insert(0, _Stop())

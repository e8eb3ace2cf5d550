"""The command: python -m queue_depth."""

import signal
import sys

# Before all else, for process 1 of a container loses a signal that it neither handles nor blocks.
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)

from .command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(STOP_SIGNALS))

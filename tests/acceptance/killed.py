"""A run in a process of its own, for a test to kill: its engine applies to the test's stand-in for the provider."""

import sys

from product_import.command_line import main
from tests.acceptance.world import ARGUMENTS, REGION, session_of, simulated
from tests.doctor.answers import Answers
from tests.engine.emulator import emulated

if __name__ == "__main__":
    with emulated(REGION, 5), simulated(session_of(Answers()).session, sys.argv[1]):
        sys.exit(main(ARGUMENTS))

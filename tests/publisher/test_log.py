"""What a log line must not hold."""

import json
import subprocess
import sys
from pathlib import Path

PUBLISHER = Path(__file__).parents[2] / "publisher"


def test_the_token_shows_in_neither_form() -> None:
    """Errors quote it as it is, and percent-encoded where they quote the URL."""
    program = (
        "from queue_depth.log import log, start_logging\n"
        "start_logging('s3cret&Token#1')\n"
        "text = 's3cret&Token#1 of rediss://:s3cret%26Token%231@redis:6379'\n"
        "log.warning('failed', {'error': ValueError(text)})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PUBLISHER, capture_output=True, text=True, check=True, timeout=20
    )
    assert json.loads(done.stderr)["error"] == "ValueError: *** of rediss://:***@redis:6379"

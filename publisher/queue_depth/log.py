"""Log lines: one JSON object each, without the token."""

import json
import logging
import sys
from datetime import UTC, datetime
from urllib.parse import quote

log = logging.getLogger("queue_depth")


def start_logging(token: str | None) -> None:
    """Write the program's lines to standard error, with `token` blotted out wherever it would appear."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines(token))
    log.addHandler(handler)
    log.setLevel(logging.INFO)


class _JsonLines(logging.Formatter):
    def __init__(self, token: str | None) -> None:
        super().__init__()
        self._secrets = {token, quote(token, safe="")} if token else set()

    def format(self, record: logging.LogRecord) -> str:
        """The message is the event, its one argument a dict of further fields."""
        fields = record.args if isinstance(record.args, dict) else {}
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.msg,
            **{name: self._blot(value) for name, value in fields.items()},
        }
        return json.dumps(line)

    def _blot(self, value: object) -> object:
        if isinstance(value, BaseException):
            value = f"{type(value).__name__}: {value}"
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, "***")
        return value

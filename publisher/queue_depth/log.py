"""Log lines: one JSON object each, without the token."""

import json
import logging
import sys
from datetime import UTC, datetime
from urllib.parse import quote

log = logging.getLogger("queue_depth")


def start_logging(token: str | None) -> None:
    """Write to standard error what the program says and what libraries warn of, `token` blotted out wherever it is."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines(token))
    logging.getLogger().addHandler(handler)
    log.setLevel(logging.INFO)


class _JsonLines(logging.Formatter):
    def __init__(self, token: str | None) -> None:
        super().__init__()
        self._secrets = {token, quote(token, safe="")} if token else set()

    def format(self, record: logging.LogRecord) -> str:
        """The program's own message is the event, its one argument a dict of further fields."""
        event, fields = record.msg, record.args if isinstance(record.args, dict) else {}
        if record.name != log.name:
            error = record.exc_info[1] if record.exc_info else None
            event, fields = "library", {"library": record.name, "message": record.getMessage(), "error": error}
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": event,
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

"""What the environment's variables say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

# CloudWatch's rule for the value of a dimension.
_DIMENSION = re.compile(r"(?!:)[\x20-\x7e]{1,255}")
# A URL has no blanks and no control characters; urlsplit drops some of them in silence.
_NO_URL = re.compile(r"[\x00-\x20\x7f]")
# The highest number that SELECT takes: Redis reads an int (src/db.c, selectCommand).
_DB, _HIGHEST_DB = re.compile(r"[0-9]{1,10}"), 2**31 - 1
# It becomes a label of the endpoint's host name.
_REGION = re.compile(r"[a-z]{2,}(-[a-z0-9]+)+")


class Metric(StrEnum):
    """What can be published besides the depth."""

    WAITING = "waiting"
    DELAYED = "delayed"
    FAILED = "failed"
    OLDEST_WAITING_AGE = "oldest-waiting-age"


class SettingsError(Exception):
    """A variable is missing or wrong. The text names it and says what is allowed; it never shows REDIS_URL or keys."""


@dataclass(frozen=True, slots=True)
class RedisServer:
    """Where Redis is, and as whom to log in."""

    host: str
    port: int
    db: int
    tls: bool
    username: str | None
    password: str | None = field(repr=False)

    @classmethod
    def from_url(cls, url: str) -> "RedisServer":
        """Read redis[s]://[[user]:token@]host[:port][/db]; user and token are percent-encoded.

        A query holds options of the worker's Node client and is left alone.
        """
        wrong = SettingsError(
            "REDIS_URL must be redis[s]://[[user]:token@]host[:port][/db], user and token in percent-encoded UTF-8, db "
            f"from 0 to {_HIGHEST_DB}. The given value is not shown, because it holds the token"
        )
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", 6379 if parts.port is None else parts.port
            # As the name is looked up; a part of it may be empty or too long.
            host.encode("idna")
            username, password = (_decoded(part) for part in (parts.username, parts.password))
        except ValueError:
            # From None: the error quotes what could not be read, which may be a piece of the token.
            raise wrong from None
        db = parts.path.strip("/") or "0"
        if (
            _NO_URL.search(url)
            or parts.scheme not in {"redis", "rediss"}
            or not (host and port and _DB.fullmatch(db) and int(db) <= _HIGHEST_DB)
            or parts.fragment
        ):
            raise wrong
        tls = parts.scheme == "rediss"
        return cls(host=host, port=port, db=int(db), tls=tls, username=username, password=password)


@dataclass(frozen=True, slots=True)
class Settings:
    """The queues of one Redis, where it is and where their depths go."""

    redis: RedisServer
    environment: str
    queue_names: tuple[str, ...]
    queue_prefix: str
    interval: int
    """Seconds."""
    metrics: tuple[Metric, ...]
    region: str
    heartbeat_file: Path

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> "Settings":
        """Read and check all variables; raises SettingsError."""
        if variables.get("AWS_ACCESS_KEY_ID") and not variables.get("AWS_SECRET_ACCESS_KEY"):
            raise SettingsError("AWS_SECRET_ACCESS_KEY has to be set where AWS_ACCESS_KEY_ID is")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            if not re.fullmatch(r"[\x21-\x7e]*", variables.get(name, "")):
                raise SettingsError(f"{name} must be ASCII characters without blanks. The given value is not shown")
        return cls(
            redis=RedisServer.from_url(_required(variables, "REDIS_URL")),
            environment=_dimension("ENVIRONMENT", _required(variables, "ENVIRONMENT")),
            queue_names=tuple(
                _dimension("QUEUE_NAME", name) for name in _list(variables, "QUEUE_NAME", "product-import")
            ),
            queue_prefix=_utf8("QUEUE_PREFIX", _required(variables, "QUEUE_PREFIX", "bull")),
            interval=_seconds(variables, "INTERVAL", "60"),
            metrics=_metrics(variables),
            region=_region(variables),
            heartbeat_file=Path(_required(variables, "HEARTBEAT_FILE", "/dev/shm/queue-depth")),
        )

    def shown(self) -> dict[str, object]:
        """What a log may say of them."""
        return {
            "environment": self.environment,
            "queues": self.queue_names,
            "prefix": self.queue_prefix,
            "interval": self.interval,
            "metrics": self.metrics,
            "region": self.region,
            "redis": f"{self.redis.host}:{self.redis.port}",
        }


def _decoded(part: str | None) -> str | None:
    """A user or token without its percent-encoding; raises UnicodeError, a ValueError, where it is not UTF-8."""
    # Python reads what is not UTF-8 in a variable as surrogates, which cannot be encoded.
    return unquote(part, errors="strict").encode().decode() if part else None


def _required(variables: Mapping[str, str], name: str, default: str = "") -> str:
    value = variables.get(name, default)
    if not value:
        raise SettingsError(f"{name} has to be set and not empty")
    return value


def _list(variables: Mapping[str, str], name: str, default: str = "") -> list[str]:
    items = _required(variables, name, default).split(",")
    if twice := {item for item in items if items.count(item) > 1}:
        raise SettingsError(f"{name} has {min(twice)!r} more than once")
    return items


def _dimension(name: str, value: str) -> str:
    if not _DIMENSION.fullmatch(value) or value != value.strip():
        raise SettingsError(
            f"{name} becomes a dimension of the metric and has to be, without a blank at either end, 1 to 255 ASCII "
            f"characters, the first one no colon; it is {value!r}"
        )
    return value


def _utf8(name: str, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise SettingsError(f"{name} must be text in UTF-8. Given: {value!r}") from None
    return value


def _region(variables: Mapping[str, str]) -> str:
    value = _required(variables, "AWS_REGION")
    if not _REGION.fullmatch(value):
        raise SettingsError(f"AWS_REGION has to be a region's name, such as eu-west-1; it is {value!r}")
    return value


def _metrics(variables: Mapping[str, str]) -> tuple[Metric, ...]:
    if not variables.get("METRICS"):
        return ()
    try:
        return tuple(Metric(name) for name in _list(variables, "METRICS"))
    except ValueError:
        raise SettingsError(
            f"METRICS has to be some of {', '.join(Metric)}, separated by commas; it is {variables['METRICS']!r}"
        ) from None


def _seconds(variables: Mapping[str, str], name: str, default: str) -> int:
    value = _required(variables, name, default)
    # More than 60 would leave minutes empty, and an empty minute reads as a failure.
    if not re.fullmatch(r"[0-9]{1,2}", value) or not 1 <= int(value) <= 60:
        raise SettingsError(f"{name} has to be a whole number of seconds from 1 to 60; it is {value!r}")
    return int(value)

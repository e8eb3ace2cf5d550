"""What the environment's variables say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

# CloudWatch's rule for the value of a dimension.
_DIMENSION = re.compile(r"(?!:)[\x20-\x7e]{1,255}")


class SettingsError(Exception):
    """A variable is missing or wrong; the text names it and says what is allowed, and never shows REDIS_URL."""


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
            "REDIS_URL has to be redis[s]://[[user]:token@]host[:port][/db] with the token percent-encoded; "
            "the given one, not shown for its token, is not"
        )
        try:
            parts = urlsplit(url)
            port = parts.port or 6379
        except ValueError:
            # From None: urlsplit quotes what it could not read, which may be a piece of the token.
            raise wrong from None
        db = parts.path.strip("/") or "0"
        if parts.scheme not in {"redis", "rediss"} or not parts.hostname or parts.fragment or not db.isdecimal():
            raise wrong
        return cls(
            host=parts.hostname,
            port=port,
            db=int(db),
            tls=parts.scheme == "rediss",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """One queue, where it is and where its depth goes."""

    redis: RedisServer
    environment: str
    queue_name: str
    queue_prefix: str
    interval: int
    """Seconds."""
    region: str

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> "Settings":
        """Read and check all variables; raises SettingsError."""
        return cls(
            redis=RedisServer.from_url(_required(variables, "REDIS_URL")),
            environment=_dimension(variables, "ENVIRONMENT"),
            queue_name=_dimension(variables, "QUEUE_NAME", "product-import"),
            queue_prefix=_required(variables, "QUEUE_PREFIX", "bull"),
            interval=_seconds(variables, "INTERVAL", "60"),
            region=_required(variables, "AWS_REGION"),
        )


def _required(variables: Mapping[str, str], name: str, default: str = "") -> str:
    value = variables.get(name, default)
    if not value:
        raise SettingsError(f"{name} has to be set and not empty")
    return value


def _dimension(variables: Mapping[str, str], name: str, default: str = "") -> str:
    value = _required(variables, name, default)
    if not _DIMENSION.fullmatch(value):
        raise SettingsError(
            f"{name} becomes a dimension of the metric and has to be 1 to 255 ASCII characters, the first one "
            f"no colon; it is {value!r}"
        )
    return value


def _seconds(variables: Mapping[str, str], name: str, default: str) -> int:
    value = _required(variables, name, default)
    # More than 60 would leave minutes empty, and an empty minute reads as a failure.
    if not re.fullmatch(r"[0-9]{1,2}", value) or not 1 <= int(value) <= 60:
        raise SettingsError(f"{name} has to be a whole number of seconds from 1 to 60; it is {value!r}")
    return int(value)

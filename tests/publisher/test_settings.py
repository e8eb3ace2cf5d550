"""What the environment may say."""

import json
from collections.abc import Mapping
from traceback import format_exception

from queue_depth.settings import RedisServer, Settings, SettingsError

import pytest

from .program import run

Variables = Mapping[str, str]

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
RIGHT = {"REDIS_URL": "redis://127.0.0.1", "ENVIRONMENT": "staging", "AWS_REGION": "eu-west-1"}


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "rediss://:Sixteen0%21%26%23%24%5E%3C%3E-@primary.test:6380/2",
            RedisServer("primary.test", 6380, 2, True, None, "Sixteen0!&#$^<>-"),
        ),
        ("redis://user%40home:pass@primary.test", RedisServer("primary.test", 6379, 0, False, "user@home", "pass")),
        ("redis://primary.test/?family=6", RedisServer("primary.test", 6379, 0, False, None, None)),
    ],
    ids=["as the module's secret", "user, no port", "options of the Node client"],
)
def test_redis_urls(url: str, server: RedisServer) -> None:
    """A URL's parts are taken apart, percent-encoding undone."""
    assert RedisServer.from_url(url) == server


def test_defaults() -> None:
    """Queue, prefix and interval need not be given."""
    settings = Settings.from_environment(RIGHT)
    assert (settings.queue_names, settings.queue_prefix, settings.interval) == (("product-import",), "bull", 60)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("REDIS_URL", "", "REDIS_URL has to be set and not empty"),
        ("ENVIRONMENT", "", "ENVIRONMENT has to be set and not empty"),
        ("AWS_REGION", "", "AWS_REGION has to be set and not empty"),
        ("QUEUE_PREFIX", "", "QUEUE_PREFIX has to be set and not empty"),
        ("ENVIRONMENT", ":a", "the first one no colon; it is ':a'"),
        ("QUEUE_NAME", "grün", "1 to 255 ASCII characters, the first one no colon; it is 'grün'"),
        ("INTERVAL", "0", "INTERVAL has to be a whole number of seconds from 1 to 60; it is '0'"),
        ("INTERVAL", "61", "it is '61'"),
        ("INTERVAL", "1.5", "it is '1.5'"),
        ("INTERVAL", "²", "it is '²'"),
        ("QUEUE_PREFIX", "bull\udcff", r"QUEUE_PREFIX must be text in UTF-8. Given: 'bull\udcff'"),
        ("AWS_ACCESS_KEY_ID", "key\n", "AWS_ACCESS_KEY_ID must be ASCII characters without blanks"),
        ("AWS_SECRET_ACCESS_KEY", "sec ret", "AWS_SECRET_ACCESS_KEY must be ASCII characters without blanks"),
        ("AWS_SESSION_TOKEN", "\udcff", "AWS_SESSION_TOKEN must be ASCII characters without blanks"),
    ],
)
def test_wrong_variables(name: str, value: str, complaint: str) -> None:
    """A wrong variable is named, with what is allowed and what it is."""
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment({**RIGHT, **KEYS, name: value})
    assert complaint in str(refusal.value)


ABSURD = ("\udcff", "9" * 5000, "-1", "\n", " ", "%00", "%FF", "[", "/", ":", "\0", "é", "a" * 70000)


@pytest.mark.parametrize("name", [*RIGHT, *KEYS, "QUEUE_NAME", "QUEUE_PREFIX", "INTERVAL", "METRICS", "HEARTBEAT_FILE"])
def test_absurd_values_are_taken_or_refused_by_name(name: str) -> None:
    """Whatever a variable holds, no other error comes of it, and what is taken can be sent to Redis and be logged."""
    urls = ("redis://{}", "redis://{}:x@h", "redis://:{}@h", "redis://h:{}", "redis://h/{}", "redis://h/?{}")
    for value in [*ABSURD, *(url.format(part) for url in urls for part in ABSURD)]:
        try:
            settings = Settings.from_environment({**RIGHT, **KEYS, name: value})
        except SettingsError as refusal:
            refused = str(refusal)
        else:
            refused = ""
            server = settings.redis
            for text in (server.username, server.password, settings.queue_prefix, *settings.queue_names):
                (text or "").encode()
            json.dumps(settings.shown())
        assert refused.startswith(name) or not refused


@pytest.mark.parametrize(
    "url",
    [
        "rediss://:secret#token@primary.test:6379",
        "rediss://secret#token@primary.test:6379",
        "rediss://:secret/token@primary.test:6379",
        "rediss://:secrettoken@primary.test:port",
        "https://:secrettoken@primary.test",
        "rediss://:secrettoken@",
        "rediss://:secrettoken@primary.test/zero",
        "rediss://:secrettoken@primary.test/1_0",
        "rediss://:secrettoken@primary.test/2147483648",
        f"rediss://:secrettoken@primary.test/{'9' * 5000}",
        "rediss://:secrettoken@primary.test:0",
        "rediss://:secrettoken@primary..test",
        f"rediss://:secrettoken@{'a' * 64}.test",
        "rediss://:secret%FFtoken@primary.test",
        "rediss://:secret\udcfftoken@primary.test",
        "rediss://secret%FFuser:secrettoken@primary.test",
        "rediss://:secrettoken@primary.test\n",
        "rediss://:secrettoken@primary.test ",
    ],
)
def test_wrong_urls_are_not_shown(url: str) -> None:
    """A URL that cannot be read, for its token is not encoded or otherwise, is refused without a piece of it shown."""
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment({**RIGHT, "REDIS_URL": url})
    # As Python would show it, with the errors that it came of.
    shown = "".join(format_exception(refusal.value))
    # The lines of the code between them are those of this test, too.
    told = "\n".join(line for line in shown.splitlines() if not line.startswith("    "))
    assert "REDIS_URL must be redis[s]://[[user]:token@]host[:port][/db]" in told
    assert "secret" not in told


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("INTERVAL", "0", "INTERVAL has to be a whole number of seconds from 1 to 60; it is '0'"),
        ("REDIS_URL", "rediss://:secret#token@primary.test:6379", "REDIS_URL must be redis[s]://[[user]:token@]host"),
        ("REDIS_URL", f"redis://:secret@primary.test/{'9' * 5000}", "REDIS_URL must be redis[s]://[[user]:token@]host"),
        ("REDIS_URL", "redis://:secret\udcff@primary.test", "REDIS_URL must be redis[s]://[[user]:token@]host"),
    ],
)
def test_the_program_ends_with_what_is_wrong(variables: Variables, name: str, value: str, complaint: str) -> None:
    """With status 2 and the line that names it, and nothing else is shown."""
    done = run({"REDIS_URL": "redis://127.0.0.1", **variables, name: value})
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dry_run_is_for_once_only(variables: Variables) -> None:
    """A loop that publishes nothing is refused."""
    done = run({**variables, "REDIS_URL": "redis://127.0.0.1"}, "--dry-run")
    assert done.returncode == 2
    assert "--dry-run goes with --once" in done.stderr

"""What goes wrong is logged and tried again; nothing but what was measured just now is published."""

import json
import os
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time
from urllib.parse import quote

from product_import.local.certificate import certify

import pytest
from redis.exceptions import ReadOnlyError

from .cloudwatch_server import CloudWatch, refusal
from .program import Log, Program, interval_from, patched, popen, run, until
from .redis_server import RedisServer, fail_to_save, free_port, waiting

Variables = Mapping[str, str]
Start = Callable[..., Program]
Servers = Callable[..., RedisServer]

# Each special character that ElastiCache allows in a token.
TOKEN = "Sixteen0!&#$^<>-"
OTHER_TOKEN = "AnotherOne!&#$^<>-"
REFUSALS = ((500, "InternalFailure"), (400, "Throttling"), (403, "AccessDenied"))
# What needs no CloudWatch starts in half of the time.
MEASURE = ("--once", "--dry-run")


def for_ever() -> str:
    """Patches with which whatever waits for a stop, in pauses or for the next interval, waits for ever.

    The interval has just begun, because a publisher that starts near the end of one waits for the next.
    """
    return f"""{interval_from(time())}
import threading
wait = threading.Event.wait
threading.Event.wait = lambda event, seconds=None: wait(event, None if seconds else seconds)
"""


def events(log: Log, until: str) -> list[str]:
    return [line["event"] for _, line in log.lines_until(until)]


def test_a_redis_that_was_killed_is_measured_again_when_it_is_back(
    redis_servers: Servers, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """While Redis is away nothing is published; back with its data, the depth of that time is."""
    server = redis_servers("--appendonly", "yes", "--appendfsync", "always")
    waiting(server, 4)
    log = start({**variables, "REDIS_URL": server.url}).log
    log.lines_until("published")
    server.kill()
    log.lines_until("failed")
    published = len(cloudwatch.data)
    assert "published" not in events(log, "no data point in this interval")
    assert len(cloudwatch.data) == published
    server.start()
    log.lines_until("published")
    assert {point.value for point in cloudwatch.data} == {4}


def test_a_failover_is_followed_by_name(
    redis_servers: Servers, cloudwatch: CloudWatch, variables: Variables, start: Start, tmp_path: Path
) -> None:
    """A primary that became a replica gives no more data points; when the name leads to the new one, that one does."""
    port = free_port("127.0.0.1", "127.0.0.2")
    old, new = (
        redis_servers("--repl-diskless-sync-delay", "0", address=address, port=port)
        for address in ("127.0.0.1", "127.0.0.2")
    )
    waiting(old, 4)
    new.client.replicaof(old.address, old.port)
    until(lambda: new.client.llen("bull:product-import:wait") == 4)
    hosts = tmp_path / "hosts.json"
    hosts.write_text(json.dumps({"primary.test": old.address}))
    log = start(
        {
            **variables,
            "REDIS_URL": f"redis://primary.test:{port}",
            "PYTHONPATH": str(Path(__file__).with_name("names")),
            "HOSTS_JSON": str(hosts),
        }
    ).log
    log.lines_until("published")

    new.client.replicaof("NO", "ONE")
    old.client.replicaof(new.address, new.port)
    with pytest.raises(ReadOnlyError):
        old.client.set("a", "b")
    waiting(new, 9)
    # A slow machine may have been late for an interval before.
    while "ReadOnlyError" not in log.lines_until("failed")[-1][1]["error"]:
        pass
    assert "published" not in events(log, "no data point in this interval")

    moved = hosts.with_suffix(".new")
    moved.write_text(json.dumps({"primary.test": new.address}))
    moved.replace(hosts)
    log.lines_until("published")
    *before, after = [point.value for point in cloudwatch.data]
    assert set(before) == {4}
    assert after == 9


@pytest.mark.parametrize(
    ("refuse", "allow", "words"),
    [
        (fail_to_save, lambda server: server.client.config_set("save", ""), "MISCONF Redis is configured to save"),
        (
            lambda server: server.client.config_set("min-replicas-to-write", 1),
            lambda server: server.client.config_set("min-replicas-to-write", 0),
            "NOREPLICAS Not enough good replicas",
        ),
        (
            lambda server: server.client.replicaof("127.0.0.1", "1"),
            lambda server: server.client.replicaof("NO", "ONE"),
            "ReadOnlyError: You can't write against a read only replica",
        ),
    ],
    ids=["MISCONF", "NOREPLICAS", "READONLY"],
)
def test_a_redis_that_takes_no_writes_is_named(
    *,
    redis_servers: Servers,
    cloudwatch: CloudWatch,
    variables: Variables,
    start: Start,
    refuse: Callable[[RedisServer], object],
    allow: Callable[[RedisServer], object],
    words: str,
) -> None:
    """No worker can take a job there: nothing is published, the log says why, and later data points are there again."""
    server = redis_servers()
    waiting(server, 4)
    refuse(server)
    log = start({**variables, "REDIS_URL": server.url}).log
    *tries, _ = [line for _, line in log.lines_until("no data point in this interval") if line["event"] != "started"]
    for line in tries:
        assert line["error"].startswith("NotWritableError: Redis takes no writes, so workers can take no job")
        assert words in line["error"]
    assert tries
    assert cloudwatch.data == []
    allow(server)
    log.lines_until("published")
    assert cloudwatch.data[0].value == 4


@pytest.fixture
def tls_server(redis_servers: Servers, tmp_path: Path) -> RedisServer:
    """A server with TLS and TOKEN; ca.pem in tmp_path certifies it."""
    certify(tmp_path, "127.0.0.1")
    files = {"cert": "redis.pem", "key": "redis.key", "ca-cert": "ca.pem"}
    options = [word for name, file in files.items() for word in (f"--tls-{name}-file", str(tmp_path / file))]
    return redis_servers(*options, "--tls-auth-clients", "no", "--requirepass", TOKEN, tls=True)


def rediss(server: RedisServer, token: str = TOKEN, host: str = "127.0.0.1") -> str:
    """The URL as the module's secret has it."""
    return f"rediss://:{quote(token, safe='')}@{host}:{server.port}"


def test_tls_with_a_percent_encoded_token(tls_server: RedisServer, variables: Variables, tmp_path: Path) -> None:
    """A URL as in the module's secret opens a verified connection: the one complaint is that the queue is new."""
    done = run({**variables, "REDIS_URL": rediss(tls_server), "SSL_CERT_FILE": str(tmp_path / "ca.pem")}, *MEASURE)
    assert "QueueUnknownError" in json.loads(done.stderr)["error"]


@pytest.mark.parametrize(
    ("trusted", "token", "host", "complaint"),
    [
        ("ca.pem", OTHER_TOKEN, "127.0.0.1", "AuthenticationError"),
        ("other/ca.pem", TOKEN, "127.0.0.1", "CERTIFICATE_VERIFY_FAILED"),
        ("ca.pem", TOKEN, "localhost", "Hostname mismatch"),
    ],
    ids=["wrong token", "unknown authority", "another name's certificate"],
)
def test_refused_connections(
    *,
    tls_server: RedisServer,
    variables: Variables,
    tmp_path: Path,
    trusted: str,
    token: str,
    host: str,
    complaint: str,
) -> None:
    """A wrong token or a certificate that does not prove the server ends the try, and no output shows the token."""
    (tmp_path / "other").mkdir()
    certify(tmp_path / "other", "127.0.0.1")
    url = rediss(tls_server, token, host)
    done = run({**variables, "REDIS_URL": url, "SSL_CERT_FILE": str(tmp_path / trusted)}, *MEASURE)
    assert (done.returncode, done.stdout) == (1, "")
    assert complaint in json.loads(done.stderr)["error"]
    assert token not in done.stderr
    assert quote(token, safe="") not in done.stderr


def test_a_wrong_token_is_tried_again_and_never_shown(
    redis_servers: Servers, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """With a token that Redis does not take yet the publisher waits for it; its log never has the token."""
    server = redis_servers("--requirepass", OTHER_TOKEN)
    publisher = start({**variables, "REDIS_URL": server.url.replace("//", f"//:{quote(TOKEN, safe='')}@")})
    assert "published" not in events(publisher.log, "no data point in this interval")
    assert cloudwatch.data == []
    assert TOKEN not in publisher.output
    assert quote(TOKEN, safe="") not in publisher.output
    server.login(OTHER_TOKEN).config_set("requirepass", TOKEN)
    server.login(TOKEN).rpush("bull:product-import:wait", "1")
    publisher.log.lines_until("published")
    assert cloudwatch.data[-1].value == 1


def test_an_error_that_quotes_the_token_is_logged_without_it(redis_servers: Servers, variables: Variables) -> None:
    """A Redis that does not know the command AUTH repeats its arguments in the error; the log blots the token out."""
    server = redis_servers("--rename-command", "AUTH", "")
    done = run({**variables, "REDIS_URL": server.url.replace("//", f"//:{quote(TOKEN, safe='')}@")}, *MEASURE)
    assert "args beginning with: '***'" in json.loads(done.stderr)["error"]
    assert TOKEN not in done.stderr


def test_refusals_of_cloudwatch_are_tried_again(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """Failures, throttling and refusals are logged, and the data point of a later try has the depth of its own time."""
    waiting(redis, 3, "refused")
    refusals = [(status, code) for status, code in REFUSALS for _ in range(2)]
    cloudwatch.refusals += [refusal(*each) for each in refusals]
    log = start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "refused"}).log
    failures = [line["error"] for _, line in log.lines_until("published") if line["event"] == "failed"]
    told = [code for error in failures for _, code in REFUSALS if code in error]
    assert told == [code for _, code in refusals]
    assert {point.value for point in cloudwatch.data} == {3}


def test_an_interval_is_tried_until_it_is_over(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """All through an interval what fails is tried again, after longer and longer pauses, and then reported missing."""
    waiting(redis, 1, "tried")
    cloudwatch.refusals += [refusal(500, "InternalFailure")] * 1000
    log = start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "tried", "INTERVAL": "10"}).log
    log.lines_until("no data point in this interval")
    *failures, _ = [line for _, line in log.lines_until("no data point in this interval")]
    *pauses, last = [line["retry_in_seconds"] for line in failures]
    assert len(pauses) >= 3
    assert pauses[:3] == sorted(pauses[:3])
    assert last is None


def test_a_try_after_a_failure_measures_anew(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """What CloudWatch did not take is never sent later: the queue may have changed since."""
    waiting(redis, 3, "changing")
    cloudwatch.refusals += [refusal(500, "InternalFailure")] * 1000
    log = start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "changing"}).log
    log.lines_until("failed")
    waiting(redis, 8, "changing")
    changed = datetime.now(UTC)
    # The try that was under way then has to be over.
    while datetime.fromisoformat(log.lines_until("failed")[-1][1]["time"]) <= changed:
        pass
    cloudwatch.refusals.clear()
    log.lines_until("published")
    assert {point.value for point in cloudwatch.data} == {8}


def test_a_measurement_that_comes_too_late_is_not_published(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """Held up until its lease is over, a publisher drops what it measured, and what it publishes next is new."""
    waiting(redis, 3, "held-up")
    held_up = """
import time
from queue_depth import loop
measure = loop.measure
def measure_and_wait(*arguments):
    counts = measure(*arguments)
    time.sleep(2)
    loop.measure = measure
    return counts
loop.measure = measure_and_wait
"""
    log = start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "held-up"}, patches=held_up).log
    _, line = log.lines_until("failed")[-1]
    assert "TooLateError" in line["error"]
    log.lines_until("published")
    dropped = datetime.fromisoformat(line["time"])
    assert all(point.timestamp.replace(tzinfo=UTC) > dropped - timedelta(seconds=1) for point in cloudwatch.data)


def test_a_clock_that_is_set_back_silences_nobody(redis: RedisServer, variables: Variables, start: Start) -> None:
    """Not even until it has caught up with the interval that was running."""
    waiting(redis, 3, "set-back")
    set_back = """
import time
from queue_depth import lease
now, close, by = time.time, lease.close, [0]
def close_and_set_back(*arguments):
    close(*arguments)
    by[0] = 3600
time.time, lease.close = lambda: now() - by[0], close_and_set_back
"""
    log = start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "set-back"}, patches=set_back).log
    log.lines_until("published")
    log.lines_until("published")


def test_a_data_point_has_the_time_of_its_measurement(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """What passes between measuring and publishing does not make the value look newer."""
    waiting(redis, 3, "stamped")
    wait = """
import time
from queue_depth import loop
measure = loop.measure
def measure_and_wait(*arguments):
    counts = measure(*arguments)
    time.sleep(2)
    return counts
loop.measure = measure_and_wait
"""
    log = start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "stamped", "INTERVAL": "20"}, patches=wait).log
    _, line = log.lines_until("published")[-1]
    point = cloudwatch.data[0]
    assert datetime.fromisoformat(line["time"]) - point.timestamp.replace(tzinfo=UTC) > timedelta(seconds=1.9)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_while_it_waits(redis: RedisServer, variables: Variables, start: Start, number: signal.Signals) -> None:
    """Between two data points a signal ends it at once, with status 0."""
    waiting(redis, 1, "stopped")
    redis.client.delete("queue-depth:staging:bull:stopped")
    variables = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "stopped", "INTERVAL": "60"}
    publisher = start(variables, patches=for_ever())
    publisher.log.lines_until("published")
    assert publisher.stop(number) == 0


def test_stops_while_it_tries_again(variables: Variables, start: Start) -> None:
    """Between two tries SIGTERM ends it at once."""
    url = f"redis://127.0.0.1:{free_port('127.0.0.1')}"
    publisher = start({**variables, "REDIS_URL": url, "INTERVAL": "60"}, patches=for_ever())
    publisher.log.lines_until("failed")
    assert publisher.stop() == 0


def test_stops_while_redis_does_not_answer(variables: Variables, start: Start) -> None:
    """SIGTERM ends it though a call to Redis has not come to its end."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        patient = "from queue_depth import connection\nconnection._TIMEOUT_SECONDS = 600"
        publisher = start({**variables, "REDIS_URL": url}, patches=patient)
        connection, _ = silent.accept()
        with connection:
            assert connection.recv(1)
            assert publisher.stop() == 0


def test_a_single_measurement_ends_though_redis_does_not_answer(variables: Variables) -> None:
    """Also where a byte a second comes, with which the timeout of the client starts again each time."""
    patches = """
from queue_depth import command, connection
connection._TIMEOUT_SECONDS = 600
command._ONCE_SECONDS = 0.5
"""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        result = run({**variables, "REDIS_URL": url}, *MEASURE, patches=patches)
    assert result.returncode == 1
    assert json.loads(result.stderr)["error"] == "StuckError: a call has not ended for 0.5 s"


def test_stops_while_nobody_reads_its_log(redis: RedisServer, cloudwatch: CloudWatch, variables: Variables) -> None:
    """SIGTERM ends it though no line of the log can be written any more."""
    waiting(redis, 1, "unread")
    unread, full = os.pipe()
    os.set_blocking(full, False)
    with suppress(BlockingIOError):
        while True:
            os.write(full, bytes(4096))
    os.set_blocking(full, True)
    # A first try that comes too late would wait for its line in the log instead of a second one.
    begin = patched(interval_from(time()))
    process = popen({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "unread", "INTERVAL": "60"}, full, begin)
    try:
        until(lambda: cloudwatch.data)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(unread)
        os.close(full)


def test_a_signal_before_anything_is_loaded_is_heeded(variables: Variables) -> None:
    """SIGTERM while the program is still being imported ends it as any later one does, with status 0."""
    folder = str(Path(__file__).with_name("early_stop"))
    done = run({**variables, "REDIS_URL": "redis://127.0.0.1:1", "PYTHONPATH": folder})
    assert done.returncode == 0

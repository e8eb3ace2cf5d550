"""The publisher does not go quiet: it ends by name at once, or goes on for ever and shows that it does."""

import json
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import sleep, time

import pytest

from .cloudwatch_server import CloudWatch
from .program import Log, Program, interval_from, run, until
from .redis_server import RedisServer, waiting

Variables = Mapping[str, str]
Start = Callable[..., Program]

# A publisher heeds a lease of an hour, which outlives the test.
LONG_LEASES = "from queue_depth import lease\nlease._TAKE = lease._TAKE.replace('60000', '3600000')"

CREDENTIALS = {
    "AccessKeyId": "test",
    "SecretAccessKey": "test",
    "Token": "test",
    "Expiration": "2099-01-01T00:00:00Z",
}


@contextmanager
def http_server(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server on a loopback port that gives each request to `answer`; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def reply(request: BaseHTTPRequestHandler, status: int, body: object) -> None:
    content = json.dumps(body).encode()
    request.send_response(status)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)


def refuse(request: BaseHTTPRequestHandler) -> None:
    """What CloudWatch says to a role that may not publish."""
    request.rfile.read(int(request.headers["Content-Length"]))
    reply(request, 403, {"__type": "AccessDenied", "message": "refused by the test"})


def without_keys(variables: Variables) -> dict[str, str]:
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    return {name: value for name, value in variables.items() if name not in keys} | {
        "AWS_EC2_METADATA_DISABLED": "true"
    }


def test_a_fault_of_the_credentials_endpoint_at_start_passes(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """As in a task, whose endpoint may fail for a moment: the data point of a later try is there."""
    waiting(redis, 1, "credentials")
    statuses = [500] * 3 + [200] * 100

    def answer(request: BaseHTTPRequestHandler) -> None:
        reply(request, statuses.pop(0), CREDENTIALS)

    with http_server(answer) as url:
        log = start(
            {
                **without_keys(variables),
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": url,
                "REDIS_URL": redis.url,
                "QUEUE_NAME": "credentials",
                "INTERVAL": "10",
            }
        ).log
        _, line = log.lines_until("failed")[-1]
        assert "CredentialRetrievalError" in line["error"]
        log.lines_until("published")
    assert cloudwatch.data[0].value == 1


def test_credentials_that_are_absent_at_start_are_asked_for_again(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start, tmp_path: Path
) -> None:
    """As soon as there are any they are used."""
    waiting(redis, 1, "keyless")
    file = tmp_path / "credentials"
    log = start(
        {
            **without_keys(variables),
            "AWS_SHARED_CREDENTIALS_FILE": str(file),
            "REDIS_URL": redis.url,
            "QUEUE_NAME": "keyless",
        }
    ).log
    _, line = log.lines_until("failed")[-1]
    assert "NoCredentialsError" in line["error"]
    file.write_text("[default]\naws_access_key_id = test\naws_secret_access_key = test\n")
    log.lines_until("published")
    assert cloudwatch.data[0].value == 1


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("AWS_REGION", "eu-west-1 ", "AWS_REGION has to be a region's name, such as eu-west-1; it is 'eu-west-1 '"),
        ("AWS_SECRET_ACCESS_KEY", "", "AWS_SECRET_ACCESS_KEY has to be set where AWS_ACCESS_KEY_ID is"),
        ("AWS_RETRY_MODE", "quick", 'AWS_RETRY_MODE, AWS_SECRET_ACCESS_KEY is wrong: Invalid value provided to "mode"'),
        (
            "AWS_ENDPOINT_URL",
            "nowhere",
            "AWS_ENDPOINT_URL, AWS_REGION, AWS_SECRET_ACCESS_KEY is wrong: Invalid endpoint",
        ),
    ],
)
def test_what_can_never_pass_is_refused_at_once(variables: Variables, name: str, value: str, complaint: str) -> None:
    """A variable of AWS that no later try could mend ends the program with status 2 and its name."""
    done = run({**variables, "REDIS_URL": "redis://127.0.0.1:1", name: value})
    assert done.returncode == 2
    assert complaint in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("status", "body"), [(200, {}), (200, "a page of a proxy"), (204, None)])
def test_an_answer_that_is_not_cloudwatchs_publishes_nothing(
    redis: RedisServer, variables: Variables, status: int, body: object
) -> None:
    """Botocore takes any answer with such a status for a success."""
    waiting(redis, 3, "swallowed")

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        reply(request, status, body)

    with http_server(answer) as url:
        done = run({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "swallowed", "AWS_ENDPOINT_URL": url}, "--once")
    assert done.returncode == 1
    assert json.loads(done.stderr)["error"].startswith(
        "NotAcceptedError: the answer to PutMetricData has no request id"
    )


def test_one_that_cannot_publish_leaves_the_interval_to_another(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """A publisher that was refused gives the lease back, so a healthy one serves the same interval."""
    waiting(redis, 3, "starved")
    common = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "starved", "INTERVAL": "60"}
    begin = time()
    with http_server(refuse) as url:
        start({**common, "AWS_ENDPOINT_URL": url}, patches=interval_from(begin)).log.lines_until("failed")
        start(common, patches=interval_from(begin)).log.lines_until("published")
    [point] = cloudwatch.data
    assert point.timestamp.timestamp() < begin + 60


def test_environments_do_not_share_a_lease(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """Two environments on one Redis and queue each get the data point of an interval."""
    waiting(redis, 3, "shared")
    common = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "shared", "INTERVAL": "60"}
    begin = time()
    for environment in ("staging", "production"):
        start({**common, "ENVIRONMENT": environment}, patches=interval_from(begin)).log.lines_until("published")
    assert {point.dimensions[0].value for point in cloudwatch.data} == {"staging", "production"}
    assert all(point.timestamp.timestamp() < begin + 60 for point in cloudwatch.data)


@pytest.mark.parametrize("expiry", [None, 3600])
def test_a_lease_that_no_publisher_made_stops_nobody(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start, expiry: int | None
) -> None:
    """A key without an expiry, or with one that is longer than any interval, is taken over."""
    waiting(redis, 3, "for-ever")
    redis.client.set("queue-depth:staging:bull:for-ever", "somebody", ex=expiry)
    start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "for-ever"}).log.lines_until("published")
    assert cloudwatch.data[0].value == 3
    left = redis.client.pttl("queue-depth:staging:bull:for-ever")
    # -2 when it has expired already; -1 would be for ever.
    assert left == -2 or 0 <= left <= 1000


def test_a_lease_of_another_that_never_publishes_is_reported(
    redis: RedisServer, variables: Variables, start: Start
) -> None:
    """An interval that another publisher holds and does not serve is missing in this one's log, too."""
    waiting(redis, 3, "held")
    redis.client.set("queue-depth:staging:bull:held", "somebody", ex=3600)
    log = start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "held"}, patches=LONG_LEASES).log
    assert [line["event"] for _, line in log.lines_until("no data point in this interval")] == [
        "started",
        "no data point in this interval",
    ]


def test_one_that_stands_by_says_so(
    redis: RedisServer,
    variables: Variables,
    start: Start,
) -> None:
    """At its start, and every so often from then on, so that an idle publisher is no dead one."""
    waiting(redis, 3, "idle")
    variables = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "idle"}
    every_second = "from queue_depth import loop\nloop._SILENCE_SECONDS = 1"
    # Another publisher's data point is there in each interval.
    redis.client.set("queue-depth:staging:bull:idle", "published", ex=3600)
    log = start(variables, patches=f"{LONG_LEASES}\n{every_second}").log
    assert [line["event"] for _, line in log.lines_until("standing by")] == ["started", "standing by"]
    assert [line["event"] for _, line in log.lines_until("standing by")] == ["standing by"]


def test_started_says_what_and_where_without_the_token(variables: Variables, start: Start) -> None:
    """The first line has all settings but the secret one."""
    log = start({**variables, "REDIS_URL": "redis://:secrettoken@127.0.0.1:1", "QUEUE_NAME": "a,b"}).log
    _, line = log.lines_until("started")[-1]
    del line["time"]
    assert line == {
        "level": "info",
        "event": "started",
        "environment": "staging",
        "queues": ["a", "b"],
        "prefix": "bull",
        "interval": 1,
        "metrics": [],
        "region": "eu-west-1",
        "redis": "127.0.0.1:1",
    }


def test_a_call_that_never_ends_ends_the_program(
    redis: RedisServer,
    variables: Variables,
    start: Start,
) -> None:
    """An answer that comes a byte at a time runs into no timeout; then it exits with 1, and ECS starts it again."""
    waiting(redis, 3, "dripping")

    def drip(request: BaseHTTPRequestHandler) -> None:
        try:
            for _ in range(60):
                request.wfile.write(b"H")
                request.wfile.flush()
                sleep(0.5)
        except OSError:
            pass

    impatient = "from queue_depth import command\ncommand._STUCK_SECONDS = 3\ncommand._LOOK_SECONDS = 0.1"
    with http_server(drip) as url:
        publisher = start(
            {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "dripping", "AWS_ENDPOINT_URL": url}, patches=impatient
        )
        _, line = publisher.log.lines_until("ended")[-1]
        assert line["error"] == "StuckError: a call has not ended for 3 s; queues: dripping"
        assert publisher.process.wait(60) == 1


def test_one_that_is_stopped_and_continued_goes_on(redis: RedisServer, variables: Variables, start: Start) -> None:
    """As by the pause of a container, for longer than it waits for a signal; SIGTERM still ends it."""
    waiting(redis, 3, "stopped-and-continued")
    variables = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "stopped-and-continued"}
    publisher = start(variables, patches="from queue_depth import command\ncommand._LOOK_SECONDS = 0.1")
    publisher.log.lines_until("published")
    for _ in range(3):
        publisher.process.send_signal(signal.SIGSTOP)
        os.waitpid(publisher.process.pid, os.WUNTRACED)  # returns once it is stopped
        sleep(0.3)  # or longer: the wait has to be over
        publisher.process.send_signal(signal.SIGCONT)
        publisher.log.lines_until("published")
    assert publisher.stop() == 0


def test_one_that_was_frozen_for_long_is_not_stuck(redis: RedisServer, variables: Variables, start: Start) -> None:
    """Its threads get time for their next try; what the interrupted wait returns is no signal."""
    waiting(redis, 3, "frozen")
    frozen = """
import signal, time
wait, clock, passed = signal.sigtimedwait, time.monotonic, [0]
def freeze(*arguments):
    signal.sigtimedwait = wait
    passed[0] = 300
    return signal.struct_siginfo([0] * 7)
signal.sigtimedwait, time.monotonic = freeze, lambda: clock() + passed[0]
from queue_depth import command
command._LOOK_SECONDS = 0.1
"""
    publisher = start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "frozen"}, patches=frozen)
    lines = [line["event"] for _ in range(2) for _, line in publisher.log.lines_until("published")]
    assert "ended" not in lines
    assert publisher.stop() == 0


def test_the_health_check_tells_one_that_serves_from_one_that_does_not(
    redis: RedisServer,
    variables: Variables,
    start: Start,
) -> None:
    """It passes while intervals get their data points, and fails with a reason before and after."""
    waiting(redis, 3, "healthy")
    variables = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "healthy"}
    missing = run(variables, "--check")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.startswith("queue_depth: no heartbeat: ")
    quick = "from queue_depth import command\ncommand._LOOK_SECONDS = 0.1"
    publisher = start(variables, patches=quick)
    publisher.log.lines_until("published")
    until(Path(variables["HEARTBEAT_FILE"]).exists)
    assert (run(variables, "--check").returncode, publisher.process.poll()) == (0, None)
    publisher.kill()
    os.utime(variables["HEARTBEAT_FILE"], (time() - 100, time() - 100))
    old = run(variables, "--check")
    assert old.returncode == 1
    assert re.fullmatch(r"queue_depth: the last heartbeat is 1\d\d s old\n", old.stderr)


def test_a_heart_does_not_beat_while_data_points_are_missing(
    redis: RedisServer, variables: Variables, start: Start
) -> None:
    """A publisher that runs and fails is not well; the file keeps the time of the last good interval."""
    variables = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "never-seen"}
    quick = "from queue_depth import command\ncommand._LOOK_SECONDS = 0.1"
    publisher = start(variables, patches=quick)
    until(Path(variables["HEARTBEAT_FILE"]).exists)
    until(lambda: time() - Path(variables["HEARTBEAT_FILE"]).stat().st_mtime > 10)
    assert publisher.process.poll() is None


def test_a_folder_that_takes_no_heartbeat_is_named_once(
    redis: RedisServer, variables: Variables, start: Start, tmp_path: Path
) -> None:
    """The program goes on without."""
    waiting(redis, 3, "heartless")
    quick = "from queue_depth import command\ncommand._LOOK_SECONDS = 0.1"
    file = str(tmp_path / "none" / "heartbeat")
    variables = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "heartless", "HEARTBEAT_FILE": file}
    log: Log = start(variables, patches=quick).log
    lines = [line for _ in range(3) for _, line in log.lines_until("published")]
    [line] = [line for line in lines if line["event"] == "no heartbeat"]
    assert file in line["error"]

"""What arrives in CloudWatch, and how often."""

import json
from collections.abc import Callable, Mapping
from time import time

from queue_depth import lease
from queue_depth.lease import Interval

from .cloudwatch_server import CloudWatch
from .program import Log, Program, interval_from, run
from .queues import Queue
from .redis_server import RedisServer, fill, waiting

Variables = Mapping[str, str]
Start = Callable[..., Program]


def test_once_prints_the_counts(redis: RedisServer, queue: Queue, variables: Variables, cloudwatch: CloudWatch) -> None:
    """Operators get each state's count and the depth as JSON, and a dry run publishes nothing."""
    queue.add(4)
    queue.add(2, delay=3_600_000)
    queue.do("take", count=1)
    done = run({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": queue.name}, "--once", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    counts = json.loads(done.stdout)
    assert 0 <= counts.pop("oldest_waiting_age") < 60
    assert counts == {
        "queue": queue.name,
        "depth": 4,
        "waiting": 3,
        "prioritized": 0,
        "active": 1,
        "paused": 0,
        "delayed": 2,
        "completed": 0,
        "failed": 0,
        "queue_paused": False,
    }
    assert cloudwatch.data == []


def test_five_publishers_make_one_data_point_an_interval_and_outlive_the_holder(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """One of five publishes in an interval; killed, it is followed by another in a later one."""
    waiting(redis, 3, "leased")
    log = Log()
    for _ in range(5):
        start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "leased", "INTERVAL": "10"}, log)
    log.lines_until("published")
    holder, _ = log.lines_until("published")[-1]
    holder.kill()
    # It may have published once more before it was killed.
    while log.lines_until("published")[-1][0] is holder:
        pass
    intervals = [point.timestamp.timestamp() // 10 for point in cloudwatch.data]
    assert len(set(intervals)) == len(intervals) >= 3


def test_a_full_redis_is_measured_all_the_same(
    redis_servers: Callable[..., RedisServer], cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """When Redis refuses writes for want of memory it takes the lease's all the same, and the depth arrives."""
    server = redis_servers()
    waiting(server, 5)
    fill(server)
    # The lease outlives the test.
    patches = interval_from(time())
    start({**variables, "REDIS_URL": server.url, "INTERVAL": "60"}, patches=patches).log.lines_until("published")
    assert cloudwatch.data[0].value == 5
    assert server.client.keys("queue-depth:*") == ["queue-depth:staging:bull:product-import"]


def test_a_lease_is_one_publishers_though_redis_is_full(redis_servers: Callable[..., RedisServer]) -> None:
    """A full Redis takes a lease, closes it for the interval and lets it go, as any other does."""
    server = redis_servers()
    fill(server)
    client = server.client
    assert lease.take(client, "lease", "first", 60_000) is Interval.OURS
    assert lease.take(client, "lease", "second", 60_000) is Interval.TRIED
    assert lease.take(client, "lease", "first", 60_000) is Interval.OURS
    lease.release(client, "lease", "second")
    assert lease.take(client, "lease", "second", 60_000) is Interval.TRIED
    lease.release(client, "lease", "first")
    assert lease.take(client, "lease", "second", 60_000) is Interval.OURS
    lease.close(client, "lease", 60_000)
    assert lease.take(client, "lease", "second", 60_000) is Interval.SERVED


def test_an_unused_queue_is_published_from_its_first_use_on(
    redis: RedisServer, bull_queue: Queue, cloudwatch: CloudWatch, variables: Variables, start: Start
) -> None:
    """Before any use nothing is published and the log says why; a worker's start is followed by a depth of 0."""
    publisher = start({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": bull_queue.name})
    _, line = publisher.log.lines_until("failed")[-1]
    assert f"no key bull:{bull_queue.name}:* in Redis" in line["error"]
    assert cloudwatch.data == []
    bull_queue.do("process")
    publisher.log.lines_until("published")
    assert cloudwatch.data[0].value == 0


def test_once_fails_for_a_queue_without_a_trace(
    redis: RedisServer, variables: Variables, cloudwatch: CloudWatch
) -> None:
    """An operator who asks for a queue that Redis has never seen gets an error, no zero."""
    done = run({**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "product-imports"}, "--once")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no key bull:product-imports:* in Redis" in json.loads(done.stderr)["error"]
    assert cloudwatch.data == []

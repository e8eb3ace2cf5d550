"""The measured depth against what Bull and BullMQ count themselves."""

from collections.abc import Callable, Mapping
from time import monotonic, time

from queue_depth.connection import connect
from queue_depth.depth import Counts, GroupsError, QueueUnknownError, measure
from queue_depth.settings import RedisServer as Server

import pytest

from .program import until
from .queues import Queue, Queues
from .redis_server import RedisServer


def wanting_a_worker(counts: Mapping[str, int]) -> int:
    """From getJobCounts: waiting, active and, in BullMQ, prioritized jobs."""
    return counts["waiting"] + counts["active"] + counts.get("prioritized", 0)


STEPS: tuple[tuple[str, Callable[[Queue], object], int], ...] = (
    ("jobs waiting", lambda queue: queue.add(5), 5),
    ("prioritized jobs, counted once", lambda queue: queue.add(3, priority=2), 8),
    ("delayed jobs", lambda queue: queue.add(2, delay=3_600_000), 8),
    ("jobs active", lambda queue: queue.do("take", count=4), 8),
    ("jobs completed", lambda queue: queue.do("complete", count=2), 6),
    ("a job failed", lambda queue: queue.do("fail", count=1), 5),
)


def test_depth_equals_bulls_own_counts_in_every_state(redis: RedisServer, queue: Queue) -> None:
    """After each step of its jobs' lives the queue's depth is what getJobCounts says, and each state's count too."""
    for state, step, depth in STEPS:
        step(queue)
        counts = queue.do("counts")
        measured = measure(redis.client, "bull", queue.name)
        assert (state, measured.depth) == (state, depth)
        assert measured.depth == wanting_a_worker(counts)
        assert (measured.waiting, measured.active) == (counts["waiting"], counts["active"])
        assert (measured.delayed, measured.paused) == (counts["delayed"], counts.get("paused", 0))
        assert (measured.completed, measured.failed) == (counts["completed"], counts["failed"])
        assert measured.prioritized == counts.get("prioritized", 0)


def test_stalled_jobs_are_counted_once(redis: RedisServer, queue: Queue) -> None:
    """Jobs that lost their worker count while they are active, and after Bull has put them back to wait."""
    queue.add(6)
    queue.do("take", count=4)
    # As when the locks of a dead worker expire.
    redis.client.delete(*redis.client.scan_iter(f"bull:{queue.name}:*:lock"))
    assert measure(redis.client, "bull", queue.name).depth == wanting_a_worker(queue.do("counts")) == 6
    for _ in range(2):  # the first look marks them, the second one moves them
        redis.client.delete(f"bull:{queue.name}:stalled-check")  # which keeps looks apart
        queue.do("findStalled")
        assert measure(redis.client, "bull", queue.name).depth == wanting_a_worker(queue.do("counts")) == 6
    assert measure(redis.client, "bull", queue.name).waiting == 6


def test_paused_jobs_do_not_count(redis: RedisServer, queue: Queue) -> None:
    """A paused queue has only its active jobs, wherever the library keeps the others. Resuming brings all back."""
    queue.add(5)
    queue.add(3, priority=2)
    queue.do("take", count=2)
    queue.do("pause")
    counts = queue.do("counts")
    paused = measure(redis.client, "bull", queue.name)
    assert paused.depth == counts["active"] == 2
    assert (paused.ready, paused.oldest_waiting_age) == (0, 0)
    held = counts["waiting"] + counts.get("paused", 0) + counts.get("prioritized", 0)
    assert paused.waiting + paused.paused + paused.prioritized == held == 6
    queue.add(1)
    assert measure(redis.client, "bull", queue.name).depth == 2
    queue.do("resume")
    assert measure(redis.client, "bull", queue.name).depth == wanting_a_worker(queue.do("counts")) == 9


@pytest.mark.parametrize("library", ["bullmq", "bullmq6"])
@pytest.mark.parametrize("jobs", [0, 3])
def test_markers_of_older_bullmq_are_no_jobs(redis: RedisServer, bull_queues: Queues, library: str, jobs: int) -> None:
    """The entry that BullMQ 4 left in `wait` to wake workers up is not counted, as in BullMQ's own counts."""
    queue = Queue(bull_queues, library, f"{library}-marked-{jobs}")
    queue.do("open")
    redis.client.rpush(f"bull:{queue.name}:wait", "0:0")
    if jobs:
        queue.add(jobs)
    assert measure(redis.client, "bull", queue.name).depth == jobs
    assert queue.do("counts")["waiting"] == jobs


@pytest.mark.parametrize("job_id", ["0:sku-1", "0:42"])
def test_jobs_of_bull_whose_id_looks_like_a_marker_count(redis: RedisServer, bull_queue: Queue, job_id: str) -> None:
    """Bull 4 lets applications choose an id such as 0:sku-1, or the very form of a marker."""
    bull_queue.add(1, jobId=job_id)
    assert measure(redis.client, "bull", bull_queue.name).depth == 1


def age(redis: RedisServer, queue: Queue) -> int:
    return measure(redis.client, "bull", queue.name).oldest_waiting_age


def added(queue: Queue, seconds_ago: int, **options: object) -> None:
    """Add a job that says it was added some time ago."""
    queue.add(1, timestamp=round(time() * 1000) - seconds_ago * 1000, **options)


def test_the_age_is_that_of_the_oldest_waiting_job(redis: RedisServer, queue: Queue) -> None:
    """First in first out; once the oldest one is at work the next one counts, and nothing waiting has no age."""
    queue.do("open")
    for seconds_ago in (3000, 2000, 1000):
        added(queue, seconds_ago)
    assert 3000 <= age(redis, queue) < 3060
    queue.do("take", count=1)
    assert 2000 <= age(redis, queue) < 2060
    queue.do("take", count=2)
    assert age(redis, queue) == 0


def test_the_age_of_last_in_first_out_jobs(redis: RedisServer, queue: Queue) -> None:
    """Where the newest job is taken first, the oldest one is at the other end of the list."""
    for seconds_ago in (3000, 2000):
        added(queue, seconds_ago, lifo=True)
    assert 3000 <= age(redis, queue) < 3060


def test_a_delay_that_was_asked_for_is_no_waiting(redis: RedisServer, queue: Queue) -> None:
    """A job that was to start an hour after it was added has waited since then."""
    added(queue, 5000, delay=3600 * 1000)
    assert age(redis, queue) == 0
    queue.do("promote")
    assert 1400 <= age(redis, queue) < 1460


def test_prioritized_jobs_have_an_age(redis: RedisServer, queue: Queue) -> None:
    """BullMQ keeps them apart, Bull in the list."""
    added(queue, 3000, priority=2)
    assert 3000 <= age(redis, queue) < 3060
    queue.do("pause")
    assert age(redis, queue) == 0


@pytest.mark.parametrize("timestamp", ["0.5", "NaN", "Infinity", "yesterday", ""])
def test_a_time_that_bull_takes_and_is_none(redis: RedisServer, queue: Queue, timestamp: str) -> None:
    """The depth is known all the same; a part of a millisecond is no fault of a time."""
    queue.add(1, timestamp=timestamp)
    added(queue, 3000)
    counts = measure(redis.client, "bull", queue.name)
    assert counts.depth == 2
    assert (counts.oldest_waiting_age > 4000) is (timestamp == "0.5")


@pytest.mark.parametrize("options", ["null", "[]", "{", '{"delay": "soon"}', b"\xff"])
def test_a_job_that_is_not_of_bulls_making(redis: RedisServer, bull_queue: Queue, options: str | bytes) -> None:
    """It counts, and has no age."""
    redis.client.hset(f"bull:{bull_queue.name}:odd", mapping={"timestamp": "1", "opts": options})
    assert odd_ones(redis, bull_queue) == (1, 0)


def test_a_job_that_is_no_hash(redis: RedisServer, bull_queue: Queue) -> None:
    """It counts too: an application may make what it likes of the list."""
    redis.client.set(f"bull:{bull_queue.name}:odd", "no hash")
    assert odd_ones(redis, bull_queue) == (1, 0)


def odd_ones(redis: RedisServer, queue: Queue) -> tuple[int, int]:
    """Depth and age as the publisher's own connection reads them."""
    redis.client.rpush(f"bull:{queue.name}:wait", "odd")
    server = Server(host=redis.address, port=redis.port, db=0, username=None, password=None, tls=False)
    with connect(server) as client:
        counts = measure(client, "bull", queue.name)
    return counts.depth, counts.oldest_waiting_age


def test_a_hundred_thousand_jobs(redis: RedisServer, queue: Queue) -> None:
    """Large queues are counted to the job. Bull adds the first ones, of the others there are its IDs only."""
    queue.add(10)
    redis.client.lpush(f"bull:{queue.name}:wait", *range(11, 100_001))
    assert measure(redis.client, "bull", queue.name).depth == wanting_a_worker(queue.do("counts")) == 100_000


def test_each_measurement_is_one_moment(redis: RedisServer, queue: Queue) -> None:
    """While workers are at it no job is missed or counted twice: all states add up to the jobs at each time."""
    queue.add(3000)
    client = redis.client
    queue.do("process")
    seen: list[Counts] = []
    patience = monotonic() + 60
    while not seen or seen[-1].depth:
        assert monotonic() < patience
        seen.append(measure(client, "bull", queue.name))
        assert seen[-1].depth + seen[-1].completed == 3000
    assert len({counts.depth for counts in seen}) > 10


def test_one_script_of_commands_that_take_the_same_time_for_any_queue(
    redis_servers: Callable[[], RedisServer],
) -> None:
    """Redis gets one command, a script that runs commands of constant time, and neither KEYS nor SCAN."""
    client = redis_servers().client
    client.rpush("bull:product-import:wait", "1")
    client.config_resetstat()
    measure(client, "bull", "product-import")
    statistics = client.info("commandstats")
    calls = {name.removeprefix("cmdstat_"): figures["calls"] for name, figures in statistics.items()}
    del calls["config|resetstat"]
    assert calls == {
        "eval_ro": 1,
        "llen": 3,
        "lindex": 5,
        "zcard": 4,
        "hexists": 1,
        "exists": 2,
        "zrange": 1,
        "hmget": 2,
    }


@pytest.mark.parametrize(
    ("library", "prefix"), [("bull", "shop:{jobs}"), ("bullmq", "shop:{jobs}"), ("bullmq6", "shop:{jobs}")]
)
def test_a_prefix_may_have_a_colon(redis: RedisServer, bull_queues: Queues, library: str, prefix: str) -> None:
    """Both libraries put it in front of their keys as it is."""
    queue = Queue(bull_queues, library, f"colon-{library}", prefix)
    queue.add(3)
    assert measure(redis.client, prefix, queue.name).depth == 3


def test_a_name_may_have_a_colon_with_bull(redis: RedisServer, bull_queues: Queues) -> None:
    """BullMQ refuses such a name since 5.12.12 (bullmq pull request 2719)."""
    queue = Queue(bull_queues, "bull", "imports:daily")
    queue.add(2)
    assert measure(redis.client, "bull", "imports:daily").depth == 2
    with pytest.raises(AssertionError, match="Queue name cannot contain :"):
        Queue(bull_queues, "bullmq", "imports:daily").do("open")


GROUP_KEYS = ["groups", "groups:limit", "groups:max", "groups:paused", "groups-lid"]


@pytest.mark.parametrize("key", GROUP_KEYS)
def test_a_queue_with_groups_of_bullmq_pro_is_refused(redis: RedisServer, queue: Queue, key: str) -> None:
    """Its jobs are in lists of their own, without which the depth would be too low."""
    queue.add(3)
    redis.client.zadd(f"bull:{queue.name}:{key}", {"a-group": 1})
    redis.client.lpush(f"bull:{queue.name}:groups:a-group", "4", "5")
    with pytest.raises(GroupsError, match=f"bull:{queue.name} has groups of BullMQ Pro"):
        measure(redis.client, "bull", queue.name)


@pytest.mark.parametrize(("prefix", "name"), [("bul", None), ("bull", "product-imports")])
def test_a_wrong_prefix_or_name_is_no_empty_queue(
    redis: RedisServer, queue: Queue, prefix: str, name: str | None
) -> None:
    """Where no key of the queue is there is nothing to publish, and the error shows the key that was looked for."""
    queue.add(1)
    with pytest.raises(QueueUnknownError, match=f"no key {prefix}:{name or queue.name}:"):
        measure(redis.client, prefix, name or queue.name)


def test_a_queue_without_any_job_is_empty_once_a_worker_is_there(redis: RedisServer, queue: Queue) -> None:
    """The start of a worker is enough for a depth of 0, before the first job ever."""
    queue.do("process")
    until(lambda: redis.client.exists(f"bull:{queue.name}:stalled-check"))
    assert measure(redis.client, "bull", queue.name).depth == 0


def test_a_queue_stays_known_when_it_has_run_empty(redis: RedisServer, queue: Queue) -> None:
    """A queue whose jobs have all gone, without a worker there, has a depth of 0."""
    queue.add(1, removeOnComplete=True)
    queue.do("take", count=1)
    queue.do("complete", count=1)
    redis.client.delete(f"bull:{queue.name}:stalled-check")
    assert measure(redis.client, "bull", queue.name) == Counts(
        0, 0, 0, 0, 0, 0, 0, queue_paused=False, oldest_waiting_age=0
    )

"""Random SIGTERM, crashes and failovers while workers take jobs: counts the jobs that are lost.

Usage: python -m tests.worker.events [--events 200] [--library bull|bullmq] [--seed 1]
"""

import argparse
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from product_import.local import workers
from product_import.local.aws import Aws, object_url
from product_import.local.processes import Processes, kill
from product_import.local.redis import RedisGroup

import redis

WORKERS = 3
JOBS_PER_EVENT = 6
_PATIENCE_SECONDS = 300
_KEYS = {"bull": ("wait", "active", "delayed"), "bullmq": ("wait", "active", "delayed", "prioritized")}


@dataclass
class Outcome:
    """What happened to the jobs.

    Attributes:
        lost: jobs of which the database has no finished import.
        failed: jobs that the queue holds as failed.
        repeated: starts of jobs beyond the first one.
    """

    jobs: int
    lost: int
    failed: int
    repeated: int
    events: Counter[str]


def run(events: int, library: str, seed: int) -> Outcome:
    """Let so many events happen, then wait until the queue is empty."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary, Processes() as processes, Aws() as aws:
        folder = Path(temporary)
        group = RedisGroup(folder, processes)
        database = folder / "products.db"
        variables = {
            **workers.variables(group.url, group.ca, database, aws.variables),
            "QUEUE_LIBRARY": library,
            "LOCK_SECONDS": "2",
            "STOP_TIMEOUT_SECONDS": "2",
        }
        fleet = workers.Workers(folder, processes, variables)
        imports = [
            (object_url(str(job), round(chance.uniform(0.1, 2.5), 2)), 1) for job in range(JOBS_PER_EVENT * events)
        ]
        fleet.enqueue(imports)
        # Redis replicates later than it answers. What a producer must not lose has to wait for the replica.
        group.client.set("added", 1)
        assert group.client.wait(1, 60_000) == 1
        running = [fleet.start() for _ in range(WORKERS)]
        _until(lambda: group.client.llen("bull:product-import:active"))
        happened: Counter[str] = Counter()
        for _ in range(events):
            sleep(chance.uniform(0.2, 0.8))
            event = chance.choice(("SIGTERM", "crash", "failover", "switch"))
            happened[event] += 1
            if event == "failover":
                group.fail_over()
            elif event == "switch":
                group.switch()
            else:
                worker = running.pop(chance.randrange(WORKERS))
                if event == "SIGTERM":
                    worker.stop()
                else:
                    kill(worker.process)
                running.append(fleet.start())
        _until(lambda: not sum(_counts(group, library)))
        for worker in running:
            worker.stop()
        for worker in fleet.all:
            worker.process.wait(_PATIENCE_SECONDS)
        starts = [line["job"] for each in fleet.all for line in each.new_lines() if line["event"] == "job started"]
        with sqlite3.connect(database) as connection:
            ((finished,),) = connection.execute("select count(*) from imports")
        return Outcome(
            len(imports),
            len(imports) - finished,
            int(group.client.zcard("bull:product-import:failed")),
            len(starts) - len(set(starts)),
            happened,
        )


def _counts(group: RedisGroup, library: str) -> list[int]:
    counts = []
    for key in _KEYS[library]:
        name = f"bull:product-import:{key}"
        count = group.client.llen if group.client.type(name) == "list" else group.client.zcard
        counts.append(int(count(name)))
    return counts


def _until(is_so: Callable[[], object]) -> None:
    patience = monotonic() + _PATIENCE_SECONDS
    while True:
        with suppress(redis.ConnectionError):
            if is_so():
                return
        assert monotonic() < patience
        sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--library", choices=("bull", "bullmq"), default="bull")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(run(options.events, options.library, options.seed))


if __name__ == "__main__":
    main()

"""SIGTERM: a worker takes no new job, and finishes or gives back those that it has."""

from product_import.local.aws import object_url
from tests.documentation.test_protection import OFF, ON, Agent, agent

import pytest

from .conftest import System, until

__all__ = ["agent"]  # a fixture


def test_a_job_that_ends_in_time_is_finished(system: System) -> None:
    """The waiting job stays where it is."""
    worker = system.start(BULL_CONCURRENCY="1")
    system.add(object_url("first", 1), object_url("second", 60))
    worker.wait_for("job started")
    assert worker.stop() == 0
    assert len(worker.events("job done")) == 1
    assert len(worker.events("job started")) == 1
    assert system.group.client.llen("bull:product-import:wait") == 1
    assert system.group.client.llen("bull:product-import:active") == 0


def test_a_job_that_takes_longer_is_given_back(system: System) -> None:
    """It waits again at once, for any worker, and the attempt does not count."""
    worker = system.start(STOP_TIMEOUT_SECONDS="3")
    system.add(object_url("long", 600))
    worker.wait_for("job started")
    assert worker.stop() == 0
    assert worker.events("stopped")
    client = system.group.client
    until(lambda: client.llen("bull:product-import:wait") + client.zcard("bull:product-import:delayed") == 1)
    assert client.llen("bull:product-import:active") == 0
    # Bull 4 calls it attemptsMade, BullMQ 5 atm.
    job = system.job()
    assert int(job.get("attemptsMade", job.get("atm", 0))) == 0


def test_a_worker_stops_in_time_without_redis(system: System) -> None:
    """What it cannot give back is taken back when its lock ends."""
    worker = system.start(STOP_TIMEOUT_SECONDS="3")
    system.add(object_url("long", 600))
    worker.wait_for("job started")
    system.group.stop()
    worker.wait_for("queue")
    assert worker.stop() in (0, 1)


@pytest.mark.parametrize("library", ["bull"], indirect=True)
def test_a_worker_protects_its_task_while_it_has_jobs(system: System, agent: Agent) -> None:
    """With PROTECT_TASK, by ECS's agent."""
    worker = system.start(PROTECT_TASK="true", ECS_AGENT_URI=f"http://127.0.0.1:{agent.server_port}")
    system.add(object_url("one", 0))
    worker.wait_for("job done")
    until(lambda: len(agent.asked) == 2)
    assert agent.asked == [ON, OFF]

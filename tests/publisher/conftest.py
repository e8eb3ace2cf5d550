"""Servers on loopback ports, queues on them, and the publisher beside them."""

import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from product_import import engine as engines
from product_import.engine import Engine
from tests.engine.deployment import consumer
from tests.engine.stand_in import stand_in

import pytest

from . import queues as bull
from . import redis_server
from .cloudwatch_server import REGION, CloudWatch
from .program import Program
from .redis_server import RedisServer

Resources = Mapping[str, dict[str, Any]]


@pytest.fixture(scope="session")
def redis_program() -> None:
    """Skips where no redis-server is installed."""
    if not redis_server.binary():
        pytest.skip("no redis-server: put one on the PATH, Redis 7 with TLS; on Debian and Ubuntu `make test` gets it")


@pytest.fixture
def redis_servers(redis_program: None, tmp_path: Path) -> Iterator[Callable[..., RedisServer]]:  # noqa: ARG001
    """Starts servers for one test."""
    started: list[RedisServer] = []

    def start(*options: str, **fields: Any) -> RedisServer:
        server = RedisServer(tmp_path / f"redis-{len(started)}", options, **fields)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.kill()


@pytest.fixture(scope="session")
def redis(redis_program: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:  # noqa: ARG001
    """A server that all tests share."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def bull_queues(redis: RedisServer) -> Iterator[bull.Queues]:
    """Real Bull and BullMQ on the shared server."""
    if not Path(__file__).with_name("node_modules").is_dir():
        pytest.skip("no Bull: `make test` sets it up")
    running = bull.Queues(redis.port)
    yield running
    running.stop()


@pytest.fixture(params=["bull", "bullmq", "bullmq6"])
def queue(request: pytest.FixtureRequest, bull_queues: bull.Queues) -> bull.Queue:
    """A new queue of each library."""
    return bull.Queue(bull_queues, request.param, uuid.uuid4().hex)


@pytest.fixture
def bull_queue(bull_queues: bull.Queues) -> bull.Queue:
    """A new queue of Bull 4."""
    return bull.Queue(bull_queues, "bull", uuid.uuid4().hex)


@pytest.fixture(scope="session")
def cloudwatch_server() -> Iterator[CloudWatch]:
    """The emulator that all tests share."""
    server = CloudWatch()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def cloudwatch(cloudwatch_server: CloudWatch) -> CloudWatch:
    """CloudWatch with nothing in it."""
    cloudwatch_server.reset()
    return cloudwatch_server


@pytest.fixture
def variables(cloudwatch: CloudWatch, tmp_path: Path) -> Mapping[str, str]:
    """The environment of a publisher that lacks REDIS_URL and QUEUE_NAME."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "ENVIRONMENT": "staging",
        "INTERVAL": "1",
        "HEARTBEAT_FILE": str(tmp_path / "heartbeat"),
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": cloudwatch.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


@pytest.fixture
def start() -> Iterator[Callable[..., Program]]:
    """Starts publishers for one test: Program's arguments."""
    started: list[Program] = []

    def program(*arguments: Any, **options: Any) -> Program:
        started.append(Program(*arguments, **options))
        return started[-1]

    yield program
    for each in started:
        each.kill()


@pytest.fixture(scope="session")
def planned(synthesized: Path, tmp_path_factory: pytest.TempPathFactory) -> Resources:
    """The resources that the module plans for the environment `staging`, by address."""
    executable = engines.executable()
    if executable is None:
        pytest.skip(engines.NO_ENGINE)
    with stand_in(executable) as (_, reattach):
        engine = Engine(tmp_path_factory.mktemp("plan"), executable, reattach)
        root = consumer(engine, synthesized)
        root.init()
        return root.resources(root.plan(environment="staging"))


@pytest.fixture(scope="session")
def queue_metric(planned: Resources) -> Mapping[str, object]:
    """The metric that the module's alarm on the queue reads."""
    alarm = planned["aws_cloudwatch_metric_alarm.queue_overload"]
    return {"namespace": alarm["namespace"], "name": alarm["metric_name"], "dimensions": alarm["dimensions"]}

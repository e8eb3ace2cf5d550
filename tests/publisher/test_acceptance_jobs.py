"""The programs of an acceptance, which run in the image of Node, on a Redis as the module has one."""

import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from product_import.acceptance import jobs
from product_import.local.certificate import certify
from tests.project import PROJECT
from tests.publisher.redis_server import RedisServer

import pytest
from redis import Redis

TOKEN = "acceptance#token^of^40^characters&digits"


@pytest.fixture
def server(redis_servers: Callable[..., RedisServer], tmp_path: Path) -> RedisServer:
    """With TLS and a token; ca.pem in tmp_path certifies it."""
    certify(tmp_path, "127.0.0.1")
    files = {"cert": "redis.pem", "key": "redis.key", "ca-cert": "ca.pem"}
    options = [word for name, file in files.items() for word in (f"--tls-{name}-file", str(tmp_path / file))]
    return redis_servers(*options, "--tls-auth-clients", "no", "--requirepass", TOKEN, tls=True)


@contextmanager
def program(text: str, server: RedisServer, folder: Path, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One of the programs, where Bull is installed already."""
    running = subprocess.Popen(
        [PROJECT / ".venv/bin/node", "-e", text],
        cwd=Path(__file__).parent,
        env={
            "PATH": os.environ["PATH"],
            "REDIS_URL": f"rediss://:{quote(TOKEN, safe='')}@127.0.0.1:{server.port}",
            "NODE_EXTRA_CA_CERTS": str(folder / "ca.pem"),
            **environment,
        },
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def until(is_so: Callable[[], bool]) -> None:
    patience = monotonic() + 30
    while not is_so():
        assert monotonic() < patience
        sleep(0.05)


@pytest.mark.usefixtures("bull_queues")
def test_jobs_are_added_and_taken(server: RedisServer, tmp_path: Path) -> None:
    """By Bull, over TLS with the token of the URL; the worker says that it is ready, and ends when it is told to."""
    client = Redis(
        host="127.0.0.1", port=server.port, password=TOKEN, ssl=True, ssl_ca_certs=str(tmp_path / "ca.pem"), protocol=2
    )
    with program(jobs.ADD, server, tmp_path, JOBS="3") as adding:
        assert adding.wait(30) == 0
    assert client.llen("bull:product-import:wait") == 3
    ready = tmp_path / "ready"
    worker = program(jobs.WORKER, server, tmp_path, BULL_CONCURRENCY="5", JOB_SECONDS="0", READY_FILE=str(ready))
    with worker as working:
        until(lambda: client.zcard("bull:product-import:completed") == 3)
        until(ready.exists)
        working.terminate()
        assert working.wait(30) == 0


@pytest.mark.parametrize("text", [jobs.WORKER, jobs.ADD], ids=["worker", "add"])
def test_the_container_runs_the_program(text: str) -> None:
    """As it is, past the shell that installs the Bull which the publisher is tested with."""
    shell, option, script = jobs.command(text)
    assert (shell, option) == ("sh", "-c")
    words = shlex.split(script)
    assert words[:2] == ["cd", "/tmp"]
    assert words[-4:] == ["exec", "node", "-e", text]
    assert words[3:6] == ["npm", "install", "--silent"]
    assert f'"bull": "{jobs.BULL.removeprefix("bull@")}"' in Path(__file__).with_name("package.json").read_text()

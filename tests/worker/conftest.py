"""Workers of examples/worker on a real Redis with TLS and a token."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from product_import.local import workers
from product_import.local.aws import Aws
from product_import.local.processes import Processes
from product_import.local.redis import RedisGroup
from tests.publisher.redis_server import binary

import pytest

# Only keeps a failing test from waiting for ever.
PATIENCE_SECONDS = 60
SOURCES = workers.EXAMPLE / "workers"


def until(is_so: Callable[[], object]) -> None:
    """Wait until it is so."""
    patience = monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert monotonic() < patience
        sleep(0.02)


@dataclass
class System:
    """Redis, the emulator, and workers that are started on demand."""

    folder: Path
    processes: Processes
    aws: Aws
    group: RedisGroup
    library: str

    @property
    def variables(self) -> dict[str, str]:
        database = self.folder / "products.db"
        return {
            **workers.variables(self.group.url, self.group.ca, database, self.aws.variables),
            "QUEUE_LIBRARY": self.library,
        }

    def workers(self, **variables: str) -> workers.Workers:
        return workers.Workers(self.folder, self.processes, {**self.variables, **variables})

    def start(self, **variables: str) -> "Log":
        """Start a worker."""
        return Log(self.workers(**variables).start())

    def add(self, *sources: str, version: int = 1) -> None:
        """Add imports."""
        self.workers().enqueue((source, version) for source in sources)

    def job(self) -> Mapping[str, str]:
        """The hash of the only job."""
        client: Any = self.group.client
        [key] = [key for key in client.keys("bull:product-import:*") if len(key.rpartition(":")[2]) == 32]
        job: Mapping[str, str] = client.hgetall(key)
        return job

    def rows(self, *rows: Mapping[str, object], name: str = "rows") -> str:
        """A file of these rows as a source."""
        path = self.folder / f"{name}.ndjson"
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        return path.as_uri()


class Log:
    """A worker, and all that it logged."""

    def __init__(self, worker: workers.Worker) -> None:
        self.process = worker.process
        self.path = worker.log
        self._worker = worker
        self.lines: list[dict[str, Any]] = []

    def events(self, event: str) -> list[dict[str, Any]]:
        """The lines of this event so far."""
        self.lines += self._worker.new_lines()
        return [line for line in self.lines if line["event"] == event]

    def wait_for(self, event: str, count: int = 1) -> dict[str, Any]:
        """Wait for a line of this event."""
        until(lambda: len(self.events(event)) >= count or self.process.poll() is not None)
        assert len(self.events(event)) >= count, self.path.read_text()
        return self.events(event)[count - 1]

    def stop(self) -> int:
        """Its exit status after SIGTERM."""
        self._worker.stop()
        return self.process.wait(PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def worker_packages() -> Path:
    """Skips where the packages of the example are not installed."""
    packages = workers.EXAMPLE / "node_modules"
    if not packages.is_dir():
        pytest.skip("no packages of examples/worker: `make test` installs them")
    return packages


@pytest.fixture(params=["bull", "bullmq"])
def library(request: pytest.FixtureRequest) -> str:
    """Each queue library."""
    return str(request.param)


@pytest.fixture
def system(worker_packages: Path, library: str) -> Iterator[System]:  # noqa: ARG001
    """The system of one test. Its folder has a short name, since sockets are in it."""
    if not binary():
        pytest.skip("no redis-server: put one on the PATH, Redis 7 with TLS; on Debian and Ubuntu `make test` gets it")
    with tempfile.TemporaryDirectory() as folder, Processes() as processes, Aws() as aws:
        yield System(Path(folder), processes, aws, RedisGroup(Path(folder), processes), library)


def run_node(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run lines of JavaScript that may import modules of the worker by SOURCES."""
    program = folder / "script.mjs"
    program.write_text(script.replace("SOURCES", SOURCES.as_uri()))
    return subprocess.run(
        [workers.node(), str(program)],
        env={"NODE_OPTIONS": "--disable-warning=ExperimentalWarning", **variables},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )

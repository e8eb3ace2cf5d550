"""The folder of a run: what another run needs to know to remove what this one created, however it ended."""

import fcntl
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

TAG = "product-import-acceptance"
"""The key of the tag of all resources of a run; its value is the run's name."""
_FILE = "run.json"


@dataclass(frozen=True)
class Record:
    """Where a run creates its resources, and the name that all of them have."""

    name: str
    account: str
    region: str
    begun: str

    @classmethod
    def new(cls, account: str, region: str, begun: str) -> "Record":
        """With a name of its own."""
        return cls(f"pi-accept-{secrets.token_hex(4)}", account, region, begun)

    def write(self, folder: Path) -> None:
        (folder / _FILE).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Record":
        return cls(**json.loads((folder / _FILE).read_text(encoding="utf-8")))


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """No other process takes the folder for one that was left.

    Raises:
        BlockingIOError: another process uses it.
    """
    # The system gives the lock back when a process ends, also when it is killed. An engine does not inherit it.
    with (folder / _FILE).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def left_behind(place: Path) -> list[Path]:
    """The folders of runs that ended and left something, or ended before they could remove it."""
    left = []
    for record in sorted(place.glob(f"acceptance-*/{_FILE}")):
        try:
            with in_use(record.parent):
                left.append(record.parent)
        except BlockingIOError:
            pass
    return left


def forget(folder: Path) -> None:
    """Say that nothing is left, before the folder goes: half of a folder is not one that was left."""
    (folder / _FILE).unlink()

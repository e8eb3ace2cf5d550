"""The folder of a run: what another run needs to know to remove what this one created, however it ended."""

import fcntl
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from product_import.errors import UserError
from product_import.files import read_text, replace_files

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
        replace_files({folder / _FILE: json.dumps(asdict(self))})

    @classmethod
    def read(cls, folder: Path) -> "Record":
        """The record of a folder.

        Raises:
            UserError: it cannot be read, or is damaged.
        """
        try:
            return cls(**json.loads(read_text(folder / _FILE)))
        except (TypeError, ValueError):
            raise UserError(
                f"{folder / _FILE} is damaged. Look for resources with the tag {TAG}, then delete the folder."
            ) from None


class InUseError(UserError):
    """Another process uses the folder."""


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """No other process takes the folder for one that was left.

    Raises:
        UserError: another process uses it, or has removed it.
    """
    # The system gives the lock back when a process ends, also when it is killed. An engine does not inherit it.
    try:
        file = (folder / _FILE).open("rb")
    except OSError as error:
        raise UserError(f"{folder / _FILE}: {error.strerror}.") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUseError(f"{folder.name} is in use by another process.") from None
        yield


def left_behind(place: Path) -> list[Path]:
    """The folders of runs that ended and left something, or ended before they could remove it."""
    left = []
    for record in sorted(place.glob(f"acceptance-*/{_FILE}")):
        try:
            with in_use(record.parent):
                left.append(record.parent)
        except InUseError:
            pass
    return left


def forget(folder: Path) -> None:
    """Say that nothing is left, before the folder goes: half of a folder is not one that was left."""
    (folder / _FILE).unlink()

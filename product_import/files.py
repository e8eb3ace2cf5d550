"""Reading a user's files, and writing some so that a failure leaves all of them as they were."""

import csv
import errno
import io
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from product_import.errors import UserError


def read_text(path: Path) -> str:
    """The text of a file, without the byte order mark that programs of Windows write.

    Raises:
        UserError: it cannot be read, or is not in UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: must be text in UTF-8.") from None


def read_csv(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Read the rows of a CSV file that names these columns in its first line, in any order and among others.

    Yields:
        Where a row is, for an error, and its values of these columns.

    Raises:
        UserError: it cannot be read, is no CSV, or lacks a column.
    """
    text = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip() for name in next(reader, ())]
        if any(names.count(column) != 1 for column in columns):
            given = text.partition("\n")[0].rstrip()
            raise UserError(
                f"{path}: the first line must be {','.join(columns)}, in any order and with others or without. "
                f"Given: {given:.80}"
            )
        for row in filter(None, reader):
            place = f"{path}, line {reader.line_num}"
            if len(row) != len(names):
                raise UserError(f"{place}: must have {len(names)} fields. Given: {','.join(row):.80}")
            values = dict(zip(names, row, strict=True))
            yield place, {column: values[column] for column in columns}
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num}: {error}.") from None


def replace_files(files: Mapping[Path, str | bytes]) -> list[tuple[Path, bool]]:
    """Write contents aside, then rename all of them into place.

    A symbolic link stays, and the file that it leads to is replaced. A file keeps its mode.

    Returns:
        Each path, and whether its content changed.

    Raises:
        UserError: a file cannot be written, or is a device, a pipe or the standard output; all are as they were.
    """
    staged: list[_Staged] = []
    results = []
    try:
        for path, content in files.items():
            written = content.encode() if isinstance(content, str) else content
            changed = not _is_there(path) or path.read_bytes() != written
            results.append((path, changed))
            if changed:
                staged.append(_Staged(Path(os.path.realpath(path))))
                staged[-1].write(written)
        for each in staged:
            path = each.target
            each.replace()
    except BaseException as error:
        # On Ctrl-C too.
        for each in staged:
            each.restore()
        if isinstance(error, OSError):
            raise UserError(f"{path}: cannot be written: {error.strerror}.") from None
        raise
    finally:
        for each in staged:
            each.clean()
    return results


def _is_there(path: Path) -> bool:
    """Whether there is a file.

    Raises:
        UserError: it is none, or the one that standard output or error goes to.
    """
    if not path.exists():
        return False
    if not path.is_file():
        # One that never ends would be read for ever, and none can be replaced.
        raise UserError(f"{path}: must be a file, or not be there yet.")
    for number in (1, 2):
        with suppress(OSError):  # a closed one
            if os.path.samestat(os.fstat(number), path.stat()):
                # As /dev/stdout. Replaced, the file would lose what was written to it.
                raise UserError(f"{path}: must not be the file that the output of the command goes to.")
    return True


class _Staged:
    """A file that is to be replaced: its new content, and a copy of what is there, both beside it."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self._new, self._old = (target.with_name(f".{target.name}.{os.getpid()}{end}") for end in ("", ".old"))
        self._existed = target.exists()
        self._replaced = False

    def write(self, content: bytes) -> None:
        if self.target.is_symlink():  # only one that leads to itself is left of a path without links
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self._new.write_bytes(content)
        if self._existed:
            shutil.copy2(self.target, self._old)
            shutil.copymode(self.target, self._new)

    def replace(self) -> None:
        self._new.replace(self.target)
        self._replaced = True

    def restore(self) -> None:
        if self._replaced and self._existed:
            self._old.replace(self.target)
        elif self._replaced:
            self.target.unlink()

    def clean(self) -> None:
        for path in (self._new, self._old):
            # Where nothing can be written, that it is not there is an error too.
            with suppress(OSError):
                path.unlink()

"""Reading a user's files, and writing some so that a failure leaves all of them as they were."""

import csv
import io
import os
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
    """The rows of a CSV file that names these columns in its first line.

    Yields:
        Where a row is, for an error, and its values.

    Raises:
        UserError: it cannot be read, or is no CSV, or has other columns.
    """
    text = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if tuple(next(reader, ())) != columns:
            given = text.partition("\n")[0].rstrip()
            raise UserError(f"{path}: the first line must be {','.join(columns)}. Given: {given:.80}")
        for row in filter(None, reader):
            place = f"{path}, line {reader.line_num}"
            if len(row) != len(columns):
                raise UserError(f"{place}: must have {len(columns)} fields. Given: {','.join(row):.80}")
            yield place, dict(zip(columns, row, strict=True))
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num}: {error}.") from None


def replace_files(files: Mapping[Path, str | bytes]) -> list[tuple[Path, bool]]:
    """Write contents aside, then rename all of them into place.

    Returns:
        Each path, and whether its content changed.

    Raises:
        UserError: a file cannot be written, or is a device or a pipe; none was replaced.
    """
    staged: dict[Path, Path] = {}
    results = []
    try:
        for path, content in files.items():
            written = content.encode() if isinstance(content, str) else content
            if path.exists() and not path.is_file():
                # One that never ends would be read for ever, and none can be replaced.
                raise UserError(f"{path}: must be a file, or not be there yet.")
            changed = not path.exists() or path.read_bytes() != written
            results.append((path, changed))
            if changed:
                path.parent.mkdir(parents=True, exist_ok=True)
                aside = path.with_name(f".{path.name}.{os.getpid()}")
                staged[path] = aside
                aside.write_bytes(written)
        for path, aside in staged.items():
            aside.replace(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}.") from None
    finally:
        for aside in staged.values():
            # Where nothing can be written, that it is not there is an error too.
            with suppress(OSError):
                aside.unlink()
    return results

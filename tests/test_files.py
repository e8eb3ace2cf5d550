"""Writing files where none can be written."""

import errno
import os
from pathlib import Path

from product_import.errors import UserError
from product_import.files import replace_files

import pytest


def test_a_read_only_file_system_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It refuses even to remove what is not there."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(UserError, match="Read-only file system"):
        replace_files({tmp_path / "report.md": "text"})

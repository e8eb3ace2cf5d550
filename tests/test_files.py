"""Writing files where none can be written."""

import errno
import os
import stat
import subprocess
import sys
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


def refuse_renames_to(refused: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """As a mount point, or a folder of another user with the sticky bit, does."""
    replace = Path.replace

    def guarded(self: Path, target: Path) -> Path:
        if target == refused:
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", guarded)


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("error", [OSError(errno.EBUSY, os.strerror(errno.EBUSY)), KeyboardInterrupt()])
def test_a_rename_that_fails_leaves_all_files_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, error: BaseException
) -> None:
    """Those that were renamed before it, too; nothing else stays in the folder."""
    first, second = tmp_path / "first", tmp_path / "second"
    second.write_text("old")
    if there:
        first.write_text("old")
        first.chmod(0o640)
    refuse_renames_to(second, monkeypatch, error)
    told = f"^{second}: cannot be written: Device or resource busy"
    with pytest.raises((UserError, KeyboardInterrupt), match=told if isinstance(error, OSError) else None):
        replace_files({first: "new", second: "new"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == (
        {"first": "old", "second": "old"} if there else {"second": "old"}
    )
    assert not there or stat.S_IMODE(first.stat().st_mode) == 0o640


@pytest.mark.parametrize("there", [True, False])
def test_a_symbolic_link_is_followed(tmp_path: Path, there: bool) -> None:
    """It stays one, whether the file that it leads to is there yet or not."""
    target, link = tmp_path / "reports" / "report.md", tmp_path / "report.md"
    target.parent.mkdir()
    if there:
        target.write_text("old")
    link.symlink_to("reports/report.md")
    assert replace_files({link: "new"}) == [(link, True)]
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["report.md"]


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_a_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    """A report that others may not read stays so, as does one that a group may write."""
    report = tmp_path / "report.md"
    report.write_text("old")
    report.chmod(mode)
    replace_files({report: "new"})
    assert (report.read_text(), stat.S_IMODE(report.stat().st_mode)) == ("new", mode)


def test_a_link_that_leads_to_itself_is_named(tmp_path: Path) -> None:
    """Nothing is written."""
    link = tmp_path / "report.md"
    link.symlink_to("report.md")
    with pytest.raises(UserError, match=r"report\.md: cannot be written: "):
        replace_files({link: "new"})


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("by_name", [True, False])
def test_the_output_is_not_replaced(tmp_path: Path, stream: str, by_name: bool) -> None:
    """A file that a stream goes to would lose what was written to it before."""
    output = tmp_path / "output"
    given = output if by_name else f"/dev/{stream}"
    program = "import sys; from pathlib import Path; from product_import.files import replace_files\n"
    program += f"sys.{stream}.write('before '); sys.{stream}.flush()\n"
    program += f"try: replace_files({{Path({str(given)!r}): 'report'}})\n"
    program += f"except Exception as error: sys.{stream}.write(str(error))"
    with output.open("w") as file:
        subprocess.run([sys.executable, "-c", program], check=True, **{stream: file})  # type: ignore[call-overload]
    assert output.read_text() == f"before {given}: must not be the file that the output of the command goes to."

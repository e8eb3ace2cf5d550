"""EXIT.md, which says what a move away from cdktf would take."""

import re
from pathlib import Path

from tests.project import PROJECT, copy_project


def test_the_page_lists_every_file_that_imports_cdktf(tmp_path: Path) -> None:
    """EXIT.md names exactly the files that import cdktf or constructs."""
    folder = copy_project(tmp_path / "project").folder
    importing = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if re.search(r"^\s*(from|import) (cdktf|constructs)\b", path.read_text(), re.MULTILINE)
    }
    _, _, section = (PROJECT / "EXIT.md").read_text().partition("\n## Files that import cdktf\n")
    listed = re.findall(r"`([\w/]+\.py)`", section.partition("\n## ")[0])
    assert sorted(listed) == sorted(importing)

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


def test_the_page_counts_the_lines_that_a_rename_changes() -> None:
    """Imports, as the page's own command finds them, in the package, the examples and the tests."""
    tables = (PROJECT / "EXIT.md").read_text()
    lines = {name: _imports(PROJECT / name) for name in ("product_import", "examples", "tests")}
    package, examples, tests = (sum(found.values()) for found in lines.values())
    files = len(lines["product_import"] | lines["examples"])
    assert (
        f"| {package + examples} in {files} files | {package} imports in `product_import/`, {examples} in `examples/` |"
    ) in tables
    assert f"| {tests} in {len(lines['tests'])} files | imports in `tests/` |" in tables


def _imports(folder: Path) -> dict[Path, int]:
    """How many lines import cdktf, by file; the bindings are made anew."""
    counts = {
        path: len(re.findall(r"^ *(?:from|import) cdktf\b", path.read_text(), re.MULTILINE))
        for path in folder.rglob("*.py")
        if PROJECT / "product_import/aws" not in path.parents
    }
    return {path: count for path, count in counts.items() if count}

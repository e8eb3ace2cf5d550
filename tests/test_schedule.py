"""The order and the groups of the tests."""

from tests.project import PROJECT
from tests.schedule import FIRST, GROUPS


def test_it_is_about_files_that_are_there() -> None:
    """Of one that was renamed it would say nothing any more."""
    files = [*(file for group in GROUPS.values() for file in group), *(name for name in FIRST if name not in GROUPS)]
    assert [file for file in files if not (PROJECT / file).exists()] == []
    assert len(files) == len(set(files))

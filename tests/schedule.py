"""Which tests run in the same worker, and which come first."""

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# Files that share what takes long to be made. All other ones are groups of their own, with test_options.py, which is
# long enough and has a deployment for one test.
GROUPS = {
    "deployments": (
        *("tests/engine/test_life.py", "tests/engine/test_spot.py", "tests/engine/test_redis_engine.py"),
        *("tests/engine/test_resources.py", "tests/engine/test_dashboard.py", "tests/engine/test_drift.py"),
        *("tests/engine/test_provider_6.py", "tests/engine/test_plan_diff_drift.py"),
    ),
    "live": (
        *("tests/doctor/test_examination.py", "tests/doctor/test_gaps.py", "tests/doctor/test_command.py"),
        "tests/doctor/test_comparison.py",
    ),
    "commands": ("tests/engine/test_guide.py", "tests/engine/test_operations.py"),
}
_OF_FILES = {file: group for group, files in GROUPS.items() for file in files}
# What takes longest, longest first: it would leave the other workers without work if it came last. A worker gets its
# next group when two tests of its last one are left. What mostly waits comes with what computes.
FIRST = (
    *("tests/publisher/test_silence.py", "tests/worker/test_jobs.py", "deployments", "tests/engine/test_options.py"),
    *("tests/publisher/test_failures.py", "tests/test_readme.py", "tests/acceptance/test_run.py"),
    *("commands", "tests/engine/test_bad_inputs.py", "tests/engine/test_stand_in_command.py"),
    *("tests/engine/test_upgrade.py", "tests/engine/test_examples.py", "live", "tests/engine/test_cli.py"),
    *("tests/engine/test_plan_diff.py", "tests/engine/test_consumers.py", "tests/engine/test_provider.py"),
    *("tests/test_installed.py", "tests/test_synthesis.py"),
)


def place(file: str) -> int:
    """That of a file's group in the order of all."""
    group = _group(file)
    return FIRST.index(group) if group in FIRST else len(FIRST)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """A group at a time for each worker. xdist's own `loadgroup` groups nothing from pytest 9.2 on."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    """A hook of xdist: whatever its `--dist` says."""
    return Scheduling(config, log)


def _group(file: str) -> str:
    return _OF_FILES.get(file, file)

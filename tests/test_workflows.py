"""The workflows of GitHub: what they run, what they may do, and whether GitHub would take them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"


def linter() -> list[str]:
    """The command of actionlint: the one on the PATH, else the pinned one by Go."""
    if program := shutil.which("actionlint"):
        return [program]
    if not shutil.which("go"):
        pytest.skip("no actionlint: put `actionlint` or `go` on the PATH")
    run = subprocess.run(["go", "run", ACTIONLINT, "-version"], capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip(f"no actionlint: Go cannot build {ACTIONLINT}: {run.stderr.strip()}")
    return ["go", "run", ACTIONLINT]


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    """GitHub's syntax, expressions, contexts and the inputs of well-known actions are right in every workflow."""
    for workflow in WORKFLOWS:
        # The linter knows the inputs of actions by the tag of their major version alone.
        tagged = re.sub(r"@[0-9a-f]{40} # (v\d+)\S*", r"@\1", workflow.read_text(encoding="utf-8"))
        (tmp_path / workflow.name).write_text(tagged, encoding="utf-8")
    files = [str(tmp_path / workflow.name) for workflow in WORKFLOWS]
    run = subprocess.run([*linter(), "-no-color", *files], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit(workflow: Path) -> None:
    """Every action is named by its full commit, with the version in a comment."""
    uses = re.findall(r"uses: *(.*)", workflow.read_text(encoding="utf-8"))
    assert uses
    assert [use for use in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_steps_are_make_targets(workflow: Path) -> None:
    """Every step that runs something runs one target of the Makefile, and takes no value of GitHub's into its text."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    runs = re.findall(r"run: *(.*)", workflow.read_text(encoding="utf-8"))
    assert runs
    assert [run for run in runs if not re.fullmatch(r"make ([a-z-]+)( [A-Z_]+=\S+)*", run) or "${{" in run] == []
    assert [run for run in runs if run.split()[1] not in targets] == []


def test_a_danger_is_accepted_by_setting_the_label_alone() -> None:
    """Not by its being there, on which a push or another label would ride."""
    said = re.findall(r"FAIL_ON_DANGER: (.*)", (ROOT / ".github/workflows/plan.yml").read_text(encoding="utf-8"))
    condition = "(github.event.action != 'labeled' || github.event.label.name != 'danger accepted')"
    assert said == [f"${{{{ {condition} && '1' || '' }}}}"] * 2


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_no_permissions_by_default(workflow: Path) -> None:
    """What a job may do is written at the job; the workflow itself may do nothing."""
    assert re.search(r"^permissions: \{\}$", workflow.read_text(encoding="utf-8"), re.MULTILINE)

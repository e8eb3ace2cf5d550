"""The action and the include that other repositories use, their scripts run as a runner does."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.plan_diff.api import TOKEN, Comments, comments
from tests.plan_diff.documents import document, resource, update
from tests.project import PROJECT, SET_UP, copy_project
from tests.workflows.ci import Runner

import pytest
import yaml  # type: ignore[import-untyped]

ACTION = PROJECT / ".github/actions/plan-diff/action.yml"
INCLUDE = PROJECT / ".gitlab/plan-diff.yml"
CHANGE = document(update({"threshold": 1}, {"threshold": 2}))
DANGERS = "error: dangerous changes: 1\n!!! aws_ecs_service.worker is destroyed: all its workers stop{}\n"
DANGER = document(resource("aws_ecs_service.worker", ["delete"], {"name": "worker"}))
MARKER = "<!-- product-import plan diff -->"
OLD = f"{MARKER}\nold\n"


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


@pytest.fixture
def github() -> Iterator[Comments]:
    with comments({"id": 1, "body": OLD, "user": {"type": "Bot"}}, author={"user": {"type": "Bot"}}) as kept:
        yield kept


@pytest.fixture
def gitlab() -> Iterator[Comments]:
    with comments({"id": 1, "body": OLD, "author": {"id": 7}}, author={"author": {"id": 7}}) as kept:
        yield kept


def action(runner: Runner, api: Comments, head: str = "example/shop", **given: str) -> list[tuple[str, int, str]]:
    """Run the action on a pull request; return the name, the status and the output of each step that runs.

    Expressions and conditions of the file are replaced by what GitHub makes of them, and an unknown one fails.
    """
    definition = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    inputs = {name: str(given.get(name, each["default"])) for name, each in definition["inputs"].items()}
    assert given.keys() <= inputs.keys()
    values = {f"inputs.{name}": value for name, value in inputs.items()} | {
        "inputs.token": TOKEN,
        "steps.python.outputs.python-path": str(runner.folder / "programs/python3"),
        "github.event.pull_request.number": "12",
        "github.repository": "example/shop",
    }
    files = {name: runner.folder / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    environment = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ACTION.parent),
        "GITHUB_API_URL": api.address,
        "RUNNER_TEMP": str(runner.folder / "temporary"),
        **{name: str(path) for name, path in files.items()},
    }
    ran: list[tuple[str, int, str]] = []
    for step in definition["runs"]["steps"]:
        if "uses" in step:
            continue
        values["steps.report.outputs.path"] = ""
        if files["GITHUB_OUTPUT"].exists():
            values["steps.report.outputs.path"] = files["GITHUB_OUTPUT"].read_text().strip().removeprefix("path=")
        if "if" in step:
            assert step["if"] == (
                "${{ !cancelled() && steps.report.outputs.path != '' && "
                "github.event.pull_request.head.repo.full_name == github.repository }}"
            )
            if not values["steps.report.outputs.path"] or head != "example/shop":
                continue
        elif any(status for _, status, _ in ran):
            continue
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
        own = {
            name: re.sub(r"\$\{\{ (\S+) \}\}", lambda found: values[found[1]], text)
            for name, text in step["env"].items()
        }
        run = runner.run(step["run"], **environment, **own)
        ran.append((step["name"], run.returncode, run.stdout + run.stderr))
    return ran


def include(
    runner: Runner, api: Comments, source: Path, commit: str, given: Mapping[str, Any] = MappingProxyType({})
) -> subprocess.CompletedProcess[str]:
    """Run the job of the include on a merge request."""
    declared, text = INCLUDE.read_text(encoding="utf-8").split("\n---\n")
    inputs = {"source": source, "commit": commit} | {
        name: given.get(name, each["default"])
        for name, each in yaml.safe_load(declared)["spec"]["inputs"].items()
        if "default" in each
    }

    def value(found: re.Match[str]) -> str:
        return str(inputs[found[1]]).lower() if isinstance(inputs[found[1]], bool) else str(inputs[found[1]])

    job = yaml.safe_load(re.sub(r"\$\[\[ inputs\.(\S+) \]\]", value, text))["plan-diff"]
    assert all(isinstance(each, str) for each in job["variables"].values())
    environment = {
        "GITLAB_CI": "true",
        "GITLAB_TOKEN": TOKEN,
        "CI_API_V4_URL": api.address,
        "CI_PROJECT_ID": "5",
        "CI_MERGE_REQUEST_IID": "12",
    }
    return runner.run("\n".join(job["script"]), **environment, **job["variables"])


def test_the_action_comments_and_summarizes(runner: Runner, github: Comments) -> None:
    """The comment of an earlier run gets the report, which the job's summary shows too."""
    (runner.repository / "plan.json").write_bytes(CHANGE)
    ran = action(runner, github)
    assert ran == [("Install", 0, ""), ("Report", 0, ""), ("Comment", 0, "")]
    (comment,) = github.entries
    assert comment["body"].startswith(MARKER)
    assert "<h3><code>plan</code>: 1 to update</h3>" in comment["body"]
    assert (runner.folder / "github_step_summary").read_text() == comment["body"]


def test_the_action_comments_on_a_danger_and_fails(runner: Runner, github: Comments) -> None:
    """Each plan of a folder is an environment, with its costs."""
    (runner.repository / "my plans").mkdir()
    for name, content in (("staging", CHANGE), ("production", DANGER)):
        (runner.repository / f"my plans/{name}.json").write_bytes(content)
    ran = action(runner, github, plans="my plans", **{"fail-on-danger": "true", "costs": "true"})
    assert ran == [("Install", 0, ""), ("Report", 1, DANGERS.format(" [production]")), ("Comment", 0, "")]
    (comment,) = github.entries
    assert "<h3><code>production</code>: 1 to destroy</h3>" in comment["body"]
    assert "USD a month" in comment["body"]


@pytest.mark.parametrize(
    ("plan", "given", "says"),
    [
        (CHANGE, {"fail-on-danger": "yes"}, "::error::fail-on-danger must be true or false. Given: yes\n"),
        (CHANGE, {"costs": ""}, "::error::costs must be true or false. Given: \n"),
        (CHANGE, {"plans": "--help"}, "error: [Errno 2] No such file or directory: '--help'\n"),
        (b"[command]terraform-bin\n", {}, "`terraform_wrapper: false`.\n"),
    ],
)
def test_the_action_fails_without_a_report(
    runner: Runner, github: Comments, plan: bytes, given: dict[str, str], says: str
) -> None:
    """It names the reason, and leaves the comment alone: the report of an earlier step in the job is not written."""
    (runner.repository / "plan.json").write_bytes(plan)
    (runner.folder / "temporary/plan-diff.md").write_text(OLD)
    *_, (name, status, said) = action(runner, github, **given)
    assert (name, status) == ("Report", 1)
    assert said.endswith(says)
    assert github.calls == []


def test_the_action_writes_no_comment_for_a_fork(runner: Runner, github: Comments) -> None:
    """Its token may not; the summary has the report."""
    (runner.repository / "plan.json").write_bytes(CHANGE)
    assert [name for name, *_ in action(runner, github, head="fork/shop")] == ["Install", "Report"]
    assert "1 to update" in (runner.folder / "github_step_summary").read_text()
    assert github.calls == []


def test_the_actions_of_the_action_are_pinned_by_commit() -> None:
    """As those of the workflows are."""
    uses = re.findall(r"- uses: *(.*)", ACTION.read_text(encoding="utf-8"))
    assert len(uses) == 1
    assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", uses[0])
    assert uses[0] in (PROJECT / ".github/workflows/plan.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository with the project, and its commit."""
    folder = copy_project(tmp_path_factory.mktemp("source") / "project").folder
    for name in SET_UP:
        (folder / name).unlink(missing_ok=True)
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    for command in (("init", "--quiet"), ("add", "--all"), (*identity, "commit", "--quiet", "--message=Copy")):
        subprocess.run(("git", *command), cwd=folder, check=True)
    commit = subprocess.run(("git", "rev-parse", "HEAD"), cwd=folder, capture_output=True, text=True, check=True)
    return folder, commit.stdout.strip()


def test_the_include_writes_a_note(runner: Runner, gitlab: Comments, clone: tuple[Path, str]) -> None:
    """The note of an earlier run gets the report."""
    (runner.repository / "plan.json").write_bytes(CHANGE)
    run = include(runner, gitlab, *clone)
    assert (run.returncode, run.stderr) == (0, "")
    (note,) = gitlab.entries
    assert "<h3><code>plan</code>: 1 to update</h3>" in note["body"]


def test_the_include_fails_on_a_danger(runner: Runner, gitlab: Comments, clone: tuple[Path, str]) -> None:
    """After the note is written."""
    (runner.repository / "a plan.json").write_bytes(DANGER)
    run = include(runner, gitlab, *clone, {"plans": "a plan.json", "costs": True, "fail-on-danger": True})
    assert (run.returncode, run.stderr) == (1, DANGERS.format(""))
    assert "USD a month" in gitlab.entries[0]["body"]


def test_the_include_fails_without_a_plan(runner: Runner, gitlab: Comments, clone: tuple[Path, str]) -> None:
    """No note is written."""
    run = include(runner, gitlab, *clone)
    assert (run.returncode, run.stderr) == (1, "error: [Errno 2] No such file or directory: 'plan.json'\n")
    assert gitlab.calls == []


COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_the_examples_of_the_readme_are_right() -> None:
    """They name the files at a whole commit, with inputs that there are, and all that have no default."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", (PROJECT / "docs/plan-diffs.md").read_text(), re.MULTILINE | re.DOTALL)
    (step,), included = map(yaml.safe_load, blocks)
    assert [len(block.splitlines()) <= 5 for block in blocks] == [True, True]
    path, _, commit = step["uses"].removeprefix("OWNER/REPOSITORY/").partition("@")
    assert (PROJECT / path / "action.yml", commit) == (ACTION, COMMIT)
    assert step["with"].keys() <= yaml.safe_load(ACTION.read_text(encoding="utf-8"))["inputs"].keys()
    (entry,) = included["include"]
    assert entry["remote"] == f"{entry['inputs']['source']}/raw/{COMMIT}/{INCLUDE.relative_to(PROJECT)}"
    spec = yaml.safe_load(INCLUDE.read_text(encoding="utf-8").partition("\n---\n")[0])["spec"]["inputs"]
    assert entry["inputs"].keys() == {name for name, each in spec.items() if "default" not in each}
    assert re.fullmatch(spec["commit"]["regex"], entry["inputs"]["commit"])

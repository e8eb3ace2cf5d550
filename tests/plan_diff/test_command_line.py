"""`product-import plan-diff` as its users and their scripts see it."""

import gc
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path

from product_import.command_line import main
from tests.plan_diff.documents import document, resource, update

import pytest

PlanDiff = Callable[..., subprocess.CompletedProcess[bytes]]

ROOT = Path(__file__).parents[2]
CHANGE = document(update({"threshold": 1}, {"threshold": 2}))
WORKER = resource("aws_ecs_service.worker", ["delete"], {"name": "worker"})
DANGER = document(WORKER)
NAMED = b"dangerous changes: 1\n!!! aws_ecs_service.worker is destroyed: all its workers stop\n"
LATER = document(deferred_changes=[{"reason": "deferred_prereq", "resource_change": WORKER}])


def plan_diff(
    *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """A process of its own."""
    command = [sys.executable, "-m", "product_import", "plan-diff", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=ROOT, env=env, check=False)


@pytest.fixture
def plan_diff_here(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[PlanDiff]:
    """The command in this process, which is there already."""

    def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(stdin)))
        status = main(["plan-diff", *arguments])
        return subprocess.CompletedProcess(arguments, status, *capfdbinary.readouterr())

    yield run
    # The command does without, for it is about to end.
    gc.enable()


@pytest.mark.parametrize(
    ("plan", "options", "status", "stderr"),
    [
        (document(), (), 0, b""),
        (document(), ("--fail-on-danger",), 0, b""),
        (document(output_changes={"o": {"actions": ["create"], "after": 1}}), (), 2, b""),
        (CHANGE, (), 2, b""),
        (CHANGE, ("--fail-on-danger",), 2, b""),
        (DANGER, (), 2, b""),
        (DANGER, ("--fail-on-danger",), 1, b"error: " + NAMED),
        (LATER, (), 0, b""),
        (
            LATER,
            ("--fail-on-danger",),
            1,
            b"error: dangerous changes: 1\n!!! aws_ecs_service.worker is destroyed by a later",
        ),
        (document(errored=True), (), 1, b"error: Terraform failed while planning: plan\n"),
        (b'{"version": 4, "lineage": "1b"}', (), 1, b"error: standard input: is a Terraform state"),
    ],
)
def test_exit_status(
    plan_diff_here: PlanDiff, plan: bytes, options: tuple[str, ...], status: int, stderr: bytes
) -> None:
    """The status is 0 without changes, 2 with, 1 on an error or an unwanted danger, which standard error names."""
    run = plan_diff_here(*options, stdin=plan)
    assert run.returncode == status
    assert run.stderr.startswith(stderr)
    assert bool(run.stderr) is bool(stderr)


def test_several_plans_of_one_input_are_numbered(plan_diff_here: PlanDiff, tmp_path: Path) -> None:
    """They keep their order; a name of two plans is refused."""
    run = plan_diff_here(stdin=b"[app1] " + CHANGE + b"\n[app2] " + DANGER)
    assert run.stdout.splitlines()[3:6] == [b"plan 1: 1 to update", b"", b"plan 2: 1 to destroy"]
    (tmp_path / "a.json").write_bytes(CHANGE + DANGER)
    (tmp_path / "a 2.json").write_bytes(CHANGE)
    run = plan_diff_here(str(tmp_path / "a.json"), str(tmp_path / "a 2.json"))
    assert run.returncode == 1
    assert run.stderr.endswith(
        b"a 2.json: another file has the same name, and the report names environments after files.\n"
    )


def test_reads_the_plans_of_a_folder(plan_diff_here: PlanDiff, tmp_path: Path) -> None:
    """Also those below it, as `terragrunt plan --json-out-dir` writes them, each named by its path."""
    assert plan_diff_here(str(tmp_path)).stderr.endswith(b"the folder must have a file whose name ends with .json.\n")
    for name, content in {
        "app1/tfplan.json": CHANGE,
        "app2/tfplan.json": DANGER,
        "app2/log.txt": b"x",
        ".terraform/modules/modules.json": b"{}",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    run = plan_diff_here(str(tmp_path))
    assert run.stdout.splitlines()[3:6] == [b"app1/tfplan: 1 to update", b"", b"app2/tfplan: 1 to destroy"]


def test_wrong_usage_is_no_change() -> None:
    """Wrong usage has the status of an error, since 2 says that there are changes, and prints the usage."""
    run = plan_diff("--format", "html")
    assert run.returncode == 1
    assert b"usage: product-import plan-diff" in run.stderr
    assert b"invalid choice: 'html' (choose from 'text', 'markdown', 'json')" in run.stderr


def test_a_closed_standard_input_is_named() -> None:
    """As a scheduler may start it."""
    line = f"{shlex.quote(sys.executable)} -m product_import plan-diff <&-"
    run = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr == "error: standard input is closed: name a FILE, or pipe `terraform show -json PLAN` in.\n"


def test_a_closed_standard_output_leaves_the_status() -> None:
    """As who asks for no more than the status may do."""
    line = f"{shlex.quote(sys.executable)} -m product_import plan-diff >&-"
    run = subprocess.run(["sh", "-c", line], input=CHANGE, cwd=ROOT, capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (2, b"")


def test_a_report_that_cannot_be_written_is_named(plan_diff_here: PlanDiff, tmp_path: Path) -> None:
    """By its own path, in one line."""
    (tmp_path / "file").touch()
    report = tmp_path / "file" / "report.md"
    run = plan_diff_here("--output", str(report), stdin=CHANGE)
    assert (run.returncode, run.stderr) == (1, f"error: {report}: cannot be written: File exists.\n".encode())


def test_no_pipe_and_no_device_takes_the_report(plan_diff_here: PlanDiff, tmp_path: Path) -> None:
    """It would be read for ever before it was replaced; a pipe of the test's own stands for what nobody may lose."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    run = plan_diff_here("--output", str(pipe), stdin=CHANGE)
    assert (run.returncode, run.stderr) == (1, f"error: {pipe}: must be a file, or not be there yet.\n".encode())
    assert pipe.is_fifo()


def test_a_report_takes_the_place_of_any_file(plan_diff_here: PlanDiff, tmp_path: Path) -> None:
    """Also of one that is no text."""
    report = tmp_path / "report"
    report.write_bytes(b"\xff\x00")
    assert plan_diff_here("--output", str(report), stdin=CHANGE).returncode == 2
    assert report.read_text().startswith("plan: 1 to update")


def test_a_danger_is_reported_before_it_fails(plan_diff_here: PlanDiff) -> None:
    """With --fail-on-danger the report is printed all the same."""
    assert plan_diff_here("--fail-on-danger", stdin=DANGER).stdout.startswith(b"!!! DANGER: 1 change\n")


def test_a_report_in_a_file_names_the_dangers_on_standard_error(plan_diff_here: PlanDiff, tmp_path: Path) -> None:
    """Otherwise nothing on the terminal names them."""
    run = plan_diff_here("--output", str(tmp_path / "report.md"), "--format", "markdown", stdin=DANGER)
    assert (run.returncode, run.stdout, run.stderr) == (2, b"", NAMED)


def test_dangers_are_counted_as_in_the_report(plan_diff_here: PlanDiff, tmp_path: Path) -> None:
    """A dangerous change of several environments counts once, with their names."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_bytes(DANGER)
    run = plan_diff_here("--fail-on-danger", *(str(tmp_path / f"{name}.json") for name in ("a", "b")))
    assert run.stdout.startswith(b"!!! DANGER: 1 change\n")
    assert run.stderr == b"error: " + NAMED.rstrip() + b" [a, b]\n"


def test_no_secret_is_named_on_standard_error(plan_diff_here: PlanDiff) -> None:
    """An address may have one as a key."""
    plan = document(
        resource('aws_ecs_service.worker["the-secret-key"]', ["delete"], {"name": "worker"}),
        configuration={"root_module": {"variables": {"key": {"sensitive": True}}}},
        variables={"key": {"value": "the-secret-key"}},
    )
    run = plan_diff_here("--fail-on-danger", stdin=plan)
    assert b"aws_ecs_service.worker" in run.stderr
    assert b"the-secret-key" not in run.stdout + run.stderr


def test_many_dangers_do_not_flood_the_terminal(plan_diff_here: PlanDiff) -> None:
    """The most severe are listed, the rest are counted."""
    plan = document(*(resource(f"aws_ecs_service.worker[{index}]", ["delete"], {}) for index in range(102)))
    lines = plan_diff_here("--fail-on-danger", stdin=plan).stderr.splitlines()
    assert (lines[0], len(lines), lines[-1]) == (b"error: dangerous changes: 102", 102, b"and 2 more: see the report")


def test_names_environments_after_files(plan_diff_here: PlanDiff, tmp_path: Path) -> None:
    """Each file is an environment of the report, named after it."""
    for name in ("development", "production"):
        (tmp_path / f"{name}.json").write_bytes(CHANGE)
    run = plan_diff_here(str(tmp_path / "development.json"), str(tmp_path / "production.json"))
    assert run.stdout.startswith(b"development, production: 1 to update\n")


def test_refuses_two_files_of_one_name(plan_diff_here: PlanDiff, tmp_path: Path) -> None:
    """Two files of the same name would be one environment, so they are refused."""
    (tmp_path / "a").mkdir()
    for file in (tmp_path / "plan.json", tmp_path / "a" / "plan.json"):
        file.write_bytes(CHANGE)
    run = plan_diff_here(str(tmp_path / "plan.json"), str(tmp_path / "a" / "plan.json"))
    assert run.returncode == 1
    assert b"plan.json: another file has the same name" in run.stderr


def test_a_missing_file_is_named(plan_diff_here: PlanDiff, tmp_path: Path) -> None:
    """A file that cannot be read is named in one line, without a traceback."""
    run = plan_diff_here(str(tmp_path / "none.json"))
    assert run.returncode == 1
    assert run.stderr.count(b"\n") == 1
    assert str(tmp_path / "none.json").encode() in run.stderr


def test_prints_unicode_in_any_locale() -> None:
    """The report is UTF-8, also where the locale knows ASCII alone."""
    plan = document(update({"a": 1}, {"a": "ü"}))
    run = plan_diff(stdin=plan, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert '~ a: 1 -> "ü"' in run.stdout.decode()


def test_a_reader_may_leave_early() -> None:
    """A pipe that is closed early, as by `head`, is no error."""
    changes = [resource(f"aws_iam_role.r{index}", ["create"], None, {"name": "r"}) for index in range(5000)]
    with subprocess.Popen(
        [sys.executable, "-m", "product_import", "plan-diff"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(document(*changes))
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait() == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full: only Linux has a device that is always full")
@pytest.mark.parametrize(
    "arguments",
    [["plan-diff"], ["cost"], ["simulate", "--assumptions"], ["--help"], ["comment", "--help"], ["--version"]],
    ids=" ".join,
)
def test_a_full_disk_is_one_line(arguments: list[str]) -> None:
    """No traceback, and the status of an error, whatever is printed."""
    command = [sys.executable, "-m", "product_import", *arguments]
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(command, input=CHANGE, stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    assert (run.returncode, run.stderr) == (1, b"error: cannot write: No space left on device\n")


# How deep is too deep is Python's to say: 3.13 takes what 3.11 does not.
@pytest.mark.parametrize(("depth", "too_deep"), [(100, {False}), (329, {False, True}), (900, {True})])
def test_a_deeply_nested_value_is_no_traceback(depth: int, too_deep: set[bool]) -> None:
    """The change is shown, if need be without its arguments."""
    run = plan_diff(stdin=document(update({"a": _nested(depth, 1)}, {"a": _nested(depth, 2)})))
    assert (run.returncode, run.stderr) == (2, b"")
    assert b"update aws_cloudwatch_metric_alarm.queue_overload" in run.stdout
    assert (b"nested too deeply" in run.stdout) in too_deep


def _nested(depth: int, value: int) -> object:
    nested: object = value
    for _ in range(depth):
        nested = [nested]
    return nested

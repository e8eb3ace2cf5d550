"""The targets of `make`: help, set-up once, and errors that say what is needed."""

import os
import re
import select
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.project import MADE, PROJECT

import pytest

OLD = [f"--old-file={name}" for name in MADE]


def make(*arguments: str, folder: Path = PROJECT, apart: bool = False) -> subprocess.CompletedProcess[str]:
    """Run make as a user does, also where the tests were started by one; `apart` gets its own signals."""
    command = ["env", "-u", "MAKEFLAGS", "-u", "MAKELEVEL", "make", *arguments]
    if apart:
        # A shell starts its jobs in the background with interrupts ignored, which their children inherit.
        reset = (
            "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])"
        )
        command = [sys.executable, "-c", reset, *command]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, start_new_session=apart)


def test_make_alone_prints_help() -> None:
    """Each target with its description, in three groups."""
    groups = make().stdout.split("\n\n")
    assert [group.splitlines()[0] for group in groups] == ["Use:", "Develop:", "Release:"]
    lines = [line for group in groups for line in group.splitlines()[1:]]
    assert "  make synth        Synthesize cdktf.out/ and modules/product-import/" in lines
    listed = [match[1] for line in lines if (match := re.fullmatch(r"  make ([a-z-]+) +\S.*", line))]
    assert len(listed) == len(lines)
    described = re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(described)


def test_what_is_set_up_is_not_set_up_again() -> None:
    """The second `make synth` synthesizes and does no more."""
    assert make("--dry-run", *OLD, "synth").stdout == ".venv/bin/python -m product_import synth\n"


@pytest.mark.parametrize("answer", ["exit 1", "exit 127"], ids=["too old", "missing"])
def test_a_python_that_will_not_do_is_named(tmp_path: Path, answer: str) -> None:
    """One line says which version is needed and how to name one; nothing is made."""
    shutil.copy(PROJECT / "Makefile", tmp_path)
    shutil.copytree(PROJECT / "requirements", tmp_path / "requirements")
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{answer}\n")
    python.chmod(0o755)
    result = make("synth", f"PYTHON={python}", folder=tmp_path)
    assert result.returncode != 0
    assert result.stderr.splitlines()[0] == "Python 3.11 or newer is needed. Name one: make synth PYTHON=python3.12"
    assert not (tmp_path / ".venv").exists()


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """What a set-up reads, in a folder of its own."""
    shutil.copy(PROJECT / "Makefile", tmp_path)
    shutil.copytree(PROJECT / "requirements", tmp_path / "requirements")
    return tmp_path


@pytest.mark.parametrize("other", ["runs", "was stopped", "was stopped, and a program has its number"])
def test_one_make_at_a_time_sets_a_clone_up(bare: Path, other: str) -> None:
    """The second one names the first; one that was stopped half-way holds up nobody."""
    # It waits for its makefile.
    with subprocess.Popen(["make", "-f", "-"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as first:
        if other != "runs":
            first.communicate()
        process = os.getpid() if "number" in other else first.pid
        (bare / ".setting-up").write_text(f"{process}\n")
        result = make("synth", "PYTHON=false", folder=bare)
    told = f"Another make (process {process}) sets up this clone. Wait for it, then run: make synth"
    assert result.returncode != 0
    assert (result.stderr.splitlines()[0] == told) is (other == "runs")
    assert ("Python 3.11 or newer is needed" in result.stderr) is (other != "runs")


INTERRUPTED = """#!/bin/sh
case "$*" in
  {call}) echo Traceback >&2; kill -INT 0; exit 1 ;;
  *venv*) mkdir -p .venv/bin && cp "$0" .venv/bin/pip && cp "$0" .venv/bin/uv && cp "$0" .venv/bin/python ;;
esac
"""


@pytest.mark.parametrize("call", ["*-m?venv*", "*pip*setup.txt*", "*base.txt*"])
def test_an_interrupt_of_a_set_up_is_one_line(bare: Path, call: str) -> None:
    """As Ctrl-C sends one, to all that runs. The next make starts from the beginning."""
    python = bare / "python"
    python.write_text(INTERRUPTED.format(call=call))
    python.chmod(0o755)
    result = make("synth", f"PYTHON={python}", folder=bare, apart=True)
    said = [line for line in result.stderr.splitlines() if not line.startswith("make: ")]
    assert said == ["Interrupted. To go on, run: make synth"]
    assert result.returncode != 0
    assert not (bare / ".venv/ready").exists()
    python.write_text("#!/bin/sh\necho $*\ncase $* in *venv*) exit 3 ;; esac\n")
    again = make("synth", f"PYTHON={python}", folder=bare)
    assert "-m venv --without-pip --clear .venv" in again.stdout


@pytest.mark.parametrize("folder", ["", "tests/publisher/"])
def test_an_interrupt_of_npm_is_one_line(bare: Path, folder: str) -> None:
    """As above."""
    (bare / folder).mkdir(parents=True, exist_ok=True)
    (bare / ".venv/bin").mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        (bare / folder / name).touch()
    npm = bare / ".venv/bin/npm"
    npm.write_text(INTERRUPTED.format(call="ci"))
    npm.chmod(0o755)
    result = make("--old-file=.venv/ready", f"{folder}node_modules/ready", folder=bare, apart=True)
    said = [line for line in result.stderr.splitlines() if not line.startswith("make: ")]
    assert said == [f"Interrupted. To go on, run: make {folder}node_modules/ready"]
    assert not (bare / folder / "node_modules/ready").exists()


def test_what_fails_in_a_set_up_is_told(bare: Path) -> None:
    """In its own words."""
    python = bare / "python"
    python.write_text("#!/bin/sh\ncase $* in *venv*) echo 'no room' >&2; exit 3 ;; esac\n")
    python.chmod(0o755)
    assert "no room\n" in make("synth", f"PYTHON={python}", folder=bare).stderr


def test_a_long_step_of_a_set_up_shows_its_time_on_a_terminal(bare: Path) -> None:
    """And erases it before anything else is told."""
    go, programs, python = bare / "go", bare / "programs", bare / "python"
    os.mkfifo(go)
    programs.mkdir()
    for program, text in {
        python: f"case $* in *venv*) read -r _ < '{go}'; echo 'no room' >&2; exit 3 ;; esac",
        programs / "sleep": f'[ "$1" = 5 ] || exec {shutil.which("sleep")} "$1"',
    }.items():
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(bare)}
    terminal, end = os.openpty()
    command = ["make", "synth", f"PYTHON={python}"]
    with subprocess.Popen(command, cwd=bare, env=environment, stdout=subprocess.DEVNULL, stderr=end):
        os.close(end)
        shown = b""
        while b"\r.venv/ready: 5 s" not in shown and select.select([terminal], [], [], 60)[0]:
            shown += os.read(terminal, 1000)
        go.write_text("\n")
        with suppress(OSError):  # its end, on Linux
            while more := os.read(terminal, 1000):
                shown += more
    os.close(terminal)
    assert b"\r.venv/ready: 5 s" in shown
    assert b"\r\x1b[Kno room\r\n" in shown


def test_a_reference_may_have_blanks() -> None:
    """As `HEAD@{1 minute ago}`."""
    shown = make("--dry-run", *OLD, "plan-diff", "BASE=HEAD@{1 minute ago}").stdout
    assert '--base="HEAD@{1 minute ago}"' in shown


@pytest.mark.parametrize(
    "folder", [".", "tests/publisher", "tests/simulation/browser", "tests/workflows", "examples/worker"]
)
def test_a_clone_may_lie_below_a_folder_with_blanks(tmp_path: Path, folder: str) -> None:
    """What npm installs is installed by the npm of the set-up, by its full path, and run by the Node beside it."""
    clone = tmp_path / "my clone"
    (clone / folder).mkdir(parents=True)
    shutil.copy(PROJECT / "Makefile", clone)
    for name in ("package.json", "package-lock.json"):
        (clone / folder / name).touch()
    programs = clone / ".venv/bin"
    programs.mkdir(parents=True)
    for name, text in {"npm": 'mkdir node_modules && echo "$PWD: $*"', "node": ":"}.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    result = make("--old-file=.venv/ready", f"{folder}/node_modules/ready".removeprefix("./"), folder=clone)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == f"{clone / folder}: ci"


def test_a_root_is_planned_below_a_folder_with_blanks(tmp_path: Path) -> None:
    """Its own name, the engine's and that of the clone may have some."""
    clone = tmp_path / "my clone"
    (clone / ".venv/bin").mkdir(parents=True)
    shutil.copy(PROJECT / "Makefile", clone)
    engine = clone / "my engine"
    for program, text in {engine: 'for each; do echo "$each"; done >> calls', clone / ".venv/bin/python": ":"}.items():
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    result = make("--old-file=.venv/ready", "plan", "ROOT=my root", "VARS=x.tfvars", f"TF_BIN={engine}", folder=clone)
    assert result.returncode == 0, result.stderr
    calls = (clone / "calls").read_text().splitlines()
    assert calls.count("-chdir=my root") == 3
    assert f"-var-file={clone / 'x.tfvars'}" in calls


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        (["release"], "make release needs VERSION=x.y.z"),
        (["publish"], "make publish needs VERSION=x.y.z"),
        (["push-image", "VERSION=1.0.0"], "make push-image needs IMAGE=registry/name"),
        (["plan"], "make plan needs ROOT=folder"),
        (["prices"], "make prices needs REGION=eu-central-1"),
        (["doctor"], "make doctor needs ENVIRONMENT=production"),
        (["acceptance", "QUEUE_DEPTH_IMAGE=x"], "make acceptance needs CONFIRM=account"),
        (["acceptance", "CLEAN=1"], "make acceptance needs CONFIRM=account"),
        (["acceptance", "CONFIRM=1"], "make acceptance needs QUEUE_DEPTH_IMAGE=image"),
        (["comment", "REPORT=x"], "make comment needs PULL_REQUEST=number"),
        (["comment", "PULL_REQUEST=1"], "make comment needs REPORT=file.md"),
    ],
)
def test_a_missing_argument_is_named_before_anything_is_set_up(bare: Path, arguments: list[str], missing: str) -> None:
    """With its form."""
    before = sorted(bare.iterdir())
    result = make(*arguments, folder=bare)
    assert result.returncode == 2
    assert missing in result.stderr
    assert sorted(bare.iterdir()) == before


@pytest.mark.parametrize("base", ["HEAD", "no-such-branch"])
@pytest.mark.usefixtures("executable")
def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path, base: str) -> None:
    """A failed run leaves the report that was there, a good one takes its place, costs included; nothing else stays."""
    if subprocess.run(["git", "-C", str(PROJECT), "rev-parse", "HEAD"], capture_output=True, check=False).returncode:
        pytest.skip("This copy of the project is no git clone: there is no reference to compare with.")
    report = tmp_path / "report.md"
    report.write_text("old")
    variables = "VARS=examples/consumer/production.tfvars"
    result = make(*OLD, "plan-diff", f"BASE={base}", variables, f"REPORT={report}", "COSTS=1")
    assert (result.returncode == 0) == (base == "HEAD"), result.stderr
    assert ("Plan diff" in report.read_text()) == (base == "HEAD")
    assert ("USD a month" in report.read_text()) == (base == "HEAD")
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


def test_npx_keeps_cdktf_from_calling_home() -> None:
    """Without a network it would complain; who wants the call says so."""
    command = [str(PROJECT / ".venv/bin/npx"), "-c", "echo told=$CHECKPOINT_DISABLE"]
    settings: list[tuple[dict[str, str], str]] = [({}, "1"), ({"CHECKPOINT_DISABLE": ""}, "")]
    for environment, told in settings:
        kept = {name: value for name, value in os.environ.items() if name != "CHECKPOINT_DISABLE"}
        result = subprocess.run(
            command, cwd=PROJECT, env=kept | environment, capture_output=True, text=True, check=False
        )
        assert result.stdout == f"told={told}\n"

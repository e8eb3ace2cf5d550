"""The look at the account after a run: all that a run creates is in it, and nothing that is gone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from product_import.acceptance import jobs
from product_import.acceptance.leftovers import of_any_run, seen
from product_import.acceptance.record import TAG, Record
from product_import.acceptance.root import Root
from product_import.acceptance.run import PREREQUISITES
from product_import.checkout import MODULE
from product_import.command_line import main
from product_import.errors import UserError
from tests.acceptance.world import ACCOUNT, ARGUMENTS, NAME, REGION, World
from tests.doctor.answers import Answers
from tests.engine.emulator import emulated
from tests.project import PROJECT

import pytest
from botocore.client import BaseClient  # type: ignore[import-untyped]
from botocore.exceptions import EndpointConnectionError  # type: ignore[import-untyped]

RECORD = Record(NAME, ACCOUNT, REGION, "2026-01-01 00:00 UTC")
# They go with what they are part of. A revision stays, and costs nothing.
PARTS = {
    *("aws_ecs_task_definition", "aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_route"),
    "aws_route_table_association",
}
# The emulator has none, AWS finds both by the tag.
NOT_EMULATED = {"aws_elasticache_parameter_group", "aws_elasticache_subnet_group"}


def resources(state: Path) -> Iterator[tuple[str, dict[str, object]]]:
    for resource in json.loads(state.read_text())["resources"]:
        for instance in resource["instances"]:
            yield resource["type"], instance["attributes"]


def test_all_that_a_run_creates_is_seen(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is destroyed, whatever the states say; and all that can have a tag has it."""

    def failing(_: Root) -> None:
        raise UserError("destroy failed")

    monkeypatch.setattr(Root, "destroy", failing)
    world.workers_come = False
    world.pace_of_time = 20
    assert main(ARGUMENTS) == 1
    found = set(seen(world.answers.session, RECORD))
    found |= {re.split("[:/]", each)[-1] for each in found}
    created = [each for state in tmp_path.glob("*/*/terraform.tfstate") for each in resources(state)]
    assert len(created) == 44
    # The id of a task definition is the name of the service.
    names = {"aws_ecs_task_definition": ("arn",)}
    unseen = {
        kind
        for kind, values in created
        if not any(values.get(name) in found for name in names.get(kind, ("arn", "id")))
    }
    assert unseen == PARTS | NOT_EMULATED
    untagged = {kind for kind, values in created if "tags_all" in values and values["tags_all"].get(TAG) != NAME}  # type: ignore[attr-defined]
    assert untagged == set()
    without = {kind for kind, values in created if "tags_all" not in values}
    assert without == PARTS - {"aws_ecs_task_definition"} | {
        *("aws_appautoscaling_policy", "aws_secretsmanager_secret_version")
    }


def test_tasks_have_the_tag(synthesized: Path) -> None:
    """Those of the service by its own, and those that add jobs."""
    sent: dict[str, object] = {}

    class Ecs:
        def run_task(self, **parameters: object) -> dict[str, list[dict[str, str]]]:
            sent.update(parameters)
            return {"tasks": [{"taskArn": "task"}]}

    jobs.add(Ecs(), NAME, {"taskDefinition": "task", "networkConfiguration": {}}, 1)
    assert sent["tags"] == [{"key": TAG, "value": NAME}]
    service = json.loads((synthesized / MODULE / "main.tf.json").read_text())["resource"]["aws_ecs_service"]
    assert service["import_worker"]["propagate_tags"] == "${var.propagate_tags}"


def listed(answers: Answers, arn: str) -> None:
    """The tags name something."""
    tags = [{"Key": TAG, "Value": NAME}]
    mapping = {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": tags}]}
    answers.give("resourcegroupstaggingapi:GetResources", mapping)


HERE = f"{REGION}:{ACCOUNT}"
GONE = (
    f"arn:aws:application-autoscaling:{HERE}:scalable-target/1234abcd",
    f"arn:aws:cloudwatch:{HERE}:alarm:gone",
    *(f"arn:aws:ec2:{HERE}:elastic-ip/eipalloc-1", f"arn:aws:ec2:{HERE}:internet-gateway/igw-1"),
    *(f"arn:aws:ec2:{HERE}:natgateway/nat-1", f"arn:aws:ec2:{HERE}:network-interface/eni-1"),
    *(f"arn:aws:ec2:{HERE}:route-table/rtb-1", f"arn:aws:ec2:{HERE}:security-group/sg-1"),
    *(f"arn:aws:ec2:{HERE}:subnet/subnet-1", f"arn:aws:ec2:{HERE}:vpc/vpc-1"),
    *(f"arn:aws:ecs:{HERE}:cluster/gone", f"arn:aws:ecs:{HERE}:service/gone/gone"),
    f"arn:aws:ecs:{HERE}:task/gone/1234",
    f"arn:aws:elasticache:{HERE}:replicationgroup:gone",
    f"arn:aws:logs:{HERE}:log-group:gone",
    "arn:aws:s3:::gone",
    f"arn:aws:secretsmanager:{HERE}:secret:gone-123456",
    f"arn:aws:sns:{HERE}:gone",
)


@pytest.mark.parametrize("arn", GONE)
def test_what_is_gone_is_not_left(world: World, arn: str) -> None:
    """AWS names it by its tag for a while."""
    listed(world.answers, arn)
    # The emulator has no such call.
    world.answers.refuse("application-autoscaling:ListTagsForResource", "ResourceNotFoundException")
    assert of_any_run(world.answers.session, REGION) == []


def test_what_cannot_be_asked_for_is_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the network fails at that moment."""
    arn = f"arn:aws:sns:{HERE}:topic"
    listed(world.answers, arn)
    call = BaseClient._make_api_call

    def failing(client: BaseClient, operation: str, parameters: dict[str, object]) -> object:
        if operation == "GetTopicAttributes":
            raise EndpointConnectionError(endpoint_url="https://sns.example")
        return call(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", failing)
    assert of_any_run(world.answers.session, REGION) == [arn]


@pytest.mark.parametrize(
    ("arn", "action", "answer"),
    [
        (f"ecs:{HERE}:cluster/a", "ecs:DescribeClusters", {"clusters": [{"status": "INACTIVE"}]}),
        (f"ecs:{HERE}:service/a/b", "ecs:DescribeServices", {"services": [{"status": "INACTIVE", "deployments": []}]}),
        (f"ecs:{HERE}:task/a/1", "ecs:DescribeTasks", {"tasks": [{"lastStatus": "STOPPED"}]}),
        (f"secretsmanager:{HERE}:secret:a-123456", "secretsmanager:DescribeSecret", {"DeletedDate": 1.0}),
    ],
)
def test_what_aws_still_describes_as_deleted_is_not_left(
    world: World, arn: str, action: str, answer: dict[str, object]
) -> None:
    """For an hour, or for 30 days."""
    listed(world.answers, f"arn:aws:{arn}")
    world.answers.give(action, answer)
    assert of_any_run(world.answers.session, REGION) == []


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        ("cloudwatch:DescribeAlarms", {"MetricAlarms": [{"AlarmArn": f"arn:aws:cloudwatch:{HERE}:alarm:of-{NAME}"}]}),
        (
            "elasticache:DescribeSnapshots",
            {"Snapshots": [{"ARN": f"arn:aws:elasticache:{HERE}:snapshot:automatic.{NAME}"}]},
        ),
    ],
)
def test_what_has_no_tag_is_left(world: World, action: str, answer: dict[str, list[dict[str, str]]]) -> None:
    """An alarm of target tracking and an automatic snapshot are there, and AWS says that they have no tags."""
    world.answers.give(action, answer)
    world.answers.give("cloudwatch:ListTagsForResource", {"Tags": []})
    world.answers.give("elasticache:ListTagsForResource", {"TagList": []})
    name = "AlarmArn" if "MetricAlarms" in answer else "ARN"
    (things,) = answer.values()
    assert seen(world.answers.session, RECORD) == [things[0][name]]


def test_another_account_shows_nothing_of_a_run(world: World) -> None:
    """The credentials may change, and there nothing is left."""
    other = Record(NAME, "210987654321", REGION, "2026-01-01 00:00 UTC")
    assert seen(world.answers.session, other) == [
        f"not known, the credentials must be of the account 210987654321. Given: {ACCOUNT}"
    ]
    world.answers.refuse("sts:GetCallerIdentity", "ExpiredToken")
    (unknown,) = seen(world.answers.session, RECORD)
    assert "sts:GetCallerIdentity failed: " in unknown


# A bucket is asked for without a body, which the answers of the tests do not know.
@pytest.mark.parametrize("arn", [*(arn for arn in GONE if ":s3:" not in arn), f"arn:aws:unheard:{HERE}:of/1"])
def test_what_aws_does_not_tell_is_left(world: World, arn: str) -> None:
    """A call that is denied says nothing; nor is there a call for each service of AWS."""
    listed(world.answers, arn)
    calls = re.findall(r'\(\s*"((?:describe|list|head|get)_\w+)"', Path(seen.__code__.co_filename).read_text())
    assert len(calls) > 10
    for call in calls:
        name = "".join(part.capitalize() for part in call.split("_"))
        world.answers.refuse(f"{arn.split(':')[2]}:{name}", "AccessDenied")
    assert of_any_run(world.answers.session, REGION) == [arn]


@pytest.mark.parametrize(
    "action",
    [
        *("application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies"),
        *("cloudwatch:DescribeAlarms", "ec2:DescribeTags", "ecs:ListClusters", "elasticache:DescribeReplicationGroups"),
        *("elasticache:DescribeSnapshots", "iam:ListRoles", "logs:DescribeLogGroups"),
        "resourcegroupstaggingapi:GetResources",
    ],
)
def test_an_account_that_cannot_be_looked_at_is_refused(
    world: World, action: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is created: the run could never say that nothing is left."""
    world.answers.refuse(action, "AccessDenied", "not you")
    assert main(ARGUMENTS) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: the run could not see whether it leaves anything: not known, ")
    assert "AccessDenied" in error
    assert list(tmp_path.iterdir()) == []


def test_the_prerequisites_take_the_modules_providers() -> None:
    """The same versions of the provider."""
    versions = json.loads((PROJECT / MODULE / "versions.tf.json").read_text())
    assert f'version = "{versions["terraform"]["required_providers"]["aws"]["version"]}"' in PREREQUISITES.read_text()


def test_the_look_needs_no_other_region() -> None:
    """It is that of the run."""
    with emulated("eu-central-1", 5) as emulator:
        emulator.client("sns").create_topic(Name="left", Tags=[{"Key": TAG, "Value": NAME}])
        assert of_any_run(Answers().session, REGION) == []
        assert len(of_any_run(Answers().session, "eu-central-1")) == 1

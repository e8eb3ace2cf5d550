"""The stand-in itself, with a root of all types (all_types.tf)."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from product_import.engine import Engine, EngineError, changes, resources
from product_import.stand_in.provider import Provider
from tests.contract import ADDRESSES
from tests.engine.conftest import Attached
from tests.engine.deployment import actions
from tests.engine.registry import of_the_schema

import pytest

ALL_TYPES = Path(__file__).with_name("all_types.tf")
SERVICE = "aws_ecs_service.import_worker"
TASK = "aws_ecs_task_definition.import_worker"
REDIS = "aws_elasticache_replication_group.redis"
GROUP = "aws_security_group.redis"


@pytest.fixture
def written(engine: Engine) -> Engine:
    """All types, initialized."""
    shutil.copy(ALL_TYPES, engine.folder)
    engine.init()
    return engine


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory, attached: Attached) -> Path:
    """A folder where all types are applied, made once: an apply takes longer than a copy."""
    engine = attached(tmp_path_factory.mktemp("deployment"))
    shutil.copy(ALL_TYPES, engine.folder)
    engine.init()
    engine.deploy()
    return engine.folder


@pytest.fixture
def applied(engine: Engine, deployment: Path) -> Engine:
    """All types, applied."""
    shutil.copytree(deployment, engine.folder, dirs_exist_ok=True)
    return engine


def small(engine: Engine, resource: str, provider: str = "") -> None:
    """One resource, initialized: the body of `aws_<type>.this` with its type in front."""
    resource_type, _, body = resource.strip().partition("\n")
    engine.write(
        "main.tf",
        f'provider "aws" {{\n  region = "eu-central-1"\n{provider}\n}}\n'
        f'resource "{resource_type}" "this" {{\n{body}\n}}\n',
    )
    engine.init()


def edited(engine: Engine, before: str, after: str) -> None:
    path = engine.folder / ALL_TYPES.name
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def change(plan: dict[str, Any], address: str) -> dict[str, Any]:
    (found,) = (entry["change"] for entry in plan["resource_changes"] if entry["address"] == address)
    return dict(found)


def test_valid(written: Engine) -> None:
    """All types pass without a warning."""
    assert written.validate() == []


def test_first_plan(written: Engine) -> None:
    """The first plan creates each of the 25 resources."""
    assert changes(written.plan()) == dict.fromkeys(ADDRESSES, ("create",))


def test_computed_values_are_unknown_in_a_plan(written: Engine) -> None:
    """What AWS makes is not known before an apply, what the configuration says is."""
    plan = written.plan()
    group = change(plan, REDIS)
    assert group["after_unknown"]["primary_endpoint_address"] is True
    assert group["after_unknown"]["configuration_endpoint_address"] is True
    assert "primary_endpoint_address" not in group["after"]
    assert group["after"]["replication_group_id"] == "production-product-import"
    assert change(plan, SERVICE)["after_unknown"]["task_definition"] is True


def test_second_plan_is_empty(applied: Engine) -> None:
    """After an apply nothing is left to do."""
    assert actions(applied) == {}


def test_values_after_apply(applied: Engine) -> None:
    """What AWS makes has AWS's form."""
    found = resources(applied.state())
    assert re.fullmatch(r"sg-[0-9a-f]{17}", found[GROUP]["id"])
    assert found[GROUP]["arn"] == f"arn:aws:ec2:eu-central-1:123456789012:security-group/{found[GROUP]['id']}"
    assert found["aws_iam_role.ecs_task_role"]["arn"] == (
        "arn:aws:iam::123456789012:role/production-product-import-worker-task"
    )
    assert found[SERVICE]["id"] == "arn:aws:ecs:eu-central-1:123456789012:service/main/production-product-import-worker"
    assert re.fullmatch(
        r"arn:aws:ecs:eu-central-1:123456789012:task-definition/production-product-import-worker:\d+",
        found[TASK]["arn"],
    )
    assert found[TASK]["arn"].endswith(f":{found[TASK]['revision']}")
    assert found[REDIS]["primary_endpoint_address"].startswith("master.production-product-import.")
    assert found[REDIS]["member_clusters"] == [
        "production-product-import-001",
        "production-product-import-002",
        "production-product-import-003",
    ]
    secret = found["aws_secretsmanager_secret.redis_url"]
    assert secret["name"].startswith("production-product-import-redis-url-")
    assert secret["arn"].startswith(f"arn:aws:secretsmanager:eu-central-1:123456789012:secret:{secret['name']}-")


def test_made_up_values_are_all_different(applied: Engine) -> None:
    """No two resources share an id, an ARN or an endpoint, so that a swapped reference shows."""
    found = resources(applied.state()).values()
    ids = [values["id"] for values in found]
    assert len(set(ids)) == 25
    arns = [values["arn"] for values in found if values.get("arn")]
    # The version of a secret has the secret's ARN.
    assert len(arns) - len(set(arns)) == 1


def test_no_configuration_endpoint(applied: Engine) -> None:
    """With cluster mode off the configuration endpoint is null."""
    assert resources(applied.state())[REDIS]["configuration_endpoint_address"] is None


def test_new_revision(applied: Engine) -> None:
    """Another image replaces the task definition and updates the service in place, nothing else."""
    applied.variables["TF_VAR_image"] = "registry.example/worker:2"
    assert changes(applied.plan()) == {TASK: ("delete", "create"), SERVICE: ("update",)}


def test_replacement_names_its_cause(applied: Engine) -> None:
    """A change that forces a replacement shows as such."""
    edited(applied, "port                       = 6379", "port                       = 6380")
    plan = applied.plan()
    assert changes(plan)[REDIS] == ("delete", "create")
    assert change(plan, REDIS)["replace_paths"] == [["port"]]


def test_replacement_before_destruction(applied: Engine) -> None:
    """A group with create_before_destroy is created anew before the old one goes."""
    edited(applied, 'description = "Redis"', 'description = "Queue"')
    assert changes(applied.plan())[GROUP] == ("create", "delete")


def test_change_in_place(applied: Engine) -> None:
    """What can be changed in place is, and what AWS makes anew of it is unknown."""
    applied.variables["TF_VAR_nodes"] = "2"
    plan = applied.plan()
    assert changes(plan) == {REDIS: ("update",), "aws_cloudwatch_metric_alarm.redis_cpu_high": ("update",)}
    assert change(plan, REDIS)["after_unknown"]["member_clusters"] is True
    # Which node goes is AWS's choice.
    applied.apply()
    assert resources(applied.state())[REDIS]["member_clusters"] == [
        "production-product-import-001",
        "production-product-import-003",
    ]


def test_destroy(applied: Engine) -> None:
    """Nothing is left."""
    applied.destroy()
    assert resources(applied.state()) == {}


def test_sensitive_argument(engine: Engine) -> None:
    """The provider marks a token as sensitive, also where the configuration does not."""
    small(
        engine,
        """aws_elasticache_replication_group
        replication_group_id       = "queue"
        description                = "Queue"
        node_type                  = "cache.t4g.micro"
        transit_encryption_enabled = true
        auth_token                 = "not-from-a-variable"
        """,
    )
    text = engine.run("plan")
    assert "not-from-a-variable" not in text
    assert re.search(r"auth_token +=.*\(sensitive", text)


def test_desired_count_moved_by_the_autoscaler(applied: Engine, provider: Provider) -> None:
    """A plan finds a count that somebody else set, and would put it back."""
    service = resources(applied.state())[SERVICE]["id"]
    provider.change_outside("aws_ecs_service", service, desired_count=7)
    plan = applied.plan()
    assert changes(plan) == {SERVICE: ("update",)}
    assert change(plan, SERVICE)["before"]["desired_count"] == 7
    applied.apply()
    assert actions(applied) == {}


def test_deleted_by_somebody_else(applied: Engine, provider: Provider) -> None:
    """A plan creates what somebody else deleted."""
    provider.delete_outside("aws_cloudwatch_log_group", "/ecs/production/product-import-worker")
    assert changes(applied.plan()) == {"aws_cloudwatch_log_group.import_worker": ("create",)}


def test_changes_outside_are_forgotten(applied: Engine, provider: Provider) -> None:
    """A reset, as after each test, leaves no trace."""
    provider.change_outside("aws_ecs_service", resources(applied.state())[SERVICE]["id"], desired_count=7)
    provider.reset()
    assert actions(applied) == {}


def redis_state(engine: Engine, rewrite: Callable[[dict[str, Any]], None]) -> None:
    path = engine.folder / "terraform.tfstate"
    state = json.loads(path.read_text())
    (instance,) = (
        instance
        for resource in state["resources"]
        for instance in resource["instances"]
        if resource["type"] == "aws_elasticache_replication_group"
    )
    rewrite(instance)
    path.write_text(json.dumps(state))


@pytest.mark.usefixtures("plans_defaults")
def test_state_of_an_older_provider(applied: Engine) -> None:
    """A state without an argument that is new, and with one that is gone, goes on as it is."""

    def older(instance: dict[str, Any]) -> None:
        instance["schema_version"] = 1
        del instance["attributes"]["cluster_mode"]
        instance["attributes"]["number_cache_clusters"] = 3

    redis_state(applied, older)
    assert actions(applied) == {}


@pytest.mark.usefixtures("plans_defaults")
def test_empty_is_null(applied: Engine) -> None:
    """An argument that is not set does not differ from an empty one in the state."""

    def emptied(instance: dict[str, Any]) -> None:
        assert instance["attributes"]["notification_topic_arn"] is None
        instance["attributes"]["notification_topic_arn"] = ""

    redis_state(applied, emptied)
    assert actions(applied) == {}


@pytest.mark.usefixtures("plans_defaults")
def test_defaults_of_the_provider(written: Engine) -> None:
    """A plan shows what the provider takes for arguments that are not set."""
    plan = resources(written.plan())
    assert plan["aws_cloudwatch_metric_alarm.redis_cpu_high"]["treat_missing_data"] == "missing"
    assert plan["aws_ecs_service.import_worker"]["scheduling_strategy"] == "REPLICA"
    (ingress,) = plan[GROUP]["ingress"]
    assert (ingress["self"], ingress["cidr_blocks"]) == (False, [])


def test_default_tags(engine: Engine) -> None:
    """`tags_all` has the provider's tags under the resource's own, and is known in a plan."""
    small(
        engine,
        'aws_cloudwatch_log_group\nname = "logs"\ntags = { Owner = "them" }',
        provider='default_tags {\n  tags = { Owner = "us", Stage = "test" }\n}',
    )
    (values,) = resources(engine.plan()).values()
    assert values["tags_all"] == {"Owner": "them", "Stage": "test"}


def test_aliased_provider(engine: Engine) -> None:
    """Each `provider` block has its own region."""
    engine.write(
        "main.tf.json",
        {
            "provider": {"aws": [{"region": "eu-central-1"}, {"region": "us-west-2", "alias": "west"}]},
            "resource": {
                "aws_cloudwatch_log_group": {
                    "here": {"name": "logs"},
                    "there": {"name": "logs", "provider": "aws.west"},
                }
            },
        },
    )
    engine.init()
    engine.deploy()
    arns = {address: values["arn"] for address, values in resources(engine.state()).items()}
    assert arns == {
        "aws_cloudwatch_log_group.here": "arn:aws:logs:eu-central-1:123456789012:log-group:logs",
        "aws_cloudwatch_log_group.there": "arn:aws:logs:us-west-2:123456789012:log-group:logs",
    }


@pytest.mark.parametrize(
    ("resource", "text"),
    [
        # The module in use has these two.
        (
            'aws_ecs_service\nname = "workers"\ndeployment_configuration {\n  maximum_percent = 200\n}',
            'Blocks of type "deployment_configuration" are not expected here.',
        ),
        (
            'aws_elasticache_replication_group\nreplication_group_id = "q"\nreplication_group_description = "Queue"',
            'The argument "description" is required, but no definition was found.',
        ),
        (
            'aws_elasticache_replication_group\nreplication_group_id = "q"\nreplication_group_description = "Queue"',
            'An argument named "replication_group_description" is not expected here.',
        ),
        (
            'aws_security_group\nnameprefix = "redis-"',
            'An argument named "nameprefix" is not expected here. Did you mean "name_prefix"?',
        ),
        ('aws_ecs_service\nname = "workers"\ndesired_count = "two"', "a number is required"),
        (
            'aws_ecs_service\nname = "workers"\nnetwork_configuration {\n  subnets = []\n}\n'
            "network_configuration {\n  subnets = []\n}",
            'No more than 1 "network_configuration" blocks are allowed',
        ),
        (
            'aws_ecs_service\nname = "workers"\nnetwork_configuration = { subnets = [] }',
            'An argument named "network_configuration" is not expected here. Did you mean to define a block',
        ),
        (
            'aws_cloudwatch_metric_alarm\nalarm_name = "high"\ncomparison_operator = "GreaterThanThreshold"',
            'The argument "evaluation_periods" is required, but no definition was found.',
        ),
        (
            'aws_elasticache_replication_group\nreplication_group_id = "queue"\ndescription = "Queue"\n'
            'primary_endpoint_address = "here"',
            'Can\'t configure a value for "primary_endpoint_address"',
        ),
    ],
)
def test_wrong_argument(engine: Engine, resource: str, text: str) -> None:
    """The engine refuses what the provider's schema does not allow."""
    if '"description" is required' in text:
        of_the_schema(5)
    small(engine, resource)
    with pytest.raises(EngineError, match=re.escape(text)):
        engine.validate()

"""The stack as a Python class, with real values in the place of variables."""

import json
import re
from pathlib import Path
from typing import Any

from product_import.aws.cloudwatch_log_group import CloudwatchLogGroup
from product_import.aws.provider import AwsProvider
from product_import.configuration import Configuration
from product_import.inputs import InputError, Inputs
from product_import.module.resources import Resources, attribute
from product_import.module.stack import ProductImport
from product_import.plan_diff.environments import DOCUMENTED
from tests.engine.dashboard_body import graphs, read, series

import pytest
from cdktf import App, S3Backend, TerraformStack

VALUES: dict[str, Any] = {
    "environment": "production",
    "vpc_id": "vpc-0123456789abcdef0",
    "private_subnet_ids": ["subnet-0123456789abcdef0"],
    "ecs_cluster_id": "arn:aws:ecs:us-east-1:123456789012:cluster/main",
    "ecs_cluster_name": "main",
    "worker_image": "api:latest",
    "database_secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:database-AbCdEf",
    "encryption_key_secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf",
    "s3_bucket_arn": "arn:aws:s3:::images",
    "sns_alarm_topic_arn": "arn:aws:sns:us-east-1:123456789012:alarms",
    "sns_critical_topic_arn": "arn:aws:sns:us-east-1:123456789012:critical",
}

REGIONAL = ("ecs_cluster_id", "sns_alarm_topic_arn", "sns_critical_topic_arn")


@pytest.fixture
def app(tmp_path: Path) -> App:
    """An app that writes to a folder of the test's."""
    return App(outdir=str(tmp_path))


def synthesize(app: App, stack: str = "stack") -> dict[str, Any]:
    """The tree of a stack, as Terraform reads it."""
    app.synth()
    tree = json.loads((Path(app.outdir) / "stacks" / stack / "cdk.tf.json").read_text())
    assert isinstance(tree, dict)
    return tree


def test_options_of_scaling_take_real_values(app: App) -> None:
    """As the variables do: the strategy of Spot in the place of the launch type, the steps, what counts the workers."""
    options: dict[str, Any] = {
        "worker_fargate_spot_percent": 40,
        "fast_scale_out": True,
        "worker_count_source": "container_insights",
    }
    ProductImport(app, "stack", Inputs(**VALUES, **options, target_jobs_per_worker=2.5))
    configuration = Configuration(synthesize(app), {})
    service = configuration.resource("aws_ecs_service", "import_worker")
    assert service.blocks("capacity_provider_strategy") == [
        {"capacity_provider": "FARGATE", "base": 2, "weight": 60},
        {"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 40},
    ]
    assert (service["launch_type"], service["force_new_deployment"]) == (None, True)
    assert "import_worker_fast_scale_out" in configuration.resources("aws_appautoscaling_policy")
    _, running, jobs = configuration.resource("aws_cloudwatch_metric_alarm", "fast_scale_out").blocks("metric_query")
    assert running["metric"]["metric_name"] == "RunningTaskCount"
    assert jobs["expression"] == "queued / running / 2.5"


@pytest.mark.parametrize(
    ("engine", "version", "family", "name"),
    [
        ("redis", "7.1", "redis7", "production-product-import-redis-params"),
        ("valkey", "7.2", "valkey7", "production-product-import-redis-params-valkey7"),
        ("valkey", "9.1", "valkey9", "production-product-import-redis-params-valkey9"),
    ],
)
def test_the_parameters_are_of_the_engine(app: App, engine: str, version: str, family: str, name: str) -> None:
    """A family for each major version, and a name for each family but that of the deployed ones."""
    ProductImport(app, "stack", Inputs(**VALUES, redis_engine=engine, redis_engine_version=version))
    configuration = Configuration(synthesize(app), {})
    parameters = configuration.resource("aws_elasticache_parameter_group", "redis")
    assert (parameters["family"], parameters["name"]) == (family, name)
    group = configuration.resource("aws_elasticache_replication_group", "redis")
    assert (group["engine"], group["engine_version"]) == (engine, version)
    assert group["parameter_group_name"] == name


def test_what_is_off_is_not_there(app: App) -> None:
    """With real values too."""
    ProductImport(app, "stack", Inputs(**VALUES))
    configuration = Configuration(synthesize(app), {})
    service = configuration.resource("aws_ecs_service", "import_worker")
    assert (service["launch_type"], service["force_new_deployment"]) == ("FARGATE", None)
    assert service.blocks("capacity_provider_strategy") == []
    assert "fast_scale_out" not in configuration.resources("aws_cloudwatch_metric_alarm")


def test_real_values_stand_in_the_place_of_variables(app: App) -> None:
    """Only the token, which was left out, stays a variable."""
    frankfurt = {name: str(VALUES[name]).replace("us-east-1", "eu-central-1") for name in REGIONAL}
    values = {**VALUES, **frankfurt, "worker_min_count": 3, "aws_region": "eu-central-1", "tags": {"Team": "x"}}
    ProductImport(app, "stack", Inputs(**values))
    tree = synthesize(app)
    resource = tree["resource"]
    assert set(tree["variable"]) == {"redis_auth_token"}
    assert tree["variable"]["redis_auth_token"]["sensitive"] is True
    assert tree["provider"] == {"aws": [{"region": "eu-central-1"}]}
    assert resource["aws_ecs_service"]["import_worker"]["name"] == "production-product-import-worker"
    assert resource["aws_appautoscaling_target"]["import_worker"]["min_capacity"] == 3
    assert resource["aws_security_group"]["redis"]["tags"] == {
        "Team": "x",
        "Name": "production-product-import-redis-sg",
    }


def test_a_resources_own_tags_win(app: App) -> None:
    """As in Terraform, the user's tags are below."""
    ProductImport(app, "stack", Inputs(**VALUES, tags={"Name": "mine", "Service": "mine"}))
    tags = synthesize(app)["resource"]["aws_elasticache_replication_group"]["redis"]["tags"]
    assert tags == {"Name": "production-product-import-redis", "Service": "product-import", "Criticality": "high"}


@pytest.mark.parametrize(("wanted", "count"), [(True, 1), (False, 0)])
def test_there_is_a_dashboard_where_one_is_wanted(app: App, wanted: bool, count: int) -> None:
    """With the values in the place of variables."""
    ProductImport(app, "stack", Inputs(**VALUES, create_dashboard=wanted, worker_max_count=9))
    address = "aws_elasticache_replication_group.redis.member_clusters"
    alarms = {
        f"aws_cloudwatch_metric_alarm.{name}.arn": f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{name}"
        for name in ("queue_overload", "worker_count_low", "redis_cpu_high", "redis_memory_high")
    }
    known = Configuration(synthesize(app), {}, {address: ["node-a", "node-b"], **alarms})
    dashboards = known.resources("aws_cloudwatch_dashboard")
    assert len(dashboards) == count
    for dashboard in dashboards.values():
        shown = graphs(read(dashboard["dashboard_body"]))
        assert [line.value for line in shown["Running workers"].annotations.horizontal] == [2, 9]
        assert [rendering.label for _, rendering in series(shown["Memory of Redis, %"])] == ["node-a", "node-b"]


def test_a_given_token_makes_no_variable(app: App) -> None:
    """With all values real there is nothing left to set."""
    ProductImport(app, "stack", Inputs(**VALUES, redis_auth_token="only-an-example-token"))
    tree = synthesize(app)
    assert "variable" not in tree
    assert tree["resource"]["aws_elasticache_replication_group"]["redis"]["auth_token"] == "only-an-example-token"


def test_the_addresses_are_those_of_the_module(app: App, module: dict[str, Any]) -> None:
    """State moves between the class and the module without a change."""
    ProductImport(app, "stack", Inputs(**VALUES))
    tree = synthesize(app)
    assert {kind: set(named) for kind, named in tree["resource"].items()} == {
        kind: set(named) for kind, named in module["resource"].items()
    }
    assert set(tree["output"]) == set(module["output"])


def test_several_stacks_share_an_app(app: App) -> None:
    """Each has its own values and its own state."""
    ProductImport(app, "production", Inputs(**VALUES))
    ProductImport(app, "staging", Inputs(**{**VALUES, "environment": "staging"}))
    for name in ("production", "staging"):
        tree = synthesize(app, name)
        assert tree["resource"]["aws_iam_role"]["ecs_task_role"]["name"] == f"{name}-product-import-worker-task"
        assert tree["terraform"]["backend"] == {"local": {"path": f"../../../terraform.{name}.tfstate"}}


def test_another_backend_takes_the_place_of_the_local_one(app: App) -> None:
    """The user's choice is the only backend."""
    stack = ProductImport(app, "stack", Inputs(**VALUES))
    S3Backend(stack, bucket="states", key="product-import", region="us-east-1")
    backend = synthesize(app)["terraform"]["backend"]
    assert backend == {"s3": {"bucket": "states", "key": "product-import", "region": "us-east-1"}}


def test_an_output_of_another_stack_is_a_value(app: App) -> None:
    """A token has no value to check yet: cdktf passes it from one stack's state to the other."""
    other = TerraformStack(app, "other")
    AwsProvider(other, "aws", region="us-east-1")
    image = CloudwatchLogGroup(other, "image", name="image").name
    ProductImport(app, "stack", Inputs(**{**VALUES, "worker_image": image, "tags": {"Image": image}}))
    tree = synthesize(app)
    reference = tree["locals"]["worker_image"]
    assert re.fullmatch(r"\$\{data\.terraform_remote_state\.[\w-]+\.outputs\.[\w-]+\}", reference)
    assert tree["resource"]["aws_security_group"]["redis"]["tags"]["Image"] == reference


def test_outputs_of_another_stack_stand_in_expressions(app: App) -> None:
    """Text, a number and a list, on their own and as a part of a string, without braces of their own."""
    other = TerraformStack(app, "other")
    AwsProvider(other, "aws", region="us-east-1")
    group = CloudwatchLogGroup(other, "group", name="group")
    days, arn = group.retention_in_days, group.arn
    values = {
        "worker_concurrency": days,
        "worker_cpu": days,
        "s3_bucket_arn": arn,
        "redis_client_security_group_ids": [arn],
    }
    ProductImport(app, "stack", Inputs(**{**VALUES, **values}))
    resource = synthesize(app)["resource"]
    state = (
        "data.terraform_remote_state.cross-stack-reference-input-other.outputs.cross-stack-output-aws_cloudwatch_log"
    )
    task = resource["aws_ecs_task_definition"]["import_worker"]
    assert f'"value" = tostring({state}_groupgroupretention_in_days)' in task["container_definitions"]
    assert task["cpu"] == f"${{tostring({state}_groupgroupretention_in_days)}}"
    assert f'"Resource" = "${{{state}_groupgrouparn}}/*"' in resource["aws_iam_role_policy"]["ecs_task_s3"]["policy"]
    managed = resource["aws_iam_role_policy_attachment"]["ecs_execution_role_policy"]["policy_arn"]
    assert managed.startswith(f'${{join("", ["arn:", element(split(":", {state}_groupgrouparn), 1), ')
    assert f'"security_groups" = [{state}_groupgrouparn]' in resource["aws_security_group"]["redis"]["ingress"]


def test_wrong_values_are_refused_all_at_once(app: App) -> None:
    """Each error names the input, what is allowed and what was given."""
    wrong = {**VALUES, "environment": "Prod", "vpc_id": "vpc-1", "worker_min_count": 9, "worker_max_count": 8}
    with pytest.raises(InputError) as error:
        ProductImport(app, "stack", Inputs(**wrong))
    assert str(error.value).splitlines() == [
        "The environment must be 1 to 25 lower-case letters, digits and single hyphens, start with a letter and end "
        "with a letter or digit. Given: 'Prod'.",
        "The vpc_id must be the ID of a VPC (vpc- and 8 or 17 hexadecimal digits). Given: 'vpc-1'.",
        "The worker_max_count must not be below the worker_min_count. Given: 8.",
    ]


def test_a_wrong_token_does_not_show(app: App) -> None:
    """The error says what is allowed only."""
    with pytest.raises(InputError) as error:
        ProductImport(app, "stack", Inputs(**VALUES, redis_auth_token="s3cret"))
    assert "s3cret" not in str(error.value)
    assert str(error.value) == (
        "The redis_auth_token must be 16 to 128 letters, digits and characters of ! & # $ ^ < > -. "
        "Given: (sensitive value)."
    )


def test_a_stack_that_was_refused_is_not_in_the_app(app: App) -> None:
    """The next synth does not write half of it."""
    with pytest.raises(InputError):
        ProductImport(app, "stack", Inputs(**{**VALUES, "environment": ""}))
    assert app.node.children == []


def test_the_same_name_twice_within_a_type_raises(app: App) -> None:
    """Two resources never merge into one in silence."""
    resources = Resources(TerraformStack(app, "stack"), {})
    resources.add(CloudwatchLogGroup, "redis", name="/a")
    with pytest.raises(RuntimeError, match=r"CloudwatchLogGroup\.redis"):
        resources.add(CloudwatchLogGroup, "redis", name="/b")


def test_a_reference_within_the_stack_is_that_of_the_property(app: App) -> None:
    """It stands there at once, and what a resource does not have is refused."""
    stack = TerraformStack(app, "stack")
    AwsProvider(stack, "aws", region="us-east-1")
    group = Resources(stack, {}).add(CloudwatchLogGroup, "logs", name="/logs")
    stack.add_override("output", {"by_property": {"value": group.arn}, "at_once": {"value": attribute(group, "arn")}})
    assert {output["value"] for output in synthesize(app)["output"].values()} == {
        "${aws_cloudwatch_log_group.logs.arn}"
    }
    with pytest.raises(AttributeError, match="arm"):
        attribute(group, "arm")


def test_the_queue_depth_publisher_is_a_container_where_its_image_is_named(app: App) -> None:
    """Without an image there is no trace of it."""
    ProductImport(app, "without", Inputs(**VALUES))
    ProductImport(app, "with", Inputs(**VALUES, queue_depth_image="queue-depth:1"))
    without, with_it = (json.dumps(synthesize(app, name)) for name in ("without", "with"))
    assert '\\"queue-depth\\"' not in without
    assert '\\"name\\" = \\"queue-depth\\", \\"image\\" = local.queue_depth_image' in with_it
    assert json.loads(with_it)["locals"]["queue_depth_image"] == "queue-depth:1"


def test_free_strings_are_written_as_they_stand(app: App) -> None:
    """Quotes, backslashes and what looks like a template, in images and variables: Terraform reads what is given."""
    odd = 'a"b\\c${d}%{e}ü'
    ProductImport(
        app,
        "stack",
        Inputs(**{**VALUES, "worker_image": odd, "queue_depth_image": odd, "worker_environment": {"ODD": odd}}),
    )
    tree = synthesize(app)
    escaped = 'a"b\\c$${d}%%{e}ü'
    assert tree["locals"] == {**tree["locals"], "worker_image": escaped, "queue_depth_image": escaped}
    assert tree["locals"]["worker_environment"] == {"ODD": escaped}
    assert odd not in tree["resource"]["aws_ecs_task_definition"]["import_worker"]["container_definitions"]


def test_a_whole_number_may_be_written_with_a_fraction(app: App) -> None:
    """Terraform takes 1024.0 for 1024 too: the stacks are the same, byte for byte."""
    numbers = {name: value for name, value in DOCUMENTED.items() if type(value) is int}
    assert len(numbers) > 5
    with_fractions = {name: float(value) for name, value in numbers.items()}
    for name, given in (("whole", numbers), ("fractions", with_fractions)):
        ProductImport(app, name, Inputs(**{**VALUES, **given}))
    app.synth()
    whole, fractions = (
        (Path(app.outdir) / "stacks" / name / "cdk.tf.json").read_text() for name in ("whole", "fractions")
    )
    assert whole == fractions.replace("fractions", "whole")
    assert "2048.0" not in fractions

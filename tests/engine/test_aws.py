"""What AWS says to arguments, without an engine but for the last tests."""

import json
from typing import Any

from product_import.engine import Engine, EngineError
from product_import.stand_in.planning import conform
from product_import.stand_in.schema import MAJORS, Block, provider_schema
from tests.engine.aws import judge, requests
from tests.engine.aws_requests import REQUESTS

import pytest
from msgpack import ExtType  # type: ignore[import-untyped]

UNKNOWN = ExtType(0, b"\x00")
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]})
DIMENSION = {
    "resource_id": "service/main/workers",
    "scalable_dimension": "ecs:service:DesiredCount",
    "service_namespace": "ecs",
}
VALID: dict[str, dict[str, Any]] = {
    "aws_appautoscaling_policy": {
        **DIMENSION,
        "name": "cpu",
        "policy_type": "TargetTrackingScaling",
        "target_tracking_scaling_policy_configuration": [{"target_value": 70}],
    },
    "aws_appautoscaling_target": {**DIMENSION, "min_capacity": 2, "max_capacity": 50},
    "aws_cloudwatch_dashboard": {"dashboard_name": "jobs", "dashboard_body": json.dumps({"widgets": []})},
    "aws_cloudwatch_log_group": {"name": "/ecs/worker", "retention_in_days": 30},
    "aws_cloudwatch_metric_alarm": {
        "alarm_name": "high",
        "comparison_operator": "GreaterThanThreshold",
        "evaluation_periods": 1,
        "metric_name": "BullQueueDepth",
        "namespace": "AVNZ/ProductImport",
        "period": 300,
        "statistic": "Average",
        "threshold": 10000,
        "dimensions": {"QueueName": "product-import"},
    },
    "aws_ecs_service": {"name": "workers", "cluster": "main", "desired_count": 2, "launch_type": "FARGATE"},
    "aws_ecs_task_definition": {
        "family": "worker",
        "requires_compatibilities": ["FARGATE"],
        "network_mode": "awsvpc",
        "cpu": "2048",
        "memory": "4096",
        "container_definitions": json.dumps([{"name": "worker", "image": "worker:1", "stopTimeout": 60}]),
    },
    "aws_elasticache_parameter_group": {
        "name": "params",
        "family": "redis7",
        "parameter": [{"name": "maxmemory-policy", "value": "noeviction"}],
    },
    "aws_elasticache_replication_group": {
        "replication_group_id": "queue",
        "description": "Queue",
        "engine_version": "7.0",
        "num_cache_clusters": 3,
        "multi_az_enabled": True,
        "at_rest_encryption_enabled": "true",
        "transit_encryption_enabled": True,
        "auth_token": "only-an-example-token",
    },
    "aws_elasticache_subnet_group": {"name": "subnets", "subnet_ids": ["subnet-1"]},
    "aws_iam_role": {"name": "task", "assume_role_policy": TRUST},
    "aws_iam_role_policy": {"name": "s3", "role": "task", "policy": TRUST},
    "aws_iam_role_policy_attachment": {"role": "task", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    "aws_secretsmanager_secret": {"name_prefix": "redis-url-", "recovery_window_in_days": 7},
    "aws_secretsmanager_secret_version": {"secret_id": "redis-url", "secret_string": "{}"},
    "aws_security_group": {"name_prefix": "redis-", "egress": [], "tags": {"Name": "redis"}},
}


def full(resource_type: str, **arguments: Any) -> dict[str, Any]:
    """The valid arguments of a type with others over them, and null for the rest, as an engine sends them."""
    return conform(VALID[resource_type] | arguments, provider_schema(5).resource_types[resource_type].block)


def containers(**arguments: Any) -> str:
    return json.dumps([{"name": "worker", "image": "worker:1"} | arguments])


def policy(*actions: str, version: str = "2012-10-17") -> str:
    return json.dumps({"Version": version, "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})


def steps(*bounds: tuple[str, str | None]) -> dict[str, Any]:
    """A step policy with these bounds."""
    adjustments = [
        {"metric_interval_lower_bound": lower, "metric_interval_upper_bound": upper, "scaling_adjustment": 50}
        for lower, upper in bounds
    ]
    return {"step_scaling_policy_configuration": [{"step_adjustment": adjustments}]}


def strategy(*items: tuple[int, int]) -> dict[str, Any]:
    """A capacity provider strategy of these bases and weights."""
    providers = [{"capacity_provider": "FARGATE", "base": base, "weight": weight} for base, weight in items]
    return {"capacity_provider_strategy": providers, "launch_type": None}


def metrics(*returned: bool | None) -> list[dict[str, Any]]:
    entries = [{"id": f"m{number}", "return_data": data} for number, data in enumerate(returned)]
    return [{"target_value": 10, "customized_metric_specification": [{"metrics": entries}]}]


def widget(kind: str, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "x": 0, "y": 0, "properties": properties}


WIDGET = widget("text", markdown="# Jobs")


def body(*widgets: dict[str, Any], **members: Any) -> dict[str, str]:
    return {"dashboard_body": json.dumps({"widgets": widgets, **members})}


def graph(*entries: Any, **properties: Any) -> dict[str, Any]:
    return widget("metric", region="us-east-1", metrics=entries, **properties)


def queries(count: int) -> dict[str, Any]:
    entries = [{"id": f"m{number}", "expression": "1", "return_data": number == 0} for number in range(count)]
    return {"metric_query": entries, **dict.fromkeys(("metric_name", "namespace", "period", "statistic", "dimensions"))}


@pytest.mark.parametrize("resource_type", VALID)
def test_valid(resource_type: str) -> None:
    """Nothing is said to arguments that AWS takes."""
    assert judge(resource_type, full(resource_type)) == []


@pytest.mark.parametrize(
    ("resource_type", "arguments", "text"),
    [
        # Enums of the models.
        ("aws_appautoscaling_policy", {"policy_type": "Target"}, "policy_type: AWS allows StepScaling, "),
        ("aws_appautoscaling_target", {"service_namespace": "ECS"}, "service_namespace: AWS allows ecs, "),
        (
            "aws_appautoscaling_target",
            {"scalable_dimension": "ecs:service:Count"},
            "scalable_dimension: AWS allows ecs:service:DesiredCount, ",
        ),
        ("aws_cloudwatch_metric_alarm", {"statistic": "Mean"}, "statistic: AWS allows SampleCount, Average, "),
        ("aws_cloudwatch_metric_alarm", {"comparison_operator": "Above"}, "comparison_operator: AWS allows "),
        ("aws_ecs_service", {"launch_type": "Fargate"}, "launch_type: AWS allows EC2, FARGATE, "),
        ("aws_ecs_task_definition", {"network_mode": "vpc"}, "network_mode: AWS allows bridge, host, awsvpc, none, "),
        (
            "aws_ecs_task_definition",
            {"container_definitions": containers(logConfiguration={"logDriver": "cloudwatch"})},
            "container_definitions.logConfiguration.logDriver: AWS allows ",
        ),
        (
            "aws_elasticache_replication_group",
            {"log_delivery_configuration": [{"destination": "logs", "log_type": "slow"}]},
            "log_delivery_configuration.log_type: AWS allows slow-log, engine-log, not 'slow'.",
        ),
        (
            "aws_elasticache_replication_group",
            {"auth_token_update_strategy": "REPLACE"},
            "auth_token_update_strategy: AWS allows SET, ROTATE, DELETE, not 'REPLACE'.",
        ),
        # Lengths and ranges, at the limit's other side.
        ("aws_cloudwatch_log_group", {"name": "l" * 513}, "name: AWS wants 1 to 512 characters or items, not 513."),
        ("aws_cloudwatch_metric_alarm", {"alarm_name": "a" * 256}, "alarm_name: AWS wants 1 to 255 characters"),
        ("aws_cloudwatch_metric_alarm", {"evaluation_periods": 0}, "evaluation_periods: AWS wants 1 to inf, not 0."),
        ("aws_cloudwatch_metric_alarm", {"alarm_actions": [f"a{n}" for n in range(6)]}, "alarm_actions: AWS wants "),
        ("aws_iam_role", {"name": "r" * 65}, "name: AWS wants 1 to 64 characters or items, not 65."),
        ("aws_iam_role", {"max_session_duration": 3599}, "max_session_duration: AWS wants 3600 to 43200, not 3599."),
        ("aws_secretsmanager_secret", {"name_prefix": "s" * 487}, "name: AWS wants 1 to 512 characters or items, not"),
        (
            "aws_secretsmanager_secret_version",
            {"secret_string": "s" * 65537},
            "secret_string: AWS does not allow this value.",
        ),
        # Patterns.
        ("aws_cloudwatch_log_group", {"name": "logs of mine"}, "name: AWS wants the form [\\.\\-_/#A-Za-z0-9]+, not "),
        ("aws_cloudwatch_metric_alarm", {"namespace": ":x"}, "namespace: AWS wants the form [^:].*, not ':x'."),
        ("aws_iam_role", {"name": "the task"}, "name: AWS wants the form [\\w+=,.@-]+, not 'the task'."),
        ("aws_iam_role", {"name": "größe"}, "name: AWS wants the form [\\w+=,.@-]+, not 'größe'."),
        ("aws_iam_role", {"tags": {"Team?": "us"}}, "tags.Key: AWS wants the form "),
        # What is required, and what is not known.
        ("aws_cloudwatch_log_group", {"name": None, "name_prefix": "a b"}, "name: AWS wants the form "),
        (
            "aws_ecs_task_definition",
            {"container_definitions": containers(stopTimeOut=60)},
            "container_definitions.stopTimeOut: no member of a request takes it; ContainerDefinition has name, image, ",
        ),
        (
            "aws_ecs_task_definition",
            {"container_definitions": containers(secrets=[{"name": "URL"}])},
            "container_definitions.secrets: AWS wants valueFrom in Secret.",
        ),
        (
            "aws_ecs_task_definition",
            {"container_definitions": containers(environment={"NODE_ENV": "production"})},
            "container_definitions.environment: AWS wants the type list, not {'NODE_ENV': 'production'}.",
        ),
        (
            "aws_ecs_task_definition",
            {"container_definitions": containers(environment=[{"name": "CONCURRENCY", "value": 5}])},
            "container_definitions.environment.value: AWS wants the type string, not 5.",
        ),
        (
            "aws_iam_role",
            {"managed_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
            "managed_policy_arns: no member of a request takes it; aws_requests.py gives it no place.",
        ),
        # Documents that are JSON.
        ("aws_ecs_task_definition", {"container_definitions": "[{"}, "container_definitions: it is not JSON ("),
        ("aws_iam_role_policy", {"policy": "allow all"}, "policy: AWS wants a JSON object."),
        (
            "aws_iam_role",
            {"assume_role_policy": policy("sts:AssumeRole", version="2012-10-18")},
            "assume_role_policy: the Version of a policy is \"2012-10-17\", not '2012-10-18'.",
        ),
        (
            "aws_iam_role_policy",
            {"policy": json.dumps({"Version": "2012-10-17", "Statement": "allow"})},
            "policy: a Statement of a policy is a JSON object, not 'allow'.",
        ),
        (
            "aws_ecs_task_definition",
            {"container_definitions": containers(stopTimeout="60")},
            "container_definitions.stopTimeout: AWS wants the type integer, not '60'.",
        ),
        # What the module in use has.
        (
            "aws_iam_role_policy",
            {"policy": policy("s3:GetObject", "s3:HeadObject")},
            "policy: IAM has no action s3:HeadObject; s3:GetObject covers it.",
        ),
        (
            "aws_elasticache_parameter_group",
            {"parameter": [{"name": "appendonly", "value": "yes"}]},
            "parameter: the family redis7 has no parameter appendonly.",
        ),
        (
            "aws_elasticache_parameter_group",
            {"parameter": [{"name": "appendfsync", "value": "everysec"}]},
            "parameter: the family redis7 has no parameter appendfsync.",
        ),
        # Fargate.
        ("aws_ecs_task_definition", {"memory": "3072"}, "memory: with cpu 2048 Fargate has 4096, 5120, "),
        ("aws_ecs_task_definition", {"memory": "17408"}, "memory: with cpu 2048 Fargate has 4096, 5120, "),
        (
            "aws_ecs_task_definition",
            {"cpu": "2000"},
            "cpu: Fargate has 256, 512, 1024, 2048, 4096, 8192, 16384",
        ),
        ("aws_ecs_task_definition", {"memory": None}, "memory: Fargate wants it."),
        (
            "aws_ecs_task_definition",
            {"container_definitions": containers(stopTimeout=121)},
            "container_definitions: stopTimeout is 2 to 120 s on Fargate, not 121.",
        ),
        # Other rules.
        ("aws_cloudwatch_log_group", {"retention_in_days": 31}, "retention_in_days: AWS has 0, 1, 3, 5, 7, 14, 30, "),
        ("aws_secretsmanager_secret", {"recovery_window_in_days": 6}, "recovery_window_in_days: AWS has 0 and 7 to 30"),
        (
            "aws_elasticache_parameter_group",
            {"family": "valkey10"},
            "family: it is one of redis5.0, redis6.x, redis7, ",
        ),
        (
            "aws_elasticache_parameter_group",
            {"parameter": [{"name": "maxmemory-policy", "value": "never"}]},
            "parameter: maxmemory-policy is one of volatile-lru, allkeys-lru, ",
        ),
        ("aws_elasticache_replication_group", {"auth_token": "0123456789abcde"}, "auth_token: AWS wants 16 to 128 let"),
        ("aws_elasticache_replication_group", {"auth_token": "0123456789abcde/"}, "auth_token: AWS wants 16 to 128 le"),
        (
            "aws_elasticache_replication_group",
            {"transit_encryption_enabled": False},
            "auth_token: it needs transit_e",
        ),
        (
            "aws_elasticache_replication_group",
            {"replication_group_id": "q" * 41},
            "replication_group_id: AWS allows 4",
        ),
        ("aws_elasticache_replication_group", {"engine_version": "7.x"}, "engine_version: Redis 7 wants a number as"),
        ("aws_elasticache_replication_group", {"num_cache_clusters": 7}, "num_cache_clusters: AWS has 1 to 6 nodes, n"),
        ("aws_elasticache_replication_group", {"num_cache_clusters": 1}, "multi_az_enabled: it needs two nodes or mor"),
        ("aws_cloudwatch_metric_alarm", queries(11), "metric_query: an alarm reads at most 10 metrics, not 11."),
        ("aws_cloudwatch_metric_alarm", {**queries(2), "metric_name": "x"}, "metric_query: an alarm has either it or "),
        ("aws_cloudwatch_metric_alarm", {"metric_name": None}, "metric_name: an alarm has either it or metric_query."),
        (
            "aws_appautoscaling_policy",
            {"target_tracking_scaling_policy_configuration": metrics(None, False, None)},
            "target_tracking_scaling_policy_configuration: exactly one metric returns data, not 2.",
        ),
        (
            "aws_appautoscaling_policy",
            steps(("0", "1"), ("2", None)),
            "step_scaling_policy_configuration: its steps must neither overlap nor have a gap.",
        ),
        ("aws_appautoscaling_policy", steps(("0", "2"), ("1", None)), "step_scaling_policy_configuration: its steps"),
        ("aws_appautoscaling_policy", steps(("0", "2")), "step_scaling_policy_configuration: its steps must neither"),
        ("aws_appautoscaling_policy", steps(("1", None)), "step_scaling_policy_configuration: its steps must neither"),
        (
            "aws_ecs_service",
            strategy((2, 60), (0, 1001)),
            "capacity_provider_strategy.weight: AWS wants 0 to 1000, ",
        ),
        ("aws_ecs_service", strategy((100001, 60)), "capacity_provider_strategy.base: AWS wants 0 to 100000, not 1"),
        ("aws_ecs_service", strategy((2, 60), (1, 40)), "capacity_provider_strategy: only one provider has a base."),
        ("aws_ecs_service", strategy((2, 0), (0, 100)), "capacity_provider_strategy: a provider with a base wants a w"),
        (
            "aws_ecs_service",
            {**strategy((2, 60), (0, 40)), "launch_type": "FARGATE"},
            "launch_type: it must be left out where there is a capacity_provider_strategy.",
        ),
        ("aws_appautoscaling_target", {"min_capacity": 51}, "max_capacity: it is 50, below min_capacity, which is 51."),
    ],
)
def test_refused(resource_type: str, arguments: dict[str, Any], text: str) -> None:
    """What AWS would refuse is refused, by a text that starts with the argument's name."""
    texts = [found for _, found in judge(resource_type, full(resource_type, **arguments))]
    assert any(found.startswith(text) for found in texts), texts


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"dashboard_name": "import jobs"}, "dashboard_name: up to 255 letters, digits, "),
        ({"dashboard_body": "{}"}, "dashboard_body: Object missing required field `widgets`"),
        (body(*[WIDGET] * 501), "dashboard_body: Expected `array` of length <= 500"),
        (body(periodOverride="inherited"), "dashboard_body: Invalid enum value 'inherited'"),
        (body(start="3h"), "dashboard_body: Expected `str` matching regex"),
        (body({**WIDGET, "x": 24}), "dashboard_body: Expected `int` <= 23"),
        (body({**WIDGET, "width": 25}), "dashboard_body: Expected `int` <= 24"),
        (body({**WIDGET, "x": 19}), "dashboard_body: widget 0 ends beyond the 24 columns."),
        (body(WIDGET, {**WIDGET, "x": 5}), "dashboard_body: widget 1 lies on widget 0."),
        (body(graph(period=30)), "dashboard_body: widget 0: Expected `int`"),
        (body(graph(stat="Mean")), "dashboard_body: widget 0: Invalid enum value 'Mean'"),
        (body(graph(colour="#ffffff")), "dashboard_body: widget 0: Object contains unknown field"),
        (body(graph(["AWS/ECS"])), "dashboard_body: widget 0: a metric is a namespace, a name and "),
        (body(graph(["A", "X", "Name"])), "dashboard_body: widget 0: a metric is a namespace, a name and "),
        (body(graph([{"label": "x"}])), "dashboard_body: widget 0: an entry is a metric or an expression: "),
        (
            body(graph(["A", "X", {"id": "m"}], ["A", "Y", {"id": "m"}])),
            "dashboard_body: widget 0: two entries ",
        ),
        (
            body(graph(annotations={"horizontal": [{"label": "x"}]})),
            "dashboard_body: widget 0: Object missing ",
        ),
        (body(widget("log", region="us-east-1", query="fields @message")), "dashboard_body: widget 0: Expected `str` "),
        (body(widget("alarm", alarms=[])), "dashboard_body: widget 0: Expected `array` of length >= 1"),
    ],
)
def test_refused_dashboards(arguments: dict[str, Any], text: str) -> None:
    """What PutDashboard refuses."""
    ((_, said),) = judge("aws_cloudwatch_dashboard", full("aws_cloudwatch_dashboard", **arguments))
    assert said.startswith(text)


@pytest.mark.parametrize(
    ("resource_type", "arguments"),
    [
        ("aws_cloudwatch_log_group", {"name": "l" * 512}),
        ("aws_secretsmanager_secret", {"name_prefix": "s" * 486}),
        ("aws_secretsmanager_secret", {"recovery_window_in_days": 0}),
        ("aws_iam_role", {"tags": {"Straße": "größer"}}),
        ("aws_ecs_task_definition", {"memory": "16384"}),
        ("aws_ecs_task_definition", {"container_definitions": containers(stopTimeout=120)}),
        ("aws_elasticache_replication_group", {"auth_token": "!&#$^<>-" * 16}),
        ("aws_elasticache_replication_group", {"num_cache_clusters": 1, "multi_az_enabled": False}),
        ("aws_cloudwatch_metric_alarm", queries(10)),
        ("aws_cloudwatch_dashboard", {"dashboard_name": "a-B_" + "9" * 251}),
        ("aws_cloudwatch_dashboard", body(*({**WIDGET, "y": 6 * row} for row in range(500)))),
        ("aws_cloudwatch_dashboard", body(graph(["A", "X", "Name", "a"], [{"expression": "m1 / 2"}], period=60))),
        (
            "aws_appautoscaling_policy",
            {"target_tracking_scaling_policy_configuration": metrics(None, False, False)},
        ),
        ("aws_appautoscaling_target", {"min_capacity": 50}),
    ],
)
def test_allowed_at_the_edge(resource_type: str, arguments: dict[str, Any]) -> None:
    """A value at the very limit passes."""
    assert judge(resource_type, full(resource_type, **arguments)) == []


@pytest.mark.parametrize("resource_type", VALID)
def test_unknown_values_pass(resource_type: str) -> None:
    """Nothing is said to values that are not known yet."""
    unknown = dict.fromkeys(VALID[resource_type], UNKNOWN)
    assert judge(resource_type, {**full(resource_type), **unknown}) == []


def test_secrets_stay_out_of_texts() -> None:
    """No text repeats a token or a secret."""
    token = judge("aws_elasticache_replication_group", full("aws_elasticache_replication_group", auth_token="short!"))
    secret = judge(
        "aws_secretsmanager_secret_version",
        full("aws_secretsmanager_secret_version", secret_string="the-secret" + "s" * 65536),
    )
    assert token
    assert secret
    assert "short!" not in str(token)
    assert "the-secret" not in str(secret)


def sample(kind: Any) -> Any:
    """Some value of a type."""
    if isinstance(kind, list):
        outer, inner = kind
        if outer == "object":
            return {name: sample(of) for name, of in inner.items()}
        return {"key": sample(inner)} if outer == "map" else [sample(inner)]
    return {"string": "{}", "number": 1, "bool": True}[kind]


def everything(block: Block) -> dict[str, Any]:
    """A value for each argument, at any depth."""
    values = {
        name: sample(found.type) if found.optional or found.required else None
        for name, found in block.attributes.items()
    }
    return values | {name: [everything(nested.block)] for name, nested in block.blocks.items()}


@pytest.mark.parametrize("major", MAJORS)
def test_every_argument_has_a_place(major: int) -> None:
    """Each argument of each type goes to a request or stands in the table; these alone have no place, and say so."""
    placeless = set()
    for name_of_type in REQUESTS:
        block = provider_schema(major).resource_types[name_of_type].block
        for _, text in judge(name_of_type, everything(block), major):
            name, _, problem = text.partition(": ")
            if problem.startswith("no member of a request takes it"):
                placeless.add(f"{name_of_type}.{name}")
    assert placeless == {"aws_iam_role.inline_policy", "aws_iam_role.managed_policy_arns"}


def test_requests_of_a_service() -> None:
    """Arguments end up at their members, also in other calls, and nothing that is not set does."""
    values = full(
        "aws_ecs_service",
        deployment_maximum_percent=200,
        deployment_circuit_breaker=[{"enable": True, "rollback": True}],
        network_configuration=[{"subnets": ["subnet-1"], "security_groups": ["sg-1"], "assign_public_ip": False}],
        task_definition=UNKNOWN,
        force_new_deployment=True,
        tags={"Name": "workers"},
    )
    assert requests("aws_ecs_service", values).calls == {
        "CreateService": {
            "serviceName": "workers",
            "cluster": "main",
            "desiredCount": 2,
            "launchType": "FARGATE",
            "schedulingStrategy": "REPLICA",
            "availabilityZoneRebalancing": "DISABLED",
            "enableECSManagedTags": False,
            "enableExecuteCommand": False,
            "tags": [{"key": "Name", "value": "workers"}],
            "deploymentConfiguration": {
                "maximumPercent": 200,
                "minimumHealthyPercent": 100,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            },
            "networkConfiguration": {
                "awsvpcConfiguration": {
                    "subnets": ["subnet-1"],
                    "securityGroups": ["sg-1"],
                    "assignPublicIp": "DISABLED",
                }
            },
        },
        "UpdateService": {"forceNewDeployment": True},
    }


def test_requests_of_a_security_group() -> None:
    """Rules become permissions of their own calls, with the description at each peer."""
    rule = {
        "description": "Redis",
        "protocol": "tcp",
        "from_port": 6379,
        "to_port": 6379,
        "cidr_blocks": ["10.0.0.0/8"],
        "security_groups": ["sg-1"],
        "self": False,
        "ipv6_cidr_blocks": None,
        "prefix_list_ids": None,
    }
    calls = requests("aws_security_group", full("aws_security_group", ingress=[rule])).calls
    assert calls["CreateSecurityGroup"] == {
        "Description": "Managed by Terraform",
        "GroupName": "redis-00000000000000000000000000",
    }
    assert calls["AuthorizeSecurityGroupIngress"] == {
        "IpPermissions": [
            {
                "IpProtocol": "tcp",
                "FromPort": 6379,
                "ToPort": 6379,
                "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "Redis"}],
                "UserIdGroupPairs": [{"GroupId": "sg-1", "Description": "Redis"}],
            }
        ]
    }
    assert calls["CreateTags"] == {"Tags": [{"Key": "Name", "Value": "redis"}]}


TARGET = VALID["aws_appautoscaling_target"]


@pytest.mark.usefixtures("provider")
def test_validate_says_what_aws_would(engine: Engine) -> None:
    """`validate` fails with what AWS would say where the provider says nothing, before anything is planned."""
    targets = {
        "workers": TARGET | {"scalable_dimension": "ecs:service:Count", "max_capacity": 1},
        "others": TARGET | {"service_namespace": "ECS"},
    }
    engine.write("main.tf.json", {"resource": {"aws_appautoscaling_target": targets}})
    engine.init()
    with pytest.raises(EngineError) as refusal:
        engine.validate()
    texts = sorted(diagnostic.summary for diagnostic in refusal.value.diagnostics)
    assert [text.partition(":")[0] for text in texts] == ["max_capacity", "scalable_dimension", "service_namespace"]


@pytest.mark.usefixtures("provider")
def test_plan_says_what_aws_would_to_a_value_of_a_variable(engine: Engine) -> None:
    """A value that only the plan knows is judged by the plan."""
    target = TARGET | {"max_capacity": "${var.workers}"}
    engine.write(
        "main.tf.json",
        {"variable": {"workers": {"type": "number"}}, "resource": {"aws_appautoscaling_target": {"workers": target}}},
    )
    engine.init()
    assert engine.validate() == []
    engine.variables["TF_VAR_workers"] = "1"
    with pytest.raises(EngineError, match="max_capacity: it is 1, below min_capacity, which is 2"):
        engine.write_plan()

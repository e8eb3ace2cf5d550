"""What the provider's validation refuses: malformed values of each argument, with the provider's texts."""

from collections.abc import Iterator, Mapping
from typing import Any

from product_import.engine import Engine, EngineError
from product_import.stand_in.checks import Check, anything, whole
from product_import.stand_in.schema import MAJORS, Block, provider_schema
from product_import.stand_in.validation import ARGUMENTS, Apart, objections
from tests.engine.aws_models import service_model
from tests.engine.test_aws import UNKNOWN, VALID, full

import pytest

ARN = "arn:aws:sns:us-east-1:123456789012:topic"
METRIC = {"metric_name": "m", "period": 60, "stat": "Average"}
TRACKING = "target_tracking_scaling_policy_configuration"
LOGS = {"destination": "logs", "destination_type": "cloudwatch-logs", "log_format": "json", "log_type": "slow-log"}
ATTRIBUTES_AS_BLOCKS = {"egress", "ingress"}
EVERYTHING = {
    **{name: [] for name in ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")},
    **dict.fromkeys(("from_port", "to_port"), 0),
    "protocol": "-1",
    "description": "",
    "self": False,
}


def query(**values: Any) -> dict[str, Any]:
    """An alarm of one query in the place of a metric."""
    others = ("metric_name", "namespace", "period", "statistic", "dimensions")
    return {**dict.fromkeys(others), "metric_query": [{"id": "a", "return_data": True} | values]}


def metric(**values: Any) -> dict[str, Any]:
    return query(metric=[METRIC | values])


def tracked(**values: Any) -> dict[str, Any]:
    """A policy that follows one metric of its own."""
    followed = [{"id": "a", "expression": "1"} | values]
    return {TRACKING: [{"target_value": 1, "customized_metric_specification": [{"metrics": followed}]}]}


def stat(text: str) -> dict[str, Any]:
    return tracked(metric_stat=[{"stat": text, "metric": [{"metric_name": "m", "namespace": "n"}]}], expression=None)


def rule(direction: str = "egress", **values: Any) -> dict[str, Any]:
    return {direction: [EVERYTHING | values]}


# What 5.46 says; where later releases allow more, the part that stays.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("aws_appautoscaling_policy", {"name": "x" * 256}, "expected length of name to be in the range (0 - 255), got x"),
    ("aws_appautoscaling_policy", tracked(expression=""), ".metrics.0.expression to be in the range (1 - 2047), got "),
    ("aws_appautoscaling_policy", tracked(id=""), ".metrics.0.id to be in the range (1 - 255), got "),
    ("aws_appautoscaling_policy", tracked(label=""), ".metrics.0.label to be in the range (1 - 2047), got "),
    ("aws_appautoscaling_policy", stat(""), ".metrics.0.metric_stat.0.stat to be in the range (1 - 100), got "),
    *(
        (
            "aws_appautoscaling_policy",
            {
                TRACKING: [
                    {
                        "target_value": 1,
                        "predefined_metric_specification": [{"predefined_metric_type": "m"}],
                        "customized_metric_specification": [{"metrics": [{"id": "a", "expression": "1"}]}],
                    }
                ]
            },
            f'"{TRACKING}.0.{one}_metric_specification": conflicts with {TRACKING}.0.{other}_metric_specification',
        )
        for one, other in (("customized", "predefined"), ("predefined", "customized"))
    ),
    (
        "aws_appautoscaling_policy",
        {TRACKING: [{"target_value": 1, "customized_metric_specification": [{"unit": "m", "metrics": [{"id": "a"}]}]}]},
        f'"{TRACKING}.0.customized_metric_specification.0.metrics": conflicts with '
        f"{TRACKING}.0.customized_metric_specification.0.unit",
    ),
    ("aws_appautoscaling_target", {"max_capacity": 2.5}, "Attribute must be a whole number, got 2.5"),
    ("aws_cloudwatch_dashboard", {"dashboard_body": "{"}, '"dashboard_body" contains an invalid JSON: '),
    ("aws_cloudwatch_dashboard", {"dashboard_body": "[NaN]"}, '"dashboard_body" contains an invalid JSON: '),
    (
        "aws_cloudwatch_dashboard",
        {"dashboard_name": "a b"},
        '"dashboard_name" doesn\'t comply with restrictions ("^[0-9A-Za-z_-]+$"): "a b"',
    ),
    (
        "aws_cloudwatch_dashboard",
        {"dashboard_name": "x" * 256},
        '"dashboard_name" cannot be longer than 255 characters: "x',
    ),
    (
        "aws_cloudwatch_log_group",
        {"name": "a b"},
        '"name" isn\'t a valid log group name (alphanumeric characters, underscores, '
        'hyphens, slashes, hash signs and dots are allowed): "a b"',
    ),
    ("aws_cloudwatch_log_group", {"name": "line\n"}, '"name" isn\'t a valid log group name'),
    ("aws_cloudwatch_log_group", {"name": "x" * 513}, '"name" cannot be longer than 512 characters: "x'),
    ("aws_cloudwatch_log_group", {"name_prefix": "a"}, '"name": conflicts with name_prefix'),
    (
        "aws_cloudwatch_log_group",
        {"retention_in_days": 31},
        "expected retention_in_days to be one of [0 1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 "
        "1096 1827 2192 2557 2922 3288 3653], got 31",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"alarm_actions": ["t"]},
        '"alarm_actions.0" (t) is an invalid ARN: arn: invalid prefix',
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"alarm_actions": ["t"]},
        '"alarm_actions.0" does not match EC2 automation ARN '
        '("^arn:[\\\\w-]+:automate:[\\\\w-]+:ec2:(reboot|recover|stop|terminate)$"): "t"',
    ),
    ("aws_cloudwatch_metric_alarm", {"ok_actions": ["arn:aws:sns"]}, "is an invalid ARN: arn: not enough sections"),
    (
        "aws_cloudwatch_metric_alarm",
        {"ok_actions": [ARN.replace("topic", "")]},
        "is an invalid ARN: missing resource value",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"ok_actions": [ARN.replace("123456789012", "1234")]},
        "is an invalid ARN: invalid account ID value "
        r"(expecting to match regular expression: ^(aws|aws-managed|third-party|\d{12}|cw.{10})$)",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"ok_actions": [ARN.replace("us-east-1", "us-east")]},
        r"is an invalid ARN: invalid region value (expecting to match regular expression: ^[a-z]{2}(-[a-z]+)+-\d$)",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"ok_actions": [ARN.replace("aws", "AWS")]},
        "is an invalid ARN: invalid partition value (expecting to match regular expression: ^aws(-[a-z]+)*$)",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"ok_actions": [ARN.replace("aws", "")]},
        "is an invalid ARN: missing partition value",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"alarm_description": "x" * 1025},
        "expected length of alarm_description to be in the range (0 - 1024), got x",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"alarm_name": ""},
        "expected length of alarm_name to be in the range (1 - 255), got ",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"comparison_operator": ">"},
        'expected comparison_operator to be one of ["GreaterThanOrEqualToThreshold" "GreaterThanThreshold" '
        '"LessThanThreshold" "LessThanOrEqualToThreshold" "LessThanLowerOrGreaterThanUpperThreshold" '
        '"LessThanLowerThreshold" "GreaterThanUpperThreshold"], got >',
    ),
    ("aws_cloudwatch_metric_alarm", {"evaluation_periods": 0}, "expected evaluation_periods to be at least (1), got 0"),
    ("aws_cloudwatch_metric_alarm", {"evaluation_periods": 1.5}, "Attribute must be a whole number, got 1.5"),
    (
        "aws_cloudwatch_metric_alarm",
        {"metric_name": ""},
        "expected length of metric_name to be in the range (1 - 255), got ",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"metric_query": [{"id": "a", "expression": "1", "return_data": True}]},
        '"metric_name": conflicts with metric_query',
    ),
    (
        "aws_cloudwatch_metric_alarm",
        query(expression="1") | {"metric_name": "m"},
        '"metric_query": conflicts with metric_name',
    ),
    (
        "aws_cloudwatch_metric_alarm",
        query(expression="1") | {"dimensions": {"a": "b"}},
        '"dimensions": conflicts with metric_query',
    ),
    (
        "aws_cloudwatch_metric_alarm",
        query(expression="1") | {"namespace": "n"},
        '"namespace": conflicts with metric_query',
    ),
    ("aws_cloudwatch_metric_alarm", query(expression="1") | {"period": 60}, '"period": conflicts with metric_query'),
    (
        "aws_cloudwatch_metric_alarm",
        {"namespace": ""},
        "expected length of namespace to be in the range (1 - 255), got ",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        {"namespace": ":"},
        "invalid value for namespace (must not contain colon characters)",
    ),
    ("aws_cloudwatch_metric_alarm", {"period": 61}, "expected period to be divisible by 60, got: 61"),
    (
        "aws_cloudwatch_metric_alarm",
        {"statistic": "mean"},
        'expected statistic to be one of ["SampleCount" "Average" "Sum" "Minimum" "Maximum"], got mean',
    ),
    ("aws_cloudwatch_metric_alarm", {"extended_statistic": "p90"}, '"statistic": conflicts with extended_statistic'),
    ("aws_cloudwatch_metric_alarm", {"threshold_metric_id": "a"}, '"threshold": conflicts with threshold_metric_id'),
    (
        "aws_cloudwatch_metric_alarm",
        {"treat_missing_data": "no"},
        'expected treat_missing_data to be one of ["breaching" "ignore" "missing" "notBreaching"], got no',
    ),
    (
        "aws_cloudwatch_metric_alarm",
        query(id="", expression="1"),
        "expected length of metric_query.0.id to be in the range (1 - 255), got ",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        query(expression=""),
        "metric_query.0.expression to be in the range (1 - 1024), got ",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        metric(metric_name=""),
        "expected length of metric_query.0.metric.0.metric_name to be in the range (1 - 255), got ",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        metric(namespace=""),
        "metric_query.0.metric.0.namespace to be in the range (1 - 255)",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        metric(period=45),
        "expected metric_query.0.metric.0.period to be divisible by 60, got: 45",
    ),
    (
        "aws_cloudwatch_metric_alarm",
        metric(stat="mean"),
        "invalid value for stat (invalid statistic, see: "
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html)",
    ),
    (
        "aws_ecs_service",
        {"capacity_provider_strategy": [{"capacity_provider": "FARGATE", "base": -1}]},
        "expected capacity_provider_strategy.0.base to be in the range (0 - 100000), got -1",
    ),
    (
        "aws_ecs_service",
        {"capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 1001}]},
        "expected capacity_provider_strategy.0.weight to be in the range (0 - 1000), got 1001",
    ),
    ("aws_ecs_service", {"desired_count": 1.5}, "Attribute must be a whole number, got 1.5"),
    ("aws_ecs_service", {"launch_type": "fargate"}, 'expected launch_type to be one of ["EC2" "FARGATE" "EXTERNAL"'),
    (
        "aws_ecs_service",
        {"propagate_tags": "service"},
        'expected propagate_tags to be one of ["TASK_DEFINITION" "SERVICE" "NONE"], got service',
    ),
    (
        "aws_ecs_task_definition",
        {"container_definitions": "{}"},
        "ECS Task Definition container_definitions is invalid: decoding JSON: json: cannot unmarshal object into Go ",
    ),
    (
        "aws_ecs_task_definition",
        {"container_definitions": "[1]"},
        "ECS Task Definition container_definitions is invalid: decoding JSON: json: cannot unmarshal number into Go ",
    ),
    (
        "aws_ecs_task_definition",
        {"container_definitions": "[null]"},
        "ECS Task Definition container_definitions is invalid: invalid container definition supplied at index (0)",
    ),
    ("aws_ecs_task_definition", {"container_definitions": "["}, "container_definitions is invalid: decoding JSON: "),
    (
        "aws_ecs_task_definition",
        {"execution_role_arn": "r"},
        '"execution_role_arn" (r) is an invalid ARN: arn: invalid prefix',
    ),
    ("aws_ecs_task_definition", {"task_role_arn": "r"}, '"task_role_arn" (r) is an invalid ARN: arn: invalid prefix'),
    ("aws_ecs_task_definition", {"family": ""}, "expected length of family to be in the range (1 - 255), got "),
    (
        "aws_ecs_task_definition",
        {"family": "a b"},
        "invalid value for family "
        "(see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html)",
    ),
    (
        "aws_ecs_task_definition",
        {"network_mode": "vpc"},
        'expected network_mode to be one of ["bridge" "host" "awsvpc" "none"], got vpc',
    ),
    (
        "aws_ecs_task_definition",
        {"requires_compatibilities": ["Fargate"]},
        'expected requires_compatibilities.0 to be one of ["EC2" "FARGATE" "EXTERNAL"',
    ),
    (
        "aws_ecs_task_definition",
        {"runtime_platform": [{"cpu_architecture": "arm"}]},
        'expected runtime_platform.0.cpu_architecture to be one of ["X86_64" "ARM64"], got arm',
    ),
    (
        "aws_ecs_task_definition",
        {"runtime_platform": [{"operating_system_family": "Linux"}]},
        'expected runtime_platform.0.operating_system_family to be one of ["WINDOWS_SERVER_2019_FULL" ',
    ),
    (
        "aws_elasticache_replication_group",
        {"at_rest_encryption_enabled": "yes"},
        "at_rest_encryption_enabled: cannot parse 'yes' as boolean: strconv.ParseBool: parsing \"yes\": invalid syntax",
    ),
    (
        "aws_elasticache_replication_group",
        {"auth_token": "short"},
        '"auth_token" must contain from 16 to 128 alphanumeric characters or symbols (excluding @, ", and /)',
    ),
    (
        "aws_elasticache_replication_group",
        {"auth_token": "only-an-@-example"},
        'only alphanumeric characters or symbols (excluding @, ", and /) allowed in "auth_token"',
    ),
    ("aws_elasticache_replication_group", {"user_group_ids": ["a"]}, '"auth_token": conflicts with user_group_ids'),
    (
        "aws_elasticache_replication_group",
        {"auth_token_update_strategy": "NEVER"},
        'expected auth_token_update_strategy to be one of ["SET" "ROTATE" "DELETE"], got NEVER',
    ),
    (
        "aws_elasticache_replication_group",
        {"auto_minor_version_upgrade": "yes"},
        "auto_minor_version_upgrade: cannot parse 'yes' as boolean: strconv.ParseBool: parsing \"yes\": invalid syntax",
    ),
    (
        "aws_elasticache_replication_group",
        {"description": ""},
        'expected "description" to not be an empty string, got ',
    ),
    ("aws_elasticache_replication_group", {"engine": "memcached"}, 'expected engine to be one of ["redis"'),
    (
        "aws_elasticache_replication_group",
        {"engine_version": "7"},
        "engine_version: 7 is invalid. For Redis v6 or higher, use <major>.<minor>. "
        "For Redis v5 or lower, use <major>.<minor>.<patch>.",
    ),
    (
        "aws_elasticache_replication_group",
        {"log_delivery_configuration": [LOGS | {"destination_type": "s3"}]},
        'destination_type to be one of ["cloudwatch-logs" "kinesis-firehose"], got s3',
    ),
    (
        "aws_elasticache_replication_group",
        {"log_delivery_configuration": [LOGS | {"log_format": "xml"}]},
        'log_format to be one of ["text" "json"], got xml',
    ),
    (
        "aws_elasticache_replication_group",
        {"log_delivery_configuration": [LOGS | {"log_type": "all"}]},
        'log_type to be one of ["slow-log" "engine-log"], got all',
    ),
    (
        "aws_elasticache_replication_group",
        {"maintenance_window": "Monday:05:00-monday:07:00"},
        '(monday:05:00-monday:07:00) must satisfy the format of "ddd:hh24:mi-ddd:hh24:mi"',
    ),
    (
        "aws_elasticache_replication_group",
        {"num_node_groups": 2},
        '"num_cache_clusters": conflicts with num_node_groups',
    ),
    ("aws_elasticache_replication_group", {"port": 0.5}, "Attribute must be a whole number, got 0.5"),
    (
        "aws_elasticache_replication_group",
        {"replication_group_id": "x" * 41},
        "expected length of replication_group_id to be in the range (1 - 40), got x",
    ),
    *(
        ("aws_elasticache_replication_group", {"replication_group_id": name}, f"replication_group_id ({text})")
        for name, text in {
            "a_b": "must contain only alphanumeric characters and hyphens",
            "1a": "must begin with a letter",
            "a--b": "cannot contain two consecutive hyphens",
            "a-": "cannot end with a hyphen",
        }.items()
    ),
    (
        "aws_elasticache_replication_group",
        {"snapshot_retention_limit": 36},
        "expected snapshot_retention_limit to be at most (35), got 36",
    ),
    (
        "aws_elasticache_replication_group",
        {"snapshot_window": "3:00-5:00"},
        '(3:00-5:00) must satisfy the format of "hh24:mi-hh24:mi"',
    ),
    *(
        ("aws_iam_role", {"assume_role_policy": policy}, f'"assume_role_policy" {text}')
        for policy, text in {
            " ": "is an empty string, which is not a valid JSON value",
            "policy": "contains an invalid JSON policy: not a JSON object",
            "[]": "contains an invalid JSON policy: contains a JSON array, not a JSON object",
            '"trust.json"': "contains an invalid JSON policy: "
            "contains a JSON-encoded string, not a JSON-encoded object "
            "(have you passed a JSON-encoded filename instead of the content of that file?)",
            '"{}"': "contains an invalid JSON policy: contains a JSON-encoded string, not a JSON-encoded object "
            "(have you double-encoded your JSON data?)",
            "{": "contains an invalid JSON policy: ",
            '{"Id": "a", "Id": "b"}': 'contains duplicate JSON keys: duplicate key "Id"',
        }.items()
    ),
    ("aws_iam_role", {"name": "x" * 65}, "expected length of name to be in the range (1 - 64), got x"),
    ("aws_iam_role", {"name": "a b"}, r"invalid value for name (must match [\w+=,.@-])"),
    ("aws_iam_role", {"name": "ä"}, r"invalid value for name (must match [\w+=,.@-])"),
    ("aws_iam_role", {"name_prefix": "a"}, '"name": conflicts with name_prefix'),
    (
        "aws_iam_role",
        {"permissions_boundary": "b"},
        '"permissions_boundary" (b) is an invalid ARN: arn: invalid prefix',
    ),
    ("aws_iam_role_policy", {"name": "x" * 129}, "expected length of name to be in the range (1 - 128), got x"),
    ("aws_iam_role_policy", {"name_prefix": "a"}, '"name": conflicts with name_prefix'),
    ("aws_iam_role_policy", {"policy": "s3"}, '"policy" contains an invalid JSON policy: not a JSON object'),
    ("aws_iam_role_policy", {"role": ARN}, '"role" must be the role\'s name not its ARN'),
    (
        "aws_iam_role_policy",
        {"role": "%"},
        'expected value of role to match regular expression "[\\\\w+=,.@-]+", got %',
    ),
    ("aws_iam_role_policy", {"role": "x" * 129}, "expected length of role to be in the range (1 - 128), got x"),
    ("aws_iam_role_policy_attachment", {"policy_arn": "p"}, '"policy_arn" (p) is an invalid ARN: arn: invalid prefix'),
    (
        "aws_secretsmanager_secret",
        {"name_prefix": "a b"},
        'only alphanumeric characters and /_+=.@- special characters are allowed in "name_prefix"',
    ),
    ("aws_secretsmanager_secret", {"name_prefix": "x" * 487}, '"name_prefix" cannot be greater than 486 characters'),
    ("aws_secretsmanager_secret", {"name": "a"}, '"name_prefix": conflicts with name'),
    ("aws_secretsmanager_secret_version", {"secret_binary": "YQ=="}, '"secret_string": conflicts with secret_binary'),
    (
        "aws_security_group",
        {"description": "x" * 256},
        "expected length of description to be in the range (0 - 255), got x",
    ),
    ("aws_security_group", {"name_prefix": "sg-a"}, "invalid value for name_prefix (cannot begin with sg-)"),
    (
        "aws_security_group",
        {"name_prefix": "x" * 230},
        "expected length of name_prefix to be in the range (0 - 229), got x",
    ),
    ("aws_security_group", {"name": "a"}, '"name_prefix": conflicts with name'),
    *(
        ("aws_security_group", rule(direction, **values), text)
        for direction in ("egress", "ingress")
        for values, text in (
            ({"cidr_blocks": ["10.0.0.1/8"]}, 'is not a valid IPv4 CIDR block; did you mean "10.0.0.0/8"?'),
            ({"cidr_blocks": ["10.0.0.0"]}, "is not a valid CIDR block: invalid CIDR address: 10.0.0.0"),
            ({"cidr_blocks": ["::/255.0.0.0"]}, "is not a valid CIDR block: invalid CIDR address: ::/255.0.0.0"),
            ({"cidr_blocks": ["::/0"]}, '"::/0" is not a valid IPv4 CIDR block'),
            ({"ipv6_cidr_blocks": ["0.0.0.0/0"]}, '"0.0.0.0/0" is not a valid IPv6 CIDR block'),
            (
                {"ipv6_cidr_blocks": ["2001:db8::1/32"]},
                '"2001:db8::1/32" is not a valid IPv6 CIDR block; did you mean "2001:db8::/32"?',
            ),
            ({"description": "a?"}, f'"{direction}.0.description" doesn\'t comply with restrictions ("^'),
            ({"description": "x" * 256}, f'"{direction}.0.description" cannot be longer than 255 characters: "x'),
        )
    ),
    ("aws_security_group", rule(to_port=0.5), "Attribute must be a whole number, got 0.5"),
]


@pytest.mark.parametrize(("resource_type", "arguments", "text"), REFUSED)
def test_a_malformed_value_is_refused(resource_type: str, arguments: dict[str, Any], text: str) -> None:
    """The text is the provider's, at an argument of the resource."""
    block = provider_schema(5).resource_types[resource_type].block
    said = objections(resource_type, full(resource_type, **arguments))
    assert any(text in each for _, each in said), said
    assert {argument for argument, _ in said} <= {*block.attributes, *block.blocks}


def test_the_provider_refuses_the_same(engine: Engine) -> None:
    """On the provider of the registry this holds the table against the provider itself."""
    root: dict[str, Any] = {"resource": {}}
    # In 5.46 this one takes a bool, and the engine itself refuses a text.
    cases = [case for case in REFUSED if "at_rest_encryption_enabled" not in case[1]]
    for number, (resource_type, arguments, _) in enumerate(cases):
        values = {name: value for name, value in (VALID[resource_type] | arguments).items() if value is not None}
        root["resource"].setdefault(resource_type, {})[f"refused_{number}"] = values
    engine.write("main.tf.json", root)
    engine.init()
    with pytest.raises(EngineError) as error:
        engine.plan()
    said: dict[str | None, str] = {}
    for each in error.value.diagnostics:
        said[each.address] = f"{said.get(each.address, '')}\n{each.summary}: {each.detail}"
    missing = {
        f"{resource_type}.refused_{number}": text
        for number, (resource_type, _, text) in enumerate(cases)
        if text not in said.get(f"{resource_type}.refused_{number}", "")
    }
    assert missing == {}


@pytest.mark.parametrize("resource_type", VALID)
def test_a_valid_value_passes(resource_type: str) -> None:
    """So does one that is in doubt."""
    assert objections(resource_type, full(resource_type)) == []


@pytest.mark.parametrize(("resource_type", "arguments", "text"), REFUSED)
def test_what_is_not_known_passes(resource_type: str, arguments: dict[str, Any], text: str) -> None:
    """As a whole, and a list until all of it is known; but what is partly known excludes others."""
    partly = {name: _partly_known(value) for name, value in arguments.items()}
    for unknown in [dict.fromkeys(arguments, UNKNOWN), *([] if "conflicts with" in text else [partly])]:
        said = objections(resource_type, full(resource_type, **unknown))
        assert not any(text in each for _, each in said), said


def _partly_known(value: Any) -> Any:
    """A list with an item that is not known, or a block in which something is not."""
    if not isinstance(value, list):
        return UNKNOWN
    return [*value, dict.fromkeys(value[0], UNKNOWN) if isinstance(value[0], dict) else UNKNOWN]


def test_every_argument_of_the_module_is_in_the_table(module: Mapping[str, Any]) -> None:
    """With its check, or as one that the provider does not validate; and none is left that the module does not set."""
    for resource_type, bodies in module["resource"].items():
        leaves = _leaves(resource_type)
        paths = {path for body in bodies.values() for path in _paths(body)}
        # Where the module has an expression in the place of blocks it sets each of their arguments.
        given = {leaf for leaf in leaves if leaf in paths or leaf.rpartition(".")[0] in paths & ATTRIBUTES_AS_BLOCKS}
        assert set(ARGUMENTS[resource_type]) & set(leaves) == given
    assert set(ARGUMENTS) == set(module["resource"])


@pytest.mark.parametrize("major", MAJORS)
def test_the_table_is_about_arguments_of_the_provider(major: int) -> None:
    """A whole number is a number, and what else is in the table is a block that excludes others."""
    for resource_type, arguments in ARGUMENTS.items():
        leaves = _leaves(resource_type, major)
        assert {leaves[path] for path, argument in arguments.items() if argument is whole} <= {"number"}
        blocks = {path: argument for path, argument in arguments.items() if path not in leaves}
        assert all(isinstance(argument, Apart) and argument.check is anything for argument in blocks.values()), blocks
        assert {path for path in blocks if not any(leaf.startswith(f"{path}.") for leaf in leaves)} == set()


@pytest.mark.parametrize(
    ("resource_type", "path"),
    [
        (resource_type, path)
        for resource_type, arguments in ARGUMENTS.items()
        for path, argument in arguments.items()
        if argument not in (anything, whole)
    ],
)
def test_each_check_is_tested(resource_type: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it a case of the list above passes."""
    monkeypatch.setitem(ARGUMENTS, resource_type, {**ARGUMENTS[resource_type], path: anything})
    assert [
        text
        for each, arguments, text in REFUSED
        if each == resource_type
        and not any(text in said for _, said in objections(resource_type, full(resource_type, **arguments)))
    ] != []


@pytest.mark.parametrize(
    ("service", "shape", "resource_type", "path"),
    [
        ("cloudwatch", "ComparisonOperator", "aws_cloudwatch_metric_alarm", "comparison_operator"),
        ("cloudwatch", "Statistic", "aws_cloudwatch_metric_alarm", "statistic"),
        ("ecs", "LaunchType", "aws_ecs_service", "launch_type"),
        ("ecs", "PropagateTags", "aws_ecs_service", "propagate_tags"),
        ("ecs", "NetworkMode", "aws_ecs_task_definition", "network_mode"),
        ("ecs", "Compatibility", "aws_ecs_task_definition", "requires_compatibilities"),
        ("ecs", "CPUArchitecture", "aws_ecs_task_definition", "runtime_platform.cpu_architecture"),
        ("ecs", "OSFamily", "aws_ecs_task_definition", "runtime_platform.operating_system_family"),
        *(
            ("elasticache", shape, "aws_elasticache_replication_group", path)
            for shape, path in {
                "AuthTokenUpdateStrategyType": "auth_token_update_strategy",
                "DestinationType": "log_delivery_configuration.destination_type",
                "LogFormat": "log_delivery_configuration.log_format",
                "LogType": "log_delivery_configuration.log_type",
            }.items()
        ),
    ],
)
def test_what_aws_allows_passes(service: str, shape: str, resource_type: str, path: str) -> None:
    """An enum of AWS that grew is not refused here for long."""
    check = _check(ARGUMENTS[resource_type][path])
    assert [value for value in service_model(service).shape_for(shape).enum if list(check(value, path))] == []


def _check(argument: Check | Apart) -> Check:
    return argument.check if isinstance(argument, Apart) else argument


def _leaves(resource_type: str, major: int = 5) -> dict[str, Any]:
    """The types of arguments that hold no others, by path."""
    return dict(_leaves_of(provider_schema(major).resource_types[resource_type].block))


def _leaves_of(block: Block, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, attribute in block.attributes.items():
        if isinstance(attribute.type, list) and isinstance(attribute.type[1], list):
            yield from ((f"{path}{name}.{inner}", kind) for inner, kind in attribute.type[1][1].items())
        else:
            yield path + name, attribute.type
    for name, nested in block.blocks.items():
        yield from _leaves_of(nested.block, f"{path}{name}.")


def _paths(body: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """What a resource of the module sets, without positions in lists."""
    for name, value in body.items():
        if name == "dynamic":
            for block, dynamic in value.items():
                yield from _paths(dynamic["content"], f"{path}{block}.")
            continue
        yield path + name
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from _paths(item, f"{path}{name}.")

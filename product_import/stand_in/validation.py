"""What the provider refuses before a plan: malformed values, and arguments that exclude each other.

One table, ARGUMENTS, has every argument that the module sets, with what the provider's schema says about it
(`ValidateFunc`, `ValidateDiagFunc`, `ConflictsWith`). The module sets no argument with `RequiredWith`, `ExactlyOneOf`
or `AtLeastOneOf`. Each type names its files of hashicorp/terraform-provider-aws, below internal/service/, read as of
5.46, and in brackets what later releases allow besides.

An argument that is not in the table passes. So does a value that is not known yet: the engine asks again in the apply.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from product_import.stand_in.checks import (
    Check,
    all_of,
    any_of,
    anything,
    arn,
    at_least,
    at_most,
    at_most_long,
    between,
    cidr,
    container_definitions,
    divisible_by,
    fits,
    in_lower_case,
    is_not_empty,
    json_text,
    last_name,
    length,
    matches,
    number_in,
    one_of,
    policy_text,
    role_name_not_arn,
    token,
    whole,
    yes_or_no,
)
from product_import.stand_in.planning import Values

from msgpack import ExtType  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Apart:
    """An argument with `ConflictsWith`."""

    others: tuple[str, ...]
    check: Check = anything


def objections(resource_type: str, config: Values) -> list[tuple[str, str]]:
    """What the provider says to a configuration: pairs of a top-level argument and a text."""
    arguments = ARGUMENTS.get(resource_type, {})
    return [(key.partition(".")[0], text) for key, text in _objections(arguments, config, config, "", "")]


def _objections(
    arguments: Mapping[str, Check | Apart], config: Values, values: Values, path: str, key: str
) -> Iterator[tuple[str, str]]:
    """As `validate` and its siblings in the SDK's schema.go. A path is a key without the positions in lists."""
    for name, value in values.items():
        if value is None or not _is_known(value):
            continue
        argument, key_here, path_here = arguments.get(path + name, anything), key + name, path + name
        if isinstance(argument, Apart):
            conflicts = [other for other in argument.others if value != [] and _is_set(config, other)]
            if conflicts:
                text = f'"{key_here}": conflicts with {conflicts[0]}'
                yield key_here, f"Conflicting configuration arguments: {text}"
                continue
            argument = argument.check
        for position, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
            item_key = key_here if position is None else f"{key_here}.{position}"
            if isinstance(item, dict) and position is not None:
                yield from _objections(arguments, config, item, f"{path_here}.", f"{item_key}.")
            elif item is not None and not isinstance(item, dict):
                yield from ((item_key, text) for text in argument(item, item_key))


def _is_known(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not isinstance(value, ExtType) and all(map(_is_known, inner))


def _is_set(config: Values, key: str) -> bool:
    value: Any = config
    for step in key.split("."):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value not in (None, []) and not isinstance(value, ExtType)


_UNIQUE_ID_SUFFIX_LENGTH = 26  # terraform-plugin-sdk, helper/id/id.go
_TIME = "([0-1][0-9]|2[0-3]):([0-5][0-9])"
_DAY = f"(sun|mon|tue|wed|thu|fri|sat):{_TIME}"
# internal/types/timestamp/timestamp.go
_DAILY = fits(f"^({_TIME}-{_TIME}|)$", '({bare}) must satisfy the format of "hh24:mi-hh24:mi"')
_WEEKLY = in_lower_case(fits(f"^({_DAY}-{_DAY}|)$", '({bare}) must satisfy the format of "ddd:hh24:mi-ddd:hh24:mi"'))
# cloudwatch/validate.go
_AUTOMATE_ARN = fits(
    r"^arn:[\w-]+:automate:[\w-]+:ec2:(reboot|recover|stop|terminate)$",
    "{key} does not match EC2 automation ARN ({pattern}): {value}",
)
_ACTION = any_of(arn, _AUTOMATE_ARN)
_METRIC_NAMESPACE = all_of(length(1, 255), matches("[^:].*", "must not contain colon characters"))
_STATISTIC = one_of(("SampleCount", "Average", "Sum", "Minimum", "Maximum"))
_STATISTICS_PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html"
_EXTENDED_STATISTIC = matches(
    r"^((p|(tm)|(wm)|(tc)|(ts))((\d{1,2}(\.\d{1,2})?)|(100))|(IQM)|(((TM)|(WM)|(PR)|(TC)|(TS)))"
    r"\((\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?\))$",
    f"invalid statistic, see: {_STATISTICS_PAGE}",
)
# elasticache/engine_version.go; Valkey came with 5.73.
_REDIS_VERSION = fits(
    r"^[1-5](\.[0-9]+){2}\Z|^((6)\.x)|([6-9]\.[0-9]+)$",
    "{bare_key}: {bare} is invalid. For Redis v6 or higher, use <major>.<minor>. "
    "For Redis v5 or lower, use <major>.<minor>.<patch>.",
)
_VALKEY_VERSION = fits(r"^[7-9]\.[0-9]+$", "{bare_key}: {bare} is invalid. For Valkey use <major>.<minor>.")
# iam/validate.go
_IAM_NAME = matches(r"^[\w+=,.@-]*$", r"must match [\w+=,.@-]")
# ec2/validate.go
_RULE_DESCRIPTION = all_of(
    at_most_long(255, "{key} cannot be longer than 255 characters: {value}"),
    fits(
        r"^[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]*$",
        "{key} doesn't comply with restrictions ({pattern}): {value}",
    ),
)
_RETENTION = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
_TRACKING = "target_tracking_scaling_policy_configuration"
_CUSTOMIZED = f"{_TRACKING}.0.customized_metric_specification"


def _free(*names: str) -> dict[str, Check]:
    """Arguments that the provider does not validate."""
    return dict.fromkeys(names, anything)


def _whole(*names: str) -> dict[str, Check]:
    """Numbers that only have to be whole."""
    return dict.fromkeys(names, whole)


def _below(block: str, arguments: Mapping[str, Check | Apart]) -> dict[str, Check | Apart]:
    return {f"{block}.{name}": argument for name, argument in arguments.items()}


ARGUMENTS: Mapping[str, Mapping[str, Check | Apart]] = {
    # appautoscaling/policy.go
    "aws_appautoscaling_policy": {
        "name": length(0, 255),
        **_free("policy_type", "resource_id", "scalable_dimension", "service_namespace"),
        **_below(
            "step_scaling_policy_configuration",
            {
                **_free("adjustment_type", "metric_aggregation_type"),
                **_whole("cooldown", "step_adjustment.scaling_adjustment"),
                **_free("step_adjustment.metric_interval_lower_bound", "step_adjustment.metric_interval_upper_bound"),
            },
        ),
        **_below(
            _TRACKING,
            {
                **_free("target_value", "predefined_metric_specification.predefined_metric_type"),
                **_whole("scale_in_cooldown", "scale_out_cooldown"),
                "predefined_metric_specification": Apart((_CUSTOMIZED,)),
                "customized_metric_specification": Apart((f"{_TRACKING}.0.predefined_metric_specification",)),
                "customized_metric_specification.metrics": Apart(
                    tuple(
                        f"{_CUSTOMIZED}.0.{name}"
                        for name in ("dimensions", "metric_name", "namespace", "statistic", "unit")
                    )
                ),
            },
        ),
        **_below(
            f"{_TRACKING}.customized_metric_specification.metrics",
            {
                "expression": length(1, 2047),
                "id": length(1, 255),
                "label": length(1, 2047),
                "metric_stat.stat": length(1, 100),
                **_free("return_data", "metric_stat.metric.metric_name", "metric_stat.metric.namespace"),
                **_free("metric_stat.metric.dimensions.name", "metric_stat.metric.dimensions.value"),
            },
        ),
    },
    # appautoscaling/target.go
    "aws_appautoscaling_target": {
        **_whole("max_capacity", "min_capacity"),
        **_free("resource_id", "scalable_dimension", "service_namespace"),
    },
    # cloudwatch/dashboard.go and validate.go
    "aws_cloudwatch_dashboard": {
        "dashboard_body": json_text,
        "dashboard_name": all_of(
            at_most_long(255, "{key} cannot be longer than 255 characters: {value}"),
            fits("^[0-9A-Za-z_-]+$", "{key} doesn't comply with restrictions ({pattern}): {value}"),
        ),
    },
    # logs/group.go and validate.go
    "aws_cloudwatch_log_group": {
        "name": Apart(
            ("name_prefix",),
            all_of(
                at_most_long(512, "{key} cannot be longer than 512 characters: {value}"),
                fits(
                    "^[0-9A-Za-z_./#-]+$",
                    "{key} isn't a valid log group name (alphanumeric characters, underscores, "
                    "hyphens, slashes, hash signs and dots are allowed): {value}",
                ),
            ),
        ),
        "retention_in_days": number_in(_RETENTION),
        **_free("kms_key_id", "tags"),
    },
    # cloudwatch/metric_alarm.go, and types/enums.go of aws-sdk-go-v2 (later: a period of 20 seconds)
    "aws_cloudwatch_metric_alarm": {
        **dict.fromkeys(("alarm_actions", "ok_actions"), _ACTION),
        "alarm_description": length(0, 1024),
        "alarm_name": length(1, 255),
        "comparison_operator": one_of(
            (
                *("GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold"),
                *("LessThanOrEqualToThreshold", "LessThanLowerOrGreaterThanUpperThreshold"),
                *("LessThanLowerThreshold", "GreaterThanUpperThreshold"),
            )
        ),
        "dimensions": Apart(("metric_query",)),
        "evaluation_periods": at_least(1),
        "metric_name": Apart(("metric_query",), length(1, 255)),
        "metric_query": Apart(("metric_name",)),
        "metric_query.expression": length(1, 1024),
        "metric_query.id": length(1, 255),
        "metric_query.metric.metric_name": length(1, 255),
        "metric_query.metric.namespace": _METRIC_NAMESPACE,
        "metric_query.metric.period": any_of(number_in((1, 5, 10, 20, 30)), divisible_by(60)),
        "metric_query.metric.stat": last_name(any_of(_STATISTIC, _EXTENDED_STATISTIC)),
        **_free("metric_query.label", "metric_query.metric.dimensions", "metric_query.return_data"),
        "namespace": Apart(("metric_query",), _METRIC_NAMESPACE),
        "period": Apart(("metric_query",), any_of(number_in((10, 20, 30)), divisible_by(60))),
        "statistic": Apart(("extended_statistic", "metric_query"), _STATISTIC),
        "tags": anything,
        "threshold": Apart(("threshold_metric_id",)),
        "treat_missing_data": one_of(("breaching", "ignore", "missing", "notBreaching"), ignore_case=True),
    },
    # ecs/service.go, and service/ecs/api.go of aws-sdk-go (later: MANAGED_INSTANCES)
    "aws_ecs_service": {
        "capacity_provider_strategy.base": between(0, 100000),
        "capacity_provider_strategy.weight": between(0, 1000),
        "launch_type": one_of(("EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES")),
        "propagate_tags": one_of(("TASK_DEFINITION", "SERVICE", "NONE")),
        **_free("capacity_provider_strategy.capacity_provider", "cluster", "name", "tags", "task_definition"),
        **_free("deployment_circuit_breaker.enable", "deployment_circuit_breaker.rollback"),
        **_whole("deployment_maximum_percent", "deployment_minimum_healthy_percent", "desired_count"),
        **_free("enable_execute_command", "force_new_deployment", "wait_for_steady_state"),
        **_free("network_configuration.assign_public_ip", "network_configuration.security_groups"),
        **_free("network_configuration.subnets"),
    },
    # ecs/task_definition.go, and service/ecs/api.go of aws-sdk-go (later: MANAGED_INSTANCES, WINDOWS_SERVER_2025_...)
    "aws_ecs_task_definition": {
        "container_definitions": container_definitions,
        "execution_role_arn": arn,
        "family": all_of(
            length(1, 255),
            matches(
                "^[0-9A-Za-z_-]+$",
                "see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html",
            ),
        ),
        "network_mode": one_of(("bridge", "host", "awsvpc", "none")),
        "requires_compatibilities": one_of(("EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES")),
        "runtime_platform.cpu_architecture": one_of(("X86_64", "ARM64")),
        "runtime_platform.operating_system_family": one_of(
            (
                *("WINDOWS_SERVER_2019_FULL", "WINDOWS_SERVER_2019_CORE", "WINDOWS_SERVER_2016_FULL"),
                *("WINDOWS_SERVER_2004_CORE", "WINDOWS_SERVER_2022_CORE", "WINDOWS_SERVER_2022_FULL"),
                *("WINDOWS_SERVER_2025_CORE", "WINDOWS_SERVER_2025_FULL", "WINDOWS_SERVER_20H2_CORE", "LINUX"),
            )
        ),
        "task_role_arn": arn,
        **_free("cpu", "memory", "skip_destroy", "tags"),
    },
    # elasticache/parameter_group.go
    "aws_elasticache_parameter_group": _free("family", "name", "parameter.name", "parameter.value", "tags"),
    # elasticache/replication_group.go, validate.go and engine_version.go, service/elasticache/api.go of aws-sdk-go
    "aws_elasticache_replication_group": {
        "at_rest_encryption_enabled": yes_or_no,
        "auth_token": Apart(("user_group_ids",), token),
        "auth_token_update_strategy": one_of(("SET", "ROTATE", "DELETE")),
        "auto_minor_version_upgrade": yes_or_no,
        "description": is_not_empty,
        "engine": one_of(("redis", "valkey"), ignore_case=True),
        "engine_version": any_of(_REDIS_VERSION, _VALKEY_VERSION),
        "log_delivery_configuration.destination_type": last_name(one_of(("cloudwatch-logs", "kinesis-firehose"))),
        "log_delivery_configuration.log_format": last_name(one_of(("text", "json"))),
        "log_delivery_configuration.log_type": last_name(one_of(("slow-log", "engine-log"))),
        "maintenance_window": _WEEKLY,
        "num_cache_clusters": Apart(("num_node_groups",), whole),
        "port": whole,
        "replication_group_id": all_of(
            length(1, 40),
            matches("^[0-9A-Za-z-]+$", "must contain only alphanumeric characters and hyphens"),
            matches("^[A-Za-z]", "must begin with a letter"),
            matches("--", "cannot contain two consecutive hyphens", does=False),
            matches("-$", "cannot end with a hyphen", does=False),
        ),
        "snapshot_retention_limit": at_most(35),
        "snapshot_window": _DAILY,
        **_free("apply_immediately", "automatic_failover_enabled", "final_snapshot_identifier", "kms_key_id"),
        **_free("log_delivery_configuration.destination", "multi_az_enabled", "node_type", "parameter_group_name"),
        **_free("security_group_ids", "snapshot_name", "subnet_group_name", "tags", "transit_encryption_enabled"),
    },
    # elasticache/subnet_group.go
    "aws_elasticache_subnet_group": _free("name", "subnet_ids", "tags"),
    # iam/role.go and validate.go
    "aws_iam_role": {
        "assume_role_policy": policy_text,
        "name": Apart(("name_prefix",), all_of(length(1, 64), _IAM_NAME)),
        "permissions_boundary": arn,
        "tags": anything,
    },
    # iam/role_policy.go and validate.go
    "aws_iam_role_policy": {
        "name": Apart(("name_prefix",), all_of(length(1, 128), _IAM_NAME)),
        "policy": policy_text,
        "role": all_of(
            length(1, 128),
            fits(r"[\w+=,.@-]+", "expected value of {bare_key} to match regular expression {pattern}, got {bare}"),
            role_name_not_arn,
        ),
    },
    # iam/role_policy_attachment.go
    "aws_iam_role_policy_attachment": {"policy_arn": arn, "role": anything},
    # secretsmanager/secret.go and validate.go
    "aws_secretsmanager_secret": {
        "name_prefix": Apart(
            ("name",),
            all_of(
                fits(
                    "^[0-9A-Za-z/_+=.@-]+$",
                    "only alphanumeric characters and /_+=.@- special characters are allowed in {key}",
                ),
                at_most_long(512 - _UNIQUE_ID_SUFFIX_LENGTH, "{key} cannot be greater than {limit} characters"),
            ),
        ),
        **_free("description", "kms_key_id", "tags"),
    },
    # secretsmanager/secret_version.go (later: secret_string_wo)
    "aws_secretsmanager_secret_version": {
        "secret_id": anything,
        "secret_string": Apart(("secret_binary", "secret_string_wo")),
    },
    # ec2/vpc_security_group.go and validate.go
    "aws_security_group": {
        "description": length(0, 255),
        "name_prefix": Apart(
            ("name",),
            all_of(length(0, 255 - _UNIQUE_ID_SUFFIX_LENGTH), matches("^sg-", "cannot begin with sg-", does=False)),
        ),
        **_free("tags", "vpc_id"),
        **{
            f"{direction}.{name}": argument
            for direction in ("egress", "ingress")
            for name, argument in {
                "cidr_blocks": cidr(4),
                "description": _RULE_DESCRIPTION,
                "ipv6_cidr_blocks": cidr(6),
                **_whole("from_port", "to_port"),
                **_free("prefix_list_ids", "protocol", "security_groups", "self"),
            }.items()
        },
    },
}

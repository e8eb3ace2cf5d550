"""The options: a value of each off its default, what it changes where the module is deployed, and to what."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from product_import.inputs import INPUTS
from product_import.plan_diff.environments import DOCUMENTED
from tests.contract import ADDRESSES

Argument = tuple[str, str]
"""The address of a resource in the module, and one of its arguments, after a dot a key of the worker's container."""

GROUP = "aws_elasticache_replication_group.redis"
PARAMETERS = "aws_elasticache_parameter_group.redis"
SERVICE = "aws_ecs_service.import_worker"
TASK = "aws_ecs_task_definition.import_worker"
SECRETS_POLICY = "aws_iam_role_policy.ecs_execution_secrets"
TASK_POLICY = "aws_iam_role_policy.ecs_task_cloudwatch"
WORKER_LOGS = "aws_cloudwatch_log_group.import_worker"
REDIS_LOGS = "aws_cloudwatch_log_group.redis_engine_log", "aws_cloudwatch_log_group.redis_slow_log"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret"
URL = "aws_secretsmanager_secret.redis_url"
ROLES = "aws_iam_role.ecs_execution_role", "aws_iam_role.ecs_task_role"
REDIS_RULES, WORKER_RULES = "aws_security_group.redis", "aws_security_group.import_worker"
ALARM = "aws_cloudwatch_metric_alarm"
QUEUE_POLICY = "aws_appautoscaling_policy.import_worker_queue_depth"
CPU_POLICY = "aws_appautoscaling_policy.import_worker_cpu"
DASHBOARD = "aws_cloudwatch_dashboard.product_import[0]"
FAST_POLICY = "aws_appautoscaling_policy.import_worker_fast_scale_out[0]"
KEY = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
TARGET = "aws_appautoscaling_target.import_worker"
TAGLESS = {
    *("aws_appautoscaling_policy", "aws_appautoscaling_target", "aws_iam_role_policy"),
    *("aws_iam_role_policy_attachment", "aws_secretsmanager_secret_version"),
}
TAGGED = [address for address in ADDRESSES if address.split(".")[0] not in TAGLESS]
REDIS_TAGS = {"Name": "production-product-import-redis", "Service": "product-import", "Criticality": "high"}
CLIENTS = ["sg-0123456789abcdef0", "sg-12345678"]
TRACKING = "target_tracking_scaling_policy_configuration"
REVISION = [(SERVICE, "task_definition")]
# The alarms name the nodes.
ANOTHER_REDIS = [
    ("aws_secretsmanager_secret_version.redis_url", "secret_string"),
    (f"{ALARM}.redis_cpu_high", "metric_query"),
    (f"{ALARM}.redis_memory_high", "metric_query"),
]


@dataclass(frozen=True)
class Option:
    """A value off the default.

    Attributes:
        planned: what arguments are then.
        worker: what the worker's container has then; of a list, items in their order.
        statements: the last statement of policies then, by address.
        rules: a rule of security groups then, without what is empty.
        further: arguments that it sets beside these.
        follows: arguments that change in consequence, as they may with another option.
        follows_with_5: such arguments that provider 6 leaves unchanged.
        along: what else has to be set with it.
    """

    value: Any
    planned: Mapping[Argument, Any] = field(default_factory=dict)
    worker: Mapping[str, Any] = field(default_factory=dict)
    statements: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[Argument, Any] = field(default_factory=dict)
    further: Collection[Argument] = ()
    follows: Collection[Argument] = ()
    follows_with_5: Collection[Argument] = ()
    along: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sets(self) -> set[Argument]:
        """The arguments that are its own."""
        keys = {(TASK, f"container_definitions.{key}") for key in self.worker}
        policies = {(address, "policy") for address in self.statements}
        return {*self.planned, *self.rules, *self.further} | keys | policies

    def changes(self, major: int = 5) -> set[Argument]:
        """All arguments that change with a major version of the provider."""
        changed = {*self.sets, *self.follows, *(self.follows_with_5 if major == 5 else ())}
        return {(address, argument.partition(".")[0]) for address, argument in changed}


OPTIONS: Mapping[str, Option] = {
    "tags": Option(
        {**DOCUMENTED["tags"], "Team": "import"},
        {(GROUP, "tags"): {**DOCUMENTED["tags"], "Team": "import", **REDIS_TAGS}},
        further=[(address, argument) for address in TAGGED for argument in ("tags", "tags_all")],
    ),
    "redis_node_type": Option(
        "cache.r7g.xlarge",
        {(GROUP, "node_type"): "cache.r7g.xlarge"},
        follows=[(f"{ALARM}.redis_cpu_high", "metric_query")],
    ),
    "redis_num_replicas": Option(
        2,
        {(GROUP, "num_cache_clusters"): 2},
        further=[(GROUP, "member_clusters")],
        follows=[(f"{ALARM}.redis_cpu_high", "metric_query"), (f"{ALARM}.redis_memory_high", "metric_query")],
    ),
    "redis_engine": Option(
        "valkey",
        {
            (GROUP, "engine"): "valkey",
            (GROUP, "engine_version"): "8.1",
            (GROUP, "parameter_group_name"): "production-product-import-redis-params-valkey8",
            (PARAMETERS, "family"): "valkey8",
            (PARAMETERS, "name"): "production-product-import-redis-params-valkey8",
        },
        along={"redis_engine_version": "8.1"},
    ),
    "redis_engine_version": Option("7.1", {(GROUP, "engine_version"): "7.1"}),
    "worker_cpu": Option(1024, {(TASK, "cpu"): "1024"}, follows=REVISION),
    "worker_memory": Option(8192, {(TASK, "memory"): "8192"}, follows=REVISION),
    "worker_concurrency": Option(6, further=[(TASK, "container_definitions.environment")], follows=REVISION),
    "worker_min_count": Option(
        3,
        {(TARGET, "min_capacity"): 3, (f"{ALARM}.worker_count_low", "threshold"): 3},
    ),
    "worker_max_count": Option(51, {(TARGET, "max_capacity"): 51}),
    "target_jobs_per_worker": Option(2.5, further=[(QUEUE_POLICY, TRACKING)]),
    "queue_depth_image": Option(
        "queue-depth:1", further=[(TASK, "container_definitions.queue-depth")], follows=REVISION
    ),
    "worker_cpu_architecture": Option(
        "ARM64",
        {(TASK, "runtime_platform"): [{"cpu_architecture": "ARM64", "operating_system_family": "LINUX"}]},
        follows=REVISION,
    ),
    "worker_command": Option(
        ["node", 'a"b\\c${d}%{e}.js'], follows=REVISION, worker={"command": ["node", 'a"b\\c${d}%{e}.js']}
    ),
    "worker_health_check_command": Option(
        ["CMD", "true"],
        follows=REVISION,
        worker={
            "healthCheck": {"command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 3, "startPeriod": 60}
        },
    ),
    "worker_environment": Option(
        {"LOG_LEVEL": "debug", "ODD": 'a"b\\c${d}%{e}ü\n'},
        follows=REVISION,
        worker={
            "environment": [
                {"name": "LOG_LEVEL", "value": "debug"},
                {"name": "ODD", "value": 'a"b\\c${d}%{e}ü\n'},
            ]
        },
    ),
    "worker_secrets": Option(
        {"API_KEY": f"{SECRET}:api-AbCdEf:key::", "SIGNING_KEY": f"{SECRET}:signing-AbCdEf"},
        follows=REVISION,
        worker={
            "secrets": [
                {"name": "API_KEY", "valueFrom": f"{SECRET}:api-AbCdEf:key::"},
                {"name": "SIGNING_KEY", "valueFrom": f"{SECRET}:signing-AbCdEf"},
            ]
        },
        statements={
            SECRETS_POLICY: {
                "Effect": "Allow",
                "Action": "secretsmanager:GetSecretValue",
                "Resource": [
                    f"{SECRET}:database-AbCdEf",
                    f"{SECRET}:encryption-AbCdEf",
                    ...,
                    f"{SECRET}:api-AbCdEf",
                    f"{SECRET}:signing-AbCdEf",
                ],
            }
        },
    ),
    "worker_enable_execute_command": Option(
        True,
        {(SERVICE, "enable_execute_command"): True},
        statements={
            TASK_POLICY: {
                "Effect": "Allow",
                "Action": [
                    "ssmmessages:CreateControlChannel",
                    "ssmmessages:CreateDataChannel",
                    "ssmmessages:OpenControlChannel",
                    "ssmmessages:OpenDataChannel",
                ],
                "Resource": "*",
            }
        },
    ),
    "worker_wait_for_steady_state": Option(True, {(SERVICE, "wait_for_steady_state"): True}),
    "propagate_tags": Option("SERVICE", {(SERVICE, "propagate_tags"): "SERVICE"}),
    "worker_log_retention_in_days": Option(90, {(WORKER_LOGS, "retention_in_days"): 90}),
    "queue_name": Option(
        "imports",
        {(f"{ALARM}.queue_overload", "dimensions"): {"Environment": "production", "QueueName": "imports"}},
        worker={"environment": [{"name": "QUEUE_NAME", "value": "imports"}]},
        further=[(QUEUE_POLICY, TRACKING)],
        follows=REVISION,
    ),
    "queue_prefix": Option(
        "{jobs}", worker={"environment": [{"name": "QUEUE_PREFIX", "value": "{jobs}"}]}, follows=REVISION
    ),
    "redis_apply_immediately": Option(True, {(GROUP, "apply_immediately"): True}),
    "redis_snapshot_name": Option("kept", {(GROUP, "snapshot_name"): "kept"}, follows=ANOTHER_REDIS),
    "redis_final_snapshot_identifier": Option("last", {(GROUP, "final_snapshot_identifier"): "last"}),
    "redis_kms_key_arn": Option(KEY, {(GROUP, "kms_key_id"): KEY}, follows=ANOTHER_REDIS),
    "kms_key_arn": Option(
        KEY,
        {(address, "kms_key_id"): KEY for address in (WORKER_LOGS, *REDIS_LOGS, URL)},
        statements={SECRETS_POLICY: {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY}},
    ),
    "iam_permissions_boundary_arn": Option(
        "arn:aws:iam::123456789012:policy/bounds",
        {(role, "permissions_boundary"): "arn:aws:iam::123456789012:policy/bounds" for role in ROLES},
    ),
    "redis_client_security_group_ids": Option(
        CLIENTS,
        rules={
            (REDIS_RULES, "ingress"): {
                "description": "Redis from its other clients",
                "from_port": 6379,
                "to_port": 6379,
                "protocol": "tcp",
                "security_groups": ["sg-0123456789abcdef0", "sg-12345678"],
            }
        },
    ),
    "worker_egress_cidr_blocks": Option(
        ["10.0.0.0/16", "192.168.1.0/24"],
        rules={
            (WORKER_RULES, "egress"): {
                "description": "Allow outbound to the given networks",
                "protocol": "-1",
                "cidr_blocks": ["10.0.0.0/16", "192.168.1.0/24"],
            }
        },
    ),
    "worker_scale_in_protection": Option(
        True,
        statements={
            TASK_POLICY: {
                "Effect": "Allow",
                "Action": ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
                "Resource": "arn:aws:ecs:us-east-1:*:task/main/*",
            }
        },
    ),
    "worker_fargate_spot_percent": Option(
        40,
        {
            (SERVICE, "capacity_provider_strategy"): [
                {"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 40},
                {"capacity_provider": "FARGATE", "base": 2, "weight": 60},
            ],
            (SERVICE, "force_new_deployment"): True,
        },
        follows_with_5=[(address, "resource_id") for address in (TARGET, QUEUE_POLICY, CPU_POLICY)],
    ),
    "worker_count_source": Option(
        "container_insights",
        {
            (f"{ALARM}.worker_count_low", "namespace"): "ECS/ContainerInsights",
            (f"{ALARM}.worker_count_low", "metric_name"): "RunningTaskCount",
            (f"{ALARM}.worker_count_low", "statistic"): "Average",
        },
        further=[(QUEUE_POLICY, TRACKING)],
    ),
    "fast_scale_out": Option(
        True,
        {
            (f"{ALARM}.fast_scale_out[0]", "alarm_name"): "production-product-import-fast-scale-out",
            (f"{ALARM}.fast_scale_out[0]", "comparison_operator"): "GreaterThanThreshold",
            (f"{ALARM}.fast_scale_out[0]", "threshold"): 1,
            (f"{ALARM}.fast_scale_out[0]", "evaluation_periods"): 1,
            (f"{ALARM}.fast_scale_out[0]", "treat_missing_data"): "missing",
            (FAST_POLICY, "name"): "production-import-worker-fast-scale-out",
            (FAST_POLICY, "policy_type"): "StepScaling",
        },
    ),
    "redis_cpu_threshold": Option(50, {(f"{ALARM}.redis_cpu_high", "threshold"): 50}),
    "redis_memory_threshold": Option(60, {(f"{ALARM}.redis_memory_high", "threshold"): 60}),
    "queue_overload_threshold": Option(7, {(f"{ALARM}.queue_overload", "threshold"): 7}),
    "create_dashboard": Option(True, {(DASHBOARD, "dashboard_name"): "production-product-import"}),
    "redis_log_retention_in_days": Option(1, {(logs, "retention_in_days"): 1 for logs in REDIS_LOGS}),
}


def values(names: Iterable[str]) -> dict[str, Any]:
    """What is set for these options."""
    return {name: OPTIONS[name].value for name in names} | {
        name: value for option in names for name, value in OPTIONS[option].along.items()
    }


def grouped() -> list[list[str]]:
    """Options that one plan shows as if each were alone: no two meet in an argument, so each change has one cause."""
    groups: list[list[str]] = []
    left = list(OPTIONS)
    while left:
        chosen: list[str] = []
        for name in left:
            if not any(_disturb(name, other) for other in chosen):
                chosen.append(name)
        groups.append(chosen)
        left = [name for name in left if name not in chosen]
    return groups


def _disturb(name: str, other: str) -> bool:
    """Whether two options set the same, or one replaces what the other changes in place."""
    shared = {address for address, _ in OPTIONS[name].changes()} & {address for address, _ in OPTIONS[other].changes()}
    replaced = {address for address in shared if _replaces(name, address) != _replaces(other, address)}
    return bool(replaced or OPTIONS[name].sets & OPTIONS[other].sets)


def _replaces(name: str, address: str) -> bool:
    (effect,) = (row.effect for row in INPUTS if row.name == name)
    return address.partition(".")[0].removeprefix("aws_") in effect.replaces

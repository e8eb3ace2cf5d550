"""The options: what each plans alone, and all that can stand together from the first plan to the end."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from product_import.engine import Engine
from product_import.inputs import INPUTS
from tests.contract import ADDRESSES, OPTIONAL_ADDRESSES
from tests.engine import deployment
from tests.engine.conftest import both_majors
from tests.engine.deployment import Deployment
from tests.engine.emulator import Emulator

import pytest

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
FAST_POLICY = "aws_appautoscaling_policy.import_worker_fast_scale_out[0]"
DASHBOARD = "aws_cloudwatch_dashboard.product_import[0]"
KEY = "arn:aws:kms:us-east-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
REVISION = {TASK, SERVICE}
# The alarms name the nodes.
REDIS_REPLACED = {
    GROUP,
    "aws_secretsmanager_secret_version.redis_url",
    f"{ALARM}.redis_cpu_high",
    f"{ALARM}.redis_memory_high",
}


@dataclass(frozen=True)
class Option:
    """A value off the default.

    Attributes:
        changed: the addresses that change where the module is deployed without it.
        planned: what arguments are then, by address and argument.
        worker: what the worker's container has then; of a list its last items.
        statements: the last statement of policies then, by address.
        rules: a rule of security groups then, by address and direction, without what is empty.
        along: what else has to be set with it.
    """

    value: Any
    changed: set[str]
    planned: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    worker: Mapping[str, Any] = field(default_factory=dict)
    statements: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    along: Mapping[str, Any] = field(default_factory=dict)


OPTIONS: Mapping[str, Option] = {
    "redis_engine": Option(
        "valkey",
        {GROUP, PARAMETERS},
        {
            (GROUP, "engine"): "valkey",
            (GROUP, "engine_version"): "8.1",
            (GROUP, "parameter_group_name"): "production-product-import-redis-params-valkey8",
            (PARAMETERS, "family"): "valkey8",
            (PARAMETERS, "name"): "production-product-import-redis-params-valkey8",
        },
        along={"redis_engine_version": "8.1"},
    ),
    "redis_engine_version": Option("7.1", {GROUP}, {(GROUP, "engine_version"): "7.1"}),
    "worker_cpu_architecture": Option(
        "ARM64",
        REVISION,
        {(TASK, "runtime_platform"): [{"cpu_architecture": "ARM64", "operating_system_family": "LINUX"}]},
    ),
    "worker_command": Option(
        ["node", 'a"b\\c${d}%{e}.js'], REVISION, worker={"command": ["node", 'a"b\\c${d}%{e}.js']}
    ),
    "worker_health_check_command": Option(
        ["CMD", "true"],
        REVISION,
        worker={
            "healthCheck": {"command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 3, "startPeriod": 60}
        },
    ),
    "worker_environment": Option(
        {"LOG_LEVEL": "debug", "ODD": 'a"b\\c${d}%{e}ü\n'},
        REVISION,
        worker={
            "environment": [
                {"name": "LOG_LEVEL", "value": "debug"},
                {"name": "ODD", "value": 'a"b\\c${d}%{e}ü\n'},
            ]
        },
    ),
    "worker_secrets": Option(
        {"API_KEY": f"{SECRET}:api-AbCdEf:key::", "SIGNING_KEY": f"{SECRET}:signing-AbCdEf"},
        {*REVISION, SECRETS_POLICY},
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
        {SERVICE, TASK_POLICY},
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
    "worker_wait_for_steady_state": Option(True, {SERVICE}, {(SERVICE, "wait_for_steady_state"): True}),
    "propagate_tags": Option("SERVICE", {SERVICE}, {(SERVICE, "propagate_tags"): "SERVICE"}),
    "worker_log_retention_in_days": Option(90, {WORKER_LOGS}, {(WORKER_LOGS, "retention_in_days"): 90}),
    "queue_name": Option(
        "imports",
        {*REVISION, QUEUE_POLICY, f"{ALARM}.queue_overload"},
        {(f"{ALARM}.queue_overload", "dimensions"): {"Environment": "production", "QueueName": "imports"}},
        worker={"environment": [{"name": "QUEUE_NAME", "value": "imports"}]},
    ),
    "queue_prefix": Option("{jobs}", REVISION, worker={"environment": [{"name": "QUEUE_PREFIX", "value": "{jobs}"}]}),
    "redis_apply_immediately": Option(True, {GROUP}, {(GROUP, "apply_immediately"): True}),
    "redis_snapshot_name": Option("kept", REDIS_REPLACED, {(GROUP, "snapshot_name"): "kept"}),
    "redis_final_snapshot_identifier": Option("last", {GROUP}, {(GROUP, "final_snapshot_identifier"): "last"}),
    "redis_kms_key_arn": Option(KEY, REDIS_REPLACED, {(GROUP, "kms_key_id"): KEY}),
    "kms_key_arn": Option(
        KEY,
        {WORKER_LOGS, *REDIS_LOGS, URL, SECRETS_POLICY},
        {(address, "kms_key_id"): KEY for address in (WORKER_LOGS, *REDIS_LOGS, URL)},
        statements={SECRETS_POLICY: {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY}},
    ),
    "iam_permissions_boundary_arn": Option(
        "arn:aws:iam::123456789012:policy/bounds",
        {*ROLES},
        {(role, "permissions_boundary"): "arn:aws:iam::123456789012:policy/bounds" for role in ROLES},
    ),
    "redis_client_security_group_ids": Option(
        ["sg-0123456789abcdef0", "sg-12345678"],
        {REDIS_RULES},
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
        {WORKER_RULES},
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
        {TASK_POLICY},
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
        {SERVICE},
        {
            (SERVICE, "capacity_provider_strategy"): [
                {"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 40},
                {"capacity_provider": "FARGATE", "base": 2, "weight": 60},
            ],
            (SERVICE, "force_new_deployment"): True,
        },
    ),
    "worker_count_source": Option(
        "container_insights",
        {QUEUE_POLICY, f"{ALARM}.worker_count_low"},
        {
            (f"{ALARM}.worker_count_low", "namespace"): "ECS/ContainerInsights",
            (f"{ALARM}.worker_count_low", "metric_name"): "RunningTaskCount",
            (f"{ALARM}.worker_count_low", "statistic"): "Average",
        },
    ),
    "fast_scale_out": Option(
        True,
        OPTIONAL_ADDRESSES["fast_scale_out"],
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
    "redis_cpu_threshold": Option(50, {f"{ALARM}.redis_cpu_high"}, {(f"{ALARM}.redis_cpu_high", "threshold"): 50}),
    "redis_memory_threshold": Option(
        60, {f"{ALARM}.redis_memory_high"}, {(f"{ALARM}.redis_memory_high", "threshold"): 60}
    ),
    "queue_overload_threshold": Option(7, {f"{ALARM}.queue_overload"}, {(f"{ALARM}.queue_overload", "threshold"): 7}),
    "create_dashboard": Option(
        True,
        OPTIONAL_ADDRESSES["create_dashboard"],
        {(DASHBOARD, "dashboard_name"): "production-product-import"},
    ),
    "redis_log_retention_in_days": Option(1, {*REDIS_LOGS}, {(logs, "retention_in_days"): 1 for logs in REDIS_LOGS}),
}


def grouped() -> Iterator[list[str]]:
    """Options that one plan shows as if each were alone: no two of them change the same resource."""
    left = list(OPTIONS)
    while left:
        changed: set[str] = set()
        chosen = []
        for name in left:
            if changed.isdisjoint(OPTIONS[name].changed):
                changed |= OPTIONS[name].changed
                chosen.append(name)
        yield chosen
        left = [name for name in left if name not in chosen]


def values(names: Iterable[str]) -> dict[str, Any]:
    """What is set for these options."""
    return {name: OPTIONS[name].value for name in names} | {
        name: value for option in names for name, value in OPTIONS[option].along.items()
    }


@pytest.fixture(scope="module")
def applied(deployments: Callable[[int], Deployment]) -> Deployment:
    """A deployment without an option."""
    return deployments(5)


@pytest.fixture(scope="module")
def plans(applied: Deployment) -> Mapping[str, dict[str, Any]]:
    """The plan that sets an option where the module is deployed without it, by the option's name."""
    return {name: plan for names in grouped() for plan in [applied.plan(**values(names))] for name in names}


def test_each_option_is_here() -> None:
    """But those that had their tests before there were so many."""
    early = {"aws_region", "tags", "redis_node_type", "redis_num_replicas", "queue_depth_image"}
    early |= {"worker_cpu", "worker_memory", "worker_concurrency"}
    early |= {"worker_min_count", "worker_max_count", "target_jobs_per_worker"}
    assert {row.name for row in INPUTS if not row.required} - early == set(OPTIONS)


@pytest.mark.parametrize("names", list(grouped()), ids="+".join)
def test_an_option_changes_what_it_is_about(plans: Mapping[str, Any], applied: Deployment, names: list[str]) -> None:
    """And no other resource."""
    changes = applied.changes(plans[names[0]])
    assert set(changes) == set[str]().union(*(OPTIONS[name].changed for name in names))


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_replaces_what_the_readme_says(plans: Mapping[str, Any], applied: Deployment, name: str) -> None:
    """Of what it changes, the rest is changed in place or added."""
    (row,) = (row for row in INPUTS if row.name == name)
    changes = applied.changes(plans[name])
    replaced = {address.split(".")[0] for address in OPTIONS[name].changed if "delete" in changes[address]}
    assert replaced == {f"aws_{kind}" for kind in row.replaces}


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_does_what_it_says(plans: Mapping[str, Any], applied: Deployment, name: str) -> None:
    """Each argument has the value that is written here."""
    option, planned = OPTIONS[name], applied.resources(plans[name])
    for (address, argument), value in option.planned.items():
        assert planned[address][argument] == value, f"{address}.{argument}"
    if option.worker:
        worker, *_ = json.loads(planned[TASK]["container_definitions"])
        for key, value in option.worker.items():
            found = worker[key]
            assert (found[-len(value) :] if isinstance(found, list) else found) == value
    for address, statement in option.statements.items():
        *_, last = json.loads(planned[address]["policy"])["Statement"]
        if "Resource" in last and isinstance(last["Resource"], list):
            last["Resource"] = [... if "redis-url" in arn else arn for arn in last["Resource"]]
        assert last == statement
    for (address, direction), rule in option.rules.items():
        rules = [{name: value for name, value in found.items() if value} for found in planned[address][direction]]
        assert rule in rules


@pytest.mark.parametrize("partition", ["aws-us-gov", "aws-cn"])
def test_the_partition_is_that_of_the_bucket(applied: Deployment, partition: str) -> None:
    """In the ARNs that the module makes of it."""
    plan = applied.plan(s3_bucket_arn=f"arn:{partition}:s3:::images", worker_scale_in_protection=True)
    planned = applied.resources(plan)
    managed = planned["aws_iam_role_policy_attachment.ecs_execution_role_policy"]
    assert managed["policy_arn"] == f"arn:{partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    *_, protection = json.loads(planned[TASK_POLICY]["policy"])["Statement"]
    assert protection["Resource"] == f"arn:{partition}:ecs:us-east-1:*:task/main/*"


ALL = values(OPTIONS)


@both_majors
def test_all_options_live_together(engine: Engine, synthesized: Path) -> None:
    """They are created at the addresses of every deployment, leave nothing to change, and go."""
    deployed = deployment.consumer(engine, synthesized)
    deployed.init()
    everything = ADDRESSES.union(*OPTIONAL_ADDRESSES.values())
    deployed.apply(**ALL)
    state = deployed.state()
    assert set(state) == everything
    assert state[f"{ALARM}.fast_scale_out[0]"]["alarm_actions"] == [state[FAST_POLICY]["arn"]]
    assert deployed.changes(deployed.plan(**ALL)) == {}
    engine.destroy()
    assert deployed.state() == {}


@both_majors
def test_aws_takes_all_options_together(emulator: Emulator, engine: Engine, synthesized: Path) -> None:
    """As far as the emulator knows them, which also lets all of it go."""
    deployed = deployment.consumer(engine, synthesized)
    deployed.init()
    client = emulator.client("ec2").create_security_group(
        GroupName="client", Description="Adds jobs", VpcId=emulator.vpc_id
    )
    there = {
        "redis_client_security_group_ids": [client["GroupId"]],
        "sns_alarm_topic_arn": "arn:aws:sns:eu-central-1:123456789012:alarms",
        "sns_critical_topic_arn": "arn:aws:sns:eu-central-1:123456789012:critical",
    }
    deployed.apply(
        **ALL | there,
        aws_region="eu-central-1",
        ecs_cluster_id=emulator.cluster_arn,
        vpc_id=emulator.vpc_id,
        private_subnet_ids=emulator.subnet_ids,
    )
    engine.destroy()
    assert deployed.state() == {}

"""What each resource is after an apply, at its address, with the inputs of the documentation's example."""

import json
import re
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Any

from product_import.equivalence import same_containers
from tests.engine import deployment
from tests.engine.conftest import Attached
from tests.engine.dashboard_body import graphs, read, series
from tests.engine.deployment import Deployment

import pytest

Values = dict[str, Any]
RESOURCE = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
ANY_IMAGE = 'api/"quoted"\\back\\slash/ünïcödé-工人/${not.a.template}/%{if}:1'
ANY_TAGS = {"Zuständig für": "工人 + Tëam", "cost:center/@=._-": ""}
# Inputs that do not touch each other share a plan: what Redis runs on goes with any but the number of its nodes.
PLANS: dict[str, Values] = {
    "two nodes": {"redis_num_replicas": 2},
    "tags": {
        "tags": {"Name": "mine", "Service": "mine", "Team": "import"},
        "redis_node_type": "cache.t2.micro",
    },
    "cpu_samples": {
        "worker_count_source": "cpu_samples",
        "fast_scale_out": True,
        "redis_node_type": "cache.t2.small",
    },
    "container_insights": {
        "worker_count_source": "container_insights",
        "fast_scale_out": True,
        "redis_node_type": "cache.r7g.xlarge",
    },
    "any string": {
        "worker_image": ANY_IMAGE,
        "tags": ANY_TAGS,
        "fast_scale_out": True,
        "target_jobs_per_worker": 2.5,
        "redis_node_type": "cache.m7g.16xlarge",
    },
}


@pytest.fixture(scope="module")
def resources(deployments: Callable[[int], Deployment]) -> dict[str, Values]:
    """The values in the state, by address."""
    return deployments(5).state()


@pytest.fixture(scope="module")
def planned(deployments: Callable[[int], Deployment]) -> dict[str, dict[str, Values]]:
    """The values that each plan has, on a deployment that is there."""
    applied = deployments(5)
    return {name: applied.resources(applied.plan(**inputs)) for name, inputs in PLANS.items()}


@pytest.fixture(scope="module")
def several_nodes(
    tmp_path_factory: pytest.TempPathFactory, attached: Attached, synthesized: Path
) -> dict[int, dict[str, Values]]:
    """The values after an apply with 1 and with 6 nodes, by that number."""
    deployed = deployment.consumer(attached(tmp_path_factory.mktemp("nodes")), synthesized)
    deployed.init()
    states = {}
    for nodes, node_type in ((1, "cache.t2.medium"), (6, "cache.t4g.micro")):
        deployed.apply(redis_num_replicas=nodes, redis_node_type=node_type, create_dashboard=True)
        states[nodes] = deployed.state()
    return states


@pytest.fixture(scope="module")
def of_nodes(
    resources: dict[str, Values], several_nodes: dict[int, dict[str, Values]], planned: dict[str, dict[str, Values]]
) -> dict[int, dict[str, Values]]:
    """The values by the number of Redis nodes: of two there is a plan alone."""
    return {**several_nodes, 3: resources, 2: planned["two nodes"]}


@pytest.fixture(scope="module")
def of_node_types(
    resources: dict[str, Values], several_nodes: dict[int, dict[str, Values]], planned: dict[str, dict[str, Values]]
) -> dict[str, dict[str, Values]]:
    """The values by what the nodes are: of the usual type those that are applied, which stand last."""
    found = (*planned.values(), *several_nodes.values(), resources)
    return {values["aws_elasticache_replication_group.redis"]["node_type"]: values for values in found}


def some(values: Values, *names: str) -> Values:
    return {name: values[name] for name in names}


def test_redis_is_encrypted_and_asks_for_the_token(resources: dict[str, Values]) -> None:
    """The engine is that of the contract, encrypted at rest and in transit."""
    group = resources["aws_elasticache_replication_group.redis"]
    assert some(
        group,
        "replication_group_id",
        "engine",
        "engine_version",
        "auto_minor_version_upgrade",
        "port",
        "node_type",
        "at_rest_encryption_enabled",
        "transit_encryption_enabled",
        "auth_token",
        "auth_token_update_strategy",
    ) == {
        "replication_group_id": "production-product-import",
        "engine": "redis",
        "engine_version": "7.0",
        "auto_minor_version_upgrade": "false",
        "port": 6379,
        "node_type": "cache.r7g.large",
        "at_rest_encryption_enabled": "true",
        "transit_encryption_enabled": True,
        "auth_token": "s3cret-Token!&#$^<>",
        "auth_token_update_strategy": "ROTATE",
    }


def test_redis_is_kept_and_kept_up_in_its_windows(resources: dict[str, Values]) -> None:
    """Snapshots are kept 5 days; the times are UTC."""
    group = resources["aws_elasticache_replication_group.redis"]
    assert some(group, "snapshot_retention_limit", "snapshot_window", "maintenance_window") == {
        "snapshot_retention_limit": 5,
        "snapshot_window": "03:00-05:00",
        "maintenance_window": "mon:05:00-mon:07:00",
    }


def test_redis_belongs_to_its_own_groups(resources: dict[str, Values]) -> None:
    """Its parameters, subnets and security group are those of the module."""
    group = resources["aws_elasticache_replication_group.redis"]
    assert some(group, "parameter_group_name", "subnet_group_name", "security_group_ids") == {
        "parameter_group_name": "production-product-import-redis-params",
        "subnet_group_name": "production-product-import-redis",
        "security_group_ids": [resources["aws_security_group.redis"]["id"]],
    }
    assert resources["aws_elasticache_subnet_group.redis"]["subnet_ids"] == [
        "subnet-0123456789abcdef0",
        "subnet-0123456789abcdef1",
    ]


@pytest.mark.parametrize("nodes", [1, 2, 3, 6])
def test_failover_needs_a_second_node(of_nodes: dict[int, dict[str, Values]], nodes: int) -> None:
    """Failover and Multi-AZ are on from two nodes on."""
    group = of_nodes[nodes]["aws_elasticache_replication_group.redis"]
    assert some(group, "num_cache_clusters", "automatic_failover_enabled", "multi_az_enabled") == {
        "num_cache_clusters": nodes,
        "automatic_failover_enabled": nodes != 1,
        "multi_az_enabled": nodes != 1,
    }


def test_redis_has_three_parameters(resources: dict[str, Values]) -> None:
    """No job is dropped when the memory is full, and nothing else is changed than what the family knows."""
    parameters = resources["aws_elasticache_parameter_group.redis"]
    assert some(parameters, "name", "family") == {
        "name": "production-product-import-redis-params",
        "family": "redis7",
    }
    assert sorted(parameters["parameter"], key=lambda parameter: str(parameter["name"])) == [
        {"name": "maxmemory-policy", "value": "noeviction"},
        {"name": "tcp-keepalive", "value": "60"},
        {"name": "timeout", "value": "300"},
    ]


def test_redis_writes_both_logs_as_json(resources: dict[str, Values]) -> None:
    """Each log has a log group of its own."""
    deliveries = resources["aws_elasticache_replication_group.redis"]["log_delivery_configuration"]
    assert sorted(deliveries, key=lambda delivery: str(delivery["log_type"])) == [
        {
            "destination": "/aws/elasticache/production-product-import/engine-log",
            "destination_type": "cloudwatch-logs",
            "log_format": "json",
            "log_type": "engine-log",
        },
        {
            "destination": "/aws/elasticache/production-product-import/slow-log",
            "destination_type": "cloudwatch-logs",
            "log_format": "json",
            "log_type": "slow-log",
        },
    ]


@pytest.mark.parametrize(
    ("address", "name", "days"),
    [
        ("redis_slow_log", "/aws/elasticache/production-product-import/slow-log", 7),
        ("redis_engine_log", "/aws/elasticache/production-product-import/engine-log", 7),
        ("import_worker", "/ecs/production/product-import-worker", 30),
    ],
)
def test_logs_are_kept_for_a_time(resources: dict[str, Values], address: str, name: str, days: int) -> None:
    """Redis's logs a week, the workers' a month."""
    log_group = resources[f"aws_cloudwatch_log_group.{address}"]
    assert some(log_group, "name", "retention_in_days") == {"name": name, "retention_in_days": days}


def test_only_workers_reach_redis(resources: dict[str, Values]) -> None:
    """Redis takes its port from the workers' group."""
    group = resources["aws_security_group.redis"]
    assert some(group, "name_prefix", "description", "vpc_id") == {
        "name_prefix": "production-product-import-redis-",
        "description": "Security group for Product Import Redis cluster",
        "vpc_id": "vpc-0123456789abcdef0",
    }
    (rule,) = group["ingress"]
    assert {name: value for name, value in rule.items() if value} == {
        "description": "Redis from import workers",
        "from_port": 6379,
        "to_port": 6379,
        "protocol": "tcp",
        "security_groups": [resources["aws_security_group.import_worker"]["id"]],
    }


def test_nothing_reaches_workers(resources: dict[str, Values]) -> None:
    """The workers take nothing in."""
    group = resources["aws_security_group.import_worker"]
    assert some(group, "name_prefix", "description", "vpc_id", "ingress") == {
        "name_prefix": "production-product-import-worker-",
        "description": "Security group for Product Import worker tasks",
        "vpc_id": "vpc-0123456789abcdef0",
        "ingress": [],
    }


@pytest.mark.parametrize("name", ["redis", "import_worker"])
def test_both_groups_may_send_anywhere(resources: dict[str, Values], name: str) -> None:
    """By the rule that is deployed: another description would take it away for a moment."""
    (rule,) = resources[f"aws_security_group.{name}"]["egress"]
    assert {name: value for name, value in rule.items() if value} == {
        "description": "Allow all outbound",
        "cidr_blocks": ["0.0.0.0/0"],
        "protocol": "-1",
    }


def test_the_secret_is_the_url_alone(resources: dict[str, Values]) -> None:
    """Its JSON has one key, with the token percent-encoded and the primary endpoint."""
    endpoint = resources["aws_elasticache_replication_group.redis"]["primary_endpoint_address"]
    version = resources["aws_secretsmanager_secret_version.redis_url"]
    assert version["secret_id"] == resources["aws_secretsmanager_secret.redis_url"]["id"]
    assert json.loads(version["secret_string"]) == {
        "url": f"rediss://:s3cret-Token%21%26%23%24%5E%3C%3E@{endpoint}:6379"
    }


def test_the_secret_has_a_name_of_its_own(resources: dict[str, Values]) -> None:
    """A prefix lets it be made anew while AWS still keeps the old one."""
    secret = resources["aws_secretsmanager_secret.redis_url"]
    assert secret["name_prefix"] == "production-product-import-redis-url-"


def test_the_container(resources: dict[str, Values]) -> None:
    """The container definition is that of the contract, whole, beside what ECS adds to every one."""
    definition = resources["aws_ecs_task_definition.import_worker"]
    secret = resources["aws_secretsmanager_secret.redis_url"]["arn"]
    container = [
        {
            "name": "worker",
            "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:latest",
            "essential": True,
            "command": ["node", "dist/workers/product-import-worker.js"],
            "environment": [
                {"name": "WORKER_TYPE", "value": "product-import"},
                {"name": "BULL_CONCURRENCY", "value": "5"},
                {"name": "ENABLE_API", "value": "false"},
                {"name": "NODE_ENV", "value": "production"},
                {"name": "AWS_REGION", "value": "us-east-1"},
            ],
            "secrets": [
                {"name": "DATABASE_URL", "valueFrom": f"{RESOURCE}database-AbCdEf"},
                {"name": "INTEGRATION_ENCRYPTION_KEY", "valueFrom": f"{RESOURCE}encryption-AbCdEf:key::"},
                {"name": "REDIS_URL", "valueFrom": f"{secret}:url::"},
            ],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                    "awslogs-group": "/ecs/production/product-import-worker",
                    "awslogs-region": "us-east-1",
                    "awslogs-stream-prefix": "worker",
                },
            },
            "healthCheck": {
                "command": ["CMD-SHELL", "node healthcheck.js || exit 1"],
                "interval": 30,
                "timeout": 5,
                "retries": 3,
                "startPeriod": 60,
            },
            "stopTimeout": 60,
        }
    ]
    assert same_containers(definition["container_definitions"], json.dumps(container), awsvpc=True)


def test_the_task_runs_on_fargate_in_its_roles(resources: dict[str, Values]) -> None:
    """CPU and memory are strings, as ECS wants them; each role has its place."""
    definition = resources["aws_ecs_task_definition.import_worker"]
    assert some(
        definition,
        "family",
        "cpu",
        "memory",
        "network_mode",
        "requires_compatibilities",
        "execution_role_arn",
        "task_role_arn",
        "skip_destroy",
    ) == {
        "family": "production-product-import-worker",
        "cpu": "2048",
        "memory": "4096",
        "network_mode": "awsvpc",
        "requires_compatibilities": ["FARGATE"],
        "execution_role_arn": "arn:aws:iam::123456789012:role/production-product-import-worker-execution",
        "task_role_arn": "arn:aws:iam::123456789012:role/production-product-import-worker-task",
        "skip_destroy": True,
    }


def test_any_string_arrives_as_it_is(planned: dict[str, dict[str, Values]]) -> None:
    """Quotes, backslashes, unicode and what looks like a template in an image; what AWS allows in tags."""
    definition = planned["any string"]["aws_ecs_task_definition.import_worker"]
    images = {item["name"]: item["image"] for item in json.loads(definition["container_definitions"])}
    assert images["worker"] == ANY_IMAGE
    assert definition["tags"] == {**ANY_TAGS, "Name": "production-product-import-worker-task"}


def test_the_service_runs_in_private(resources: dict[str, Values]) -> None:
    """The service starts with the minimum, in private subnets, with no public IP."""
    service = resources["aws_ecs_service.import_worker"]
    assert some(service, "name", "cluster", "launch_type", "desired_count") == {
        "name": "production-product-import-worker",
        "cluster": "arn:aws:ecs:us-east-1:123456789012:cluster/main",
        "launch_type": "FARGATE",
        "desired_count": 2,
    }
    assert service["task_definition"] == resources["aws_ecs_task_definition.import_worker"]["arn"]
    assert service["network_configuration"] == [
        {
            "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
            "security_groups": [resources["aws_security_group.import_worker"]["id"]],
            "assign_public_ip": False,
        }
    ]


def test_tags_are_not_propagated_by_name(resources: dict[str, Values]) -> None:
    """The provider sends nothing where nothing is said: AWS would keep an earlier value, and each plan show it."""
    assert resources["aws_ecs_service.import_worker"]["propagate_tags"] == "NONE"


def test_a_deployment_keeps_all_workers_and_rolls_back(resources: dict[str, Values]) -> None:
    """New tasks start before old ones stop; a failing deployment is taken back."""
    service = resources["aws_ecs_service.import_worker"]
    assert some(
        service,
        "deployment_maximum_percent",
        "deployment_minimum_healthy_percent",
        "deployment_circuit_breaker",
    ) == {
        "deployment_maximum_percent": 200,
        "deployment_minimum_healthy_percent": 100,
        "deployment_circuit_breaker": [{"enable": True, "rollback": True}],
    }


def test_the_service_waits_for_its_rights_and_its_secret(applied: Deployment) -> None:
    """The engine creates the policies and the secret's value first."""
    (module,) = applied.engine.state()["values"]["root_module"]["child_modules"]
    (service,) = [item for item in module["resources"] if item["type"] == "aws_ecs_service"]
    before = {
        "module.product_import.aws_iam_role_policy_attachment.ecs_execution_role_policy",
        "module.product_import.aws_iam_role_policy.ecs_execution_secrets",
        "module.product_import.aws_iam_role_policy.ecs_task_s3",
        "module.product_import.aws_iam_role_policy.ecs_task_cloudwatch",
        "module.product_import.aws_secretsmanager_secret_version.redis_url",
    }
    assert before <= set(service["depends_on"])


def test_autoscaling_moves_the_service_within_the_bounds(resources: dict[str, Values]) -> None:
    """The target is the service's desired count."""
    assert some(
        resources["aws_appautoscaling_target.import_worker"],
        "service_namespace",
        "resource_id",
        "scalable_dimension",
        "min_capacity",
        "max_capacity",
    ) == {
        "service_namespace": "ecs",
        "resource_id": "service/main/production-product-import-worker",
        "scalable_dimension": "ecs:service:DesiredCount",
        "min_capacity": 2,
        "max_capacity": 50,
    }


@pytest.mark.parametrize("name", ["queue_depth", "cpu"])
def test_policies_track_their_target_at_the_same_pace(resources: dict[str, Values], name: str) -> None:
    """A minute after scaling out, five minutes before scaling in."""
    policy = resources[f"aws_appautoscaling_policy.import_worker_{name}"]
    assert some(policy, "name", "policy_type", "resource_id") == {
        "name": f"production-import-worker-{name.replace('_', '-')}",
        "policy_type": "TargetTrackingScaling",
        "resource_id": "service/main/production-product-import-worker",
    }
    (configuration,) = policy["target_tracking_scaling_policy_configuration"]
    assert some(configuration, "scale_out_cooldown", "scale_in_cooldown") == {
        "scale_out_cooldown": 60,
        "scale_in_cooldown": 300,
    }


def test_the_queue_policy_tracks_jobs_per_running_worker(resources: dict[str, Values]) -> None:
    """The queue's depth over the number of running tasks, and only that returns data."""
    policy = resources["aws_appautoscaling_policy.import_worker_queue_depth"]
    (configuration,) = policy["target_tracking_scaling_policy_configuration"]
    assert configuration["target_value"] == 10
    (metric,) = configuration["customized_metric_specification"]
    assert {
        query["id"]: (query["expression"] or None, query["return_data"], _stat(query["metric_stat"]))
        for query in metric["metrics"]
    } == {
        "queued": (
            None,
            False,
            (
                "AVNZ/ProductImport",
                "BullQueueDepth",
                "Average",
                {"Environment": "production", "QueueName": "product-import"},
            ),
        ),
        "running": (
            None,
            False,
            (
                "AWS/ECS",
                "CPUUtilization",
                "SampleCount",
                {"ClusterName": "main", "ServiceName": "production-product-import-worker"},
            ),
        ),
        "jobs_per_worker": ("queued / running", True, None),
    }


@pytest.mark.parametrize(
    ("source", "counted"),
    [
        ("cpu_samples", ("AWS/ECS", "CPUUtilization", "SampleCount")),
        ("container_insights", ("ECS/ContainerInsights", "RunningTaskCount", "Average")),
    ],
)
def test_scaling_and_alarms_count_workers_by_one_source(
    planned: dict[str, dict[str, Values]], source: str, counted: tuple[str, str, str]
) -> None:
    """The policy on the queue, the alarm on the number of workers, and that of the fast scale-out."""
    resources = planned[source]
    dimensions = {"ClusterName": "main", "ServiceName": "production-product-import-worker"}
    policy = resources["aws_appautoscaling_policy.import_worker_queue_depth"]
    (configuration,) = policy["target_tracking_scaling_policy_configuration"]
    (metric,) = configuration["customized_metric_specification"]
    (of_policy,) = (query["metric_stat"] for query in metric["metrics"] if query["id"] == "running")
    assert _stat(of_policy) == (*counted, dimensions)
    fewer = resources["aws_cloudwatch_metric_alarm.worker_count_low"]
    assert (fewer["namespace"], fewer["metric_name"], fewer["statistic"], fewer["dimensions"]) == (*counted, dimensions)
    fast = resources["aws_cloudwatch_metric_alarm.fast_scale_out[0]"]
    assert {query["id"]: (query["expression"] or None, query["return_data"]) for query in fast["metric_query"]} == {
        "queued": (None, False),
        "running": (None, False),
        "times_target": ("queued / running / 10", True),
    }
    (running,) = (query["metric"] for query in fast["metric_query"] if query["id"] == "running")
    assert [{name: value or None for name, value in metric.items()} for metric in running] == [
        {
            **dict(zip(("namespace", "metric_name", "stat"), counted, strict=True)),
            "dimensions": dimensions,
            "period": 60,
            "unit": None,
        }
    ]


def test_the_fast_policy_adds_in_steps_and_takes_nothing_away(planned: dict[str, dict[str, Values]]) -> None:
    """From the target on half as many again, then twice, four and eight times; the alarm's end tells nobody."""
    resources = planned["any string"]
    policy = resources["aws_appautoscaling_policy.import_worker_fast_scale_out[0]"]
    (configuration,) = policy["step_scaling_policy_configuration"]
    steps = [
        (step["metric_interval_lower_bound"], step["metric_interval_upper_bound"] or None, step["scaling_adjustment"])
        for step in configuration.pop("step_adjustment")
    ]
    assert sorted(steps, key=itemgetter(0)) == [("0", "1", 50), ("1", "3", 100), ("3", "7", 300), ("7", None, 700)]
    assert configuration == {
        "adjustment_type": "PercentChangeInCapacity",
        "cooldown": 60,
        "metric_aggregation_type": "Average",
        "min_adjustment_magnitude": None,
    }
    alarm = resources["aws_cloudwatch_metric_alarm.fast_scale_out[0]"]
    (expression,) = (query["expression"] for query in alarm["metric_query"] if query["return_data"])
    assert expression == "queued / running / 2.5"
    assert (alarm["ok_actions"], alarm["insufficient_data_actions"]) == (None, None)


def _stat(blocks: list[Values]) -> tuple[str, str, str, dict[str, str]] | None:
    if not blocks:
        return None
    (stat,) = blocks
    (metric,) = stat["metric"]
    dimensions = {dimension["name"]: dimension["value"] for dimension in metric["dimensions"]}
    return metric["namespace"], metric["metric_name"], stat["stat"], dimensions


def test_the_cpu_policy_keeps_workers_below_70_percent(resources: dict[str, Values]) -> None:
    """It works without the queue's metric."""
    policy = resources["aws_appautoscaling_policy.import_worker_cpu"]
    (configuration,) = policy["target_tracking_scaling_policy_configuration"]
    assert configuration["target_value"] == 70
    (metric,) = configuration["predefined_metric_specification"]
    assert metric["predefined_metric_type"] == "ECSServiceAverageCPUUtilization"


@pytest.mark.parametrize("name", ["execution", "task"])
def test_ecs_tasks_assume_the_roles(resources: dict[str, Values], name: str) -> None:
    """Nobody else does."""
    role = resources[f"aws_iam_role.ecs_{name}_role"]
    assert role["name"] == f"production-product-import-worker-{name}"
    assert json.loads(role["assume_role_policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }


def test_the_execution_role_reads_three_secrets(resources: dict[str, Values]) -> None:
    """IAM gets the plain ARNs, without the suffix that names a part of a secret."""
    policy = resources["aws_iam_role_policy.ecs_execution_secrets"]
    assert some(policy, "name", "role") == {
        "name": "production-product-import-worker-secrets",
        "role": "production-product-import-worker-execution",
    }
    assert json.loads(policy["policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "secretsmanager:GetSecretValue",
                "Resource": [
                    f"{RESOURCE}database-AbCdEf",
                    f"{RESOURCE}encryption-AbCdEf",
                    resources["aws_secretsmanager_secret.redis_url"]["arn"],
                ],
            }
        ],
    }


def test_the_execution_role_has_the_managed_policy(resources: dict[str, Values]) -> None:
    """It lets tasks pull their image and write their logs."""
    attachment = resources["aws_iam_role_policy_attachment.ecs_execution_role_policy"]
    assert some(attachment, "role", "policy_arn") == {
        "role": "production-product-import-worker-execution",
        "policy_arn": "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    }


def test_the_task_role_works_on_the_bucket(resources: dict[str, Values]) -> None:
    """Objects are read, written and deleted; the bucket is listed."""
    policy = resources["aws_iam_role_policy.ecs_task_s3"]
    assert some(policy, "name", "role") == {
        "name": "production-product-import-worker-s3",
        "role": "production-product-import-worker-task",
    }
    assert json.loads(policy["policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                "Resource": "arn:aws:s3:::product-images/*",
            },
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::product-images"},
        ],
    }


def test_the_task_role_writes_metrics_of_one_namespace(resources: dict[str, Values]) -> None:
    """The action has no resources to limit it by."""
    policy = resources["aws_iam_role_policy.ecs_task_cloudwatch"]
    assert some(policy, "name", "role") == {
        "name": "production-product-import-worker-cloudwatch",
        "role": "production-product-import-worker-task",
    }
    assert json.loads(policy["policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "cloudwatch:PutMetricData",
                "Resource": "*",
                "Condition": {"StringEquals": {"cloudwatch:namespace": "AVNZ/ProductImport"}},
            }
        ],
    }


@pytest.mark.parametrize(
    ("name", "condition", "topic"),
    [
        ("redis_cpu_high", ("GreaterThanThreshold", 75, 1, "missing"), "alarms"),
        ("redis_memory_high", ("GreaterThanThreshold", 85, 1, "missing"), "alarms"),
        ("queue_overload", ("GreaterThanThreshold", 10000, 1, "breaching"), "critical"),
        ("worker_count_low", ("LessThanThreshold", 2, 3, "breaching"), "alarms"),
    ],
)
def test_alarms_notify_when_they_start_and_when_they_end(
    resources: dict[str, Values], name: str, condition: tuple[str, int, int, str], topic: str
) -> None:
    """Each compares with its threshold and sends both messages to its topic."""
    alarm = resources[f"aws_cloudwatch_metric_alarm.{name}"]
    assert alarm["alarm_name"] == f"production-product-import-{name.replace('_', '-')}"
    compared = some(alarm, "comparison_operator", "threshold", "evaluation_periods", "treat_missing_data")
    assert tuple(compared.values()) == condition
    topic_arn = f"arn:aws:sns:us-east-1:123456789012:{topic}"
    assert some(alarm, "alarm_actions", "ok_actions") == {"alarm_actions": [topic_arn], "ok_actions": [topic_arn]}


def test_the_queue_alarm_reads_the_queues_depth(resources: dict[str, Values]) -> None:
    """The average of five minutes."""
    assert some(
        resources["aws_cloudwatch_metric_alarm.queue_overload"],
        "namespace",
        "metric_name",
        "statistic",
        "period",
        "dimensions",
    ) == {
        "namespace": "AVNZ/ProductImport",
        "metric_name": "BullQueueDepth",
        "statistic": "Average",
        "period": 300,
        "dimensions": {"Environment": "production", "QueueName": "product-import"},
    }


def test_the_worker_alarm_counts_running_tasks(resources: dict[str, Values]) -> None:
    """A sample of each task's CPU in each minute."""
    assert some(
        resources["aws_cloudwatch_metric_alarm.worker_count_low"],
        "namespace",
        "metric_name",
        "statistic",
        "period",
        "dimensions",
    ) == {
        "namespace": "AWS/ECS",
        "metric_name": "CPUUtilization",
        "statistic": "SampleCount",
        "period": 60,
        "dimensions": {"ClusterName": "main", "ServiceName": "production-product-import-worker"},
    }


def queries_of_nodes(metric: str, group: str, numbers: range) -> Values:
    """What an alarm reads of each node of a group, by the query's id."""
    dimensions = [{"CacheClusterId": f"{group}-00{number}", "CacheNodeId": "0001"} for number in numbers]
    reading = {"namespace": "AWS/ElastiCache", "metric_name": metric, "stat": "Average", "period": 300, "unit": None}
    return {node["CacheClusterId"].replace("-", "_"): (False, [{**reading, "dimensions": node}]) for node in dimensions}


@pytest.mark.parametrize(
    ("name", "metric", "expression"),
    [
        ("redis_cpu_high", "CPUUtilization", "MAX(METRICS()) * 2 * 75 / 90"),
        ("redis_memory_high", "DatabaseMemoryUsagePercentage", "MAX(METRICS())"),
    ],
)
def test_redis_alarms_read_each_node(
    of_nodes: dict[int, dict[str, Values]], name: str, metric: str, expression: str
) -> None:
    """A query for each node that AWS names, of which the highest counts; CloudWatch takes 10 metrics and these ids."""
    for nodes in (1, 3, 6):
        found = of_nodes[nodes]
        queries = {query["id"]: query for query in found[f"aws_cloudwatch_metric_alarm.{name}"]["metric_query"]}
        highest = queries.pop("highest")
        assert (highest["expression"], highest["return_data"]) == (expression, True)
        assert {
            query_id: (
                query["return_data"],
                [{key: value or None for key, value in item.items()} for item in query["metric"]],
            )
            for query_id, query in queries.items()
        } == (queries_of_nodes(metric, "production-product-import", range(1, nodes + 1)))
        assert len(queries) == nodes <= 10
        assert all(re.fullmatch("[a-z][a-zA-Z0-9_]{0,254}", query_id) for query_id in queries)


def test_the_dashboard_shows_each_node(several_nodes: dict[int, dict[str, Values]]) -> None:
    """Those that there are after an apply, with the first one as with a later one."""
    for nodes, found in several_nodes.items():
        shown = graphs(read(found["aws_cloudwatch_dashboard.product_import[0]"]["dashboard_body"]))
        names = [rendering.label for _, rendering in series(shown["Connections to Redis"])]
        assert names == [f"production-product-import-00{number}" for number in range(1, nodes + 1)]


@pytest.mark.parametrize(
    ("node_type", "metric", "expression"),
    [
        ("cache.t2.micro", "CPUUtilization", "MAX(METRICS()) * 1 * 75 / 90"),
        ("cache.t2.small", "CPUUtilization", "MAX(METRICS()) * 1 * 75 / 90"),
        ("cache.t2.medium", "CPUUtilization", "MAX(METRICS()) * 2 * 75 / 90"),
        ("cache.t4g.micro", "CPUUtilization", "MAX(METRICS()) * 2 * 75 / 90"),
        ("cache.r7g.large", "CPUUtilization", "MAX(METRICS()) * 2 * 75 / 90"),
        ("cache.r7g.xlarge", "EngineCPUUtilization", "MAX(METRICS())"),
        ("cache.m7g.16xlarge", "EngineCPUUtilization", "MAX(METRICS())"),
    ],
)
def test_the_cpu_of_redis_is_watched_as_aws_says(
    of_node_types: dict[str, dict[str, Values]], node_type: str, metric: str, expression: str
) -> None:
    """Up to 2 vCPUs the node's, where 90 % of a vCPU count as 75; with more the thread's own."""
    alarm = of_node_types[node_type]["aws_cloudwatch_metric_alarm.redis_cpu_high"]
    queries = {query["id"]: query for query in alarm["metric_query"]}
    assert queries.pop("highest")["expression"] == expression
    assert {query["metric"][0]["metric_name"] for query in queries.values()} == {metric}
    assert alarm["threshold"] == 75


def test_tags_of_the_user_are_below_those_of_the_module(planned: dict[str, dict[str, Values]]) -> None:
    """The user's Name does not win, the user's other tags are everywhere."""
    resources = planned["tags"]
    assert resources["aws_elasticache_replication_group.redis"]["tags"] == {
        "Name": "production-product-import-redis",
        "Service": "product-import",
        "Criticality": "high",
        "Team": "import",
    }
    assert resources["aws_security_group.import_worker"]["tags"] == {
        "Name": "production-product-import-worker-sg",
        "Service": "mine",
        "Team": "import",
    }


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("aws_elasticache_subnet_group.redis", "production-product-import-redis-subnet-group"),
        ("aws_elasticache_parameter_group.redis", "production-product-import-redis-params"),
        ("aws_security_group.redis", "production-product-import-redis-sg"),
        ("aws_security_group.import_worker", "production-product-import-worker-sg"),
        ("aws_cloudwatch_log_group.redis_slow_log", "production-product-import-redis-slow-log"),
        ("aws_cloudwatch_log_group.redis_engine_log", "production-product-import-redis-engine-log"),
        ("aws_cloudwatch_log_group.import_worker", "production-product-import-worker-logs"),
        ("aws_ecs_task_definition.import_worker", "production-product-import-worker-task"),
        ("aws_ecs_service.import_worker", "production-product-import-worker-service"),
        ("aws_iam_role.ecs_execution_role", "production-product-import-worker-execution-role"),
        ("aws_iam_role.ecs_task_role", "production-product-import-worker-task-role"),
        ("aws_secretsmanager_secret.redis_url", "production-product-import-redis-url"),
        ("aws_cloudwatch_metric_alarm.redis_cpu_high", "production-product-import-redis-cpu-high"),
        ("aws_cloudwatch_metric_alarm.redis_memory_high", "production-product-import-redis-memory-high"),
        ("aws_cloudwatch_metric_alarm.queue_overload", "production-product-import-queue-overload"),
        ("aws_cloudwatch_metric_alarm.worker_count_low", "production-product-import-worker-count-low"),
    ],
)
def test_each_resource_has_its_name_and_the_users_tags(resources: dict[str, Values], address: str, name: str) -> None:
    """What can be tagged is."""
    assert resources[address]["tags"] == {
        "Environment": "production",
        "Service": "product-import",
        "Terraform": "true",
        "Name": name,
    }

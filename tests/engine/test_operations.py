"""The module in AWS in memory, operated by its README: the `aws` commands find there what an apply created.

They run in the AWS CLI, to which moto is served on a loopback port.
"""

import json
import os
import re
import shlex
import string
import subprocess
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from product_import.stand_in.provider import Provider
from tests.engine import deployment
from tests.engine.conftest import Attached
from tests.engine.emulator import Emulator, emulated
from tests.project import commands, module_pages_of

import pytest
from moto.server import ThreadedMotoServer

REGION = "eu-central-1"
INPUTS = {"ENVIRONMENT": "production", "ECS_CLUSTER_NAME": "main", "QUEUE_NAME": "product-import"}
QUEUE = [{"Name": "Environment", "Value": "production"}, {"Name": "QueueName", "Value": "product-import"}]
WORKER = "production-product-import-worker"
WORKERS = [{"Name": "ClusterName", "Value": "main"}, {"Name": "ServiceName", "Value": WORKER}]
ALARMS = ["arn:aws:sns:eu-central-1:123456789012:alarms"]
CRITICAL = ["arn:aws:sns:eu-central-1:123456789012:critical"]


def node(number: int) -> list[dict[str, str]]:
    return [
        {"Name": "CacheClusterId", "Value": f"production-product-import-00{number}"},
        {"Name": "CacheNodeId", "Value": "0001"},
    ]


@dataclass(frozen=True)
class Operated:
    """A deployment that is over."""

    there: Mapping[str, Any]
    """What AWS had of it, by kind."""
    answers: Mapping[str, str]
    """What each command of the README printed, errors too."""
    left: Mapping[str, Any]
    """What AWS had after the destroy."""


@pytest.fixture(scope="module")
def operated(
    tmp_path_factory: pytest.TempPathFactory,
    attached: Attached,
    served_providers: Callable[[int], tuple[Provider, str]],
    synthesized: Path,
    aws_program: Path,
) -> Operated:
    """The module applied, looked after with the commands of its README, destroyed."""
    provider, _ = served_providers(5)
    blocks = commands(module_pages_of(synthesized))
    publish, *others = [block for block in blocks if re.search(r"\baws [a-z]", block)]
    with ExitStack() as stack:
        # A service has so many running tasks when it is created: moto starts none by itself.
        stack.enter_context(patch.dict(os.environ, {"MOTO_ECS_SERVICE_RUNNING": "2"}))
        cloud = stack.enter_context(emulated(REGION, major=5))
        stack.callback(provider.reset)
        provider.cloud = cloud
        deployed = deployment.consumer(attached(tmp_path_factory.mktemp("operated")), synthesized)
        deployed.init()
        deployed.apply(
            aws_region=REGION,
            sns_alarm_topic_arn=ALARMS[0],
            sns_critical_topic_arn=CRITICAL[0],
            vpc_id=cloud.vpc_id,
            private_subnet_ids=cloud.subnet_ids,
            ecs_cluster_id=cloud.cluster_arn,
        )
        there = inventory(cloud)
        let_a_day_pass(cloud)
        add_nodes(cloud)
        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        stack.callback(server.stop)
        url = "http://{}:{}".format(*server.get_host_and_port())
        # First: another command asks for what this one publishes.
        answers = {name(publish): ask(publish, url, aws_program)}
        with ThreadPoolExecutor(2) as pool:
            printed = pool.map(
                lambda block: tail(block, cloud) if "logs tail" in block else ask(block, url, aws_program), others
            )
            answers |= zip(map(name, others), printed, strict=True)
        deployed.engine.destroy()
        return Operated(there, answers, inventory(cloud))


def name(block: str) -> str:
    """What tells a command from the others: service, operation, and the metric or the end of the log group's name."""
    return " ".join(re.findall(r"(?<=aws )[a-z-]+ [a-z-]+|(?<=--metric-name )\w+|[\w-]+(?=\" --since)", block))


def ask(block: str, url: str, aws: Path) -> str:
    """What a block of the README prints, asked a minute from now: a metric of this second is in no window yet."""
    later = 'date() { echo $(( $(command date "$@") + 60 )); }\n'
    environment = INPUTS | {
        "PATH": f"{aws}:{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_MAX_ATTEMPTS": "1",
        # Nothing of the user's: settings, credentials, aliases.
        "HOME": os.devnull,
        "AWS_REGION": REGION,
        # Version 1 of the CLI knows this name only.
        "AWS_DEFAULT_REGION": REGION,
    }
    script = f'{later}{block}\nprintf %s "${{REDIS_ENDPOINT-}}"'
    done = subprocess.run(
        ["sh", "-eu"],
        input=script,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def tail(block: str, cloud: Emulator) -> str:
    """What `aws logs tail` prints, by the call behind it: version 1 of the CLI, which PyPI has, lacks the command."""
    words = shlex.split(string.Template(block).substitute(INPUTS))
    group, *options = words[3:]
    assert options in (["--since", "1h"], ["--since", "1h", "--follow"])
    start = int(time.time() - 3600) * 1000
    events = cloud.client("logs").filter_log_events(logGroupName=group, startTime=start)["events"]
    return "\n".join(event["message"] for event in events)


def let_a_day_pass(cloud: Emulator) -> None:
    """What AWS and the workers do meanwhile: metrics, logs, an alarm."""
    now = time.time()
    # What no command may count in.
    other_queue = [{"Name": "Environment", "Value": "staging"}, {"Name": "QueueName", "Value": "product-import"}]
    other_service = [{"Name": "ClusterName", "Value": "main"}, {"Name": "ServiceName", "Value": "api"}]
    # Namespace, metric, dimensions, minutes ago, value.
    samples: list[tuple[str, str, list[dict[str, str]], int, float]] = [
        ("AWS/ECS", "CPUUtilization", WORKERS, 90, 50),
        ("AWS/ECS", "CPUUtilization", WORKERS, 10, 50),
        ("AWS/ECS", "CPUUtilization", WORKERS, 5, 30),
        ("AWS/ECS", "CPUUtilization", WORKERS, 5, 70),
        ("AWS/ECS", "CPUUtilization", other_service, 5, 50),
        ("AWS/ElastiCache", "DatabaseMemoryUsagePercentage", node(1), 5, 41),
        ("AWS/ElastiCache", "DatabaseMemoryUsagePercentage", node(1), 5, 87),
        ("AWS/ElastiCache", "DatabaseMemoryUsagePercentage", node(2), 5, 99),
        ("AVNZ/ProductImport", "BullQueueDepth", other_queue, 5, 99),
    ]
    for namespace, metric, dimensions, minutes, value in samples:
        datum = {"MetricName": metric, "Dimensions": dimensions, "Timestamp": now - minutes * 60, "Value": value}
        cloud.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[datum])
    logs = cloud.client("logs")
    for group, message in (
        ("/ecs/production/product-import-worker", "Job 12 is done"),
        ("/aws/elasticache/production-product-import/slow-log", "KEYS *"),
    ):
        logs.create_log_stream(logGroupName=group, logStreamName="stream")
        for age, text in ((7200, "Too old"), (60, message)):
            event = {"timestamp": int(now - age) * 1000, "message": text}
            logs.put_log_events(logGroupName=group, logStreamName="stream", logEvents=[event])
    cloud.client("cloudwatch").set_alarm_state(
        AlarmName="production-product-import-queue-overload", StateValue="ALARM", StateReason="No data"
    )


def add_nodes(cloud: Emulator) -> None:
    """The nodes of this environment and of another, which moto does not make with their groups."""
    for node_id, group in (
        ("production-product-import-001", "production-product-import"),
        ("production-product-import-002", "production-product-import"),
        ("staging-product-import-001", "staging-product-import"),
    ):
        cloud.client("elasticache").create_cache_cluster(
            CacheClusterId=node_id,
            ReplicationGroupId=group,
            CacheNodeType="cache.r7g.large",
            Engine="redis",
            EngineVersion="7.1.0",
            NumCacheNodes=1,
        )


def inventory(cloud: Emulator) -> dict[str, Any]:
    """All that there is of each kind, without what is about to go: AWS deletes some things in its own time."""
    ecs, iam, logs = cloud.client("ecs"), cloud.client("iam"), cloud.client("logs")
    scaling, secrets = cloud.client("application-autoscaling"), cloud.client("secretsmanager")
    services = ecs.describe_services(cluster="main", services=ecs.list_services(cluster="main")["serviceArns"] or ["-"])
    roles = [role["RoleName"] for role in iam.list_roles()["Roles"]]
    groups = cloud.client("ec2").describe_security_groups()["SecurityGroups"]
    redis = cloud.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    return {
        "services": [service for service in services["services"] if service["status"] != "INACTIVE"],
        "task definitions": ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"],
        "targets": scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"],
        "policies": scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"],
        "alarms": cloud.client("cloudwatch").describe_alarms()["MetricAlarms"],
        "log groups": {
            group["logGroupName"]: group["retentionInDays"] for group in logs.describe_log_groups()["logGroups"]
        },
        "roles": {role: permissions(iam, role) for role in roles},
        "secrets": {
            secret["ARN"]: secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"]
            for secret in secrets.list_secrets()["SecretList"]
        },
        "security groups": [group["GroupName"] for group in groups if group["GroupName"] != "default"],
        "redis": [group for group in redis if group["Status"] != "deleting"],
    }


def permissions(iam: Any, role: str) -> dict[str, Any]:
    """Who may take a role, the policies that are attached, and the statements of its own ones."""
    own = iam.list_role_policies(RoleName=role)["PolicyNames"]
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    return {
        "trusted": iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"],
        "attached": [policy["PolicyArn"] for policy in attached],
        "own": {
            policy: iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"]
            for policy in own
        },
    }


def test_no_command_is_left_out(operated: Operated) -> None:
    """Each `aws` command of the README has its answer checked below."""
    assert list(operated.answers) == [
        "cloudwatch put-metric-data",
        "ecs describe-clusters",
        "ecs update-service",
        "elasticache describe-cache-clusters",
        "cloudwatch describe-alarms",
        "ecs describe-services",
        "logs tail product-import-worker",
        "elasticache describe-replication-groups",
        "cloudwatch get-metric-statistics BullQueueDepth",
        "cloudwatch get-metric-statistics CPUUtilization",
        "application-autoscaling describe-scaling-policies",
        "application-autoscaling describe-scalable-targets",
        "application-autoscaling describe-scaling-activities",
        "cloudwatch get-metric-statistics DatabaseMemoryUsagePercentage",
        "logs tail slow-log",
    ]


def test_the_published_depth_arrives(operated: Operated) -> None:
    """What the command in Publishing puts is what the one in Troubleshooting gets, of this queue alone."""
    assert operated.answers["cloudwatch put-metric-data"] == ""
    assert values(operated.answers["cloudwatch get-metric-statistics BullQueueDepth"]) == ["12.0"]


def test_the_workers_are_counted(operated: Operated) -> None:
    """By the samples of their CPU in the last half hour, in the order of time."""
    assert values(operated.answers["cloudwatch get-metric-statistics CPUUtilization"]) == ["1.0", "2.0"]


def test_the_memory_is_the_fullest_moment_of_the_node(operated: Operated) -> None:
    """The other nodes do not count in."""
    assert values(operated.answers["cloudwatch get-metric-statistics DatabaseMemoryUsagePercentage"]) == ["87.0"]


def test_the_workers_that_are_wanted_and_that_run(operated: Operated) -> None:
    """The service starts with the smallest number."""
    answer = json.loads(operated.answers["ecs describe-services"])
    assert answer == {"desired": 2, "running": 2, "events": []}


def test_the_version_of_each_node(operated: Operated) -> None:
    """Of this environment's nodes, with the version that redis_engine_version must not be below."""
    assert operated.answers["elasticache describe-cache-clusters"].splitlines() == [
        "production-product-import-001\t7.1.0",
        "production-product-import-002\t7.1.0",
    ]


def test_the_providers_of_the_cluster(operated: Operated) -> None:
    """The emulator knows of none; AWS lists them."""
    assert json.loads(operated.answers["ecs describe-clusters"]) is None


def test_a_new_deployment_starts_the_same_revision_again(operated: Operated) -> None:
    """The service's way back from Spot changes neither the task definition nor the number of workers."""
    (before,) = operated.there["services"]
    after = json.loads(operated.answers["ecs update-service"])["service"]
    assert after["deployments"][0]["id"] != before["deployments"][0]["id"]
    assert after["taskDefinition"] == before["taskDefinition"]
    assert before["taskDefinition"].endswith(f":task-definition/{WORKER}:1")
    assert after["desiredCount"] == 2


def test_the_alarms_tell_which_is_on(operated: Operated) -> None:
    """All four with their states; those that AWS keeps for the policies are not listed."""
    quiet = "OK\tUnchecked: Initial alarm creation"
    assert sorted(operated.answers["cloudwatch describe-alarms"].splitlines()) == [
        "production-product-import-queue-overload\tALARM\tNo data",
        f"production-product-import-redis-cpu-high\t{quiet}",
        f"production-product-import-redis-memory-high\t{quiet}",
        f"production-product-import-worker-count-low\t{quiet}",
    ]


def test_the_logs_of_the_last_hour(operated: Operated) -> None:
    """Of the workers, and the slow commands of Redis."""
    assert operated.answers["logs tail product-import-worker"] == "Job 12 is done"
    assert operated.answers["logs tail slow-log"] == "KEYS *"


def test_the_endpoint_of_redis(operated: Operated) -> None:
    """The variable holds the address alone, the one that the workers' secret has, token encoded."""
    endpoint = operated.answers["elasticache describe-replication-groups"]
    assert endpoint.startswith("master.production-product-import.")
    (secret,) = operated.there["secrets"].values()
    url = f"rediss://:s3cret-Token%21%26%23%24%5E%3C%3E@{endpoint}:6379"
    assert json.loads(secret) == {"url": url}


def test_the_scaling_policies(operated: Operated) -> None:
    """Both are there, each with AWS's alarms out and in; the queue's divides queued jobs by running workers."""
    answer = json.loads(operated.answers["application-autoscaling describe-scaling-policies"])["ScalingPolicies"]
    assert [len(policy["Alarms"]) for policy in answer] == [2, 2]
    policies = {policy["PolicyName"]: policy["TargetTrackingScalingPolicyConfiguration"] for policy in answer}
    pace = {"ScaleOutCooldown": 60, "ScaleInCooldown": 300, "DisableScaleIn": False}
    depth = {"Namespace": "AVNZ/ProductImport", "MetricName": "BullQueueDepth", "Dimensions": QUEUE}
    samples = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Dimensions": WORKERS}
    assert policies == {
        "production-import-worker-queue-depth": {
            "TargetValue": 10,
            "CustomizedMetricSpecification": {
                "Metrics": [
                    {
                        "Id": "jobs_per_worker",
                        "Expression": "queued / running",
                        "Label": "Queued jobs per running worker",
                        "ReturnData": True,
                    },
                    {"Id": "queued", "MetricStat": {"Metric": depth, "Stat": "Average"}, "ReturnData": False},
                    {"Id": "running", "MetricStat": {"Metric": samples, "Stat": "SampleCount"}, "ReturnData": False},
                ]
            },
            **pace,
        },
        "production-import-worker-cpu": {
            "TargetValue": 70,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
            **pace,
        },
    }


def test_the_limits_of_scaling(operated: Operated) -> None:
    """The target is the service of this environment."""
    answer = json.loads(operated.answers["application-autoscaling describe-scalable-targets"])
    (target,) = answer["ScalableTargets"]
    assert target["ResourceId"] == f"service/main/{WORKER}"
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 50)


def test_scaling_activities_are_beyond_the_emulator(operated: Operated) -> None:
    """The CLI takes the command and sends it; moto has no answer, and when it learns one this test has to."""
    answer = operated.answers["application-autoscaling describe-scaling-activities"]
    assert "An error occurred (500) when calling the DescribeScalingActivities operation" in answer


def test_the_alarms(operated: Operated) -> None:
    """AWS knows when each alarms, and whom it tells then and afterwards."""
    alarms = own_alarms(operated)
    assert {
        name: (
            alarm["ComparisonOperator"],
            alarm["Threshold"],
            alarm["EvaluationPeriods"],
            alarm["TreatMissingData"],
            alarm["AlarmActions"],
        )
        for name, alarm in alarms.items()
    } == {
        "queue-overload": ("GreaterThanThreshold", 10000, 1, "breaching", CRITICAL),
        "redis-cpu-high": ("GreaterThanThreshold", 75, 1, "missing", ALARMS),
        "redis-memory-high": ("GreaterThanThreshold", 85, 1, "missing", ALARMS),
        "worker-count-low": ("LessThanThreshold", 2, 3, "breaching", ALARMS),
    }
    assert all(alarm["OKActions"] == alarm["AlarmActions"] for alarm in alarms.values())


def test_the_metrics_of_the_alarms(operated: Operated) -> None:
    """Those of the queue and the workers are the commands' own; Redis's take the highest of the three nodes."""
    alarms = own_alarms(operated)
    attributes = ("Namespace", "MetricName", "Statistic", "Period", "Dimensions")
    assert [alarms["queue-overload"][attribute] for attribute in attributes] == [
        *("AVNZ/ProductImport", "BullQueueDepth", "Average", 300, QUEUE)
    ]
    assert [alarms["worker-count-low"][attribute] for attribute in attributes] == [
        *("AWS/ECS", "CPUUtilization", "SampleCount", 60, WORKERS)
    ]
    for name, metric, expression in (
        ("redis-cpu-high", "CPUUtilization", "MAX(METRICS()) * 2 * 75 / 90"),
        ("redis-memory-high", "DatabaseMemoryUsagePercentage", "MAX(METRICS())"),
    ):
        (highest,) = (found for found in alarms[name]["Metrics"] if "Expression" in found)
        nodes = [found for found in alarms[name]["Metrics"] if "MetricStat" in found]
        assert (highest["Expression"], highest["ReturnData"]) == (expression, True)
        assert [found["MetricStat"] for found in nodes] == [
            {
                "Metric": {"Namespace": "AWS/ElastiCache", "MetricName": metric, "Dimensions": node(number)},
                "Period": 300,
                "Stat": "Average",
            }
            for number in (1, 2, 3)
        ]
        assert not any(found["ReturnData"] for found in nodes)


def test_how_long_logs_are_kept(operated: Operated) -> None:
    """In days."""
    assert operated.there["log groups"] == {
        "/aws/elasticache/production-product-import/engine-log": 7,
        "/aws/elasticache/production-product-import/slow-log": 7,
        "/ecs/production/product-import-worker": 30,
    }


def test_what_the_roles_may(operated: Operated) -> None:
    """The execution role starts tasks and reads three secrets; the task role has its bucket and its metrics."""
    (redis_url,) = operated.there["secrets"]
    of_account = "arn:aws:secretsmanager:us-east-1:123456789012:secret"
    trusted = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}]
    assert operated.there["roles"] == {
        "production-product-import-worker-execution": {
            "trusted": trusted,
            "attached": ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"],
            "own": {
                "production-product-import-worker-secrets": [
                    {
                        "Effect": "Allow",
                        "Action": "secretsmanager:GetSecretValue",
                        "Resource": [f"{of_account}:database-AbCdEf", f"{of_account}:encryption-AbCdEf", redis_url],
                    }
                ]
            },
        },
        "production-product-import-worker-task": {
            "trusted": trusted,
            "attached": [],
            "own": {
                "production-product-import-worker-s3": [
                    {
                        "Effect": "Allow",
                        "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                        "Resource": "arn:aws:s3:::product-images/*",
                    },
                    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::product-images"},
                ],
                "production-product-import-worker-cloudwatch": [
                    {
                        "Effect": "Allow",
                        "Action": "cloudwatch:PutMetricData",
                        "Resource": "*",
                        "Condition": {"StringEquals": {"cloudwatch:namespace": "AVNZ/ProductImport"}},
                    }
                ],
            },
        },
    }


def test_nothing_is_left_that_costs(operated: Operated) -> None:
    """Of each kind something was there, and nothing is after the destroy but the revision of the task definition."""
    assert [kind for kind, found in operated.there.items() if not found] == []
    assert {kind: found for kind, found in operated.left.items() if found} == {
        "task definitions": operated.there["task definitions"]
    }


def values(answer: str) -> list[str]:
    """The second column of statistics, after the time."""
    return [line.split("\t")[1] for line in answer.splitlines()]


def own_alarms(operated: Operated) -> dict[str, dict[str, Any]]:
    """By what follows the module's prefix, without those that AWS makes for the policies."""
    prefix = "production-product-import-"
    return {
        alarm["AlarmName"].removeprefix(prefix): alarm
        for alarm in operated.there["alarms"]
        if alarm["AlarmName"].startswith(prefix)
    }

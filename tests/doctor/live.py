"""A healthy deployment for the doctor: an engine applies the module into AWS in memory."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest.mock import patch

from product_import.configuration import Configuration
from product_import.doctor.account import Account
from product_import.doctor.deployment import Deployment
from product_import.engine import Engine, Executable
from product_import.plan_diff.environments import DOCUMENTED
from tests.doctor.answers import Answer, Answers
from tests.engine import deployment
from tests.engine.emulator import Emulator, emulated
from tests.engine.stand_in import stand_in

REGION = "eu-central-1"
SERVICE = "production-product-import-worker"
TARGET = f"service/main/{SERVICE}"
REDIS = "production-product-import"
NODES = tuple(f"{REDIS}-00{number}" for number in (1, 2, 3))
PARAMETERS = {"maxmemory-policy": "noeviction", "timeout": "300", "tcp-keepalive": "60"}
TOKEN = DOCUMENTED["redis_auth_token"]


@dataclass(frozen=True)
class Live:
    """A healthy deployment; a test that breaks it mends it again."""

    emulator: Emulator
    module: Path
    inputs: dict[str, Any]
    resources: dict[str, dict[str, Any]]
    now: datetime

    def client(self, service: str) -> Any:
        return self.emulator.client(service)

    def deployment(self, answers: Answers, **inputs: Any) -> Deployment:
        """For the doctor, with inputs over those that were applied."""
        configuration = Configuration.read(self.module).with_inputs(self.inputs | inputs)
        return Deployment(Account(answers.session, REGION), configuration, self.now)

    def publish(self, namespace: str, name: str, value: float, minutes: float, **dimensions: str) -> None:
        """A value of a metric, so many minutes ago."""
        self.client("cloudwatch").put_metric_data(
            Namespace=namespace,
            MetricData=[
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": key, "Value": each} for key, each in dimensions.items()],
                    "Timestamp": self.now - timedelta(minutes=minutes),
                    "Value": value,
                }
            ],
        )


@contextmanager
def applied(executable: Executable, artefacts: Path, folder: Path) -> Iterator[Live]:
    """The module with the documentation's inputs, applied into AWS in memory, where two workers run."""
    running = patch.dict("os.environ", {"MOTO_ECS_SERVICE_RUNNING": "2"})
    with stand_in(executable) as (provider, reattach), emulated(REGION, 5) as emulator, running:
        provider.cloud = emulator
        root = deployment.consumer(Engine(folder, executable, reattach), artefacts)
        inputs = {
            **DOCUMENTED,
            "aws_region": REGION,
            "vpc_id": emulator.vpc_id,
            "private_subnet_ids": emulator.subnet_ids,
            "ecs_cluster_id": emulator.cluster_arn,
            "sns_alarm_topic_arn": f"arn:aws:sns:{REGION}:123456789012:alarms",
            "sns_critical_topic_arn": f"arn:aws:sns:{REGION}:123456789012:critical",
            "database_secret_arn": _secret(emulator, "database"),
            "encryption_key_secret_arn": f"{_secret(emulator, 'encryption')}:key::",
        }
        root.init()
        root.apply(**inputs)
        state = root.state()
        live = Live(emulator, artefacts / "modules/product-import", inputs, state, datetime.now(UTC))
        _measure(live)
        yield live


def _secret(emulator: Emulator, name: str) -> str:
    arn: str = emulator.client("secretsmanager").create_secret(Name=name, SecretString="{}")["ARN"]
    return arn


def _measure(live: Live) -> None:
    """What is well: a short queue, workers that are counted, Redis with little to do, no alarm on."""
    for minutes in (1.5, 2.5, 3.5):
        live.publish(
            "AVNZ/ProductImport", "BullQueueDepth", 12, minutes, Environment="production", QueueName="product-import"
        )
    for node in NODES:
        for name, value in (("DatabaseMemoryUsagePercentage", 12.5), ("CPUUtilization", 3), ("Evictions", 0)):
            live.publish("AWS/ElastiCache", name, value, 6, CacheClusterId=node, CacheNodeId="0001")
    for name, values in live.resources.items():
        if name.startswith("aws_cloudwatch_metric_alarm."):
            live.client("cloudwatch").set_alarm_state(
                AlarmName=values["alarm_name"], StateValue="OK", StateReason="well"
            )


def make_healthy(live: Live, answers: Answers) -> None:
    """Answer the calls that the emulator does not know, and complete the answers that it gives."""
    answers.reset()
    earlier = live.now - timedelta(hours=3)
    # In a machine's own zone, as boto3 has it.
    two_hours_ago = live.now - timedelta(hours=2)
    arn = f"arn:aws:ecs:{REGION}:123456789012:service"
    answers.give(
        "application-autoscaling:DescribeScalingActivities",
        {"ScalingActivities": [activity(two_hours_ago.astimezone(timezone(timedelta(hours=9))), "Successful")]},
    )
    answers.give(
        "ecs:ListServiceDeployments",
        {"serviceDeployments": [{"serviceArn": f"{arn}/main/{SERVICE}", "createdAt": earlier, "status": "SUCCESSFUL"}]},
    )
    redis_answers(answers, REDIS, NODES, live.resources)
    answers.give("iam:SimulatePrincipalPolicy", lambda form: simulated(form, denied=()))
    answers.amend("cloudwatch:GetMetricData", highest_of_nodes)
    # The emulator lists versions without a stage, which AWS forgets.
    answers.amend("secretsmanager:DescribeSecret", lambda answer: answer.pop("VersionIdsToStages"))
    answers.give("sns:GetTopicAttributes", {"Attributes": {"SubscriptionsConfirmed": "1"}})
    answers.amend("ecs:DescribeServices", lambda answer: as_deployed(answer, earlier))


def redis_answers(
    answers: Answers, group: str, nodes: Sequence[str], resources: Mapping[str, Mapping[str, Any]]
) -> None:
    """Answer what the emulator does not know of Redis: its nodes, its parameters, its subnets.

    Args:
        answers: gets them.
        group: the id of the replication group.
        nodes: the names of its nodes.
        resources: the attributes of the applied module's resources, by address.
    """
    configured = resources["aws_elasticache_replication_group.redis"]
    names = {"CacheParameterGroupName": f"{group}-redis-params"}
    of_nodes = {
        "ReplicationGroupId": group,
        "CacheNodeType": configured["node_type"],
        "CacheParameterGroup": {**names, "ParameterApplyStatus": "in-sync", "CacheNodeIdsToReboot": []},
        "SecurityGroups": [{"SecurityGroupId": resources["aws_security_group.redis"]["id"], "Status": "active"}],
        "CacheSubnetGroupName": f"{group}-redis",
    }
    answers.give("elasticache:DescribeCacheClusters", {"CacheClusters": [node(name, **of_nodes) for name in nodes]})
    parameters = [
        {"ParameterName": name, "ParameterValue": value, "Source": "user"} for name, value in PARAMETERS.items()
    ]
    of_aws = {"ParameterName": "activedefrag", "ParameterValue": "no", "Source": "system"}
    answers.give("elasticache:DescribeCacheParameters", {"Parameters": [*parameters, of_aws]})
    answers.give(
        "elasticache:DescribeCacheParameterGroups",
        {"CacheParameterGroups": [{**names, "CacheParameterGroupFamily": "redis7"}]},
    )
    subnets = resources["aws_elasticache_subnet_group.redis"]["subnet_ids"]
    answers.give(
        "elasticache:DescribeCacheSubnetGroups",
        {
            "CacheSubnetGroups": [
                {
                    "CacheSubnetGroupName": f"{group}-redis",
                    "Subnets": [{"SubnetIdentifier": subnet} for subnet in subnets],
                }
            ]
        },
    )
    # The emulator makes one node, whatever the number, and keeps no token.
    of_group = {"AuthTokenEnabled": True, "Engine": "redis", "TransitEncryptionMode": "required"}

    def completed(answer: Answer) -> None:
        for each in answer["ReplicationGroups"]:
            each |= {**of_group, "MemberClusters": list(nodes)}

    answers.amend("elasticache:DescribeReplicationGroups", completed)


def as_deployed(answer: Answer, time: datetime) -> None:
    """What the emulator leaves out of a service, and when its deployment began."""
    for service in answer["services"]:
        service["deploymentConfiguration"] = {
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
        }
        for each in service["deployments"]:
            each["createdAt"] = time


def activity(start: datetime, status: str, **more: Any) -> Answer:
    """A scaling activity."""
    return {
        "ActivityId": "e6c5f7d1",
        "ServiceNamespace": "ecs",
        "ResourceId": TARGET,
        "ScalableDimension": "ecs:service:DesiredCount",
        "Description": "Setting desired count to 2.",
        "Cause": "monitor alarm in state ALARM triggered policy",
        "StartTime": start,
        "StatusCode": status,
        **more,
    }


def node(name: str, **more: Any) -> Answer:
    """A node of Redis."""
    return {
        "CacheClusterId": name,
        "ReplicationGroupId": REDIS,
        "CacheClusterStatus": "available",
        "CacheNodeType": "cache.r7g.large",
        "Engine": "redis",
        "EngineVersion": "7.0.7",
        "PreferredMaintenanceWindow": "mon:05:00-mon:07:00",
        "AutoMinorVersionUpgrade": False,
        **more,
    }


def simulated(form: Answer, denied: tuple[str, ...]) -> Answer:
    """What IAM's simulator says to the actions of a call's form, some of which are denied."""
    asked = [value for key, value in form.items() if key.startswith("ActionNames.")]
    return {
        "EvaluationResults": [
            {"EvalActionName": action, "EvalDecision": "implicitDeny" if action in denied else "allowed"}
            for action in asked
        ]
    }


def highest_of_nodes(answer: Answer) -> None:
    """What CloudWatch makes of an alarm's expression, which the emulator does not compute: a value of all nodes."""
    results = answer["MetricDataResults"]
    for result in results:
        if result["Label"].startswith("Highest "):
            values = [value for each in results if each is not result for value in each["Values"]]
            vcpus = 2 * 75 / 90 if result["Label"].endswith("90 % of a vCPU as 75") else 1
            result["Values"] = [max(values) * vcpus] if values else []

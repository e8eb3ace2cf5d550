"""A deployment: what is configured, and what AWS has of it. Each part is read when it is asked for, and once."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from product_import.configuration import Configuration, Resource, Unknown
from product_import.doctor.account import Account, NotLookedAtError
from product_import.errors import UserError

# Names in the module's task definition.
WORKER, PUBLISHER = "worker", "queue-depth"
RECENTLY = timedelta(minutes=5)
"""What is read of the depth, and how long a change of the workers may take before something is wrong."""
# An ARN of a secret, and behind it the key of its JSON, the stage and the version.
_SECRET = re.compile(r"(?P<arn>(?:[^:]+:){6}[^:]+)(?::(?P<key>[^:]*):(?P<stage>[^:]*):(?P<version>[^:]*))?")
_PASSWORD = re.compile(r"(\w://[^\s:/@]*:)[^\s@]+@")

Answer = Mapping[str, Any]


class Deployment:
    """One environment of the module in an account.

    Args:
        account: where it is.
        configuration: the module with the environment's inputs, its cluster's name among them.
        now: the time to look from, with its zone.
        by_default: nobody gave a file of inputs, so that what is configured is mostly the module's defaults.
    """

    def __init__(
        self, account: Account, configuration: Configuration, now: datetime, *, by_default: bool = False
    ) -> None:
        self.account, self.now, self.by_default = account, now, by_default
        # The autoscaling target reads the service's name from the end of its ARN.
        service = configuration.resource("aws_ecs_service", "import_worker")
        self.configuration = configuration.with_applied({"aws_ecs_service.import_worker.id": service["name"]})
        self.environment: str = configuration.variable("environment")
        self.cluster: str = configuration.variable("ecs_cluster_name")

    @property
    def configured_by(self) -> str:
        """Words for what is configured where it is not what runs."""
        return "configured (by default: --vars reads your inputs)" if self.by_default else "configured"

    def expected(self, resource_type: str, name: str) -> Resource:
        """A resource as it is configured; the type without `aws_`."""
        return self.configuration.resource(f"aws_{resource_type}", name)

    @cached_property
    def service(self) -> Answer | None:
        """The ECS service, if it is there and active."""
        answer = self.account.read(
            "ecs:DescribeServices",
            absent="ClusterNotFoundException",
            cluster=self.cluster,
            services=[self.expected("ecs_service", "import_worker")["name"]],
        )
        active = [service for service in (answer or {}).get("services", []) if service["status"] == "ACTIVE"]
        return active[0] if active else None

    @cached_property
    def task(self) -> Answer | None:
        """The task definition that the service runs."""
        if self.service is None:
            return None
        answer = self.account.read("ecs:DescribeTaskDefinition", taskDefinition=self.service["taskDefinition"])
        definition: Answer = answer["taskDefinition"]
        return definition

    def container(self, name: str) -> Answer | None:
        """A container of the task definition, if it has it."""
        containers = self.task["containerDefinitions"] if self.task else []
        return next((container for container in containers if container["name"] == name), None)

    def tasks(self, status: str) -> list[Answer]:
        """The service's tasks that are to be RUNNING, or that have STOPPED in the last hour."""
        if self.service is None:
            return []
        arns = self.account.pages(
            "ecs:ListTasks",
            "taskArns",
            most=100,
            cluster=self.cluster,
            serviceName=self.service["serviceName"],
            desiredStatus=status,
        )
        # As many as one call takes.
        found = (
            self.account.read("ecs:DescribeTasks", cluster=self.cluster, tasks=arns[:100]) if arns else {"tasks": []}
        )
        tasks: list[Answer] = found["tasks"]
        return tasks

    @cached_property
    def activities(self) -> list[Answer]:
        """The last scaling activities, those that did not scale among them, the newest first."""
        target = self.expected("appautoscaling_target", "import_worker")
        answer = self.account.read(
            "application-autoscaling:DescribeScalingActivities",
            ServiceNamespace=target["service_namespace"],
            ResourceId=target["resource_id"],
            ScalableDimension=target["scalable_dimension"],
            IncludeNotScaledActivities=True,
            MaxResults=20,
        )
        return sorted(answer["ScalingActivities"], key=lambda activity: activity["StartTime"], reverse=True)

    @cached_property
    def redis(self) -> Answer | None:
        """The replication group, if it is there."""
        answer = self.account.read(
            "elasticache:DescribeReplicationGroups",
            absent="ReplicationGroupNotFoundFault",
            ReplicationGroupId=self.expected("elasticache_replication_group", "redis")["replication_group_id"],
        )
        group: Answer | None = answer["ReplicationGroups"][0] if answer else None
        return group

    @cached_property
    def nodes(self) -> list[Answer]:
        """The nodes of the replication group."""
        if self.redis is None:
            return []
        found = self.account.pages("elasticache:DescribeCacheClusters", "CacheClusters")
        return [node for node in found if node.get("ReplicationGroupId") == self.redis["ReplicationGroupId"]]

    @cached_property
    def redis_url(self) -> tuple[str | None, str]:
        """What workers get as REDIS_URL, or None and why there is none. To compare with, never to show."""
        worker = self.container(WORKER)
        named = {secret["name"]: secret["valueFrom"] for secret in (worker or {}).get("secrets", [])}
        match = _SECRET.fullmatch(named.get("REDIS_URL", ""))
        if match is None:
            return None, "The worker's container has no secret REDIS_URL."
        versions = {"VersionStage": match["stage"], "VersionId": match["version"]}
        answer = self.account.read(
            "secretsmanager:GetSecretValue",
            absent="ResourceNotFoundException",
            SecretId=match["arn"],
            **{name: value for name, value in versions.items() if value},
        )
        if answer is None or "SecretString" not in answer:
            return None, f"{match['arn']} is not there, or has no text."
        return _part(answer["SecretString"], match["key"], match["arn"])

    def hidden(self, text: str) -> str:
        """A text from outside without passwords: those of URLs, and the token of Redis wherever it is."""
        url = self.__dict__.get("redis_url", (None, ""))[0] or ""
        token = url.partition("://")[2].rpartition("@")[0].rpartition(":")[2]
        for secret in filter(None, (url, token, unquote(token))):
            text = text.replace(secret, "***")
        return _PASSWORD.sub(r"\1***@", text)

    def secrets(self) -> list[str]:
        """The ARNs of all secrets that the containers get, without what names a part of them."""
        containers = self.task["containerDefinitions"] if self.task else []
        values = [secret["valueFrom"] for container in containers for secret in container.get("secrets", [])]
        return sorted({match["arn"] for value in values if (match := _SECRET.fullmatch(value))})

    @cached_property
    def depth(self) -> tuple[list[float], float]:
        """The depth's values of the last 5 minutes, a minute each, the newest last; and how often it was published."""
        metric = self.depth_metric
        queries = (query("depth", metric, "Average", 60), query("times", metric, "SampleCount", 60))
        values = self.metrics(queries, RECENTLY)
        return values["depth"], sum(values["times"])

    @property
    def depth_metric(self) -> dict[str, Any]:
        """The metric of the depth, as CloudWatch's calls take one."""
        alarm = self.expected("cloudwatch_metric_alarm", "queue_overload")
        return metric(alarm["namespace"], alarm["metric_name"], alarm["dimensions"])

    def metrics(self, queries: Sequence[dict[str, Any]], span: timedelta) -> dict[str, list[float]]:
        """The values of metrics until now by the queries' ids, the oldest first.

        Args:
            queries: as `query` makes them, or with an expression of CloudWatch's.
            span: how far back.

        Raises:
            NotLookedAtError: CloudWatch does not have all of them at hand, which is not that there are none.
        """
        action = "cloudwatch:GetMetricData"
        answer = self.account.read(
            action,
            StartTime=self.now - span,
            EndTime=self.now,
            ScanBy="TimestampAscending",
            MetricDataQueries=list(queries),
        )
        for result in answer["MetricDataResults"]:
            if result["StatusCode"] != "Complete":
                raise NotLookedAtError(f"{action} answered {result['StatusCode']}: try again in a minute")
        return {result["Id"]: result["Values"] for result in answer["MetricDataResults"]}


def with_cluster(configuration: Configuration, account: Account, given: str | None) -> Configuration:
    """A configuration that names its cluster: the one that is given or configured, else the one with the service.

    Raises:
        UserError: no cluster has the service, or several have it, or AWS cannot be asked.
    """
    if given or not isinstance(configuration.variable("ecs_cluster_name"), Unknown):
        return configuration.with_inputs({"ecs_cluster_name": given} if given else {})
    service = configuration.resource("aws_ecs_service", "import_worker")["name"]
    try:
        clusters = [arn.rpartition("/")[2] for arn in account.pages("ecs:ListClusters", "clusterArns")]
        found = [
            cluster
            for cluster in clusters
            for each in account.read("ecs:DescribeServices", cluster=cluster, services=[service])["services"]
            if each["status"] == "ACTIVE"
        ]
    except NotLookedAtError as error:
        raise UserError(f"the cluster cannot be looked for: {error}. Name it with --cluster.") from None
    if len(found) != 1:
        having = "several clusters have" if found else "no cluster has"
        raise UserError(
            f"{having} a service {service} in {account.region}: {', '.join(found or clusters) or 'there is none'}. "
            "Name the cluster with --cluster."
        )
    return configuration.with_inputs({"ecs_cluster_name": found[0]})


def shown(time: datetime) -> str:
    """A time of AWS, which boto3 gives in the machine's zone."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M}"


def query(name: str, metric: dict[str, Any], statistic: str, seconds: int) -> dict[str, Any]:
    """A query of a metric's statistic by a name of its own, for each so many seconds."""
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": seconds, "Stat": statistic}}


def metric(namespace: str, name: str, dimensions: Mapping[str, str]) -> dict[str, Any]:
    pairs = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    return {"Namespace": namespace, "MetricName": name, "Dimensions": pairs}


def _part(text: str, key: str | None, arn: str) -> tuple[str | None, str]:
    """A key of a secret's JSON, or all of it where none is named. The reason has no part of the text."""
    if not key:
        return text, ""
    try:
        value = json.loads(text)[key]
    except (ValueError, KeyError, TypeError):
        return None, f"{arn} is no JSON with the key {key}."
    return (value, "") if isinstance(value, str) else (None, f"The key {key} of {arn} is no text.")

"""A deployment: what is configured, and what AWS has of it. Each part is read on first use, and once."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from product_import.configuration import Configuration, Resource, Unknown
from product_import.doctor.account import Account, NotLookedAtError
from product_import.doctor.hiding import hide, texts
from product_import.errors import UserError

# Names in the module's task definition.
WORKER, PUBLISHER = "worker", "queue-depth"
RECENTLY = timedelta(minutes=5)
"""What is read of the depth, and how long a change of the workers may take before something is wrong."""
# An ARN of a secret, and behind it the key of its JSON, the stage and the version.
_SECRET = re.compile(r"(?P<arn>(?:[^:]+:){6}[^:]+)(?::(?P<key>[^:]*):(?P<stage>[^:]*):(?P<version>[^:]*))?")
_LOOKED_BACK = timedelta(hours=1)

# The argument that the id of a resource is. The module reads the end of a service's id, its ARN, which is the name; the
# target's resource_id comes of that, so the order counts.
ID_IS = (
    ("aws_iam_role", "name"),
    # internal/service/logs/group.go of the provider.
    ("aws_cloudwatch_log_group", "name"),
    ("aws_ecs_service", "name"),
    ("aws_appautoscaling_target", "resource_id"),
)

Answer = Mapping[str, Any]
Made = TypeVar("Made")


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
        for resource_type, argument in ID_IS:
            named = configuration.resources(resource_type).items()
            known = {f"{resource_type}.{name}.id": resource[argument] for name, resource in named}
            configuration = configuration.with_applied(known)
        self.configuration = configuration
        self._secret_texts: set[str] = set()
        self._made: dict[Callable[[Deployment], Any], Any] = {}
        self.environment: str = configuration.variable("environment")
        self.cluster: str = configuration.variable("ecs_cluster_name")

    def once(self, make: Callable[["Deployment"], Made]) -> Made:
        """What a function makes of the deployment, made once."""
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

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
        active = [service for service in (answer or {}).get("services", []) if service.get("status") == "ACTIVE"]
        return active[0] if active else None

    @cached_property
    def task(self) -> Answer | None:
        """The task definition that the service runs."""
        if self.service is None:
            return None
        answer = self.account.read("ecs:DescribeTaskDefinition", taskDefinition=self.service["taskDefinition"])
        definition: Answer = answer["taskDefinition"]
        return definition

    @property
    def containers(self) -> list[Answer]:
        """The containers of the task definition."""
        return self.task.get("containerDefinitions", []) if self.task else []

    def container(self, name: str) -> Answer | None:
        """A container of the task definition, if it has it."""
        return next((container for container in self.containers if container.get("name") == name), None)

    def tasks(self, status: str) -> list[Answer]:
        """The service's tasks that are to be RUNNING, or that have STOPPED. ECS forgets the latter after an hour."""
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
    def stopped_tasks(self) -> list[Answer]:
        """The tasks that stopped in the last hour, the newest first."""
        since = self.now - _LOOKED_BACK
        found = [task for task in self.tasks("STOPPED") if task.get("stoppedAt", self.now) > since]
        return sorted(found, key=lambda task: task.get("stoppedAt", self.now), reverse=True)

    @cached_property
    def events(self) -> list[str]:
        """What ECS said of the service in the last hour, the newest first, each once."""
        since = self.now - _LOOKED_BACK
        recent = [event for event in (self.service or {}).get("events", []) if event.get("createdAt", self.now) > since]
        return list(dict.fromkeys(event["message"] for event in recent if event.get("message")))

    @cached_property
    def alarms(self) -> list[Answer]:
        """The module's alarms."""
        expected = self.configuration.resources("aws_cloudwatch_metric_alarm").values()
        names = sorted(alarm["alarm_name"] for alarm in expected)
        found: list[Answer] = self.account.pages("cloudwatch:DescribeAlarms", "MetricAlarms", AlarmNames=names)
        return found

    @cached_property
    def scaling_target(self) -> Answer | None:
        """What Application Auto Scaling scales."""
        found = self.account.pages(
            "application-autoscaling:DescribeScalableTargets",
            "ScalableTargets",
            ServiceNamespace=self._scalable["ServiceNamespace"],
            ResourceIds=[self._scalable["ResourceId"]],
            ScalableDimension=self._scalable["ScalableDimension"],
        )
        target: Answer | None = next(iter(found), None)
        return target

    @cached_property
    def scaling_policies(self) -> list[Answer]:
        """The policies of the target."""
        found: list[Answer] = self.account.pages(
            "application-autoscaling:DescribeScalingPolicies", "ScalingPolicies", **self._scalable
        )
        return found

    @cached_property
    def scheduled_actions(self) -> list[Answer]:
        """What changes the limits of the target at set times; the module has none."""
        found: list[Answer] = self.account.pages(
            "application-autoscaling:DescribeScheduledActions", "ScheduledActions", **self._scalable
        )
        return found

    @property
    def _scalable(self) -> dict[str, Any]:
        target = self.expected("appautoscaling_target", "import_worker")
        return {
            "ServiceNamespace": target["service_namespace"],
            "ResourceId": target["resource_id"],
            "ScalableDimension": target["scalable_dimension"],
        }

    @cached_property
    def activities(self) -> list[Answer]:
        """The last scaling activities, those that did not scale among them, the newest first."""
        answer = self.account.read(
            "application-autoscaling:DescribeScalingActivities",
            **self._scalable,
            IncludeNotScaledActivities=True,
            MaxResults=20,
        )
        found = [{"StartTime": self.now, **activity} for activity in answer.get("ScalingActivities", [])]
        return sorted(found, key=lambda activity: activity["StartTime"], reverse=True)

    @cached_property
    def redis(self) -> Answer | None:
        """The replication group, if it is there."""
        answer = self.account.read(
            "elasticache:DescribeReplicationGroups",
            absent="ReplicationGroupNotFoundFault",
            ReplicationGroupId=self.expected("elasticache_replication_group", "redis")["replication_group_id"],
        )
        group: Answer | None = next(iter((answer or {}).get("ReplicationGroups", [])), None)
        return group

    @cached_property
    def nodes(self) -> list[Answer]:
        """The nodes of the replication group."""
        if self.redis is None:
            return []
        found = self.account.pages("elasticache:DescribeCacheClusters", "CacheClusters")
        return [node for node in found if node.get("ReplicationGroupId") == self.redis["ReplicationGroupId"]]

    @property
    def redis_url_secret(self) -> str | None:
        """The ARN of the secret that the worker gets as REDIS_URL."""
        match = self._redis_url_reference
        return match["arn"] if match else None

    @property
    def _redis_url_reference(self) -> re.Match[str] | None:
        secrets = (self.container(WORKER) or {}).get("secrets", [])
        named = {secret.get("name"): secret.get("valueFrom", "") for secret in secrets}
        return _SECRET.fullmatch(named.get("REDIS_URL", ""))

    @cached_property
    def redis_url(self) -> tuple[str | None, str]:
        """What workers get as REDIS_URL, or None and why there is none. To compare with, never to show."""
        match = self._redis_url_reference
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
            return None, f"{match['arn']} does not exist, or has no text."
        self._secret_texts |= texts(answer["SecretString"])
        return _part(answer["SecretString"], match["key"], match["arn"])

    def hidden(self, text: str) -> str:
        """A text from outside without passwords: those of URLs, and the token of Redis wherever it is."""
        configured = self.configuration.variable("redis_auth_token")
        return hide(text, {*self._secret_texts, *([configured] if isinstance(configured, str) else [])})

    def secret(self, arn: str) -> Answer | None:
        """What a secret is, without its value."""
        answer: Answer | None = self.account.read(
            "secretsmanager:DescribeSecret", absent="ResourceNotFoundException", SecretId=arn
        )
        return answer

    def secrets(self) -> dict[str, list[str]]:
        """The ARNs of all secrets that the containers get, with the names of the variables; other parameters aside."""
        found: dict[str, list[str]] = {}
        for secret in (secret for container in self.containers for secret in container.get("secrets", [])):
            match = _SECRET.fullmatch(secret.get("valueFrom", ""))
            if match and ":secretsmanager:" in match["arn"]:
                found.setdefault(match["arn"], []).append(secret.get("name", "?"))
        return dict(sorted(found.items()))

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
        results = self.account.pages(
            action,
            "MetricDataResults",
            StartTime=self.now - span,
            EndTime=self.now,
            ScanBy="TimestampAscending",
            MetricDataQueries=list(queries),
        )
        values: dict[str, list[float]] = {each["Id"]: [] for each in queries}
        for result in results:
            status = result.get("StatusCode", "Complete")
            if status != "Complete":
                raise NotLookedAtError(f"{action} answered {status}: try again in a minute")
            # A metric may continue on the next page.
            values.setdefault(result.get("Id", "?"), []).extend(result.get("Values", []))
        return values


def with_cluster(configuration: Configuration, account: Account, given: str | None) -> Configuration:
    """Name the cluster in a configuration: the one that is given or configured, else the one that has the service.

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
            if each.get("status") == "ACTIVE"
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

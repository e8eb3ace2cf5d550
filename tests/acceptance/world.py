"""AWS in memory as a run of the acceptance sees it: workers that follow the queue as time goes on."""

import math
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from product_import.acceptance.environment import engine_environment
from product_import.acceptance.pace import Pace
from tests.doctor import live
from tests.doctor.answers import Answers
from tests.doctor.live import activity, as_deployed, redis_answers
from tests.engine.emulator import Emulator

ACCOUNT = "123456789012"
REGION = "us-east-1"
NAME = "pi-accept-00000000"
ARGUMENTS = ["acceptance", "--confirm", ACCOUNT, "--queue-depth-image", "registry.example/queue-depth:1.0.0"]


def session_of(answers: Answers) -> Answers:
    """The same, whose session has a region."""
    answers.session._session.set_config_variable("region", REGION)
    return answers


@contextmanager
def simulated(session: Any, reattach: str) -> Iterator[None]:
    """A run meets this session, and its engine the stand-in for the provider, which no shell can give it."""
    with ExitStack() as stack:
        attached = {"TF_REATTACH_PROVIDERS": reattach}
        environment = "product_import.acceptance.root.engine_environment"
        stack.enter_context(patch(environment, lambda session: engine_environment(session) | attached))
        stack.enter_context(patch("boto3.Session", lambda **_: session))
        # The project's tags are not of the test.
        stack.enter_context(patch("product_import.commands.acceptance._last_release", lambda: None))
        stack.enter_context(patch.dict("os.environ"))
        yield


def left(emulator: Emulator) -> dict[str, list[str]]:
    """What AWS has of a run: the emulator itself begins with a VPC and a cluster of its own."""
    ec2, ecs, iam = (emulator.client(service) for service in ("ec2", "ecs", "iam"))
    clusters = ecs.describe_clusters(clusters=[NAME])["clusters"]
    found = {
        "vpcs": [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]],
        "nat": [
            each["NatGatewayId"] for each in ec2.describe_nat_gateways()["NatGateways"] if each["State"] != "deleted"
        ],
        "addresses": [each["AllocationId"] for each in ec2.describe_addresses()["Addresses"]],
        "clusters": [each["clusterName"] for each in clusters if each["status"] != "INACTIVE"],
        "topics": emulator.client("sns").list_topics()["Topics"],
        "buckets": emulator.client("s3").list_buckets()["Buckets"],
        "secrets": emulator.client("secretsmanager").list_secrets()["SecretList"],
        "alarms": emulator.client("cloudwatch").describe_alarms()["MetricAlarms"],
        "roles": iam.list_roles()["Roles"],
    }
    found["vpcs"].remove(emulator.vpc_id)
    return {kind: things for kind, things in found.items() if things}


class World:
    """A clock, a queue and the workers, which take a step each time that somebody waits.

    Attributes:
        shown: how many workers ran and how many jobs were left after each wait.
        interrupt_at: the wait at which somebody presses Ctrl-C.
        workers_come: whether scaling does anything.
        seconds_to_add: how long a task takes to add jobs.
        pace_of_time: how much longer each wait takes than was asked for, where nothing comes of waiting.
        answers: what AWS answers, and what it was asked.
    """

    def __init__(self, answers: Answers, emulator: Emulator) -> None:
        self.answers, self.emulator = answers, emulator
        self.slept = self.seconds_to_add = 0.0
        self.jobs, self.running = 0, 1
        self.shown: list[tuple[int, int]] = []
        self.waits = 0
        self.interrupt_at: int | None = None
        self.workers_come = True
        self.pace_of_time = 1
        self._answer()

    def pace(self) -> Pace:
        return Pace(seconds=lambda: self.slept, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.waits += 1
        self.slept += seconds * self.pace_of_time
        if self.waits == self.interrupt_at:
            signal.raise_signal(signal.SIGINT)
        if self.workers_come:
            self.running = min(max(math.ceil(self.jobs / 20), 1), 10)
        self.jobs = max(self.jobs - 20, 0)
        self.shown.append((self.running, self.jobs))

    def _answer(self) -> None:
        answers = self.answers
        answers.reset()
        earlier = datetime.now(UTC) - timedelta(hours=1)
        group = f"{NAME}-product-import"
        answers.give(
            "application-autoscaling:DescribeScalingActivities",
            {"ScalingActivities": [activity(earlier, "Successful")]},
        )
        answers.give(
            "ecs:ListServiceDeployments", {"serviceDeployments": [{"createdAt": earlier, "status": "SUCCESSFUL"}]}
        )
        self._redis(group)
        answers.give("iam:SimulatePrincipalPolicy", lambda form: live.simulated(form, denied=()))
        answers.amend("cloudwatch:DescribeAlarms", _all_well)
        answers.amend("cloudwatch:GetMetricData", self._metrics)
        answers.amend("ecs:DescribeServices", self._service)
        # The emulator takes no container without a memory of its own, which Fargate does.
        answers.give("ecs:RunTask", self._added)
        ended = {"lastStatus": "STOPPED", "containers": [{"name": "worker", "exitCode": 0}]}
        answers.give("ecs:DescribeTasks", {"tasks": [ended]})

    def _redis(self, group: str) -> None:
        """What the emulator does not know of Redis; by the time of a call the module is applied."""
        resources: dict[str, dict[str, Any]] = {
            "aws_elasticache_replication_group.redis": {"node_type": "cache.t4g.micro"},
            "aws_security_group.redis": {"id": ""},
            "aws_elasticache_subnet_group.redis": {"subnet_ids": []},
        }
        redis_answers(self.answers, group, [f"{group}-001"], resources)
        self.answers.amend("elasticache:DescribeCacheClusters", self._of_group)
        self.answers.amend("elasticache:DescribeCacheSubnetGroups", self._of_vpc)

    def _of_group(self, answer: dict[str, Any]) -> None:
        groups = self.emulator.client("ec2").describe_security_groups()["SecurityGroups"]
        (own,) = (each["GroupId"] for each in groups if each["GroupName"].startswith(f"{NAME}-product-import-redis-"))
        answer["CacheClusters"][0]["SecurityGroups"] = [{"SecurityGroupId": own, "Status": "active"}]

    def _of_vpc(self, answer: dict[str, Any]) -> None:
        service = {"cluster": NAME, "services": [f"{NAME}-product-import-worker"]}
        (found,) = self.emulator.client("ecs").describe_services(**service)["services"]
        subnets = found["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
        answer["CacheSubnetGroups"][0]["Subnets"] = [{"SubnetIdentifier": subnet} for subnet in subnets]

    def _service(self, answer: dict[str, Any]) -> None:
        as_deployed(answer, datetime.now(UTC) - timedelta(hours=1))
        for service in answer["services"]:
            service |= {"runningCount": self.running, "desiredCount": self.running, "pendingCount": 0}

    def _metrics(self, answer: dict[str, Any]) -> None:
        values = {"depth": [float(self.jobs)], "times": [1.0]}
        for result in answer["MetricDataResults"]:
            result["Values"] = values.get(result["Id"], [0.0])

    def _added(self, asked: dict[str, Any]) -> dict[str, Any]:
        (override,) = asked["overrides"]["containerOverrides"]
        (jobs,) = (int(each["value"]) for each in override["environment"] if each["name"] == "JOBS")
        self.jobs += jobs
        self.slept += self.seconds_to_add
        return {"tasks": [{"taskArn": "arn:aws:ecs:us-east-1:123456789012:task/jobs"}]}


def _all_well(answer: dict[str, Any]) -> None:
    for alarm in answer["MetricAlarms"]:
        alarm["StateValue"] = "OK"

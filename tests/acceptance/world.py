"""AWS in memory as a run of the acceptance sees it: workers that follow the queue as time goes on."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from product_import.acceptance.pace import Pace
from tests.doctor.answers import Answers
from tests.doctor.live import activity, as_deployed, redis_answers, simulated
from tests.engine.emulator import Emulator

NAME = "pi-accept-00000000"


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
            raise KeyboardInterrupt
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
        answers.give("iam:SimulatePrincipalPolicy", lambda form: simulated(form, denied=()))
        answers.give("sns:GetTopicAttributes", {"Attributes": {"SubscriptionsConfirmed": "0"}})
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

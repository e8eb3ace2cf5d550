"""The faults that the doctor finds, each in a deployment that a test breaks, and nothing in a healthy one.

A test breaks the emulator and repairs it again, or changes an answer that the emulator does not know (answers.py).
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from product_import.doctor.examination import Examination, examine
from product_import.doctor.faults import FAULTS
from tests.doctor.answers import Answers
from tests.doctor.live import (
    NODES,
    REDIS,
    REGION,
    SERVICE,
    TARGET,
    TOKEN,
    Live,
    activity,
    highest_of_nodes,
    node,
    simulated,
)

import pytest


@dataclass(frozen=True)
class Scene:
    """A healthy deployment, to break."""

    live: Live
    answers: Answers


Break = Callable[[Scene], Iterator[None]]
# The names of the faults, the worst first; what breaks; and words in the details of the first fault.
CASES: list[tuple[tuple[str, ...], Break, str]] = []


def breaks(fault: str, details: str, *besides: str) -> Callable[[Break], Break]:
    """Register a way to break a healthy deployment: before its `yield`. Behind it, the emulator is repaired.

    Args:
        fault: the first that is found.
        details: words of it.
        besides: the names of the faults that follow from the same break.
    """

    def add(function: Break) -> Break:
        CASES.append(((fault, *besides), function, details))
        return function

    return add


def found(examination: Examination) -> dict[str, str]:
    """The details of each finding by the fault's name."""
    return {finding.fault.name: "\n".join(finding.details) for finding in examination.findings}


def test_a_healthy_deployment_has_no_findings(live: Live, answers: Answers) -> None:
    """All is looked at, and this is how it stands."""
    examination = examine(live.deployment(answers))
    assert (examination.findings, examination.gaps, examination.status) == ([], [], 0)
    assert {fact.name: fact.text for fact in examination.facts} == {
        "workers": "2 running, 2 desired, 0 starting",
        "stopped tasks": "0 failed in the last hour",
        "last deployment": f"SUCCESSFUL, begun {live.now - timedelta(hours=3):%Y-%m-%d %H:%M}",
        "queue": (
            "12 jobs; depth published 3 times in 5 minutes, by the application: the workers' task has no publisher"
        ),
        "scaling": (
            f"from 2 to 50 workers; last: {live.now - timedelta(hours=2):%Y-%m-%d %H:%M} Setting desired count to 2."
        ),
        "redis": "3 nodes of cache.r7g.large, redis 7.0.7, available",
        "load": "memory 12.5 % (threshold 85 %), CPU 5 % (threshold 75 %), 0 evictions in the last hour",
        "REDIS_URL": "a URL",
        "alarms": "4 OK",
        "zones": "eu-central-1a, eu-central-1b; 502 free addresses",
        "configuration": "197 arguments compared",
    }
    assert examination.account == "123456789012"
    # Each thing is read once.
    assert answers.asked.count("elasticache:DescribeCacheClusters") == 1


def service(answers: Answers, **state: Any) -> None:
    answers.amend("ecs:DescribeServices", lambda answer: [each.update(state) for each in answer["services"]])


@breaks("service-missing", f"{SERVICE} in the cluster main")
def _no_service(scene: Scene) -> Iterator[None]:
    service(scene.answers, status="INACTIVE")
    yield


@breaks("no-workers", "0 running, 2 desired, 2 starting.\nECS: (service worker) was unable to place a task.")
def _no_worker(scene: Scene) -> Iterator[None]:
    event = {"id": "1", "createdAt": scene.live.now, "message": "(service worker) was unable to place a task."}
    service(scene.answers, runningCount=0, pendingCount=2, events=[event])
    yield


def stopped(
    answers: Answers, why: str, number: int = 2, code: str = "EssentialContainerExited", **container: Any
) -> None:
    """Tasks have stopped, all for one reason."""
    arns = [f"arn:aws:ecs:{REGION}:123456789012:task/main/{task:032x}" for task in range(number)]
    ended = {"name": "worker", "exitCode": 1, **container}
    tasks = [{"taskArn": arn, "stopCode": code, "stoppedReason": why, "containers": [ended]} for arn in arns]
    answers.give("ecs:ListTasks", lambda sent: {"taskArns": arns if sent["desiredStatus"] == "STOPPED" else []})
    answers.give("ecs:DescribeTasks", {"tasks": tasks})


@breaks(
    "workers-missing",
    "1 running, 2 desired, 0 starting.\n2 tasks stopped: Essential container exited; worker: exit code 1",
)
def _a_worker_that_ends(scene: Scene) -> Iterator[None]:
    service(scene.answers, runningCount=1, pendingCount=0)
    stopped(scene.answers, "Essential container exited")
    yield


@breaks(
    "deployment-failed",
    "ROLLBACK_SUCCESSFUL: Circuit breaker triggered\nThe service runs production-product-import-worker:1.",
)
def _rollback(scene: Scene) -> Iterator[None]:
    last = {"createdAt": scene.live.now, "status": "ROLLBACK_SUCCESSFUL", "statusReason": "Circuit breaker triggered"}
    scene.answers.amend("ecs:ListServiceDeployments", lambda answer: answer["serviceDeployments"].append(last))
    yield


@breaks("deployment-failed", "STOPPED: Stopped by a user")
def _stopped_deployment(scene: Scene) -> Iterator[None]:
    last = {"createdAt": scene.live.now, "status": "STOPPED", "statusReason": "Stopped by a user"}
    scene.answers.amend("ecs:ListServiceDeployments", lambda answer: answer["serviceDeployments"].append(last))
    yield


@breaks("deployment-failed", "tasks failed to start\nThe service runs production-product-import-worker:1.")
def _failed_deployment_that_ecs_does_not_list(scene: Scene) -> Iterator[None]:
    scene.answers.give("ecs:ListServiceDeployments", {"serviceDeployments": []})
    state = {"rolloutState": "FAILED", "rolloutStateReason": "tasks failed to start"}
    scene.answers.amend("ecs:DescribeServices", lambda answer: answer["services"][0]["deployments"][0].update(state))
    yield


@breaks("redis-missing", f"{REDIS} in {REGION}")
def _no_redis(scene: Scene) -> Iterator[None]:
    scene.answers.refuse("elasticache:DescribeReplicationGroups", "ReplicationGroupNotFoundFault")
    yield


@breaks("redis-unavailable", f"{REDIS}: modifying, {NODES[1]}: rebooting cluster nodes.")
def _redis_modifying(scene: Scene) -> Iterator[None]:
    scene.answers.amend(
        "elasticache:DescribeReplicationGroups",
        lambda answer: answer["ReplicationGroups"][0].update(Status="modifying"),
    )
    second(scene.answers, CacheClusterStatus="rebooting cluster nodes")
    yield


def second(answers: Answers, **state: Any) -> None:
    """The second node of Redis differs."""
    answers.amend("elasticache:DescribeCacheClusters", lambda answer: answer["CacheClusters"][1].update(state))


@contextmanager
def secret(live: Live, text: str) -> Iterator[None]:
    """The secret holds a text, and then what the module put there again."""
    client, arn = (
        live.client("secretsmanager"),
        live.resources["aws_secretsmanager_secret.redis_url"]["arn"],
    )
    before = client.get_secret_value(SecretId=arn)["SecretString"]
    client.put_secret_value(SecretId=arn, SecretString=text)
    yield
    client.put_secret_value(SecretId=arn, SecretString=before)


@breaks("secret-no-url", " is no JSON with the key url.")
def _secret_that_is_a_url_without_a_key(scene: Scene) -> Iterator[None]:
    with secret(scene.live, f"rediss://:{TOKEN}@redis.example:6379"):
        yield


@breaks("secret-no-url", "What it holds is no URL that begins with rediss:// and names a host.")
def _secret_with_a_port_that_is_none(scene: Scene) -> Iterator[None]:
    with secret(scene.live, json.dumps({"url": f"rediss://:{TOKEN}@redis.example:port"})):
        yield


@breaks("secret-no-url", "It begins with redis://, and this Redis requires TLS: rediss://.\nIt has no token")
def _secret_without_token(scene: Scene) -> Iterator[None]:
    endpoint = scene.live.resources["aws_elasticache_replication_group.redis"]["primary_endpoint_address"]
    with secret(scene.live, json.dumps({"url": f"redis://{endpoint}:6379"})):
        yield


@breaks("secret-elsewhere", "It names redis.example:6379; this Redis is master.production-product-import.")
def _secret_of_another_redis(scene: Scene) -> Iterator[None]:
    with secret(scene.live, json.dumps({"url": "rediss://:token@redis.example:6379"})):
        yield


@breaks("secret-elsewhere", ":6380; this Redis is master.production-product-import.")
def _secret_of_another_port(scene: Scene) -> Iterator[None]:
    endpoint = scene.live.resources["aws_elasticache_replication_group.redis"]["primary_endpoint_address"]
    with secret(scene.live, json.dumps({"url": f"rediss://:token@{endpoint}:6380"})):
        yield


@breaks("role-missing", f"aws_iam_role_policy.ecs_execution_secrets ({SERVICE}-secrets) is missing.")
def _no_inline_policy(scene: Scene) -> Iterator[None]:
    iam, names = scene.live.client("iam"), {"RoleName": f"{SERVICE}-execution", "PolicyName": f"{SERVICE}-secrets"}
    document = iam.get_role_policy(**names)["PolicyDocument"]
    iam.delete_role_policy(**names)
    yield
    iam.put_role_policy(**names, PolicyDocument=json.dumps(document))


@breaks(
    "role-missing",
    "aws_iam_role_policy_attachment.ecs_execution_role_policy "
    "(arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy) is missing.",
)
def _no_managed_policy(scene: Scene) -> Iterator[None]:
    policy = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    scene.live.client("iam").detach_role_policy(RoleName=f"{SERVICE}-execution", PolicyArn=policy)
    yield
    scene.live.client("iam").attach_role_policy(RoleName=f"{SERVICE}-execution", PolicyArn=policy)


@breaks("role-denied", f"{SERVICE}-task: s3:PutObject on arn:aws:s3:::product-images/* (implicitDeny).")
def _boundary(scene: Scene) -> Iterator[None]:
    scene.answers.give("iam:SimulatePrincipalPolicy", lambda form: simulated(form, denied=("s3:PutObject",)))
    yield


@breaks("role-denied", f"{SERVICE}-execution: secretsmanager:GetSecretValue on arn:denied (explicitDeny).")
def _one_secret(scene: Scene) -> Iterator[None]:
    def simulate(form: dict[str, Any]) -> dict[str, Any]:
        answer = simulated(form, denied=())
        for result in answer["EvaluationResults"]:
            if result["EvalActionName"] == "secretsmanager:GetSecretValue":
                result["EvalDecision"] = "explicitDeny"
                result["ResourceSpecificResults"] = [
                    {"EvalResourceName": f"arn:{decision}", "EvalResourceDecision": decision}
                    for decision in ("allowed", "denied")
                ]
        return answer

    scene.answers.give("iam:SimulatePrincipalPolicy", simulate)
    yield


@breaks("depth-missing", "Environment=production,QueueName=product-import. It was published within the last 3 hours.")
def _publisher_that_fell_silent(scene: Scene) -> Iterator[None]:
    silent(scene.answers)
    yield


def silent(answers: Answers) -> None:
    """The depth has no values."""

    def empty(answer: dict[str, Any]) -> None:
        for result in answer["MetricDataResults"]:
            if result["Id"] in ("depth", "times"):
                result["Values"] = []

    answers.amend("cloudwatch:GetMetricData", empty)


@breaks("depth-elsewhere", "Published: Environment=production,QueueName=imports.")
def _publisher_of_another_queue(scene: Scene) -> Iterator[None]:
    silent(scene.answers)
    scene.live.publish("AVNZ/ProductImport", "BullQueueDepth", 5, 2, Environment="production", QueueName="imports")
    yield


@breaks("depth-missing", "Published for others: Environment=staging,QueueName=product-import.")
def _publisher_of_another_environment(scene: Scene) -> Iterator[None]:
    silent(scene.answers)
    pairs = {"Environment": "staging", "QueueName": "product-import"}
    metric = {"Dimensions": [{"Name": name, "Value": value} for name, value in pairs.items()]}
    scene.answers.give("cloudwatch:ListMetrics", {"Metrics": [metric]})
    yield


@breaks("depth-wrong", "-3 jobs in the last 5 minutes.")
def _negative_depth(scene: Scene) -> Iterator[None]:
    def change(answer: dict[str, Any]) -> None:
        for result in answer["MetricDataResults"]:
            if result["Id"] == "depth":
                result["Values"] = [12.0, -3.0, 12.0]

    scene.answers.amend("cloudwatch:GetMetricData", change)
    yield


@breaks("scaling-missing", "aws_appautoscaling_policy.import_worker_cpu (production-import-worker-cpu) is missing.")
def _no_policy(scene: Scene) -> Iterator[None]:
    scene.answers.amend(
        "application-autoscaling:DescribeScalingPolicies",
        lambda answer: [
            each.update(PolicyName="other") for each in answer["ScalingPolicies"] if "cpu" in each["PolicyName"]
        ],
    )
    yield


@breaks("scaling-missing", "The policy production-import-worker-queue-depth has no alarms.")
def _policy_without_alarms(scene: Scene) -> Iterator[None]:
    scene.answers.amend(
        "application-autoscaling:DescribeScalingPolicies",
        lambda answer: [each.update(Alarms=[]) for each in answer["ScalingPolicies"] if "depth" in each["PolicyName"]],
    )
    yield


@contextmanager
def target(live: Live, **state: Any) -> Iterator[None]:
    """The scalable target is changed by hand, and then as it was."""
    names = {"ServiceNamespace": "ecs", "ResourceId": TARGET, "ScalableDimension": "ecs:service:DesiredCount"}
    client = live.client("application-autoscaling")
    client.register_scalable_target(**names, **state)
    yield
    running = dict.fromkeys(
        ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"), False
    )
    client.register_scalable_target(**names, MinCapacity=2, MaxCapacity=50, SuspendedState=running)


@breaks("scaling-suspended", "On: DynamicScalingInSuspended, DynamicScalingOutSuspended.")
def _suspended(scene: Scene) -> Iterator[None]:
    with target(scene.live, SuspendedState={"DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": True}):
        yield


@breaks("limits-differ", "2 to 5, where 2 to 50 is configured.")
def _limits_by_hand(scene: Scene) -> Iterator[None]:
    with target(scene.live, MaxCapacity=5):
        yield


@breaks("scaling-failed", "Setting desired count to 2. Failed to set desired count")
def _scaling_that_fails(scene: Scene) -> Iterator[None]:
    failed = activity(scene.live.now - timedelta(minutes=2), "Failed", StatusMessage="Failed to set desired count")
    scene.answers.give("application-autoscaling:DescribeScalingActivities", {"ScalingActivities": [failed]})
    yield


@breaks("scaling-failed", "Setting desired count to 2. Overridden")
def _scaling_that_is_overridden(scene: Scene) -> Iterator[None]:
    scaled(scene, timedelta(minutes=2), "Overridden")
    yield


@breaks("scaling-failed", "Setting desired count to 2. InProgress")
def _scaling_that_does_not_end(scene: Scene) -> Iterator[None]:
    scaled(scene, timedelta(minutes=31), "InProgress")
    yield


def scaled(scene: Scene, ago: timedelta, status: str) -> None:
    """The last scaling activity began so long ago and has a status."""
    last = activity(scene.live.now - ago, status)
    scene.answers.give("application-autoscaling:DescribeScalingActivities", {"ScalingActivities": [last]})


@breaks("scaling-failed", "Setting desired count to 2. Unfulfilled")
def _scaling_that_is_not_fulfilled(scene: Scene) -> Iterator[None]:
    scaled(scene, timedelta(minutes=59), "Unfulfilled")
    yield


@breaks("scaling-held", "AWS says no more (ResourceNotScalable).")
def _not_scalable(scene: Scene) -> Iterator[None]:
    not_scaled(scene.live, scene.answers, "ResourceNotScalable")
    yield


@breaks("scaling-held", "ECS takes no change of the service now (TargetServicePutResourceAsUnscalable).")
def _unscalable_while_it_is_deployed(scene: Scene) -> Iterator[None]:
    not_scaled(scene.live, scene.answers, "TargetServicePutResourceAsUnscalable")
    yield


@breaks("scaling-held", "it would have had to go back at once (AutoScalingAnticipatedFlapping).")
def _flapping(scene: Scene) -> Iterator[None]:
    not_scaled(scene.live, scene.answers, "AutoScalingAnticipatedFlapping")
    yield


def not_scaled(live: Live, answers: Answers, code: str, minutes: float = 2) -> None:
    """So many minutes ago; AWS tells it to who asks for what did not scale."""
    ago = live.now - timedelta(minutes=minutes)
    held = activity(ago, "Successful", NotScaledReasons=[{"Code": code}])
    answers.give(
        "application-autoscaling:DescribeScalingActivities",
        lambda sent: {"ScalingActivities": [held] if sent["IncludeNotScaledActivities"] else []},
    )


@breaks("scaling-at-maximum", "12 jobs, 6 for each of 2 workers, where 5 is the target.", "differs")
def _as_many_as_allowed(scene: Scene) -> Iterator[None]:
    scene.live.inputs.update(worker_max_count=2, target_jobs_per_worker=5)
    with target(scene.live, MaxCapacity=2):
        yield
    scene.live.inputs.update(worker_max_count=50, target_jobs_per_worker=10)


@breaks("scaling-at-maximum", "2 workers are desired already (AlreadyAtMaxCapacity).")
def _no_more_than_allowed(scene: Scene) -> Iterator[None]:
    not_scaled(scene.live, scene.answers, "AlreadyAtMaxCapacity")
    scene.live.inputs.update(worker_max_count=2)
    with target(scene.live, MaxCapacity=2):
        yield
    scene.live.inputs.update(worker_max_count=50)


@breaks("redis-evicts", f"{NODES[0]}: 40 keys.")
def _evictions(scene: Scene) -> Iterator[None]:
    load(scene.answers, "Evictions", [25, 15])
    yield


def load(answers: Answers, metric: str, node0: list[float]) -> None:
    """The first node of Redis has these values of a metric."""

    def change(answer: dict[str, Any]) -> None:
        of_nodes = [result for result in answer["MetricDataResults"] if result["Label"].startswith(f"{metric} ")]
        if of_nodes:
            of_nodes[0]["Values"] = node0
            highest_of_nodes(answer)

    answers.amend("cloudwatch:GetMetricData", change)


@breaks(
    "redis-memory-high",
    "Highest DatabaseMemoryUsagePercentage of the nodes: 91.5 %, where 85 % is the threshold.\n"
    f"{NODES[0]}: 91.5 %.\n{NODES[1]}: 12.5 %.",
)
def _full_memory(scene: Scene) -> Iterator[None]:
    load(scene.answers, "DatabaseMemoryUsagePercentage", [91.5, 90])
    yield


@breaks(
    "redis-cpu-high",
    "Highest CPUUtilization of the nodes, 90 % of a vCPU as 75: 80 %, where 75 % is the threshold.\n"
    f"{NODES[0]}: 48 %.\n{NODES[1]}: 3 %.",
)
def _busy_node(scene: Scene) -> Iterator[None]:
    load(scene.answers, "CPUUtilization", [48])
    yield


@breaks("redis-metrics-missing", f"{NODES[0]}.")
def _silent_node(scene: Scene) -> Iterator[None]:
    load(scene.answers, "DatabaseMemoryUsagePercentage", [])
    yield


@breaks("redis-would-be-replaced", "redis 7.1.0 runs, where redis 7.0 is configured.")
def _newer_version(scene: Scene) -> Iterator[None]:
    nodes(scene.answers, EngineVersion="7.1.0")
    yield


def nodes(answers: Answers, **state: Any) -> None:
    """All nodes of Redis differ."""
    answers.amend(
        "elasticache:DescribeCacheClusters", lambda answer: [each.update(state) for each in answer["CacheClusters"]]
    )


@breaks("redis-would-be-replaced", "valkey 8.0.1 runs, where redis 7.0 is configured.")
def _valkey(scene: Scene) -> Iterator[None]:
    scene.answers.amend(
        "elasticache:DescribeReplicationGroups", lambda answer: answer["ReplicationGroups"][0].update(Engine="valkey")
    )
    nodes(scene.answers, Engine="valkey", EngineVersion="8.0.1")
    yield


@breaks("redis-would-be-upgraded", "redis 6.2.6 runs, where redis 7.0 is configured.")
def _older_version(scene: Scene) -> Iterator[None]:
    nodes(scene.answers, EngineVersion="6.2.6")
    yield


@breaks(
    "nodes-differ",
    "aws_elasticache_replication_group.redis.node_type: cache.r6g.large, where cache.r7g.large is configured.\n"
    "aws_elasticache_replication_group.redis.num_cache_clusters: 2, where 3 is configured.",
    "differs",
)
def _other_nodes(scene: Scene) -> Iterator[None]:
    other = {"MemberClusters": list(NODES[:2]), "CacheNodeType": "cache.r6g.large"}
    scene.answers.amend(
        "elasticache:DescribeReplicationGroups", lambda answer: answer["ReplicationGroups"][0].update(other)
    )
    yield


@breaks("parameters-differ", ".parameter.maxmemory-policy: allkeys-lru, where noeviction is configured.")
def _evicting_policy(scene: Scene) -> Iterator[None]:
    scene.answers.amend(
        "elasticache:DescribeCacheParameters",
        lambda answer: answer["Parameters"][0].update(ParameterValue="allkeys-lru"),
    )
    yield


@breaks("parameters-differ", ".parameter.maxmemory-samples: 1, where nothing is configured.")
def _further_parameter(scene: Scene) -> Iterator[None]:
    further = {"ParameterName": "maxmemory-samples", "ParameterValue": "1", "Source": "user"}
    scene.answers.amend("elasticache:DescribeCacheParameters", lambda answer: answer["Parameters"].append(further))
    yield


IN_SYNC = {"ParameterApplyStatus": "in-sync"}


@breaks("parameters-differ", f" of {NODES[1]}: default.redis7, where {REDIS}-redis-params is configured.")
def _other_group(scene: Scene) -> Iterator[None]:
    second(scene.answers, CacheParameterGroup={"CacheParameterGroupName": "default.redis7", **IN_SYNC})
    yield


@breaks(
    "parameters-differ",
    f"aws_elasticache_parameter_group.redis ({REDIS}-redis-params) is missing.\n",
)
def _no_group(scene: Scene) -> Iterator[None]:
    second(scene.answers, CacheParameterGroup={"CacheParameterGroupName": "default.redis7", **IN_SYNC})
    scene.answers.refuse("elasticache:DescribeCacheParameters", "CacheParameterGroupNotFound")
    yield


@breaks("parameters-pending", f"{NODES[1]}: pending-reboot.")
def _pending_reboot(scene: Scene) -> Iterator[None]:
    group = {"CacheParameterGroupName": f"{REDIS}-redis-params", "ParameterApplyStatus": "pending-reboot"}
    second(scene.answers, CacheParameterGroup=group)
    yield


@breaks("alarm-on", "Threshold Crossed: no datapoints were received. In the module's README: #queue_overload.")
def _alarm(scene: Scene) -> Iterator[None]:
    with alarm_state(scene.live, "ALARM", "Threshold Crossed: no datapoints were received"):
        yield


@contextmanager
def alarm_state(live: Live, state: str, reason: str) -> Iterator[None]:
    client, name = live.client("cloudwatch"), f"{REDIS}-queue-overload"
    client.set_alarm_state(AlarmName=name, StateValue=state, StateReason=reason)
    yield
    client.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="well")


@breaks("alarm-without-data", f"{REDIS}-queue-overload.")
def _no_data(scene: Scene) -> Iterator[None]:
    with alarm_state(scene.live, "INSUFFICIENT_DATA", "Unchecked: Initial alarm creation"):
        yield


@breaks("alarm-missing", f"aws_cloudwatch_metric_alarm.redis_cpu_high ({REDIS}-redis-cpu-high) is missing.")
def _no_alarm(scene: Scene) -> Iterator[None]:
    def without(answer: dict[str, Any]) -> None:
        answer["MetricAlarms"] = [each for each in answer["MetricAlarms"] if "cpu" not in each["AlarmName"]]

    scene.answers.amend("cloudwatch:DescribeAlarms", without)
    yield


@breaks("alarm-muted", "worker_count_low.actions_enabled: false, where true is configured.")
def _muted(scene: Scene) -> Iterator[None]:
    names = {"AlarmNames": [f"{REDIS}-worker-count-low"]}
    scene.live.client("cloudwatch").disable_alarm_actions(**names)
    yield
    scene.live.client("cloudwatch").enable_alarm_actions(**names)


@breaks("alarm-muted", f".alarm_actions lacks arn:aws:sns:{REGION}:123456789012:alarms, which is configured.")
def _alarm_without_actions(scene: Scene) -> Iterator[None]:
    def without(answer: dict[str, Any]) -> None:
        for alarm in answer["MetricAlarms"]:
            if "count" in alarm["AlarmName"]:
                alarm["AlarmActions"] = []

    scene.answers.amend("cloudwatch:DescribeAlarms", without)
    yield


@breaks("one-zone", f"in {REGION}a.")
def _one_zone(scene: Scene) -> Iterator[None]:
    scene.answers.amend(
        "ec2:DescribeSubnets", lambda answer: [each.update(AvailabilityZone=f"{REGION}a") for each in answer["Subnets"]]
    )
    yield


@breaks("log-missing", "aws_cloudwatch_log_group.import_worker (/ecs/production/product-import-worker) is missing.")
def _no_log_group(scene: Scene) -> Iterator[None]:
    scene.answers.refuse("logs:FilterLogEvents", "ResourceNotFoundException")
    scene.answers.amend("logs:DescribeLogGroups", lambda answer: _without_workers(answer["logGroups"]))
    yield


def _without_workers(groups: list[dict[str, Any]]) -> None:
    groups[:] = [group for group in groups if not group["logGroupName"].startswith("/ecs/")]


@breaks(
    "failures-logged", '2 times, queue-depth: {"level": "error", "event": "no data point in this interval", "took": 12}'
)
def _logged(scene: Scene) -> Iterator[None]:
    logs, group = scene.live.client("logs"), "/ecs/production/product-import-worker"
    names = {"logGroupName": group, "logStreamName": "queue-depth/queue-depth/1"}
    logs.create_log_stream(**names)
    at = int((scene.live.now - timedelta(minutes=1)).timestamp() * 1000)
    lines = [f'{{"level": "error", "event": "no data point in this interval", "took": {took}}}' for took in (9, 12)]
    lines.append('{"level": "info", "event": "published"}')
    logs.put_log_events(**names, logEvents=[{"timestamp": at, "message": line} for line in lines])
    yield
    logs.delete_log_stream(**names)


def _logging(line: str) -> Break:
    def broken(scene: Scene) -> Iterator[None]:
        scene.answers.give("logs:FilterLogEvents", {"events": [{"message": line, "logStreamName": "worker/worker/1"}]})
        yield

    broken.__name__ = f"logged {line}"
    return broken


for _line in (
    "connect ECONNREFUSED 10.0.0.1:6379",
    "read ECONNRESET",
    "connect ETIMEDOUT",
    "getaddrinfo ENOTFOUND master.redis",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "READONLY You can't write against a read only replica.",
    "WRONGPASS invalid username-password pair",
    "NOAUTH Authentication required.",
    "Reached the MaxRetriesPerRequest limit",
    "job stalled more than allowable limit",
    "Job failed: unexpected end",
    "Unhandled promise rejection",
    "panic: runtime",
):
    breaks("failures-logged", f"1 times, worker: {_line}")(_logging(_line))


@breaks("image-not-pulled", "2 tasks stopped: CannotPullContainerError: pull image manifest has been retried")
def _image_that_cannot_be_pulled(scene: Scene) -> Iterator[None]:
    reason = "CannotPullContainerError: pull image manifest has been retried 1 time(s): not found"
    stopped(scene.answers, reason, code="TaskFailedToStart")
    yield


@breaks("image-not-pulled", "1 task stopped: ResourceInitializationError: unable to pull secrets or registry auth: ")
def _registry_that_denies(scene: Scene) -> Iterator[None]:
    reason = (
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
        "unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError"
    )
    stopped(scene.answers, reason, 1, "TaskFailedToStart")
    yield


@breaks("addresses-missing", "1 task stopped: Timeout waiting for EC2: RESOURCE:ENI")
def _no_network_interface(scene: Scene) -> Iterator[None]:
    stopped(scene.answers, "Timeout waiting for EC2: RESOURCE:ENI", 1, "TaskFailedToStart")
    yield


@breaks("out-of-memory", "40 tasks stopped: Essential container in task exited; worker: OutOfMemoryError: Container")
def _memory_while_counts_are_right(scene: Scene) -> Iterator[None]:
    reason = "OutOfMemoryError: Container killed due to memory usage"
    stopped(scene.answers, "Essential container in task exited", 40, reason=reason, exitCode=137)
    yield


@breaks("tasks-stop", "3 tasks stopped: Essential container in task exited; worker: exit code 1")
def _restart_loop(scene: Scene) -> Iterator[None]:
    stopped(scene.answers, "Essential container in task exited", 3)
    yield


@breaks("tasks-stop", "5 tasks stopped: Task failed container health checks")
def _unhealthy_tasks(scene: Scene) -> Iterator[None]:
    stopped(scene.answers, "Task failed container health checks", 5, "ServiceSchedulerInitiated", exitCode=0)
    yield


def _stopping(reason: str) -> Break:
    """Three tasks have stopped for a reason that has no fault of its own."""

    def broken(scene: Scene) -> Iterator[None]:
        stopped(scene.answers, reason, 3, "TaskFailedToStart")
        yield

    broken.__name__ = f"stopped {reason}"
    return broken


for _reason in (
    "ResourceInitializationError: failed to validate logger args: The specified log group does not exist",
    "ResourceInitializationError: failed to create new container runtime task: i/o timeout to the logs endpoint",
    "Unexpected EC2 error while attempting to Create Network Interface: NetworkInterfaceLimitExceeded",
    "ECS was unable to assume the role that was provided for this task",
    "CannotStartContainerError: exec format error",
    "CannotStartContainerError: ResourceInitializationError: exec: no such file or directory",
    "ContainerRuntimeTimeoutError: Could not transition to created; timed out after waiting 4m0s",
    "InternalError: Internal error occurred",
):
    breaks("tasks-stop", f"3 tasks stopped: {_reason}")(_stopping(_reason))


@breaks("secret-unreadable", "unable to retrieve secret from asm")
def _secret_that_ecs_cannot_read(scene: Scene) -> Iterator[None]:
    reason = (
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
        "unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException"
    )
    stopped(scene.answers, reason, 1, "TaskFailedToStart")
    yield


@breaks("addresses-missing", "ECS: (service worker) was unable to place a task. Reason: ")
def _no_addresses(scene: Scene) -> Iterator[None]:
    message = (
        "(service worker) was unable to place a task. Reason: InsufficientFreeAddressesInSubnet: The specified subnet "
        "does not have enough free addresses to satisfy the request."
    )
    service(scene.answers, events=[{"id": "1", "createdAt": scene.live.now, "message": message}])
    yield


@breaks("addresses-missing", "has no free address.")
def _full_subnet(scene: Scene) -> Iterator[None]:
    scene.answers.amend("ec2:DescribeSubnets", lambda answer: answer["Subnets"][0].update(AvailableIpAddressCount=0))
    yield


@breaks("addresses-missing", " is pending.")
def _pending_subnet(scene: Scene) -> Iterator[None]:
    scene.answers.amend("ec2:DescribeSubnets", lambda answer: answer["Subnets"][0].update(State="pending"))
    yield


@breaks("addresses-missing", " does not exist.", "one-zone")
def _subnet_that_is_gone(scene: Scene) -> Iterator[None]:
    scene.answers.amend("ec2:DescribeSubnets", lambda answer: answer["Subnets"].pop())
    yield


@breaks("deployment-stuck", "; 0 of its tasks failed.")
def _deployment_for_hours(scene: Scene) -> Iterator[None]:
    deploying(scene, timedelta(hours=3), failed=0)
    yield


@breaks("deployment-stuck", "; 12 of its tasks failed.")
def _deployment_whose_tasks_fail(scene: Scene) -> Iterator[None]:
    deploying(scene, timedelta(minutes=10), failed=12)
    yield


@breaks("deployment-stuck", "; 3 of its tasks failed.")
def _deployment_that_ecs_does_not_list(scene: Scene) -> Iterator[None]:
    deploying(scene, timedelta(minutes=10), failed=3)
    scene.answers.give("ecs:ListServiceDeployments", {"serviceDeployments": []})
    yield


def deploying(scene: Scene, since: timedelta, failed: int) -> None:
    """A deployment is in progress, and some of its tasks have failed."""
    begun = {"createdAt": scene.live.now - since, "startedAt": scene.live.now - since, "status": "IN_PROGRESS"}
    scene.answers.give("ecs:ListServiceDeployments", {"serviceDeployments": [begun]})
    scene.answers.amend(
        "ecs:DescribeServices",
        lambda answer: answer["services"][0]["deployments"][0].update(
            rolloutState="IN_PROGRESS", failedTasks=failed, createdAt=scene.live.now - since
        ),
    )


def deleted(scene: Scene, part: str) -> None:
    """A secret whose name has a part is scheduled for deletion."""

    def change(answer: dict[str, Any]) -> None:
        if part in answer["Name"]:
            answer["DeletedDate"] = scene.live.now

    scene.answers.amend("secretsmanager:DescribeSecret", change)


@breaks("secret-unreadable", ", of DATABASE_URL: it is scheduled for deletion since ")
def _database_secret_about_to_be_deleted(scene: Scene) -> Iterator[None]:
    deleted(scene, "database")
    yield


@breaks("secret-unreadable", ", of REDIS_URL: it is scheduled for deletion since ")
def _redis_secret_about_to_be_deleted(scene: Scene) -> Iterator[None]:
    deleted(scene, "redis-url")
    message = "You can't perform this operation on the secret because it was marked for deletion."
    scene.answers.refuse("secretsmanager:GetSecretValue", "InvalidRequestException", message)
    yield


@breaks("secret-unreadable", ":secret:gone-AbCdEf, of DATABASE_URL: it does not exist.", "differs")
def _no_database_secret(scene: Scene) -> Iterator[None]:
    def gone(answer: dict[str, Any]) -> None:
        (container,) = answer["taskDefinition"]["containerDefinitions"]
        container["secrets"][0]["valueFrom"] = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:gone-AbCdEf"

    scene.answers.amend("ecs:DescribeTaskDefinition", gone)
    yield


@breaks("secret-unreadable", "with an explicit deny in a resource-based policy")
def _policy_of_the_secret(scene: Scene) -> Iterator[None]:
    message = (
        "User: arn:aws:iam::123456789012:user/night is not authorized to perform: secretsmanager:GetSecretValue on "
        "resource: redis-url with an explicit deny in a resource-based policy"
    )
    scene.answers.refuse("secretsmanager:GetSecretValue", "AccessDeniedException", message)
    yield


@breaks("secret-unreadable", "can't decrypt the protected secret text using the provided KMS key")
def _secret_that_cannot_be_decrypted(scene: Scene) -> Iterator[None]:
    message = "Secrets Manager can't decrypt the protected secret text using the provided KMS key."
    scene.answers.refuse("secretsmanager:GetSecretValue", "DecryptionFailure", message)
    yield


KEY = f"arn:aws:kms:{REGION}:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"


@breaks("key-disabled", f"{KEY} is PendingDeletion. It encrypts production-product-import-redis-url-", "differs")
def _key_about_to_be_deleted(scene: Scene) -> Iterator[None]:
    scene.answers.amend("secretsmanager:DescribeSecret", _encrypted)
    scene.answers.give("kms:DescribeKey", {"KeyMetadata": {"KeyId": KEY, "KeyState": "PendingDeletion"}})
    yield


def _encrypted(secret: dict[str, Any]) -> None:
    if "redis-url" in secret["Name"]:
        secret["KmsKeyId"] = KEY


@breaks("key-disabled", f"{KEY} is not there. It encrypts production-product-import-redis-url-", "differs")
def _key_that_is_gone(scene: Scene) -> Iterator[None]:
    scene.answers.amend("secretsmanager:DescribeSecret", _encrypted)
    scene.answers.refuse("kms:DescribeKey", "NotFoundException")
    yield


@breaks("key-disabled", f"{KEY} is Disabled. It encrypts Redis.", "differs")
def _disabled_key_of_redis(scene: Scene) -> Iterator[None]:
    scene.answers.amend(
        "elasticache:DescribeReplicationGroups", lambda answer: answer["ReplicationGroups"][0].update(KmsKeyId=KEY)
    )
    scene.answers.give("kms:DescribeKey", {"KeyMetadata": {"KeyId": KEY, "KeyState": "Disabled"}})
    yield


@breaks("scaling-missing", "is missing, or is off.")
def _alarm_of_a_policy_deleted(scene: Scene) -> Iterator[None]:
    scene.answers.amend("cloudwatch:DescribeAlarms", _without_alarms_of_policies)
    yield


@breaks("scaling-missing", " of the policy production-import-worker-cpu is missing, or is off.")
def _alarm_of_a_policy_off(scene: Scene) -> Iterator[None]:
    def off(answer: dict[str, Any]) -> None:
        for alarm in answer["MetricAlarms"]:
            if "TargetTracking" in alarm["AlarmName"]:
                alarm["ActionsEnabled"] = False

    scene.answers.amend("cloudwatch:DescribeAlarms", off)
    yield


def _without_alarms_of_policies(answer: dict[str, Any]) -> None:
    answer["MetricAlarms"] = [each for each in answer["MetricAlarms"] if "TargetTracking" not in each["AlarmName"]]


@breaks("limits-differ", "1 to 5, where 2 to 50 is configured.\nScheduled actions set other limits: night.")
def _limits_that_no_schedule_explains(scene: Scene) -> Iterator[None]:
    scheduled(scene, "night", MinCapacity=1)
    with target(scene.live, MinCapacity=1, MaxCapacity=5):
        yield


def scheduled(scene: Scene, name: str, **limits: int) -> None:
    """A scheduled action of the root that uses the module."""
    action = {
        "ScheduledActionName": name,
        "ScheduledActionARN": f"arn:aws:autoscaling:{REGION}:123456789012:scheduledAction:1:{name}",
        "ServiceNamespace": "ecs",
        "Schedule": "cron(0 19 * * ? *)",
        "ResourceId": TARGET,
        "ScalableTargetAction": limits,
        "CreationTime": scene.live.now,
    }
    scene.answers.give("application-autoscaling:DescribeScheduledActions", {"ScheduledActions": [action]})


@breaks("topic-missing", f"arn:aws:sns:{REGION}:123456789012:critical, of {REDIS}-queue-overload.")
def _no_topic(scene: Scene) -> Iterator[None]:
    scene.answers.refuse("sns:GetTopicAttributes", "NotFound")
    yield


@breaks("topic-missing", f"arn:aws:sns:{REGION}:123456789012:critical, of {REDIS}-queue-overload.")
def _topic_whose_arn_is_none(scene: Scene) -> Iterator[None]:
    scene.answers.refuse("sns:GetTopicAttributes", "InvalidParameter", "Invalid parameter: TopicArn")
    yield


@breaks("topic-without-subscription", f"arn:aws:sns:{REGION}:123456789012:critical, of {REDIS}-queue-overload.")
def _nobody_subscribes(scene: Scene) -> Iterator[None]:
    scene.answers.give("sns:GetTopicAttributes", {"Attributes": {"SubscriptionsConfirmed": "0"}})
    yield


@breaks("resource-missing", "aws_security_group.redis (production-product-import-redis-...) is missing.")
def _no_security_group(scene: Scene) -> Iterator[None]:
    def without(answer: dict[str, Any]) -> None:
        answer["SecurityGroups"] = [each for each in answer["SecurityGroups"] if "-redis-" not in each["GroupName"]]

    scene.answers.amend("ec2:DescribeSecurityGroups", without)
    yield


@breaks("resource-missing", "aws_elasticache_subnet_group.redis (production-product-import-redis) is missing.")
def _no_subnet_group(scene: Scene) -> Iterator[None]:
    scene.answers.refuse("elasticache:DescribeCacheSubnetGroups", "CacheSubnetGroupNotFoundFault")
    yield


@breaks("resource-missing", "aws_cloudwatch_dashboard.product_import[0] (production-product-import) is missing.")
def _no_dashboard(scene: Scene) -> Iterator[None]:
    scene.live.inputs["create_dashboard"] = True
    scene.answers.refuse("cloudwatch:GetDashboard", "ResourceNotFound")
    yield
    del scene.live.inputs["create_dashboard"]


@breaks("log-missing", "(/aws/elasticache/production-product-import/slow-log) is missing.")
def _no_slow_log(scene: Scene) -> Iterator[None]:
    def without(answer: dict[str, Any]) -> None:
        answer["logGroups"] = [each for each in answer["logGroups"] if "slow" not in each["logGroupName"]]

    scene.answers.amend("logs:DescribeLogGroups", without)
    yield


@breaks("alarm-muted", f".alarm_actions has arn:aws:sns:{REGION}:123456789012:other, which is not configured.")
def _another_topic(scene: Scene) -> Iterator[None]:
    other = [f"arn:aws:sns:{REGION}:123456789012:other"]
    scene.answers.amend(
        "cloudwatch:DescribeAlarms", lambda answer: answer["MetricAlarms"][0].update(AlarmActions=other)
    )
    yield


@breaks("role-missing", f"aws_iam_role.ecs_task_role ({SERVICE}-task) is missing.")
def _no_role(scene: Scene) -> Iterator[None]:
    scene.answers.refuse("iam:GetRole", "NoSuchEntity")
    yield


@breaks("differs", "aws_ecs_task_definition.import_worker.execution_role_arn: nothing, where arn:aws:iam::")
def _task_definition_by_hand_without_roles(scene: Scene) -> Iterator[None]:
    def without(answer: dict[str, Any]) -> None:
        for role in ("executionRoleArn", "taskRoleArn"):
            del answer["taskDefinition"][role]

    scene.answers.amend("ecs:DescribeTaskDefinition", without)
    yield


@breaks("differs", ".logConfiguration.options.awslogs-group: /other, where /ecs/production/product-import-worker is")
def _another_log_group(scene: Scene) -> Iterator[None]:
    def change(answer: dict[str, Any]) -> None:
        (container,) = answer["taskDefinition"]["containerDefinitions"]
        container["logConfiguration"]["options"]["awslogs-group"] = "/other"

    scene.answers.amend("ecs:DescribeTaskDefinition", change)
    yield


def _changed(action: str, what: str, **state: Any) -> Break:
    """Each item of an answer has another state."""

    def broken(scene: Scene) -> Iterator[None]:
        scene.answers.amend(action, lambda answer: [each.update(state) for each in answer[what]])
        yield

    broken.__name__ = f"{what} {', '.join(state)}"
    return broken


_GROUP = ("elasticache:DescribeReplicationGroups", "ReplicationGroups")
_NODE = ("elasticache:DescribeCacheClusters", "CacheClusters")
_SERVICE = ("ecs:DescribeServices", "services")
_REDIS, _WORKERS = "aws_elasticache_replication_group.redis", "aws_ecs_service.import_worker"
_TO_OTHERS = {"GlobalReplicationGroupId": "world", "GlobalReplicationGroupMemberRole": "SECONDARY"}
for _place, _state, _fault, _said in (
    (_SERVICE, {"status": "DRAINING"}, "service-missing", f"{SERVICE} in the cluster main"),
    (_SERVICE, {"schedulingStrategy": "DAEMON"}, "differs", f"{_WORKERS}.scheduling_strategy: DAEMON, where REPLICA"),
    (
        _SERVICE,
        {"deploymentController": {"type": "EXTERNAL"}},
        "differs",
        f"{_WORKERS}.deployment_controller: EXTERNAL, where ECS is configured.",
    ),
    (_GROUP, {"Status": "create-failed"}, "redis-unavailable", f"{REDIS}: create-failed."),
    (_GROUP, {"AutomaticFailover": "disabled"}, "differs", f"{_REDIS}.automatic_failover_enabled: false, where true"),
    (_GROUP, {"MultiAZ": "disabled"}, "differs", f"{_REDIS}.multi_az_enabled: false, where true is configured."),
    (_GROUP, {"SnapshotRetentionLimit": 0}, "differs", f"{_REDIS}.snapshot_retention_limit: 0, where 5 is configured."),
    (
        _GROUP,
        {"LogDeliveryConfigurations": []},
        "differs",
        f'{_REDIS}.log_delivery_configuration: nothing, where {{"slow-log": ',
    ),
    (_GROUP, {"ClusterMode": "enabled"}, "differs", f"{_REDIS}.cluster_mode: enabled, where disabled is configured."),
    (_GROUP, {"UserGroupIds": ["by-hand"]}, "differs", f"{_REDIS}.user_group_ids has by-hand, which is not configured"),
    (_GROUP, {"DataTiering": "enabled"}, "differs", f"{_REDIS}.data_tiering_enabled: true, where nothing"),
    (_GROUP, {"IpDiscovery": "ipv6"}, "differs", f"{_REDIS}.ip_discovery: ipv6, where ipv4 is configured."),
    (_GROUP, {"NetworkType": "dual_stack"}, "differs", f"{_REDIS}.network_type: dual_stack, where ipv4 is configured."),
    (_GROUP, {"GlobalReplicationGroupInfo": _TO_OTHERS}, "differs", f"{_REDIS}.global_replication_group_id: world, "),
    (
        _NODE,
        {"CacheClusterStatus": "incompatible-network"},
        "redis-unavailable",
        f"{NODES[0]}: incompatible-network, {NODES[1]}: incompatible-network, ",
    ),
    (
        _NODE,
        {"NotificationConfiguration": {"TopicArn": "arn:by-hand", "TopicStatus": "inactive"}},
        "differs",
        f"{_REDIS}.notification_topic_arn of {NODES[2]}: arn:by-hand, where nothing is configured.",
    ),
    (
        _NODE,
        {"AutoMinorVersionUpgrade": True},
        "differs",
        f"{_REDIS}.auto_minor_version_upgrade of {NODES[0]}: true, where false is configured.",
    ),
    (
        _NODE,
        {"CacheSubnetGroupName": "default"},
        "differs",
        f"{_REDIS}.subnet_group_name of {NODES[0]}: default, where {REDIS}-redis is configured.",
    ),
    (_NODE, {"SecurityGroups": []}, "differs", f"{_REDIS}.security_group_ids of {NODES[0]} lacks sg-"),
    (
        ("logs:DescribeLogGroups", "logGroups"),
        {"logGroupClass": "INFREQUENT_ACCESS"},
        "differs",
        "aws_cloudwatch_log_group.import_worker.log_group_class: INFREQUENT_ACCESS, where STANDARD is configured.",
    ),
):
    breaks(_fault, _said)(_changed(*_place, **_state))


@pytest.mark.parametrize(("faults", "break_", "details"), CASES, ids=[case[1].__name__.strip("_") for case in CASES])
def test_a_fault_is_found(live: Live, answers: Answers, faults: tuple[str, ...], break_: Break, details: str) -> None:
    """It alone, or with what follows from it, and with what was seen."""
    broken = break_(Scene(live, answers))
    next(broken)
    try:
        examination = examine(live.deployment(answers))
    finally:
        next(broken, None)
    assert (tuple(found(examination)), examination.gaps) == (faults, [])
    assert details in found(examination)[faults[0]]
    assert examination.status == 2


def test_an_alarm_that_tells_nobody_is_on_all_the_same(live: Live, answers: Answers) -> None:
    """Only one that adds workers is on whenever there is something to do."""

    def on(answer: dict[str, Any]) -> None:
        for alarm, actions in zip(answer["MetricAlarms"], ([], ["arn:aws:autoscaling:::p"], ["x"]), strict=False):
            alarm |= {"StateValue": "ALARM", "AlarmActions": actions}

    answers.amend("cloudwatch:DescribeAlarms", on)
    examination = examine(live.deployment(answers))
    assert [finding.fault.name for finding in examination.findings] == ["alarm-on", "alarm-muted"]
    # One finding, so that its advice is not repeated.
    assert len(examination.findings[0].details) == 2


def test_lines_that_tell_of_no_failure_are_left_out(live: Live, answers: Answers) -> None:
    """Also where CloudWatch, or as here the emulator, gives them."""
    broken = _logged(Scene(live, answers))
    next(broken)
    details = found(examine(live.deployment(answers)))["failures-logged"]
    next(broken, None)
    assert "published" not in details
    assert details.count("\n") == 0


def _failed_long_ago(scene: Scene) -> None:
    failed = activity(scene.live.now - timedelta(hours=2), "Failed", StatusMessage="Failed to set desired count")
    scene.answers.give("application-autoscaling:DescribeScalingActivities", {"ScalingActivities": [failed]})


def _scaling_under_way(scene: Scene) -> None:
    scaled(scene, timedelta(minutes=10), "InProgress")


def _nothing_to_scale(scene: Scene) -> None:
    not_scaled(scene.live, scene.answers, "AlreadyAtMinCapacity")


def _held_long_ago(scene: Scene) -> None:
    not_scaled(scene.live, scene.answers, "AutoScalingAnticipatedFlapping", minutes=120)


def _workers_that_scaling_starts(scene: Scene) -> None:
    service(scene.answers, runningCount=1, pendingCount=1)
    scaled(scene, timedelta(minutes=2), "Successful")


def _workers_that_a_deployment_starts(scene: Scene) -> None:
    service(scene.answers, runningCount=1, pendingCount=1)
    begun = {"createdAt": scene.live.now - timedelta(minutes=2)}
    scene.answers.amend(
        "ecs:DescribeServices",
        lambda answer: [each.update(begun) for each in answer["services"][0]["deployments"]],
    )


def _limits_by_schedule(scene: Scene) -> None:
    scheduled(scene, "day", MinCapacity=10)
    live = {"MinCapacity": 10, "RoleARN": f"arn:aws:iam::123456789012:role/{SERVICE}"}
    scene.answers.amend(
        "application-autoscaling:DescribeScalableTargets", lambda answer: answer["ScalableTargets"][0].update(live)
    )


def _tasks_that_scaling_stops(scene: Scene) -> None:
    stopped(scene.answers, "Scaling activity initiated by (deployment 1)", 9, "ServiceSchedulerInitiated", exitCode=137)


def _tasks_that_stopped_long_ago(scene: Scene) -> None:
    stopped(scene.answers, "Essential container in task exited", 9)
    long_ago = {"stoppedAt": scene.live.now - timedelta(hours=2)}
    scene.answers.amend("ecs:DescribeTasks", lambda answer: [each.update(long_ago) for each in answer["tasks"]])


def _snapshot(scene: Scene) -> None:
    nodes(scene.answers, CacheClusterStatus="snapshotting")


def _long_queue_below_the_maximum(scene: Scene) -> None:
    def long(answer: dict[str, Any]) -> None:
        for result in answer["MetricDataResults"]:
            if result["Id"] == "depth":
                result["Values"] = [5000.0]

    scene.answers.amend("cloudwatch:GetMetricData", long)


def _security_groups_that_were_replaced(scene: Scene) -> None:
    def add(answer: dict[str, Any]) -> None:
        old = [{**each, "GroupId": "sg-old", "IpPermissionsEgress": []} for each in answer["SecurityGroups"]]
        answer["SecurityGroups"][:0] = old

    scene.answers.amend("ec2:DescribeSecurityGroups", add)


def _deployment_under_way(scene: Scene) -> None:
    deploying(scene, timedelta(minutes=10), failed=1)


def _nodes_of_another_environment(scene: Scene) -> None:
    other = node("staging-product-import-001", ReplicationGroupId="staging-product-import", EngineVersion="7.1.0")
    scene.answers.amend("elasticache:DescribeCacheClusters", lambda answer: answer["CacheClusters"].append(other))


@pytest.mark.parametrize(
    "change",
    [
        _failed_long_ago,
        _held_long_ago,
        _scaling_under_way,
        _nothing_to_scale,
        _workers_that_scaling_starts,
        _workers_that_a_deployment_starts,
        _limits_by_schedule,
        _tasks_that_scaling_stops,
        _tasks_that_stopped_long_ago,
        _security_groups_that_were_replaced,
        _snapshot,
        _long_queue_below_the_maximum,
        _deployment_under_way,
        _nodes_of_another_environment,
    ],
    ids=lambda change: change.__name__.strip("_"),
)
def test_what_is_no_fault(live: Live, answers: Answers, change: Callable[[Scene], None]) -> None:
    """What is over, what is under way, and what is somebody else's."""
    change(Scene(live, answers))
    assert found(examine(live.deployment(answers))) == {}


def test_what_ecs_says_is_told_once_and_while_it_is_new(live: Live, answers: Answers) -> None:
    """It says the same every few minutes."""
    ages = (("was unable to place a task", 1), ("was unable to place a task", 6), ("has reached a steady state", 90))
    events = [
        {"id": str(minutes), "createdAt": live.now - timedelta(minutes=minutes), "message": message}
        for message, minutes in ages
    ]
    service(answers, runningCount=0, events=events)
    details = found(examine(live.deployment(answers)))["no-workers"]
    assert [line for line in details.splitlines() if line.startswith("ECS:")] == ["ECS: was unable to place a task"]


def test_the_most_frequent_failures_are_shown(live: Live, answers: Answers) -> None:
    """Three kinds of four, with their numbers."""
    lines = [f"Error: {kind}" for number, kind in enumerate("abcd", 1) for _ in range(number)]
    events = [{"message": line, "logStreamName": "worker/worker/1"} for line in lines]
    answers.give("logs:FilterLogEvents", {"events": events})
    assert found(examine(live.deployment(answers)))["failures-logged"].splitlines() == [
        f"{number} times, worker: Error: {kind}" for number, kind in ((4, "d"), (3, "c"), (2, "b"))
    ]


def test_larger_nodes_are_short_of_cpu_by_their_thread(live: Live, answers: Answers) -> None:
    """As the alarm has it: the other vCPUs of such a node are not Redis's."""
    larger = {"CacheNodeType": "cache.r7g.xlarge"}
    answers.amend("elasticache:DescribeReplicationGroups", lambda answer: answer["ReplicationGroups"][0].update(larger))
    load(answers, "EngineCPUUtilization", [80])
    details = found(examine(live.deployment(answers, redis_node_type="cache.r7g.xlarge")))
    assert details["redis-cpu-high"] == (
        f"Highest EngineCPUUtilization of the nodes: 80 %, where 75 % is the threshold.\n{NODES[0]}: 80 %."
    )


def test_each_fault_is_made() -> None:
    """None of the table without a test."""
    assert {fault for faults, _, _ in CASES for fault in faults} == {fault.name for fault in FAULTS}

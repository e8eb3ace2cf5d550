"""The comparison with the configuration: every argument is in its table, and what somebody changed by hand is found."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from product_import.doctor.blind_spots import section
from product_import.doctor.calls import CALLS
from product_import.doctor.checks import CHECKS
from product_import.doctor.comparison.compare import META
from product_import.doctor.comparison.places import READINGS, Elsewhere, NotCompared, Place
from product_import.doctor.examination import examine
from tests.doctor.answers import Answers
from tests.doctor.live import NODES, REDIS, Live
from tests.project import PROJECT

import pytest

PAGE = (PROJECT / "docs/doctor.md").read_text()

Change = Callable[[Any], object]


def _group(**state: Any) -> tuple[str, Change]:
    return "elasticache:DescribeReplicationGroups", lambda answer: answer["ReplicationGroups"][0].update(state)


def _nodes(**state: Any) -> tuple[str, Change]:
    def change(answer: Any) -> None:
        for node in answer["CacheClusters"]:
            node.update(state)

    return "elasticache:DescribeCacheClusters", change


def _service(**state: Any) -> tuple[str, Change]:
    return "ecs:DescribeServices", lambda answer: answer["services"][0].update(state)


def _task(**state: Any) -> tuple[str, Change]:
    return "ecs:DescribeTaskDefinition", lambda answer: answer["taskDefinition"].update(state)


def _worker(**state: Any) -> tuple[str, Change]:
    return "ecs:DescribeTaskDefinition", lambda answer: answer["taskDefinition"]["containerDefinitions"][0].update(
        state
    )


def _variable(name: str, value: str) -> tuple[str, Change]:
    def change(answer: Any) -> None:
        environment = answer["taskDefinition"]["containerDefinitions"][0]["environment"]
        environment[:] = [*(each for each in environment if each["name"] != name), {"name": name, "value": value}]

    return "ecs:DescribeTaskDefinition", change


def _alarm(**state: Any) -> tuple[str, Change]:
    def change(answer: Any) -> None:
        for alarm in answer["MetricAlarms"]:
            if alarm["AlarmName"] == f"{REDIS}-queue-overload":
                alarm.update(state)

    return "cloudwatch:DescribeAlarms", change


def _policy(part: str, **state: Any) -> tuple[str, Change]:
    def change(answer: Any) -> None:
        for policy in answer["ScalingPolicies"]:
            if part in policy["PolicyName"]:
                policy["TargetTrackingScalingPolicyConfiguration"].update(state)

    return "application-autoscaling:DescribeScalingPolicies", change


def _security_group(part: str, **state: Any) -> tuple[str, Change]:
    def change(answer: Any) -> None:
        for group in answer["SecurityGroups"]:
            if f"-{part}-" in group["GroupName"]:
                group.update(state)

    return "ec2:DescribeSecurityGroups", change


def _role(**state: Any) -> tuple[str, Change]:
    return "iam:GetRole", lambda answer: answer["Role"].update(state)


def _log_groups(**state: Any) -> tuple[str, Change]:
    return "logs:DescribeLogGroups", lambda answer: [group.update(state) for group in answer["logGroups"]]


_OTHER_GROUP = [{"SecurityGroupId": "sg-0123456789abcdef0", "Status": "active"}]
_TO_ALL = {"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
_QUEUED = {"Expression": "queued", "Id": "jobs_per_worker", "ReturnData": True}

# What somebody changed by hand, and what is found of it behind the address of the resource.
CHANGES: Mapping[str, tuple[tuple[str, Change], str]] = {
    "failover off": (_group(AutomaticFailover="disabled"), "automatic_failover_enabled: false, where true"),
    "Multi-AZ off": (_group(MultiAZ="disabled"), "multi_az_enabled: false, where true"),
    "snapshots off": (_group(SnapshotRetentionLimit=0), "snapshot_retention_limit: 0, where 5"),
    "other snapshot window": (_group(SnapshotWindow="10:00-12:00"), "snapshot_window: 10:00-12:00, where 03:00-05:00"),
    "AUTH off": (_group(AuthTokenEnabled=False), "auth_token: false, where true"),
    "TLS off": (_group(TransitEncryptionEnabled=False), "transit_encryption_enabled: false, where true"),
    "TLS optional": (_group(TransitEncryptionMode="preferred"), "transit_encryption_mode: preferred, where required"),
    "encryption at rest off": (_group(AtRestEncryptionEnabled=False), "at_rest_encryption_enabled: false, where true"),
    "log delivery off": (_group(LogDeliveryConfigurations=[]), "log_delivery_configuration: nothing, where {"),
    "users of Redis": (_group(UserGroupIds=["staff"]), "user_group_ids has staff, which is not configured"),
    "other description": (_group(Description="mine"), "description: mine, where Redis cluster for Bull queue"),
    "other maintenance window": (
        _nodes(PreferredMaintenanceWindow="sun:01:00-sun:02:00"),
        f"maintenance_window of {NODES[0]}: sun:01:00-sun:02:00, where mon:05:00-mon:07:00",
    ),
    "minor upgrades on": (
        _nodes(AutoMinorVersionUpgrade=True),
        f"auto_minor_version_upgrade of {NODES[0]}: true, where false",
    ),
    "other group of the nodes": (_nodes(SecurityGroups=_OTHER_GROUP), f"ids of {NODES[2]} has sg-0123456789abcdef0"),
    "other subnet group": (_nodes(CacheSubnetGroupName="mine"), f"subnet_group_name of {NODES[0]}: mine, where"),
    "rule removed": (
        _security_group("redis", IpPermissions=[]),
        "aws_security_group.redis.ingress lacks tcp 6379 sg-",
    ),
    "rule for all": (_security_group("redis", IpPermissions=[_TO_ALL]), "has tcp 6379 0.0.0.0/0 (no description)"),
    "no way out": (_security_group("worker", IpPermissionsEgress=[]), "egress lacks all 0.0.0.0/0"),
    "other threshold": (_alarm(Threshold=5.0), "queue_overload.threshold: 5, where 10000"),
    "other metric": (_alarm(MetricName="Depth"), "metric_name: Depth, where BullQueueDepth"),
    "other namespace": (_alarm(Namespace="Mine"), "namespace: Mine, where AVNZ/ProductImport"),
    "other dimensions": (_alarm(Dimensions=[]), "queue_overload.dimensions: nothing, where {"),
    "other statistic": (_alarm(Statistic="Minimum"), "statistic: Minimum, where Average"),
    "other period": (_alarm(Period=3600), "period: 3600, where 300"),
    "other comparison": (_alarm(ComparisonOperator="LessThanThreshold"), "comparison_operator: LessThanThreshold"),
    "missing data ignored": (_alarm(TreatMissingData="ignore"), "treat_missing_data: ignore, where breaching"),
    "later alarm": (_alarm(EvaluationPeriods=9, DatapointsToAlarm=9), "datapoints_to_alarm: 9, where nothing"),
    "nobody told of the end": (_alarm(OKActions=[]), "ok_actions lacks arn:aws:sns:"),
    "policy without scale-in": (_policy("cpu", DisableScaleIn=True), "disable_scale_in: true, where nothing"),
    "policy with another target": (_policy("cpu", TargetValue=20), "target_value: 20, where 70"),
    "policy with another cooldown": (_policy("depth", ScaleInCooldown=1), "scale_in_cooldown: 1, where 300"),
    "policy with another metric": (
        _policy("depth", CustomizedMetricSpecification={"Metrics": [_QUEUED]}),
        "metrics.jobs_per_worker.expression: queued, where queued / running",
    ),
    "other image": (_worker(image="api:hotfix"), "container_definitions.worker.image: api:hotfix, where 123456789012"),
    "other command": (_worker(command=["sleep", "1d"]), 'worker.command: ["sleep", "1d"], where ["node", '),
    "other health check": (_worker(healthCheck={"command": ["CMD", "true"]}), "healthCheck.command has CMD"),
    "no log": (_worker(logConfiguration={"logDriver": "json-file"}), "logDriver: json-file, where awslogs"),
    "other secrets": (
        _worker(secrets=[{"name": "REDIS_URL", "valueFrom": "arn:aws:ssm:eu-central-1:123456789012:parameter/x"}]),
        "secrets.DATABASE_URL: nothing, where",
    ),
    "other variable": (_variable("BULL_CONCURRENCY", "50"), "environment.BULL_CONCURRENCY: 50, where 5"),
    "variable to the letter": (_variable("ENABLE_API", "False"), "environment.ENABLE_API: False, where false"),
    "further variable": (_variable("DB_PASSWORD", "s3cret-by-hand"), "DB_PASSWORD: (hidden), where nothing"),
    "further container": (
        (
            "ecs:DescribeTaskDefinition",
            lambda answer: answer["taskDefinition"]["containerDefinitions"].append(
                {"name": "agent", "environment": [{"name": "KEY", "value": "s3cret-by-hand"}]}
            ),
        ),
        'container_definitions.agent: {"name": "agent", "environment": "(hidden)", "essential": true}, where nothing',
    ),
    "less memory": (_task(memory="2048"), "memory: 2048, where 4096"),
    "less CPU": (_task(cpu="1024"), "cpu: 1024, where 2048"),
    "other architecture": (
        _task(runtimePlatform={"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}),
        "runtime_platform.cpu_architecture: ARM64, where X86_64",
    ),
    "other role": (_task(taskRoleArn="arn:aws:iam::123456789012:role/admin"), "task_role_arn: arn:aws:iam::12345"),
    "public addresses": (
        (
            "ecs:DescribeServices",
            lambda answer: answer["services"][0]["networkConfiguration"]["awsvpcConfiguration"].update(
                assignPublicIp="ENABLED", securityGroups=["sg-0"]
            ),
        ),
        "assign_public_ip: true, where false",
    ),
    "shell on": (_service(enableExecuteCommand=True), "enable_execute_command: true, where false"),
    "circuit breaker off": (
        _service(deploymentConfiguration={"maximumPercent": 200, "minimumHealthyPercent": 100}),
        "deployment_circuit_breaker: nothing, where",
    ),
    "downtime allowed": (
        _service(deploymentConfiguration={"maximumPercent": 200, "minimumHealthyPercent": 0}),
        "deployment_minimum_healthy_percent: 0, where 100",
    ),
    "spot": (
        _service(capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]),
        'capacity_provider_strategy: {"FARGATE_SPOT": ',
    ),
    "boundary": (
        _role(PermissionsBoundary={"PermissionsBoundaryArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
        "permissions_boundary: arn:aws:iam::aws:policy/ReadOnlyAccess, where nothing",
    ),
    "log for a day": (_log_groups(retentionInDays=1), "import_worker.retention_in_days: 1, where 30"),
    "log for ever": (
        ("logs:DescribeLogGroups", lambda answer: [group.pop("retentionInDays") for group in answer["logGroups"]]),
        "redis_slow_log.retention_in_days: nothing, where 7",
    ),
    "other subnets": (
        (
            "elasticache:DescribeCacheSubnetGroups",
            lambda answer: answer["CacheSubnetGroups"][0].update(Subnets=[{"SubnetIdentifier": "subnet-0"}]),
        ),
        "subnet_ids has subnet-0, which is not configured",
    ),
    "other family": (
        (
            "elasticache:DescribeCacheParameterGroups",
            lambda answer: answer["CacheParameterGroups"][0].update(CacheParameterGroupFamily="redis6.x"),
        ),
        "aws_elasticache_parameter_group.redis.family: redis6.x, where redis7",
    ),
    "other description of the secret": (
        ("secretsmanager:DescribeSecret", lambda answer: answer.update(Description="mine")),
        "aws_secretsmanager_secret.redis_url.description: mine, where",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_by_hand_is_found(live: Live, answers: Answers, name: str) -> None:
    """With the address, the live value and the configured one; and nothing that was put in by hand shows."""
    (action, change), said = CHANGES[name]
    answers.amend(action, change)
    examination = examine(live.deployment(answers))
    details = {finding.fault.name: finding.details for finding in examination.findings}.get("differs", ())
    assert any(said in detail and detail.startswith("aws_") for detail in details), details
    assert not any("s3cret-by-hand" in detail for detail in details)
    assert examination.gaps == []


def test_a_variable_of_the_inputs_is_hidden(live: Live, answers: Answers) -> None:
    """On both sides: it may hold a secret."""
    action, change = _variable("API_LOGIN", "s3cret-by-hand")
    answers.amend(action, change)
    examination = examine(live.deployment(answers, worker_environment={"API_LOGIN": "s3cret-configured"}))
    details = "\n".join(detail for finding in examination.findings for detail in finding.details)
    assert "environment.API_LOGIN: (hidden), where (hidden) is configured." in details
    assert "s3cret" not in details


@pytest.mark.parametrize("statement", ["Allow", "Deny"])
def test_a_policy_by_hand_is_found(live: Live, answers: Answers, statement: str) -> None:
    """A statement that another policy has is told in full."""
    iam, names = (
        live.client("iam"),
        {"RoleName": "production-product-import-worker-task", "PolicyName": f"{REDIS}-worker-s3"},
    )
    before = iam.get_role_policy(**names)["PolicyDocument"]
    other = f'{{"Version": "2012-10-17", "Statement": {{"Effect": "{statement}", "Action": "s3:*", "Resource": "*"}}}}'
    iam.put_role_policy(**names, PolicyDocument=other)
    details = examine(live.deployment(answers)).findings[0].details
    iam.put_role_policy(**names, PolicyDocument=json.dumps(before))
    assert details[-1].startswith(
        f'aws_iam_role_policy.ecs_task_s3.policy has {{"Action": "s3:*", "Effect": "{statement}"'
    )


def test_another_token_is_found(live: Live, answers: Answers) -> None:
    """Neither of the two shows."""
    inputs = {"redis_auth_token": "another-token-of-32-characters-ab"}
    (finding,) = examine(live.deployment(answers, **inputs)).findings
    said = "aws_secretsmanager_secret_version.redis_url.secret_string: (hidden), where another text is configured."
    assert finding.details == (said,)


def test_every_argument_is_in_the_table(module: Mapping[str, Any]) -> None:
    """Compared, compared by a check of its own, or listed as not compared; and no type is left out."""
    assert READINGS.keys() == module["resource"].keys()
    for resource_type, resources in module["resource"].items():
        for tree in resources.values():
            arguments = (tree.keys() | tree.get("dynamic", {}).keys()) - META
            assert arguments <= READINGS[resource_type].arguments.keys(), resource_type


def test_what_the_table_refers_to_is_there() -> None:
    """The checks that compare an argument elsewhere, and a reason for what is not compared."""
    for reading in READINGS.values():
        for argument in reading.arguments.values():
            assert not isinstance(argument, Elsewhere) or argument.check in CHECKS
            assert not isinstance(argument, NotCompared) or argument.reason


def test_all_is_compared_when_the_inputs_are_known(live: Live, answers: Answers) -> None:
    """No argument is left out in silence."""
    facts = {fact.name: fact.text for fact in examine(live.deployment(answers)).facts}
    places = sum(
        sum(isinstance(argument, Place) for argument in READINGS[resource_type].arguments.values())
        * len(live.deployment(answers).configuration.resources(resource_type))
        for resource_type in READINGS
    )
    assert facts["configuration"] == f"{places} arguments compared"


def test_the_page_has_the_tables() -> None:
    """What is not compared and what the doctor cannot see, with the reasons, word for word."""
    assert PAGE.partition("\n## What it cannot see\n\n")[2].partition("\n\n## ")[0] == section()


@pytest.mark.parametrize("action", [action for _, actions in CALLS.values() for action in actions])
def test_an_answer_that_lacks_members_crashes_nothing(live: Live, answers: Answers, action: str) -> None:
    """AWS need not give what is no name: a definition made by hand lacks roles, a new alarm a reason."""
    answers.amend(action, _hollow)
    gaps = examine(live.deployment(answers)).gaps
    assert [gap for gap in gaps if "KeyError" in gap.why or "TypeError" in gap.why] == []


def _hollow(value: Any) -> None:
    """Leave names, ids and what contains them."""
    if isinstance(value, dict):
        for key in [key for key, item in value.items() if not (item and isinstance(item, dict | list))]:
            if not re.search("(?i)(name|id|arn|time|at|timestamp|address|port|counts?|capacity|version|values?)$", key):
                del value[key]
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _hollow(item)


def test_a_check_that_crashes_ends_alone(live: Live, answers: Answers) -> None:
    """What it could not look at is said by name, and the others go on."""
    answers.amend("ecs:DescribeServices", lambda answer: answer["services"][0].pop("taskDefinition"))
    examination = examine(live.deployment(answers))
    assert examination.gaps[0].why.startswith("could not look: KeyError")
    assert len(examination.gaps) < len(examination.checks) / 2
    assert examination.status == 1

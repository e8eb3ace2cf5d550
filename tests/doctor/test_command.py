"""`product-import doctor`: its output, its status, its policy, and what it says of wrong usage."""

import json
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from product_import.command_line import main
from product_import.doctor.calls import policy
from product_import.doctor.examination import examine
from product_import.doctor.report import json_text, text
from tests.doctor.answers import Answers
from tests.doctor.live import REGION, SERVICE, TOKEN, Live
from tests.project import PROJECT

import pytest

PAGE = PROJECT / "docs/doctor.md"
# AWS's own, which the emulator leaves out of its answers.
ROLE = "arn:aws:iam::123456789012:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRole"


@pytest.fixture
def variables(live: Live, tmp_path: Path) -> Path:
    """The inputs as a file."""
    path = tmp_path / "production.tfvars.json"
    path.write_text(json.dumps(live.inputs))
    return path


@pytest.fixture(autouse=True)
def at_hand(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session that the command gets."""
    monkeypatch.setattr("boto3.Session", lambda **_: answers.session)


@pytest.fixture
def broken(answers: Answers) -> Answers:
    """No worker runs, Redis is newer than configured, and nobody may read the alarms."""
    answers.amend("ecs:DescribeServices", lambda answer: answer["services"][0].update(runningCount=0, pendingCount=2))
    answers.amend("elasticache:DescribeCacheClusters", _newer)
    answers.refuse("cloudwatch:DescribeAlarms", "AccessDenied")
    return answers


def _newer(answer: dict[str, Any]) -> None:
    for node in answer["CacheClusters"]:
        node["EngineVersion"] = "7.1.0"


def test_a_healthy_deployment_is_status_0(variables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In one screen."""
    assert main(["doctor", "--vars", str(variables)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(
        r"production in eu-central-1, account 123456789012, cluster main, \d{4}-\d\d-\d\d \d\d:\d\d UTC", lines[0]
    )
    assert lines[2] == "Nothing found in 31 checks."
    assert len(lines) < 25


def test_the_text_says_what_is_wrong_and_what_to_do(live: Live, broken: Answers) -> None:
    """The worst first, then what could not be looked at, then how things stand."""
    lines = text(examine(live.deployment(broken))).splitlines()
    assert lines[2] == "2 found in 27 of 31 checks, 1 of them to look at now. Before you apply anything, read 2."
    headings = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Look at this now:", "Before the next apply:", "Not looked at:", "How things stand:"]
    assert "1. No worker runs. [no-workers]" in lines
    assert "   - 0 running, 2 desired, 2 starting." in lines
    assert "2. Redis runs a newer version, or another engine, than is configured. [redis-would-be-replaced]" in lines
    assert any(line.startswith("- scaling, alarms, topics of the alarms, aws_cloudwatch") for line in lines)
    assert max(len(line) for line in lines if not line.startswith("   Run: ")) <= 110


def test_a_command_can_be_pasted(live: Live, answers: Answers) -> None:
    """In one line, with the deployment's names; programs get the same."""
    answers.amend(
        "application-autoscaling:DescribeScalableTargets",
        lambda answer: answer["ScalableTargets"][0].update(
            RoleARN=ROLE, SuspendedState={"ScheduledScalingSuspended": True}
        ),
    )
    examination = examine(live.deployment(answers))
    command = (
        "aws application-autoscaling register-scalable-target --service-namespace ecs "
        '--scalable-dimension ecs:service:DesiredCount --resource-id "service/main/production-product-import-worker" '
        "--suspended-state "
        "DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=false"
    )
    assert f"   Run: {command}" in text(examination).splitlines()
    (finding,) = json.loads(json_text(examination))["findings"]
    assert (finding["name"], finding["command"]) == ("scaling-suspended", command)


def test_nothing_is_to_be_applied_before_what_an_apply_would_do_is_read(live: Live, answers: Answers) -> None:
    """What is to be looked at now stands first, and may want an apply."""
    answers.amend("elasticache:DescribeCacheClusters", _newer)
    answers.amend(
        "application-autoscaling:DescribeScalableTargets",
        lambda answer: answer["ScalableTargets"][0].update(RoleARN=ROLE, MaxCapacity=5),
    )
    answers.amend("application-autoscaling:DescribeScalingPolicies", lambda answer: answer["ScalingPolicies"].clear())
    examination = examine(live.deployment(answers))
    names = ["scaling-missing", "redis-would-be-replaced", "limits-differ"]
    assert [finding.fault.name for finding in examination.findings] == names
    verdict = text(examination).splitlines()[2]
    assert verdict == "3 found in 31 checks, 1 of them to look at now. Before you apply anything, read 2 to 3."


def test_the_page_shows_it(live: Live, broken: Answers) -> None:
    """The example of the doctor's page, from the verdict to how things stand, which has times."""
    verdict = text(examine(live.deployment(broken))).partition("\n\n")[2].partition("\n\nHow things stand:")[0]
    assert f"```console\n{verdict}\n```" in PAGE.read_text()


def test_json(live: Live, broken: Answers) -> None:
    """The same for programs."""
    document = json.loads(json_text(examine(live.deployment(broken))))
    first, second = document["findings"]
    assert (first["name"], first["urgency"], first["details"]) == (
        "no-workers",
        "now",
        ["0 running, 2 desired, 2 starting."],
    )
    assert first["alarms"] == ["worker_count_low", "queue_overload"]
    assert (second["name"], second["urgency"]) == ("redis-would-be-replaced", "before the next apply")
    why, permission = "AWS denies cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarms"
    assert document["not_looked_at"][1] == {"check": "alarms", "why": why, "permission": permission}
    assert (document["status"], document["environment"], document["region"]) == (2, "production", REGION)


@pytest.mark.usefixtures("live")
def test_the_cluster_is_found(answers: Answers, capsys: pytest.CaptureFixture[str]) -> None:
    """With the environment's name alone; what is configured are the defaults then, and a finding says so."""
    answers.session._session.set_config_variable("region", REGION)
    answers.amend("elasticache:DescribeCacheClusters", _newer)
    assert main(["doctor", "production"]) == 2
    output = " ".join(capsys.readouterr().out.split())
    assert "cluster main" in output
    assert "where redis 7.0 is configured (by default: --vars reads your inputs)" in output


@pytest.mark.parametrize(("by_default", "number"), [(True, 6), (True, 5), (False, 6)])
def test_many_differences_from_the_defaults_bury_nothing(
    live: Live, answers: Answers, by_default: bool, number: int
) -> None:
    """Without --vars they are one line of the finding, and each is at the end; with it they are where they belong."""
    others = {"cpu": "256", "memory": "512", "networkMode": "host", "family": "x", "volumes": [{"name": "x"}]}
    others["requiresCompatibilities"] = ["EC2"]
    changed = dict(list(others.items())[:number])
    answers.amend("ecs:DescribeTaskDefinition", lambda answer: answer["taskDefinition"].update(changed))
    deployment = live.deployment(answers)
    deployment.by_default = by_default
    examination = examine(deployment)
    (finding,) = examination.findings
    shown = text(examination)
    first, _, last = shown.partition("How things stand:")
    late = by_default and number == 6
    assert (f"{len(finding.details)} differences from the module's defaults, at the end" in first) == late
    assert ("Differences from the module's defaults:" in last) == late
    assert len(finding.details) >= number
    for detail in finding.details:
        assert detail.split()[0] in (last if late else first)
        assert json.dumps(detail)[1:-1] in json_text(examination)


@pytest.mark.usefixtures("live")
def test_two_clusters_with_the_service(answers: Answers, capsys: pytest.CaptureFixture[str]) -> None:
    """Which is meant, nobody guesses."""
    answers.session._session.set_config_variable("region", REGION)
    arns = [f"arn:aws:ecs:{REGION}:123456789012:cluster/{name}" for name in ("main", "old")]
    answers.give("ecs:ListClusters", {"clusterArns": arns})
    answers.give(
        "ecs:DescribeServices", {"services": [{"serviceName": SERVICE, "status": "ACTIVE", "deployments": []}]}
    )
    assert main(["doctor", "production"]) == 1
    assert capsys.readouterr().err == (
        f"error: several clusters have a service {SERVICE} in {REGION}: main, old. Name the cluster with --cluster.\n"
    )


def test_the_policy_allows_what_is_asked_and_nothing_else(live: Live, answers: Answers) -> None:
    """All calls of a look at what is well and of one at what is not; nothing that changes anything."""
    answers.session._session.set_config_variable("region", REGION)
    main(["doctor", "production"])
    answers.amend("ecs:DescribeServices", lambda answer: answer["services"][0].update(runningCount=0))
    answers.amend("cloudwatch:GetMetricData", _no_values)
    answers.give("ecs:ListTasks", {"taskArns": ["arn:aws:ecs:eu-central-1:123456789012:task/main/1"]})
    answers.give("ecs:DescribeTasks", {"tasks": []})
    key = f"arn:aws:kms:{REGION}:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
    answers.give("kms:DescribeKey", {"KeyMetadata": {"KeyId": key, "KeyState": "Enabled"}})
    examine(live.deployment(answers, create_dashboard=True, kms_key_arn=key, worker_min_count=1))
    statements = json.loads(policy())["Statement"]
    allowed = [action for statement in statements for action in statement["Action"]]
    assert max(Counter(allowed).values()) == 1
    # The one call that needs no permission.
    assert set(answers.asked) - {"sts:GetCallerIdentity"} == set(allowed)
    reading = re.compile(r"[a-z0-9-]+:(Describe|List|Get|Filter|Simulate)[A-Z]\w+")
    assert all(reading.fullmatch(action) for action in allowed)


def _no_values(answer: dict[str, Any]) -> None:
    for result in answer["MetricDataResults"]:
        result["Values"] = []


def test_the_policy_is_printed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Without an account; the page has the same."""
    assert main(["doctor", "--policy"]) == 0
    printed = capsys.readouterr().out
    assert re.findall(r"^```json\n(.*?)^```", PAGE.read_text(), flags=re.MULTILINE | re.DOTALL) == [printed]


def test_the_policy_limits_what_it_can() -> None:
    """Secrets, logs and roles are those of the module, in any partition of AWS."""
    resources = {statement["Sid"]: statement["Resource"] for statement in json.loads(policy())["Statement"]}
    assert resources == {
        "Look": "*",
        "Dashboard": "arn:*:cloudwatch::*:dashboard/*-product-import",
        "Secrets": "arn:*:secretsmanager:*:*:secret:*",
        "Roles": "arn:*:iam::*:role/*-product-import-worker-*",
        "Logs": "arn:*:logs:*:*:log-group:/ecs/*/product-import-worker*",
        "RedisUrl": "arn:*:secretsmanager:*:*:secret:*-product-import-redis-url-*",
    }


def test_no_secret_shows(live: Live, answers: Answers) -> None:
    """Neither the token of Redis, which the doctor reads, nor what a line of the log has."""
    logs = live.client("logs")
    names = {"logGroupName": "/ecs/production/product-import-worker", "logStreamName": "worker/worker/2"}
    logs.create_log_stream(**names)
    at = int((live.now - timedelta(minutes=1)).timestamp() * 1000)
    lines = (
        f"Error: connect rediss://:{quote(TOKEN, safe='')}@redis.example:6379",
        f"Exception: AUTH {TOKEN} failed",
        "Error: postgres://app:s3same@db.example/app refused",
    )
    logs.put_log_events(**names, logEvents=[{"timestamp": at, "message": line} for line in lines])
    examination = examine(live.deployment(answers))
    shown = text(examination) + json_text(examination)
    logs.delete_log_stream(**names)
    assert "AUTH *** failed" in shown
    assert "postgres://***@db.example/app refused" in shown
    for secret in (TOKEN, quote(TOKEN, safe=""), "s3same"):
        assert secret not in shown


def test_the_publisher_is_told_from_the_application(live: Live, answers: Answers) -> None:
    """By the task definition that runs; more values than it makes come from somebody else."""
    answers.amend("ecs:DescribeTaskDefinition", _with_publisher)
    facts = {fact.name: fact.text for fact in examine(live.deployment(answers)).facts}
    assert facts["queue"] == "12 jobs; depth published 3 times in 5 minutes, by the publisher beside the workers"
    answers.amend("cloudwatch:GetMetricData", _often)
    facts = {fact.name: fact.text for fact in examine(live.deployment(answers)).facts}
    assert facts["queue"].endswith("beside the workers and, since it is so often, by somebody else too")


def test_a_silent_publisher_is_described(live: Live, answers: Answers) -> None:
    """What its container is doing, as far as ECS knows."""
    answers.amend("ecs:DescribeTaskDefinition", _with_publisher)
    answers.amend("cloudwatch:GetMetricData", _no_values)
    # The emulator keeps what other tests published.
    answers.give("cloudwatch:ListMetrics", {"Metrics": []})
    container = {"name": "queue-depth", "lastStatus": "RUNNING", "healthStatus": "UNHEALTHY"}
    answers.give("ecs:ListTasks", {"taskArns": [f"arn:aws:ecs:{REGION}:123456789012:task/main/1"]})
    answers.give("ecs:DescribeTasks", {"tasks": [{"containers": [container]}]})
    details = {finding.fault.name: finding.details for finding in examine(live.deployment(answers)).findings}
    assert "Publishers beside the workers: RUNNING UNHEALTHY." in details["depth-missing"]


def _with_publisher(answer: dict[str, Any]) -> None:
    answer["taskDefinition"]["containerDefinitions"].append({"name": "queue-depth"})


def _often(answer: dict[str, Any]) -> None:
    for result in answer["MetricDataResults"]:
        if result["Id"] == "times":
            result["Values"] = [5.0, 5.0, 5.0]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], "doctor needs the environment: its name, or --vars with a file that has it."),
        (["staging", "--vars"], "the environment of FILE is production. Given besides: staging."),
        (["Production"], "The environment must "),
        (["staging", "--cluster", "main"], None),
        (["staging"], f"no cluster has a service staging-product-import-worker in {REGION}: main."),
    ],
    ids=["nothing", "two environments", "no environment", "not deployed", "not found"],
)
def test_wrong_usage(
    arguments: list[str], error: str | None, variables: Path, answers: Answers, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what is wanted; an environment that is not deployed is a finding."""
    answers.session._session.set_config_variable("region", REGION)
    given = [*arguments, str(variables)] if arguments[-1:] == ["--vars"] else arguments
    status = main(["doctor", *given])
    captured = capsys.readouterr()
    if error is None:
        assert (status, f"{SERVICE.replace('production', 'staging')} in the cluster main" in captured.out) == (2, True)
    else:
        assert (status, captured.out) == (1, "")
        assert captured.err.startswith(f"error: {error.replace('FILE', str(variables))}")
        assert captured.err.count("\n") == 1


def test_two_regions_are_refused(variables: Path, answers: Answers, capsys: pytest.CaptureFixture[str]) -> None:
    """A look at the wrong one would find nothing there."""
    answers.session._session.set_config_variable("region", "us-east-1")
    assert main(["doctor", "--vars", str(variables)]) == 1
    assert (
        "the inputs' aws_region is eu-central-1, and the environment's region is us-east-1." in capsys.readouterr().err
    )

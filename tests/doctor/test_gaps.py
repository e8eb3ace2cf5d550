"""What could not be looked at: it is said by name, and keeps nothing else from being looked at."""

from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

from product_import.doctor.account import (
    CONNECT_SECONDS,
    PATIENCE_SECONDS,
    READ_SECONDS,
    TRIES,
    Account,
    account_at_hand,
)
from product_import.doctor.calls import CALLS
from product_import.doctor.checks import CHECKS
from product_import.doctor.examination import LENGTH_SHOWN, Gap, examine
from product_import.doctor.report import text
from product_import.errors import UserError
from tests.doctor.answers import Answer, Answers
from tests.doctor.live import NODES, REGION, SERVICE, Live, node, simulated

import pytest
from botocore.exceptions import ConnectTimeoutError, NoCredentialsError, ReadTimeoutError  # type: ignore[import-untyped]

ACTIONS = [action for _, actions in CALLS.values() for action in actions]
# Those that only something that is wrong, or no name of the cluster, asks for.
SOMETIMES = {
    "application-autoscaling:DescribeScheduledActions",
    "cloudwatch:GetDashboard",
    "cloudwatch:ListMetrics",
    "kms:DescribeKey",
    "ecs:DescribeTasks",
    "ecs:ListClusters",
    "ecs:ListTasks",
}


@pytest.mark.parametrize("action", [action for action in ACTIONS if action not in SOMETIMES])
def test_a_permission_that_lacks_is_named(live: Live, answers: Answers, action: str) -> None:
    """Whatever the call: each look that wants it says so, all others go through, and the status tells it."""
    answers.refuse(action, "AccessDeniedException", "User: arn:aws:iam::123456789012:user/night is not authorized")
    examination = examine(live.deployment(answers))
    assert examination.gaps
    assert {(gap.why, gap.permission) for gap in examination.gaps} == {(f"AWS denies {action}", action)}
    assert (examination.findings, examination.status) == ([], 1)
    assert answers.asked.count(action) == 1
    made = len(examination.checks) - len(examination.gaps)
    verdict = f"Not all is known: nothing was found in {made} of {len(examination.checks)} checks, and "
    assert verdict in text(examination)


def test_the_other_looks_go_through(live: Live, answers: Answers) -> None:
    """Without metrics the depth and the load are not known; what does not need them is."""
    answers.refuse("cloudwatch:GetMetricData", "AccessDenied")
    answers.amend("ecs:DescribeServices", lambda answer: answer["services"][0].update(runningCount=0))
    examination = examine(live.deployment(answers))
    why = "AWS denies cloudwatch:GetMetricData"
    assert [asdict(gap) for gap in examination.gaps] == [
        {"check": "depth of the queue", "why": why, "permission": "cloudwatch:GetMetricData"},
        {"check": "memory, evictions and CPU of Redis", "why": why, "permission": "cloudwatch:GetMetricData"},
    ]
    assert [finding.fault.name for finding in examination.findings] == ["no-workers"]
    # Findings count for more than gaps.
    assert examination.status == 2


@pytest.mark.parametrize("status", ["InternalError", "PartialData"])
def test_metrics_that_cloudwatch_does_not_have_at_hand(live: Live, answers: Answers, status: str) -> None:
    """Are none that lack: nobody is told that nobody publishes."""

    def change(answer: dict[str, Any]) -> None:
        for result in answer["MetricDataResults"]:
            result |= {"StatusCode": status, "Values": []}

    answers.amend("cloudwatch:GetMetricData", change)
    examination = examine(live.deployment(answers))
    why = f"cloudwatch:GetMetricData answered {status}: try again in a minute"
    assert [(gap.check, gap.why) for gap in examination.gaps] == [
        ("depth of the queue", why),
        ("memory, evictions and CPU of Redis", why),
    ]
    assert (examination.findings, examination.status) == ([], 1)


def test_a_denial_that_depends_on_what_the_simulator_is_not_told(live: Live, answers: Answers) -> None:
    """Is none, as of a boundary that wants calls from within the network; what does not depend on it is one."""
    missing = {
        "EvalResourceName": "x",
        "EvalResourceDecision": "implicitDeny",
        "MissingContextValues": ["aws:SourceVpc"],
    }

    def simulate(form: Answer) -> Answer:
        answer = simulated(form, denied=("s3:ListBucket", "s3:PutObject"))
        for result in answer["EvaluationResults"]:
            if result["EvalActionName"] == "s3:ListBucket":
                result["ResourceSpecificResults"] = [missing]
        return answer

    answers.give("iam:SimulatePrincipalPolicy", simulate)
    examination = examine(live.deployment(answers))
    why = "it depends on aws:SourceVpc, which IAM's simulator is not told"
    assert [(gap.check, gap.why) for gap in examination.gaps] == [("rights of the roles", why)]
    (finding,) = examination.findings
    assert finding.details == (f"{SERVICE}-task: s3:PutObject on {live.inputs['s3_bucket_arn']}/* (implicitDeny).",)


def test_a_topic_without_attributes(live: Live, answers: Answers) -> None:
    """Whether anybody subscribes is not known then."""
    answers.give("sns:GetTopicAttributes", {"Attributes": {}})
    (gap,) = examine(live.deployment(answers)).gaps
    topics = ", ".join(live.inputs[f"sns_{which}_topic_arn"] for which in ("alarm", "critical"))
    assert (gap.check, gap.why) == ("topics of the alarms", f"SNS gives no number of subscriptions of {topics}")


def test_subnets_without_zones(live: Live, answers: Answers) -> None:
    """Are not said to be in one."""
    answers.amend("ec2:DescribeSubnets", lambda answer: [each.pop("AvailabilityZone") for each in answer["Subnets"]])
    examination = examine(live.deployment(answers))
    assert ([gap.why for gap in examination.gaps], examination.findings) == (["EC2 names no zone of the subnets"], [])


def test_the_simulator_is_told_the_actions_and_the_region(live: Live, answers: Answers) -> None:
    """Each call that a worker makes; and the region, which policies of an organization ask for."""
    told: list[Answer] = []

    def simulate(form: Answer) -> Answer:
        told.append(form)
        return simulated(form, denied=())

    answers.give("iam:SimulatePrincipalPolicy", simulate)
    examine(live.deployment(answers))
    assert told
    assert {value for form in told for key, value in form.items() if key.startswith("ActionNames.")} == {
        *("secretsmanager:GetSecretValue", "logs:CreateLogStream", "logs:PutLogEvents", "cloudwatch:PutMetricData"),
        *("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"),
    }
    for form in told:
        assert form["ContextEntries.member.1.ContextKeyName"] == "aws:RequestedRegion"
        assert form["ContextEntries.member.1.ContextKeyValues.member.1"] == REGION


def test_a_key_that_may_not_be_used_is_named(live: Live, answers: Answers) -> None:
    """The right to the secret is there, that to its key is not."""
    answers.refuse("secretsmanager:GetSecretValue", "AccessDeniedException", "Access to KMS is not allowed")
    (gap,) = examine(live.deployment(answers)).gaps
    assert (gap.check, gap.permission) == ("secret of REDIS_URL", "kms:Decrypt")


@pytest.mark.parametrize("action", [action for action in ACTIONS if action not in SOMETIMES])
@pytest.mark.parametrize("code", ["Throttling", "TooManyRequestsException"])
def test_a_throttled_call(live: Live, answers: Answers, action: str, code: str) -> None:
    """Is no permission that lacks, and no finding."""
    answers.refuse(action, code, "Rate exceeded")
    examination = examine(live.deployment(answers))
    why = f"AWS throttles {action}, after 2 tries too: try again in a minute"
    assert {(gap.why, gap.permission) for gap in examination.gaps} == {(why, None)}
    assert (examination.findings, examination.status) == ([], 1)


def test_a_service_that_does_not_answer(live: Live, answers: Answers) -> None:
    """Is asked once, not by each look anew: three tries of some seconds each would add up."""
    url = "https://elasticache.eu-central-1.amazonaws.com/"
    answers.fail("elasticache:DescribeReplicationGroups", ReadTimeoutError(endpoint_url=url))
    examination = examine(live.deployment(answers))
    why = f'no answer in 2 tries: Read timeout on endpoint URL: "{url}"'
    assert {gap.why for gap in examination.gaps} == {why}
    assert [gap.check for gap in examination.gaps] == [
        *("nodes of Redis", "parameters of Redis", "memory, evictions and CPU of Redis", "KMS keys"),
        *("secret of REDIS_URL", "aws_elasticache_parameter_group as configured"),
        *("aws_elasticache_replication_group as configured", "aws_elasticache_subnet_group as configured"),
    ]
    (line,) = [line for line in text(examination).splitlines() if line.startswith("- ")]
    assert line.startswith("- nodes of Redis, parameters of Redis, memory")
    assert [action for action in answers.asked if action.startswith("elasticache:")] == [
        "elasticache:DescribeReplicationGroups"
    ]


def test_a_network_that_swallows_everything(live: Live, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few services are asked, the others not: each would take its time."""
    clock = iter(range(0, 10_000, 5))
    monkeypatch.setattr("product_import.doctor.account.monotonic", lambda: next(clock))
    for action in (*ACTIONS, "sts:GetCallerIdentity"):
        answers.fail(action, ConnectTimeoutError(endpoint_url="https://aws.example/"))
    examination = examine(live.deployment(answers))
    assert len(answers.asked) == 2
    assert len(examination.gaps) == len(examination.checks)
    assert "not asked, since AWS left others without an answer for 10 seconds" in " ".join(text(examination).split())


def test_the_longest_wait_is_below_20_seconds() -> None:
    """The waits before the last call that is made, and those of its tries, with up to a second between them."""
    assert PATIENCE_SECONDS + TRIES * (max(CONNECT_SECONDS, READ_SECONDS)) + (TRIES - 1) < 20


@pytest.mark.usefixtures("live")
def test_credentials_are_looked_for_before_any_call(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each client would look for them again, at an address that does not answer outside of AWS."""
    monkeypatch.setattr("boto3.Session", lambda **_: SimpleNamespace(region_name=REGION, get_credentials=lambda: None))
    with pytest.raises(UserError, match=r"^no credentials: set AWS_PROFILE"):
        account_at_hand(None)
    assert answers.asked == []


def test_a_log_line_is_cut_after_its_secrets_are_hidden(live: Live, answers: Answers) -> None:
    """A cut within a password would leave its beginning."""
    for length in range(LENGTH_SHOWN - 40, LENGTH_SHOWN + 10, 7):
        line = f"Error {'x' * length} postgres://app:s3same-s3same-s3same-s3same@db.example/app"
        answers.give("logs:FilterLogEvents", {"events": [{"message": line, "logStreamName": "worker/worker/1"}]})
        (finding,) = examine(live.deployment(answers)).findings
        assert "s3same" not in finding.details[0]
        assert len(finding.details[0]) <= LENGTH_SHOWN + 4


def test_an_answer_without_an_end(live: Live, answers: Answers) -> None:
    """A long log is searched in pages, mostly empty ones: it is given up, and that is said."""
    answers.give("logs:FilterLogEvents", {"events": [], "nextToken": "more"})
    (gap,) = examine(live.deployment(answers)).gaps
    assert gap == Gap("failures in the log", "logs:FilterLogEvents has an answer of more than 100 pages", None)
    assert answers.asked.count("logs:FilterLogEvents") == 100


def test_all_pages_are_read(live: Live, answers: Answers) -> None:
    """By the token of each service; the node that is missed would be a finding."""
    clusters = [node(name, CacheClusterStatus="rebooting cluster nodes") for name in NODES]

    def page(form: Answer) -> Answer:
        place = int(form.get("Marker", 0))
        more = {"Marker": str(place + 1)} if place < 2 else {}
        return {"CacheClusters": [clusters[place]], **more}

    answers.give("elasticache:DescribeCacheClusters", page)
    finding = examine(live.deployment(answers)).findings[0]
    assert finding.details == (f"{', '.join(f'{name}: rebooting cluster nodes' for name in NODES)}.",)


def test_clients_do_not_wait_for_ever(answers: Answers) -> None:
    """What AWS's client does by itself would be minutes a call."""
    account = Account(answers.session, REGION)
    config = account._client("ecs").meta.config
    assert (config.connect_timeout, config.read_timeout) == (2, 6)
    assert (config.retries["mode"], config.retries["total_max_attempts"]) == ("standard", 2)


@pytest.mark.parametrize(("configured", "seconds"), [(None, 0.5), ("5", 5)])
def test_the_metadata_service_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch, configured: str | None, seconds: float
) -> None:
    """Where nothing answers, two requests come to nothing; a time that the user configured counts."""
    monkeypatch.delenv("AWS_METADATA_SERVICE_TIMEOUT", raising=False)
    if configured:
        monkeypatch.setenv("AWS_METADATA_SERVICE_TIMEOUT", configured)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    core = account_at_hand(REGION).session._session
    provider = core.get_component("credential_provider").get_provider("iam-role")
    assert (provider._role_fetcher._timeout, provider._role_fetcher._num_attempts) == (seconds, 1)


@pytest.mark.parametrize("code", ["ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"])
def test_credentials_that_aws_does_not_take(live: Live, answers: Answers, code: str) -> None:
    """Nothing can be looked at: the first call ends it, in one line."""
    answers.refuse("ecs:DescribeServices", code, "The security token is wrong")
    with pytest.raises(UserError, match=f"^AWS does not take the credentials: {code}: The security token is wrong$"):
        examine(live.deployment(answers))


def test_no_credentials(live: Live, answers: Answers) -> None:
    """The same."""
    answers.fail("ecs:DescribeServices", NoCredentialsError())
    with pytest.raises(UserError, match=r"^AWS cannot be asked: Unable to locate credentials\.$"):
        examine(live.deployment(answers))


def test_an_account_that_aws_does_not_tell(live: Live, answers: Answers) -> None:
    """Is no gap: it is for the headline alone."""
    answers.refuse("sts:GetCallerIdentity", "AccessDenied")
    examination = examine(live.deployment(answers))
    assert (examination.account, examination.status) == (None, 0)


def test_the_account_is_of_the_table(answers: Answers) -> None:
    """A call that no policy would allow is a fault of the program."""
    with pytest.raises(ValueError, match="ecs:DeleteService is not in the table of calls"):
        Account(answers.session, REGION).read("ecs:DeleteService", service="x")


def test_all_checks_have_a_gap_when_nothing_is_allowed(live: Live, answers: Answers) -> None:
    """None passes in silence."""
    for action in ACTIONS:
        answers.refuse(action, "AccessDeniedException")
    examination = examine(live.deployment(answers))
    # There is no dashboard by default.
    assert [gap.check for gap in examination.gaps] == [check for check in CHECKS if "dashboard" not in check]
    assert (examination.findings, examination.status) == ([], 1)
    assert f"\n\nNone of {len(CHECKS) - 1} checks could be made: nothing is known.\n\n" in text(examination)

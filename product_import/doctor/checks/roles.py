"""The roles of the workers: their policies, and what IAM makes of these."""

from collections.abc import Iterator
from typing import Any

from product_import.configuration import Unknown
from product_import.doctor.deployment import Deployment
from product_import.doctor.faults import ROLE_DENIED, ROLE_MISSING
from product_import.doctor.findings import Fact, Finding

ABSENT = "NoSuchEntity"


def policies(deployment: Deployment) -> Iterator[Finding | Fact]:
    """All there."""
    missing = []
    for key, role in deployment.configuration.resources("aws_iam_role").items():
        name = role["name"]
        attached = deployment.account.read("iam:ListAttachedRolePolicies", absent=ABSENT, RoleName=name)
        if attached is None:
            missing.append(f"There is no role {name}.")
            continue
        arns = {policy["PolicyArn"] for policy in attached["AttachedPolicies"]}
        inline = deployment.account.pages("iam:ListRolePolicies", "PolicyNames", RoleName=name)
        missing += [f"{name} has no policy {each}." for each in _inline(deployment, key) if each not in inline]
        for wanted in _attached(deployment, name):
            # Its ARN is not known without the inputs, only that there is one.
            if not (arns if isinstance(wanted, Unknown) else wanted in arns):
                what = "managed policy" if isinstance(wanted, Unknown) else wanted
                missing.append(f"{name} has no {what} attached.")
    if missing:
        yield Finding(ROLE_MISSING, tuple(missing))


def rights(deployment: Deployment) -> Iterator[Finding | Fact]:
    """What IAM's simulator says of the calls without which no task starts or no job ends.

    It knows the role's policies, its permissions boundary and the organization's policies, and none of the resources.
    """
    task, service = deployment.task, deployment.service
    if task is None or service is None:
        return
    partition, region, account = (service["serviceArn"].split(":")[place] for place in (1, 3, 4))
    group = deployment.expected("cloudwatch_log_group", "import_worker")["name"]
    stream = f"arn:{partition}:logs:{region}:{account}:log-group:{group}:log-stream:worker/worker/0"
    denied = [
        *_denied(deployment, task["executionRoleArn"], ["secretsmanager:GetSecretValue"], deployment.secrets()),
        *_denied(deployment, task["executionRoleArn"], ["logs:CreateLogStream", "logs:PutLogEvents"], [stream]),
        *_denied(
            deployment,
            task["taskRoleArn"],
            ["cloudwatch:PutMetricData"],
            ["*"],
            [("cloudwatch:namespace", deployment.depth_metric["Namespace"])],
        ),
    ]
    bucket = deployment.configuration.variable("s3_bucket_arn")
    if not isinstance(bucket, Unknown):
        objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        denied += _denied(deployment, task["taskRoleArn"], objects, [f"{bucket}/*"])
        denied += _denied(deployment, task["taskRoleArn"], ["s3:ListBucket"], [bucket])
    if denied:
        yield Finding(ROLE_DENIED, tuple(denied))


def _inline(deployment: Deployment, role: str) -> Iterator[str]:
    """The names of the policies that are a role's own."""
    for policy in deployment.configuration.resources("aws_iam_role_policy").values():
        if policy["role"] == Unknown(f"aws_iam_role.{role}.id"):
            yield policy["name"]


def _attached(deployment: Deployment, role: str) -> Iterator[Any]:
    for attachment in deployment.configuration.resources("aws_iam_role_policy_attachment").values():
        if attachment["role"] == role:
            yield attachment["policy_arn"]


def _denied(
    deployment: Deployment,
    role: str,
    actions: list[str],
    resources: list[str],
    context: list[tuple[str, str]] | None = None,
) -> list[str]:
    answer = deployment.account.read(
        "iam:SimulatePrincipalPolicy",
        absent=ABSENT,
        PolicySourceArn=role,
        ActionNames=actions,
        ResourceArns=resources,
        ContextEntries=[
            {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [value]}
            for key, value in context or []
        ],
    )
    return [
        f"{role.rpartition('/')[2]}: {result['EvalActionName']} on {', '.join(_resources(result, resources))}"
        f" ({result['EvalDecision']})."
        for result in (answer or {"EvaluationResults": []})["EvaluationResults"]
        if result["EvalDecision"] != "allowed"
    ]


def _resources(result: dict[str, Any], asked: list[str]) -> list[str]:
    """Those that the denial is about, as far as IAM tells."""
    told = result.get("ResourceSpecificResults", [])
    return [each["EvalResourceName"] for each in told if each["EvalResourceDecision"] != "allowed"] or asked

"""What IAM makes of the policies of the workers' roles. The comparison sees the policies themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from product_import.configuration import Unknown
from product_import.doctor.account import NotLookedAtError
from product_import.doctor.deployment import Deployment
from product_import.doctor.faults import ROLE_DENIED
from product_import.doctor.findings import Finding

ABSENT = "NoSuchEntity"
ARN_PARTS = 6


def rights(deployment: Deployment) -> Iterator[Finding]:
    """What IAM's simulator says of the calls without which no task starts or no job ends.

    It knows the role's policies, its permissions boundary and the organization's policies, and none of the resources.
    """
    task, service = deployment.task, deployment.service
    if task is None or service is None:
        return
    arn = service.get("serviceArn", "").split(":")
    if len(arn) != ARN_PARTS:
        raise NotLookedAtError("ECS gives no ARN of the service")
    _, partition, _, region, account, _ = arn
    group = deployment.expected("cloudwatch_log_group", "import_worker")["name"]
    stream = f"arn:{partition}:logs:{region}:{account}:log-group:{group}:log-stream:worker/worker/0"
    # A task definition made by hand may lack them; the comparison says so.
    execution, own = task.get("executionRoleArn"), task.get("taskRoleArn")
    denials = [
        *_denials(deployment, execution, ["secretsmanager:GetSecretValue"], [*deployment.secrets()]),
        *_denials(deployment, execution, ["logs:CreateLogStream", "logs:PutLogEvents"], [stream]),
        *_denials(deployment, own, ["cloudwatch:PutMetricData"], ["*"]),
    ]
    bucket = deployment.configuration.variable("s3_bucket_arn")
    if not isinstance(bucket, Unknown):
        objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        denials += _denials(deployment, own, objects, [f"{bucket}/*"])
        denials += _denials(deployment, own, ["s3:ListBucket"], [bucket])
    sure = tuple(denial.said for denial in denials if not denial.depends_on)
    if sure:
        yield Finding(ROLE_DENIED, sure)
    keys = {key for denial in denials for key in denial.depends_on}
    if keys:
        raise NotLookedAtError(f"it depends on {', '.join(sorted(keys))}, which IAM's simulator is not told")


@dataclass(frozen=True)
class _Denial:
    """What IAM's simulator denies.

    Attributes:
        depends_on: keys of conditions that a call has and the simulation does not.
    """

    said: str
    depends_on: frozenset[str]


def _denials(deployment: Deployment, role: str | None, actions: list[str], resources: list[str]) -> Iterator[_Denial]:
    if role is None or not resources:
        return
    context = {
        "aws:RequestedRegion": deployment.account.region,
        "cloudwatch:namespace": deployment.depth_metric["Namespace"],
    }
    found = deployment.account.pages(
        "iam:SimulatePrincipalPolicy",
        "EvaluationResults",
        absent=ABSENT,
        PolicySourceArn=role,
        ActionNames=actions,
        ResourceArns=resources,
        ContextEntries=[
            {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [value]}
            for key, value in context.items()
        ],
    )
    for result in found or []:
        if result["EvalDecision"] != "allowed":
            denied = ", ".join(_resources(result, resources))
            parts = (result, *result.get("ResourceSpecificResults", []))
            yield _Denial(
                f"{role.rpartition('/')[2]}: {result['EvalActionName']} on {denied} ({result['EvalDecision']}).",
                frozenset(key for part in parts for key in part.get("MissingContextValues", [])),
            )


def _resources(result: dict[str, Any], asked: list[str]) -> list[str]:
    """Those that the denial is about, as far as IAM tells."""
    told = result.get("ResourceSpecificResults", [])
    return [each["EvalResourceName"] for each in told if each["EvalResourceDecision"] != "allowed"] or asked

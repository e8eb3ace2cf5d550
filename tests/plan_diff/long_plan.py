"""A plan of 200 changes in 39 modules, as a platform team's: `python -m tests.plan_diff.long_plan > plan.json`.

100 changes differ only in a tag, and 45 destroy, replace or forget an object. Terraform orders changes by address.
"""

import sys
from collections.abc import Iterator
from typing import Any

from tests.plan_diff.documents import document, resource

MODULES = (
    "",
    "module.network",
    "module.network.module.endpoints",
    "module.data",
    "module.data.module.backup",
    *(f'module.service["{name}"]' for name in ("api", "auth", "billing", "cart", "catalog", "mail", "search")),
    *(f'module.service["{name}"].module.alarms' for name in ("api", "auth", "billing", "cart", "catalog", "mail")),
    *(f'module.region["eu-{place}-1"]' for place in ("central", "north", "south", "west")),
    *(f'module.region["eu-{place}-1"].module.edge' for place in ("central", "north", "south", "west")),
    *(f"module.worker[{index}]" for index in range(8)),
    *(f"module.worker[{index}].module.queue" for index in range(5)),
)
# Types, each with the argument that names its object.
DESTROYED = (
    ("aws_cloudwatch_metric_alarm", "alarm_name"),
    ("aws_dynamodb_table", "name"),
    ("aws_security_group_rule", "description"),
    ("aws_kms_alias", "name"),
    ("aws_s3_bucket", "bucket"),
    ("aws_iam_role_policy_attachment", "role"),
)
CHANGES = 200


def changes() -> Iterator[dict[str, Any]]:
    """Yield the resource changes, not ordered by address."""
    for number in range(CHANGES):
        module = MODULES[number % len(MODULES)]
        yield {**_change(number, f"{module}." if module else ""), **({"module_address": module} if module else {})}


def _change(number: int, prefix: str) -> dict[str, Any]:
    before: dict[str, Any]
    after: dict[str, Any]
    name = f"item_{number:03}"
    if number % 2:
        tags = [{"Team": "platform", "Owner": owner} for owner in ("platform", "platform-team")]
        before, after = ({"id": f"i-{number}", "tags": side, "tags_all": side} for side in tags)
        return resource(f"{prefix}aws_ssm_parameter.{name}", ["update"], before, after)
    if number % 20 < 6:
        kind, argument = DESTROYED[number // 2 % len(DESTROYED)]
        gone = {argument: f"shop-{name}", "id": f"{kind[4:7]}-0{number:03}a7"}
        return resource(f"{prefix}{kind}.{name}", ["delete"], gone, action_reason="delete_because_no_resource_config")
    if number % 20 == 6:
        before, after = ({"name": f"shop-{name}", "port": port, "protocol": "HTTP"} for port in (80, 8080))
        before |= {
            "id": f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-{name}/6d0ecf831eec9f09"
        }
        return resource(
            f"{prefix}aws_lb_target_group.{name}", ["delete", "create"], before, after,
            after_unknown={"id": True, "arn": True}, replace_paths=[["port"]],
        )  # fmt: skip
    if number % 20 == 8 and number % 40 == 8:
        return resource(f"{prefix}aws_sqs_queue.{name}", ["forget"], {"name": f"shop-{name}", "id": f"shop-{name}"})
    if number % 20 < 14:
        role = {"name": f"shop-{name}", "path": "/", "max_session_duration": 3600}
        return resource(f"{prefix}aws_iam_role.{name}", ["create"], None, role, after_unknown={"arn": True, "id": True})
    before, after = (
        {"id": f"f-{number}", "memory_size": 128 * factor, "timeout": 30 * factor + number} for factor in (1, 2)
    )
    return resource(f"{prefix}aws_lambda_function.{name}", ["update"], before, after)


if __name__ == "__main__":
    sys.stdout.buffer.write(document(*sorted(changes(), key=lambda change: str(change["address"]))))

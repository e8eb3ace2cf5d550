"""The table of what the roles may: each statement has the call that needs it."""

import copy
import json
from pathlib import Path
from typing import Any

from product_import.documentation.permissions import permissions
from product_import.errors import UserError

import pytest

EXECUTION, TASK = "ecs_execution_role", "ecs_task_role"
SSM = [f"ssmmessages:{action}" for action in ("CreateControl", "CreateData", "OpenControl", "OpenData")]
TASKS = "arn:aws:ecs:{aws_region}:*:task/{ecs_cluster_name}/*"


def test_all_that_the_roles_may(module: dict[str, Any]) -> None:
    """With the options of every input, on what the inputs name."""
    found = permissions(module)
    assert sorted((each.role, each.action, list(each.resources)) for each in found) == sorted(
        [
            (EXECUTION, "sts:AssumeRole", ["ecs-tasks.amazonaws.com"]),
            (TASK, "sts:AssumeRole", ["ecs-tasks.amazonaws.com"]),
            (
                EXECUTION,
                "AmazonECSTaskExecutionRolePolicy",
                ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"],
            ),
            (
                EXECUTION,
                "secretsmanager:GetSecretValue",
                [
                    "{database_secret_arn}",
                    "{encryption_key_secret_arn}",
                    "{aws_secretsmanager_secret.redis_url.arn}",
                    "{worker_secrets}",
                ],
            ),
            (EXECUTION, "kms:Decrypt", ["{kms_key_arn}"]),
            *((TASK, f"s3:{action}Object", ["{s3_bucket_arn}/*"]) for action in ("Get", "Put", "Delete")),
            (TASK, "s3:ListBucket", ["{s3_bucket_arn}"]),
            (
                TASK,
                "cloudwatch:PutMetricData",
                ["*", "cloudwatch:namespace StringEquals AVNZ/ProductImport"],
            ),
            *((TASK, f"{action}Channel", ["*"]) for action in SSM),
            (TASK, "ecs:GetTaskProtection", [TASKS]),
            (TASK, "ecs:UpdateTaskProtection", [TASKS]),
        ]
    )
    assert all(each.call for each in found)


def with_statement(module: dict[str, Any], statement: dict[str, Any]) -> dict[str, Any]:
    tree = copy.deepcopy(module)
    tree["resource"]["aws_iam_role_policy"]["more"] = {
        "role": "${aws_iam_role.ecs_task_role.id}",
        "policy": json.dumps({"Statement": [statement]}),
    }
    return tree


def test_an_action_without_a_call_is_named(module: dict[str, Any]) -> None:
    """A synthesis ends with it."""
    tree = with_statement(module, {"Effect": "Allow", "Action": ["s3:GetObject", "sqs:SendMessage"], "Resource": "*"})
    with pytest.raises(UserError, match="allow sqs:SendMessage, and no line says what calls it"):
        permissions(tree)


def test_a_call_without_its_action_is_named(module: dict[str, Any], tmp_path: Path) -> None:
    """What the policies allow no more."""
    file = tmp_path / "permissions.toml"
    calls = {each.action: each.call for each in permissions(module)}
    file.write_text("".join(f'"{action}" = "why"\n' for action in [*calls, "sqs:SendMessage"]))
    with pytest.raises(UserError, match=r"no policy of the module allows sqs:SendMessage\.$"):
        permissions(module, file)


def test_a_statement_of_another_kind_is_refused(module: dict[str, Any]) -> None:
    """The table has no column for it."""
    with pytest.raises(UserError, match="no place for a statement that does not allow"):
        permissions(with_statement(module, {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}))

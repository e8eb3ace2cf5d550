"""The IAM roles: one that starts the workers' tasks, one that the workers act in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from product_import.aws.iam_role import IamRole
from product_import.aws.iam_role_policy import IamRolePolicy
from product_import.aws.iam_role_policy_attachment import IamRolePolicyAttachment
from product_import.inputs import Inputs
from product_import.module.expressions import Expression, call, each, is_given, jsonencode, listed_if
from product_import.module.metrics import NAMESPACE
from product_import.module.redis import Redis
from product_import.module.resources import Resources, attribute

from cdktf import ITerraformDependable

# The ARN of a secret without the suffix that names a part of it: its first seven fields.
_PLAIN_ARN = "^(?:[^:]+:){6}[^:]+"
OBJECT_ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
MANAGED_POLICY = "service-role/AmazonECSTaskExecutionRolePolicy"
EXECUTE_COMMAND_ACTIONS = ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")


@dataclass(frozen=True)
class Roles:
    """The roles, and the policies without which a task must not start."""

    execution: IamRole
    task: IamRole
    policies: Sequence[ITerraformDependable]


def roles(resources: Resources, inputs: Inputs, redis: Redis) -> Roles:
    """Both roles with no more rights than each needs."""
    name = f"{inputs.environment}-product-import-worker"
    assume_role = jsonencode(
        _policy({"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"})
    )
    execution = resources.add(
        IamRole,
        "ecs_execution_role",
        name=f"{name}-execution",
        assume_role_policy=assume_role,
        permissions_boundary=inputs.iam_permissions_boundary_arn,
        tags=resources.tags(Name=f"{name}-execution-role"),
    )
    task = resources.add(
        IamRole,
        "ecs_task_role",
        name=f"{name}-task",
        assume_role_policy=assume_role,
        permissions_boundary=inputs.iam_permissions_boundary_arn,
        tags=resources.tags(Name=f"{name}-task-role"),
    )
    task_id = attribute(task, "id")
    # AWS's partition (aws, aws-cn, aws-us-gov) is that of every ARN.
    partition = call("element", call("split", ":", inputs.s3_bucket_arn), 1)
    cluster_tasks = call(
        "join", "", ["arn:", partition, ":ecs:", inputs.aws_region, ":*:task/", inputs.ecs_cluster_name, "/*"]
    )
    managed = resources.add(
        IamRolePolicyAttachment,
        "ecs_execution_role_policy",
        # The provider detaches the policies of a role that it deletes (iam/role.go, deleteRole). Its name stays known.
        role=attribute(execution, "id"),
        policy_arn=str(call("join", "", ["arn:", partition, f":iam::aws:policy/{MANAGED_POLICY}"])),
    )
    secrets = resources.add(
        IamRolePolicy,
        "ecs_execution_secrets",
        name=f"{name}-secrets",
        role=attribute(execution, "id"),
        policy=jsonencode(
            _policy(
                {
                    "Effect": "Allow",
                    "Action": "secretsmanager:GetSecretValue",
                    "Resource": call(
                        "concat",
                        [
                            _plain_arn(inputs.database_secret_arn),
                            _plain_arn(inputs.encryption_key_secret_arn),
                            attribute(redis.url_secret, "arn"),
                        ],
                        each(inputs.worker_secrets, f'regex("{_PLAIN_ARN}", val)'),
                    ),
                },
                options=[
                    listed_if(
                        is_given(inputs.kms_key_arn),
                        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": inputs.kms_key_arn},
                    )
                ],
            )
        ),
    )
    s3 = resources.add(
        IamRolePolicy,
        "ecs_task_s3",
        name=f"{name}-s3",
        role=task_id,
        policy=jsonencode(
            _policy(
                {"Effect": "Allow", "Action": OBJECT_ACTIONS, "Resource": f"{inputs.s3_bucket_arn}/*"},
                {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": inputs.s3_bucket_arn},
            )
        ),
    )
    cloudwatch = resources.add(
        IamRolePolicy,
        "ecs_task_cloudwatch",
        name=f"{name}-cloudwatch",
        role=task_id,
        policy=jsonencode(
            _policy(
                {
                    "Effect": "Allow",
                    "Action": "cloudwatch:PutMetricData",
                    # The action knows no resources: the namespace is what limits it.
                    "Resource": "*",
                    "Condition": {"StringEquals": {"cloudwatch:namespace": NAMESPACE}},
                },
                options=[
                    # Amazon ECS Developer Guide, "Task IAM role permissions" of ECS Exec.
                    listed_if(
                        inputs.worker_enable_execute_command,
                        {
                            "Effect": "Allow",
                            "Action": [f"ssmmessages:{action}" for action in EXECUTE_COMMAND_ACTIONS],
                            "Resource": "*",
                        },
                    ),
                    listed_if(
                        inputs.worker_scale_in_protection,
                        {
                            "Effect": "Allow",
                            "Action": ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
                            "Resource": cluster_tasks,
                        },
                    ),
                ],
            )
        ),
    )
    return Roles(execution=execution, task=task, policies=(managed, secrets, s3, cloudwatch))


def _policy(*statements: dict[str, Any], options: Sequence[Any] = ()) -> dict[str, Any]:
    """A policy; each option is a list of a further statement or of none."""
    listed = list(statements)
    return {"Version": "2012-10-17", "Statement": call("concat", listed, *options) if options else listed}


def _plain_arn(secret: str) -> Expression:
    return call("regex", _PLAIN_ARN, secret)

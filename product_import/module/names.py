"""Check the names of resources when they are added, not when Terraform or AWS refuses them."""

import re
from collections.abc import Mapping

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
# By type: the argument, the characters that AWS takes, and how many. From the API references of the actions
# PutScalingPolicy, PutDashboard, CreateLogGroup, PutMetricAlarm, CreateService, RegisterTaskDefinition, CreateRole,
# PutRolePolicy, CreateReplicationGroup, CreateCacheSubnetGroup, CreateSecret and CreateSecurityGroup.
_AWS = {
    "aws_appautoscaling_policy": ("name", r"\x20-\x7e", 256),
    "aws_cloudwatch_dashboard": ("dashboard_name", r"A-Za-z0-9_-", 255),
    "aws_cloudwatch_log_group": ("name", r"A-Za-z0-9._/#-", 512),
    "aws_cloudwatch_metric_alarm": ("alarm_name", r"^\x00-\x1f\x7f", 255),
    "aws_ecs_service": ("name", r"A-Za-z0-9_-", 255),
    "aws_ecs_task_definition": ("family", r"A-Za-z0-9_-", 255),
    "aws_elasticache_replication_group": ("replication_group_id", r"A-Za-z0-9-", 40),
    "aws_elasticache_subnet_group": ("name", r"A-Za-z0-9-", 255),
    "aws_iam_role": ("name", r"A-Za-z0-9_+=,.@-", 64),
    "aws_iam_role_policy": ("name", r"A-Za-z0-9_+=,.@-", 128),
    "aws_secretsmanager_secret": ("name_prefix", r"A-Za-z0-9/_+=.@-", 512),
    "aws_security_group": ("name_prefix", r"A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-", 255),
}
_EXPRESSION = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")


def check_names(resource_type: str, name: str, arguments: Mapping[str, object]) -> None:
    """Check the name in the address and the name at AWS. What an expression gives is left to the rules of the inputs.

    Raises:
        ValueError: Terraform or AWS refuses one.
    """
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(
            f"the name of an {resource_type} must start with a letter or an underscore, and have only letters, digits, "
            f"underscores and hyphens. Given: {name!r}"
        )
    argument, characters, most = _AWS.get(resource_type, ("", "", 0))
    given = arguments.get(argument)
    if not isinstance(given, str):
        return
    literal = _EXPRESSION.sub("", given)
    if len(literal) > most or not re.fullmatch(f"[{characters}]*", literal):
        raise ValueError(
            f"the {argument} of {resource_type}.{name} must have at most {most} characters of [{characters}]. "
            f"Given: {given!r}"
        )

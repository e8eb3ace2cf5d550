"""The calls that the doctor makes, and the policy that allows them."""

import json
from collections.abc import Mapping

# The statements of the policy: name, resource and actions, each of which is the name of a call too.
# Most calls that list and describe take no resource, so they are allowed on all.
CALLS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Look": (
        "*",
        (
            "application-autoscaling:DescribeScalableTargets",
            "application-autoscaling:DescribeScalingActivities",
            "application-autoscaling:DescribeScalingPolicies",
            "application-autoscaling:DescribeScheduledActions",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetMetricData",
            "cloudwatch:ListMetrics",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ecs:DescribeServices",
            "ecs:DescribeTaskDefinition",
            "ecs:DescribeTasks",
            "ecs:ListClusters",
            "ecs:ListServiceDeployments",
            "ecs:ListTasks",
            "elasticache:DescribeCacheClusters",
            "elasticache:DescribeCacheParameterGroups",
            "elasticache:DescribeCacheParameters",
            "elasticache:DescribeCacheSubnetGroups",
            "elasticache:DescribeReplicationGroups",
            "kms:DescribeKey",
            "logs:DescribeLogGroups",
            "sns:GetTopicAttributes",
        ),
    ),
    "Roles": (
        "arn:*:iam::*:role/*-product-import-worker-*",
        ("iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:SimulatePrincipalPolicy"),
    ),
    "Dashboard": ("arn:*:cloudwatch::*:dashboard/*-product-import", ("cloudwatch:GetDashboard",)),
    "Logs": ("arn:*:logs:*:*:log-group:/ecs/*/product-import-worker*", ("logs:FilterLogEvents",)),
    # Those of the database and the like have names of their own. The call tells no value.
    "Secrets": ("arn:*:secretsmanager:*:*:secret:*", ("secretsmanager:DescribeSecret",)),
    "RedisUrl": (
        "arn:*:secretsmanager:*:*:secret:*-product-import-redis-url-*",
        ("secretsmanager:GetSecretValue",),
    ),
}
ACTIONS = frozenset(action for _, actions in CALLS.values() for action in actions)
# Needs no permission (AWS STS API Reference, GetCallerIdentity).
ALLOWED_TO_ALL = frozenset({"sts:GetCallerIdentity"})


def policy() -> str:
    """Return the IAM policy that allows these calls and nothing else, as JSON."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": name, "Effect": "Allow", "Action": list(actions), "Resource": resource}
                for name, (resource, actions) in CALLS.items()
            ],
        },
        indent=2,
    )

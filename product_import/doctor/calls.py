"""The calls that the doctor makes: one table, of which the policy that it needs is made."""

import json
from collections.abc import Mapping

# Statements in the order of the policy: its name, what it is on, and the actions, each the name of a call too.
# Calls that only list and describe mostly know no resource, so these are allowed on all.
CALLS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Look": (
        "*",
        (
            "application-autoscaling:DescribeScalableTargets",
            "application-autoscaling:DescribeScalingActivities",
            "application-autoscaling:DescribeScalingPolicies",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetMetricData",
            "cloudwatch:ListMetrics",
            "ec2:DescribeSubnets",
            "ecs:DescribeServices",
            "ecs:DescribeTaskDefinition",
            "ecs:DescribeTasks",
            "ecs:ListClusters",
            "ecs:ListServiceDeployments",
            "ecs:ListTasks",
            "elasticache:DescribeCacheClusters",
            "elasticache:DescribeCacheParameters",
            "elasticache:DescribeReplicationGroups",
        ),
    ),
    "Roles": (
        "arn:*:iam::*:role/*-product-import-worker-*",
        ("iam:ListAttachedRolePolicies", "iam:ListRolePolicies", "iam:SimulatePrincipalPolicy"),
    ),
    "Logs": ("arn:*:logs:*:*:log-group:/ecs/*/product-import-worker*", ("logs:FilterLogEvents",)),
    "RedisUrl": (
        "arn:*:secretsmanager:*:*:secret:*-product-import-redis-url-*",
        ("secretsmanager:GetSecretValue",),
    ),
}
ACTIONS = frozenset(action for _, actions in CALLS.values() for action in actions)
# Whoever has credentials may ask whose they are: no policy allows or forbids it (AWS STS API Reference).
ALLOWED_TO_ALL = frozenset({"sts:GetCallerIdentity"})


def policy() -> str:
    """The IAM policy that allows all of it, and nothing else, as JSON."""
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

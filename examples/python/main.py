"""Two environments and an application beside them as stacks of one app, with real values and their states in S3."""

import json
import sys

from product_import import InputError, Inputs, ProductImport
from product_import.aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from product_import.aws.iam_role_policy import IamRolePolicy
from product_import.aws.provider import AwsProvider

from cdktf import App, S3Backend, TerraformStack

ACCOUNT = "123456789012"
REGION = "us-east-1"


def inputs(environment: str, *, redis_nodes: int, most_workers: int) -> Inputs:
    """What an environment has of its own stands in the arguments, what all share stands here."""
    return Inputs(
        environment=environment,
        vpc_id="vpc-0123456789abcdef0",
        private_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        redis_num_replicas=redis_nodes,
        # No redis_auth_token: it stays a variable, TF_VAR_redis_auth_token, and is not written to cdktf.out/.
        ecs_cluster_id=f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{environment}",
        ecs_cluster_name=environment,
        worker_image=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/api:1.0.0",
        worker_max_count=most_workers,
        database_secret_arn=f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{environment}/database-AbCdEf",
        encryption_key_secret_arn=f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{environment}/key-AbCdEf",
        s3_bucket_arn=f"arn:aws:s3:::{environment}-product-images",
        sns_alarm_topic_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:{environment}-alarms",
        sns_critical_topic_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:{environment}-critical",
        tags={"Environment": environment},
    )


def change_what_is_no_input(stack: ProductImport) -> None:
    """An argument of a resource is overridden by its address, and a further resource stands beside the others."""
    stack.add_override("resource.aws_elasticache_replication_group.redis.snapshot_window", "01:00-03:00")
    CloudwatchMetricAlarm(
        stack,
        "log_flood",
        alarm_name="production-product-import-log-flood",
        alarm_description="The workers log so much that it costs.",
        comparison_operator="GreaterThanThreshold",
        namespace="AWS/Logs",
        metric_name="IncomingLogEvents",
        dimensions={"LogGroupName": stack.outputs.worker_log_group_name},
        statistic="Sum",
        period=300,
        evaluation_periods=1,
        threshold=100_000,
    )


def application(app: App, production: ProductImport) -> TerraformStack:
    """A stack that uses an output of another: cdktf hands the value on from state to state."""
    stack = TerraformStack(app, "application")
    AwsProvider(stack, "aws", region=REGION)
    read = {
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": production.outputs.redis_url_secret_arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [read]})
    IamRolePolicy(stack, "redis_url", name="redis-url", role="api-task", policy=policy)
    return stack


def main() -> None:
    """Synthesize cdktf.out/ of this folder."""
    app = App()
    environments = {
        "staging": inputs("staging", redis_nodes=1, most_workers=5),
        "production": inputs("production", redis_nodes=3, most_workers=50),
    }
    stacks = {}
    for name, values in environments.items():
        try:
            stacks[name] = ProductImport(app, name, values)
        except InputError as error:
            sys.exit(f"{name}: {error}")
    change_what_is_no_input(stacks["production"])
    for stack in (*stacks.values(), application(app, stacks["production"])):
        S3Backend(stack, bucket="terraform-states", key=f"product-import/{stack.node.id}.tfstate", region=REGION)
    app.synth()


main()

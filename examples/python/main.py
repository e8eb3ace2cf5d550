"""Two environments as stacks of one app, with real values, and their states in S3."""

import sys

from product_import.inputs import InputError, Inputs
from product_import.module.stack import ProductImport

from cdktf import App, S3Backend

ACCOUNT = "123456789012"


def inputs(environment: str, *, redis_nodes: int, most_workers: int) -> Inputs:
    """What an environment has of its own stands in the arguments, what all share stands here."""
    return Inputs(
        environment=environment,
        vpc_id="vpc-0123456789abcdef0",
        private_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        redis_num_replicas=redis_nodes,
        # No redis_auth_token: it stays a variable, TF_VAR_redis_auth_token, and is not written to cdktf.out/.
        ecs_cluster_id=f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/{environment}",
        ecs_cluster_name=environment,
        worker_image=f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/api:1.0.0",
        worker_max_count=most_workers,
        database_secret_arn=f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:{environment}/database-AbCdEf",
        encryption_key_secret_arn=f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:{environment}/key-AbCdEf",
        s3_bucket_arn=f"arn:aws:s3:::{environment}-product-images",
        sns_alarm_topic_arn=f"arn:aws:sns:us-east-1:{ACCOUNT}:{environment}-alarms",
        sns_critical_topic_arn=f"arn:aws:sns:us-east-1:{ACCOUNT}:{environment}-critical",
        tags={"Environment": environment},
    )


def main() -> None:
    """Synthesize cdktf.out/ of this folder."""
    app = App()
    environments = {
        "staging": inputs("staging", redis_nodes=1, most_workers=5),
        "production": inputs("production", redis_nodes=3, most_workers=50),
    }
    for name, values in environments.items():
        try:
            stack = ProductImport(app, name, values)
        except InputError as error:
            sys.exit(f"{name}: {error}")
        S3Backend(stack, bucket="terraform-states", key=f"product-import/{name}.tfstate", region="us-east-1")
    app.synth()


main()

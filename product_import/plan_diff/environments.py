"""The sets of inputs that `make plan-diff` deploys."""

from collections.abc import Mapping
from typing import Any

TOKEN = "s3cret-Token!&#$^<>"
REQUIRED: Mapping[str, Any] = {
    "environment": "production",
    "vpc_id": "vpc-0123456789abcdef0",
    "private_subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "redis_auth_token": TOKEN,
    "ecs_cluster_id": "arn:aws:ecs:us-east-1:123456789012:cluster/main",
    "ecs_cluster_name": "main",
    "worker_image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:latest",
    "database_secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:database-AbCdEf",
    "encryption_key_secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:encryption-AbCdEf:key::",
    "s3_bucket_arn": "arn:aws:s3:::product-images",
    "sns_alarm_topic_arn": "arn:aws:sns:us-east-1:123456789012:alarms",
    "sns_critical_topic_arn": "arn:aws:sns:us-east-1:123456789012:critical",
}
# All arguments of the example in the documentation of the module in use.
DOCUMENTED: Mapping[str, Any] = {
    **REQUIRED,
    "aws_region": "us-east-1",
    "redis_node_type": "cache.r7g.large",
    "redis_num_replicas": 3,
    "worker_cpu": 2048,
    "worker_memory": 4096,
    "worker_concurrency": 5,
    "worker_min_count": 2,
    "worker_max_count": 50,
    "target_jobs_per_worker": 10,
    "tags": {"Environment": "production", "Service": "product-import", "Terraform": "true"},
}

# Inputs that a module does not have yet, or no more, are left out of its deployment.
ENVIRONMENTS: Mapping[str, Mapping[str, Any]] = {
    "defaults": REQUIRED,
    "development": {
        **REQUIRED,
        "environment": "development",
        "redis_node_type": "cache.t4g.micro",
        "redis_num_replicas": 1,
        "worker_cpu": 256,
        "worker_memory": 512,
        "worker_min_count": 1,
        "worker_max_count": 2,
    },
    "production": DOCUMENTED,
    "everything": {
        **DOCUMENTED,
        "environment": "everything",
        "aws_region": "eu-central-1",
        "redis_num_replicas": 6,
        "redis_engine_version": "7.1",
        "worker_concurrency": 1,
        "worker_min_count": 3,
        "worker_max_count": 9,
        "target_jobs_per_worker": 2.5,
        "queue_depth_image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/queue-depth:1.0.0",
    },
}

"""The sets of inputs that `plan-diff --base` deploys: four that are built in, or the user's own."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from product_import.errors import UserError

_ENDINGS = (".tfvars.json", ".tfvars")

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
_KEY = "arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
_REDIS_KEY = "arn:aws:kms:eu-central-1:123456789012:key/89abcdef-0123-4567-89ab-cdef01234567"

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
        "ecs_cluster_id": "arn:aws:ecs:eu-central-1:123456789012:cluster/main",
        "sns_alarm_topic_arn": "arn:aws:sns:eu-central-1:123456789012:alarms",
        "sns_critical_topic_arn": "arn:aws:sns:eu-central-1:123456789012:critical",
        "redis_num_replicas": 6,
        # On Redis: a base from before redis_engine refuses the versions of Valkey.
        "redis_engine_version": "7.1",
        "worker_concurrency": 1,
        "worker_min_count": 3,
        "worker_max_count": 9,
        "target_jobs_per_worker": 2.5,
        "queue_depth_image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/queue-depth:1.0.0",
        "queue_name": "imports",
        "queue_prefix": "{jobs}",
        "redis_apply_immediately": True,
        "redis_snapshot_name": "before",
        "redis_final_snapshot_identifier": "after",
        "redis_client_security_group_ids": ["sg-0123456789abcdef0"],
        "worker_egress_cidr_blocks": ["10.0.0.0/16"],
        "redis_kms_key_arn": _REDIS_KEY,
        "kms_key_arn": _KEY,
        "iam_permissions_boundary_arn": "arn:aws:iam::123456789012:policy/bounds",
        "worker_scale_in_protection": True,
        "redis_cpu_threshold": 50,
        "redis_memory_threshold": 60,
        "queue_overload_threshold": 1000,
        "create_dashboard": True,
        "redis_log_retention_in_days": 1,
        "worker_cpu_architecture": "ARM64",
        "worker_command": ["node", "worker.js"],
        "worker_health_check_command": ["CMD", "true"],
        "worker_environment": {"LOG_LEVEL": "debug"},
        "worker_secrets": {"API_KEY": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:api-AbCdEf:key::"},
        "worker_enable_execute_command": True,
        "worker_wait_for_steady_state": True,
        "propagate_tags": "SERVICE",
        "worker_log_retention_in_days": 90,
        "worker_fargate_spot_percent": 60,
        "worker_count_source": "container_insights",
        "fast_scale_out": True,
    },
}


def var_files(given: Sequence[Path], folder: Path) -> dict[str, Path]:
    """The var files to deploy with, by environment: those given, in folders too, else the built-in ones.

    Args:
        given: var files, named after their environment, or folders of such.
        folder: where the built-in ones are written to.

    Raises:
        UserError: there is no such file, or two have one name.
    """
    if not given:
        return {name: _write(folder / f"{name}.tfvars.json", inputs) for name, inputs in ENVIRONMENTS.items()}
    found: dict[str, Path] = {}
    for path in given:
        for file in _files(path):
            name = next(file.name.removesuffix(ending) for ending in _ENDINGS if file.name.endswith(ending))
            if name in found:
                raise UserError(f"{file}: another file has the same name, and an environment is named after its file.")
            found[name] = file.absolute()
    return found


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.name.endswith(_ENDINGS))
        if not files:
            raise UserError(f"{path}: no file in this folder ends in .tfvars or .tfvars.json.")
        return files
    if not path.is_file() or not path.name.endswith(_ENDINGS):
        raise UserError(f"{path}: must be a .tfvars or .tfvars.json file, or a folder of such.")
    return [path]


def _write(path: Path, inputs: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps(inputs), encoding="utf-8")
    return path

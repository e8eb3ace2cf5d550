"""What may not change: inputs, outputs, addresses and names of the hand-written module whose state goes on."""

import json
from pathlib import Path
from typing import Any

CONTRACT = json.loads(Path(__file__).with_name("contract.json").read_text())
# What came later: optional, and with its default nothing changes.
NEW_INPUTS: list[dict[str, Any]] = [
    {"name": "queue_depth_image", "type": "string", "default": ""},
    {"name": "redis_engine", "type": "string", "default": "redis"},
    {"name": "redis_engine_version", "type": "string", "default": "7.0"},
    {"name": "queue_name", "type": "string", "default": "product-import"},
    {"name": "queue_prefix", "type": "string", "default": "bull"},
    {"name": "redis_apply_immediately", "type": "bool", "default": None},
    {"name": "redis_snapshot_name", "type": "string", "default": None},
    {"name": "redis_final_snapshot_identifier", "type": "string", "default": None},
    {"name": "redis_client_security_group_ids", "type": "list(string)", "default": []},
    {"name": "worker_egress_cidr_blocks", "type": "list(string)", "default": ["0.0.0.0/0"]},
    {"name": "redis_kms_key_arn", "type": "string", "default": None},
    {"name": "kms_key_arn", "type": "string", "default": None},
    {"name": "iam_permissions_boundary_arn", "type": "string", "default": None},
    {"name": "worker_scale_in_protection", "type": "bool", "default": False},
    {"name": "redis_cpu_threshold", "type": "number", "default": 75},
    {"name": "redis_memory_threshold", "type": "number", "default": 85},
    {"name": "queue_overload_threshold", "type": "number", "default": 10000},
    {"name": "create_dashboard", "type": "bool", "default": False},
    {"name": "redis_log_retention_in_days", "type": "number", "default": 7},
    {"name": "worker_cpu_architecture", "type": "string", "default": "X86_64"},
    {
        "name": "worker_command",
        "type": "list(string)",
        "default": ["node", "dist/workers/product-import-worker.js"],
    },
    {
        "name": "worker_health_check_command",
        "type": "list(string)",
        "default": ["CMD-SHELL", "node healthcheck.js || exit 1"],
    },
    {"name": "worker_environment", "type": "map(string)", "default": {}},
    {"name": "worker_secrets", "type": "map(string)", "default": {}},
    {"name": "worker_enable_execute_command", "type": "bool", "default": False},
    {"name": "worker_wait_for_steady_state", "type": "bool", "default": False},
    {"name": "propagate_tags", "type": "string", "default": "NONE"},
    {"name": "worker_log_retention_in_days", "type": "number", "default": 30},
    {"name": "worker_fargate_spot_percent", "type": "number", "default": 0},
    {"name": "worker_count_source", "type": "string", "default": "cpu_samples"},
    {"name": "fast_scale_out", "type": "bool", "default": False},
]
# What an input that is on adds, by that input.
OPTIONAL_ADDRESSES = {
    "fast_scale_out": {
        "aws_appautoscaling_policy.import_worker_fast_scale_out[0]",
        "aws_cloudwatch_metric_alarm.fast_scale_out[0]",
    },
    "create_dashboard": {"aws_cloudwatch_dashboard.product_import[0]"},
}
ADDRESSES = set(CONTRACT["resources"])

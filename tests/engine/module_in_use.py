"""The module that was in use before this one, as a configuration: what deployed.json has at each address."""

import json
from pathlib import Path
from typing import Any

from tests.contract import CONTRACT

DEPLOYED = json.loads(Path(__file__).with_name("deployed.json").read_text())["resources"]
TOKEN = "abcdefghijklmnop"
PRIMARY = "${aws_elasticache_replication_group.redis.primary_endpoint_address}"
# The inputs that this module gets where that one was deployed.
INPUTS: dict[str, Any] = {
    "environment": "production",
    "vpc_id": "vpc-0123456789abcdef0",
    "private_subnet_ids": ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"],
    "tags": {},
    "redis_auth_token": TOKEN,
    "ecs_cluster_id": "arn:aws:ecs:us-east-1:123456789012:cluster/main",
    "ecs_cluster_name": "main",
    "worker_image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:latest",
    "database_secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf",
    "encryption_key_secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:enc-AbCdEf",
    "s3_bucket_arn": "arn:aws:s3:::product-images",
    "sns_alarm_topic_arn": "arn:aws:sns:us-east-1:123456789012:alarm",
    "sns_critical_topic_arn": "arn:aws:sns:us-east-1:123456789012:critical",
}
_DOCUMENTS = ("assume_role_policy", "container_definitions", "policy", "secret_string")
# Of the rules of a security group: an attribute written as blocks has to name every key in JSON.
_RULE = dict.fromkeys(
    (
        *("cidr_blocks", "description", "from_port", "ipv6_cidr_blocks", "prefix_list_ids", "protocol"),
        *("security_groups", "self", "to_port"),
    )
)
_ROLE = {"ecs_execution_secrets": "ecs_execution_role", "ecs_task_cloudwatch": "ecs_task_role"} | {
    "ecs_task_s3": "ecs_task_role"
}


def module(token: str = TOKEN, endpoint: str = PRIMARY) -> dict[str, Any]:
    """The module's tree; `endpoint` is what an operator put where the URL had an endpoint that is null."""
    resources: dict[str, dict[str, Any]] = {}
    for address, values in DEPLOYED.items():
        kind, name = address.split(".")
        configured = {attribute: _configured(kind, name, attribute, value) for attribute, value in values.items()}
        text = json.dumps(configured).replace(TOKEN, token)
        resources.setdefault(kind, {})[name] = json.loads(
            text.replace("production-product-import.primary_endpoint_address", json.dumps(endpoint)[1:-1])
        )
    return {"resource": resources, "variable": {item["name"]: {} for item in CONTRACT["inputs"]}}


def _configured(kind: str, name: str, attribute: str, value: Any) -> Any:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    text = text.replace("<reference>", _reference(kind, name, attribute)).replace(
        "arn:aws:fake:us-east-1:123456789012:aws_secretsmanager_secret_version/x",
        "${aws_secretsmanager_secret_version.redis_url.arn}",
    )
    if attribute in _DOCUMENTS:
        return text
    configured = json.loads(text)
    return [_RULE | rule for rule in configured] if attribute in ("ingress", "egress") else configured


def _reference(kind: str, name: str, attribute: str) -> str:
    """What deployed.json leaves out."""
    to = {
        "dimensions": "aws_elasticache_replication_group.redis.id",
        "execution_role_arn": "aws_iam_role.ecs_execution_role.arn",
        "ingress": "aws_security_group.import_worker.id",
        "network_configuration": "aws_security_group.import_worker.id",
        "role": f"aws_iam_role.{_ROLE.get(name)}.id",
        "secret_id": "aws_secretsmanager_secret.redis_url.id",
        "security_group_ids": "aws_security_group.redis.id",
        "task_definition": "aws_ecs_task_definition.import_worker.arn",
        "task_role_arn": "aws_iam_role.ecs_task_role.arn",
    }
    return f"${{{to[attribute]}}}" if attribute in to else f"<no reference of {kind}.{name}.{attribute}>"

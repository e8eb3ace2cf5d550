"""Secrets, parameters and keys. The files named here are below internal/service/ of the provider."""

import json
import re
import uuid
from collections.abc import Callable, Mapping

from product_import.stand_in.data.asked import Asked
from product_import.stand_in.data.known import Values

# The keys of a database's secret: Secrets Manager's user guide, "JSON structure of secrets". Roots read one of them.
_SECRET = {
    "dbInstanceIdentifier": "made-up",
    "dbname": "made_up",
    "engine": "postgres",
    "host": "made-up.example.com",
    "password": "made-up-password",
    "port": 5432,
    "username": "made_up",
}

_ECS_IMAGE = {
    "ecs_agent_version": "1.89.2",
    "ecs_runtime_version": "Docker version 25.0.6",
    "image_name": "made-up",
    "image_version": "2.0.20241217",
    "os": "Amazon Linux 2",
    "schema_version": 1,
    "source_image_name": "made-up",
}


def _secret(asked: Asked) -> Values:
    """secretsmanager/secret_data_source.go."""
    config, subject = asked.config, asked.subject
    name = config["name"] or re.sub(r"-\w{6}$", "", (config["arn"] or "").rpartition(":")[2]) or subject.unique
    prefix = f"arn:{asked.partition.name}:secretsmanager:{asked.region}:{asked.account}:secret:"
    arn = config["arn"] or f"{prefix}{name}-{subject.unique[:6]}"
    return {"arn": arn, "id": arn, "kms_key_id": "", "name": name, "policy": ""}


def _secret_version(asked: Asked) -> Values:
    """secretsmanager/secret_version_data_source.go; the secret's value is an object that has a database's keys."""
    config, subject = asked.config, asked.subject
    given, stage = config["secret_id"], config["version_stage"] or "AWSCURRENT"
    prefix = f"arn:{asked.partition.name}:secretsmanager:{asked.region}:{asked.account}:secret:"
    return {
        "arn": given if given.startswith("arn:") else f"{prefix}{given}-{subject.unique[:6]}",
        "id": f"{given}|{config['version_id'] or stage}",
        "secret_binary": "",
        "secret_string": json.dumps(_SECRET),
        "version_id": str(uuid.uuid5(uuid.NAMESPACE_URL, subject.seed)),
        "version_stages": [stage],
    }


def _parameter(asked: Asked) -> Values:
    """ssm/parameter_data_source.go. AWS's public ones name AMIs: Systems Manager's user guide, "Public parameters".

    That of ECS is an object: ECS's developer guide, "Retrieving Amazon ECS-optimized Linux AMI metadata".
    """
    name, image = asked.config["name"], f"ami-{asked.subject.unique}"
    value = "made-up"
    if re.match(r"/aws/service/.*(ami|image|al2023|amzn2|bottlerocket)", name):
        value = image
        if name.endswith("/recommended"):
            value = json.dumps({"image_id": image, **_ECS_IMAGE})
    public = name.startswith("/aws/service/")
    resource = f"parameter{'' if name.startswith('/') else '/'}{name}"
    return {
        "arn": f"arn:{asked.partition.name}:ssm:{asked.region}:{'' if public else asked.account}:{resource}",
        "id": name,
        "insecure_value": value,
        "type": "String",
        "value": value,
        "version": 1,
    }


def _key(asked: Asked) -> Values:
    """kms/key_data_source.go: by id, by ARN or by alias; the values are those of KMS's API Reference, CreateKey."""
    given = asked.config["key_id"]
    aliases = asked.known.found(asked.run, asked.region, ("aws_kms_alias",))
    target = next((each.get("target_key_id") for each in aliases if given in (each.get("name"), each.get("arn"))), None)
    key = str(target or given).rpartition("/")[2]
    if "alias/" in given and target is None:
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, given))
    return {
        "arn": f"arn:{asked.partition.name}:kms:{asked.region}:{asked.account}:key/{key}",
        "aws_account_id": asked.account,
        "cloud_hsm_cluster_id": "",
        "custom_key_store_id": "",
        "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        "deletion_date": "",
        "enabled": True,
        "expiration_model": "",
        "id": key,
        "key_manager": "AWS" if given.startswith("alias/aws/") else "CUSTOMER",
        "key_spec": "SYMMETRIC_DEFAULT",
        "key_state": "Enabled",
        "key_usage": "ENCRYPT_DECRYPT",
        "multi_region": False,
        "multi_region_configuration": [],
        "origin": "AWS_KMS",
        "pending_deletion_window_in_days": 0,
        "valid_to": "",
        "xks_key_configuration": [],
    }


def _alias(asked: Asked) -> Values:
    """kms/alias_data_source.go: the key is the one that `aws_kms_key` reads by this alias."""
    name = asked.config["name"]
    prefix = f"arn:{asked.partition.name}:kms:{asked.region}:{asked.account}"
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
    return {
        "arn": f"{prefix}:{name}",
        "id": f"{prefix}:{name}",
        "target_key_arn": f"{prefix}:key/{key}",
        "target_key_id": key,
    }


EXACT: Mapping[str, Callable[[Asked], Values]] = {
    "aws_kms_alias": _alias,
    "aws_kms_key": _key,
    "aws_secretsmanager_secret": _secret,
    "aws_secretsmanager_secret_version": _secret_version,
    "aws_ssm_parameter": _parameter,
}

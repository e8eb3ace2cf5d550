"""Large plans in the shape of `terraform show -json`, generated for measurements."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MODULES = 40
RULES = 30
STATEMENTS = 5
TAGS = 10
TYPES = ("aws_security_group", "aws_sqs_queue", "aws_iam_role", "aws_s3_bucket", "aws_kms_key")
# A cycle of ten changes.
ACTIONS = (
    *(["update"],) * 4,
    *(["create"],) * 2,
    ["delete"],
    ["delete", "create"],
    ["create", "delete"],
    ["no-op"],
)
CHANGED = ("tag", "policy", "rule", "scalar")


def write_plan(file: Path, changes: int, *, secrets: bool = False) -> None:
    """Write a plan of mixed changes, piece by piece, so that the writer stays small.

    Each object has 15 arguments, among them ten tags, a JSON policy of five statements and a list of 30 rules. With
    `secrets`, each object has two sensitive values of its own.
    """
    with file.open("w", encoding="utf-8") as out:
        out.write('{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{}},')
        out.write('"resource_changes":[')
        for separator, change in zip(("", *"," * (changes - 1)), _changes(changes, secrets), strict=True):
            out.write(separator + json.dumps(change, separators=(",", ":")))
        out.write('],"errored":false}\n')


def _changes(changes: int, secrets: bool) -> Iterator[dict[str, Any]]:
    for number in range(changes):
        actions = ACTIONS[number % len(ACTIONS)]
        module, kind, name = f"module.team_{number % MODULES}", TYPES[number // 7 % len(TYPES)], f"object_{number}"
        before = None if actions == ["create"] else _object(number, secrets, "")
        after = None if actions == ["delete"] else _object(number, secrets, _changed(number, actions))
        mask = {"password": True, "token": True} if secrets else {}
        yield {
            "address": f"{module}.{kind}.{name}",
            "module_address": module,
            "mode": "managed",
            "type": kind,
            "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {
                "actions": actions,
                "before": before,
                "after": after,
                "after_unknown": {"id": True} if "create" in actions else {},
                "before_sensitive": mask if before else False,
                "after_sensitive": mask if after else False,
                **({"replace_paths": [["name"]]} if len(actions) == 2 else {}),
            },
        }


def _changed(number: int, actions: list[str]) -> str:
    if actions == ["no-op"]:
        return ""
    return "name" if len(actions) == 2 else CHANGED[number // len(ACTIONS) % len(CHANGED)]


def _object(number: int, secrets: bool, changed: str) -> dict[str, Any]:
    statements = [
        {"Sid": f"S{index}", "Effect": "Allow", "Action": f"sqs:Do{index}", "Resource": f"arn:{number}-{index}"}
        for index in range(STATEMENTS)
    ]
    rules = [{"to": f"10.{number % 250}.{index}.0/24"} for index in range(RULES)]
    tags = {f"Tag{index}": f"{number % 97}-{index}" for index in range(TAGS)}
    if changed == "tag":
        tags["Tag3"] = "another owner"
    elif changed == "policy":
        statements[2]["Action"] = "sqs:*"
    elif changed == "rule":
        rules.insert(3, {"to": "192.168.0.0/16"})
    return {
        "name": f"object-{number}{'-renamed' if changed == 'name' else ''}",
        "description": f"The object number {number}",
        "enabled": True,
        "size": number % 1000 + (changed == "scalar"),
        "timeout": 30,
        "retries": None,
        "region": "eu-central-1",
        "class": "standard",
        "protocol": "https",
        "arn": f"arn:aws:thing:eu-central-1:123456789012:object/{number}",
        "password": f"pass-{number:08}-word" if secrets else "",
        "token": f"token/{number:08}/=" if secrets else "",
        "tags": tags,
        "policy": json.dumps({"Version": "2012-10-17", "Statement": statements}),
        "rules": rules,
    }

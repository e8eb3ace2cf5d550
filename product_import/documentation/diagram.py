"""The diagram of the module's README: what refers to what, out of the references in the synthesized tree."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

# The part that resources of a type belong to, and what one is called. Log groups belong to what writes them.
_TYPES: Mapping[str, tuple[str, str]] = {
    "aws_security_group": ("Network", "security group"),
    "aws_cloudwatch_log_group": ("", "log group"),
    "aws_elasticache_subnet_group": ("Redis", "subnet group"),
    "aws_elasticache_parameter_group": ("Redis", "parameter group"),
    "aws_elasticache_replication_group": ("Redis", "replication group"),
    "aws_secretsmanager_secret": ("Redis", "secret"),
    "aws_secretsmanager_secret_version": ("Redis", "version of the secret"),
    "aws_iam_role": ("Roles", "role"),
    "aws_iam_role_policy": ("Roles", "policy"),
    "aws_iam_role_policy_attachment": ("Roles", "managed policy"),
    "aws_ecs_task_definition": ("Workers", "task definition"),
    "aws_ecs_service": ("Workers", "service"),
    "aws_appautoscaling_target": ("Autoscaling", "target"),
    "aws_appautoscaling_policy": ("Autoscaling", "policy"),
    "aws_cloudwatch_metric_alarm": ("Alarms", "alarm"),
}
_REFERENCE = re.compile(r"\b(aws_\w+)\.(\w+)")
_INPUT = re.compile(r"\b(?:var\.|local\.checked_)(\w+)")
# An input that names something which is there before the module.
_THING = re.compile(r".*_(id|ids|arn)")


def diagram(tree: Mapping[str, Any]) -> str:
    """A flowchart in Mermaid's language: a box for each part of the module, and arrows to what it refers to.

    A box lists the resources, and in italics the inputs that name what is there before the module.

    Args:
        tree: the module as Terraform's JSON has it. What an option adds is left out.

    Raises:
        KeyError: a resource is of a type that belongs to no part.
    """
    resources = {
        (kind, name): resource
        for kind, named in tree["resource"].items()
        for name, resource in named.items()
        if "count" not in resource
    }
    things = {
        name for name, variable in tree["variable"].items() if _THING.fullmatch(name) and "default" not in variable
    }
    counts: dict[str, Counter[str]] = {}
    given: dict[str, set[str]] = {}
    arrows: dict[tuple[str, str], set[str]] = {}
    for address, resource in resources.items():
        part = _part(address)
        counts.setdefault(part, Counter())[_TYPES[address[0]][1]] += 1
        text = json.dumps(resource)
        given.setdefault(part, set()).update(things.intersection(_INPUT.findall(text)))
        for other in resources.keys() & set(_REFERENCE.findall(text)):
            if _part(other) != part:
                arrows.setdefault((part, _part(other)), set()).add(_TYPES[other[0]][1])
    boxes = {
        part: [f"<b>{part}</b>", *_listed(counts[part]), *(f"<i>{name}</i>" for name in sorted(given[part]))]
        for part in counts
    }
    return "\n".join(
        [
            "flowchart TB",
            *(f'  {part.lower()}["{"<br/>".join(lines)}"]' for part, lines in sorted(boxes.items())),
            *(
                f'  {part.lower()} -- "{"<br/>".join(sorted(what))}" --> {other.lower()}'
                for (part, other), what in sorted(arrows.items())
            ),
        ]
    )


def _part(address: tuple[str, str]) -> str:
    kind, name = address
    return _TYPES[kind][0] or ("Redis" if name.startswith("redis_") else "Workers")


def _listed(counts: Mapping[str, int]) -> list[str]:
    return [label if count == 1 else f"{count} {_plural(label)}" for label, count in sorted(counts.items())]


def _plural(label: str) -> str:
    return f"{label[:-1]}ies" if label.endswith("y") else f"{label}s"

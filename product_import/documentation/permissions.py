"""What the module's roles may: each action of the synthesized policies, with the call that needs it."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from product_import.configuration import Configuration, Resource
from product_import.errors import UserError
from product_import.plan_diff.environments import ENVIRONMENTS

FILE = Path(__file__).with_name("permissions.toml")

# Of a secret without the suffix that names a part of it; any other as it is.
_PLAIN_ARN = re.compile("(?:[^:]+:){6}[^:]+|arn:.*")


@dataclass(frozen=True)
class Permission:
    role: str
    action: str
    """Or the name of a managed policy."""
    resources: Sequence[str]
    """On what, and the condition where there is one; inputs and references stand in braces."""
    call: str


def permissions(tree: Mapping[str, Any], file: Path = FILE) -> list[Permission]:
    """All that the roles of a module may with any inputs.

    Args:
        tree: the module as Terraform's JSON has it.
        file: the calls by action.

    Raises:
        UserError: an action has no call, or a call no action.
    """
    calls = tomllib.loads(file.read_text(encoding="utf-8"))
    inputs = ENVIRONMENTS["everything"]
    configuration = Configuration(tree, inputs)
    found = list(_actions(configuration))
    actions = {action for _, action, _ in found}
    if missing := sorted(actions - calls.keys()):
        raise UserError(
            f"{file.name}: the module's policies allow {', '.join(missing)}, and no line says what calls it."
        )
    if left := sorted(calls.keys() - actions):
        raise UserError(f"{file.name}: no policy of the module allows {', '.join(left)}.")
    return [
        Permission(role, action, [_named(resource, inputs) for resource in resources], calls[action])
        for role, action, resources in found
    ]


def _actions(configuration: Configuration) -> Iterator[tuple[str, str, list[str]]]:
    """The role, the action and what it is allowed on."""
    roles = configuration.resources("aws_iam_role")
    for name, role in roles.items():
        for statement in _statements(role, "assume_role_policy"):
            yield from (
                (name, action, _listed(statement["Principal"]["Service"])) for action in _listed(statement["Action"])
            )
    for attachment in configuration.resources("aws_iam_role_policy_attachment").values():
        yield _role(attachment, roles), attachment["policy_arn"].rpartition("/")[2], [attachment["policy_arn"]]
    for policy in configuration.resources("aws_iam_role_policy").values():
        for statement in _statements(policy, "policy"):
            resources = [*_listed(statement["Resource"]), *_conditions(statement)]
            yield from ((_role(policy, roles), action, resources) for action in _listed(statement["Action"]))


def _statements(resource: Resource, attribute: str) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = json.loads(resource[attribute])["Statement"]
    if others := [statement for statement in statements if statement["Effect"] != "Allow"]:
        raise UserError(f"{FILE.name}: the table has no place for a statement that does not allow: {others}")
    return statements


def _conditions(statement: Mapping[str, Any]) -> Iterator[str]:
    for operator, values in statement.get("Condition", {}).items():
        yield from (f"{key} {operator} {value}" for key, value in values.items())


def _role(resource: Resource, roles: Mapping[str, Resource]) -> str:
    """The role's name in the module: a resource names it by its id, which is not known yet, or by its name."""
    given = str(resource["role"])
    for name, role in roles.items():
        if given == role["name"] or f"aws_iam_role.{name}." in given:
            return name
    raise UserError(f"{FILE.name}: a policy is of no role of the module: {given}")


def _named(resource: str, inputs: Mapping[str, Any]) -> str:
    """A statement's resource with the inputs' names in the place of their values."""
    named = re.sub(r"\(known after apply: ([\w.]+)\)", r"{\1}", resource)
    values = [
        (text, name)
        for name, value in inputs.items()
        for text in (value.values() if isinstance(value, dict) else [value])
        if isinstance(text, str)
    ]
    for text, name in values:
        if arn := _PLAIN_ARN.match(text):
            named = named.replace(arn[0], f"{{{name}}}")
    for text, name in values:
        # As a whole field of an ARN.
        named = re.sub(rf"(?<=[:/]){re.escape(text)}(?=[:/])", f"{{{name}}}", named)
    return named


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value

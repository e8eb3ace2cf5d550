"""When the provider takes two documents for the same, and a plan therefore shows no change."""

import json
import re
from collections.abc import Mapping
from typing import Any

# The members of a container that are lists, and of those the lists of objects.
_LISTS = frozenset(
    {
        *("command", "credentialspecs", "dependson", "dnssearchdomains", "dnsservers", "dockersecurityoptions"),
        *("entrypoint", "environment", "environmentfiles", "extrahosts", "links", "mountpoints", "portmappings"),
        *("resourcerequirements", "secrets", "systemcontrols", "ulimits", "volumesfrom"),
    }
)
# The members that are maps of a user's own keys.
_MAPS = frozenset({"dockerlabels", "options"})
_HEALTH_CHECK = {"interval": 30, "retries": 3, "timeout": 5}
_ACCOUNT = re.compile(r"[0-9]{12}")
_ROOT = re.compile(r"arn:[^:]+:iam:[^:]*:([0-9]{12}):root")


def same_json(before: str, after: str) -> bool:
    """As `SuppressEquivalentJSONDiffs` of internal/verify/json.go."""
    try:
        return bool(json.loads(before) == json.loads(after))
    except ValueError:
        return False


def same_containers(before: str, after: str, *, awsvpc: bool) -> bool:
    """As `containerDefinitionsAreEquivalent` of internal/service/ecs/task_definition_equivalency.go.

    Of containers, environment and secrets the order does not count; defaults and empty lists are as good as nothing.
    The provider drops a member that ECS does not have; here it is a difference.
    """
    try:
        return _containers(before, awsvpc) == _containers(after, awsvpc)
    except (AttributeError, TypeError, ValueError):
        return False


def _containers(text: str, awsvpc: bool) -> list[dict[str, Any]]:
    containers = [_container(_members(container), awsvpc) for container in json.loads(text)]
    return sorted(containers, key=_name)


def _container(container: dict[str, Any], awsvpc: bool) -> dict[str, Any]:
    for member in _LISTS & container.keys():
        container[member] = [item for item in container[member] if item != {}]
    for member in ("environment", "secrets"):
        container[member] = sorted(container.get(member, []), key=_name)
    container.setdefault("essential", True)
    if "healthcheck" in container:
        container["healthcheck"] = _HEALTH_CHECK | container["healthcheck"]
    for mapping in container.get("portmappings", []):
        if mapping.get("protocol") == "tcp":
            del mapping["protocol"]
        if not mapping.get("hostport"):
            mapping.pop("hostport", None)
            if awsvpc and "containerport" in mapping:
                mapping["hostport"] = mapping["containerport"]
    # Go has no null for the one number that stands in a container itself.
    if container.get("cpu") == 0:
        del container["cpu"]
    return {name: value for name, value in container.items() if name not in _LISTS or value}


def _members(value: Any) -> Any:
    """As Go decodes it: names of members in any case, null as good as nothing."""
    if isinstance(value, list):
        return [_members(item) for item in value]
    if not isinstance(value, dict):
        return value
    members = {name.lower(): inner for name, inner in value.items() if inner is not None}
    return {name: inner if name in _MAPS else _members(inner) for name, inner in members.items()}


def _name(item: Mapping[str, Any]) -> str:
    return str(item.get("name", ""))


def same_policies(before: str, after: str) -> bool:
    """As `SuppressEquivalentPolicyDiffs` of internal/verify/json.go.

    That is `PoliciesAreEquivalent` of hashicorp/awspolicyequivalence, read as of 1.7. The order of statements and
    values does not count, one value is as good as a list of it.
    """
    try:
        ours, theirs = _policy(before), _policy(after)
        if ours == theirs:
            return True
        if any(ours.get(member, "") != theirs.get(member, "") for member in ("version", "id")):
            return False
        our_statements, their_statements = _statements(ours), _statements(theirs)
    except (AttributeError, TypeError, ValueError):
        return False
    return (
        len(our_statements) == len(their_statements)
        and all(any(_same_statement(our, their) for their in their_statements) for our in our_statements)
        and all(any(_same_statement(our, their) for our in our_statements) for their in their_statements)
    )


def _policy(text: str) -> dict[str, Any]:
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1].strip()
    return {name.lower(): value for name, value in json.loads(text or "{}").items()}


def _statements(policy: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = policy.get("statement") or []
    return [
        {name.lower(): value for name, value in statement.items()}
        for statement in (found if isinstance(found, list) else [found])
    ]


def _same_statement(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    return (
        ours.get("sid", "") == theirs.get("sid", "")
        and ours.get("effect", "").lower() == theirs.get("effect", "").lower()
        and all(
            sorted(_strings(ours.get(member))) == sorted(_strings(theirs.get(member)))
            for member in ("action", "notaction", "resource", "notresource")
        )
        and _same_conditions(ours.get("condition"), theirs.get("condition"))
        and all(_same_principals(ours.get(member), theirs.get(member)) for member in ("principal", "notprincipal"))
    )


def _same_conditions(ours: Any, theirs: Any) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    first, second = (
        {
            (operator, key): (len(strings := _strings(value)), set(strings))
            for operator, inner in conditions.items()
            for key, value in inner.items()
        }
        for conditions in (ours, theirs)
    )
    return first == second


def _same_principals(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, str) and isinstance(theirs, str):
        # The provider goes on to compare two strings as two maps without a key, which are always the same.
        return True
    first, second = (
        {kind: strings for kind, value in principals.items() if (strings := _strings(value))}
        if isinstance(principals, dict)
        else {}
        for principals in (ours, theirs)
    )
    return first.keys() == second.keys() and all(
        len(first[kind]) == len(second[kind])
        and all(any(_same_principal(our, their) for their in second[kind]) for our in first[kind])
        and all(any(_same_principal(our, their) for our in first[kind]) for their in second[kind])
        for kind in first
    )


def _same_principal(ours: str, theirs: str) -> bool:
    """AWS writes the ARN of an account's root for the account's number."""
    numbers = [match[1] if (match := _ROOT.fullmatch(principal)) else principal for principal in (ours, theirs)]
    return ours == theirs or (numbers[0] == numbers[1] and any(_ACCOUNT.fullmatch(name) for name in (ours, theirs)))


def _strings(value: Any) -> list[str]:
    """One value or a list of them, each as text; JSON's own words for numbers and booleans."""
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [item if isinstance(item, str) else json.dumps(item) for item in values]

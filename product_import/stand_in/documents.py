"""The forms in which the provider writes documents into plans and states."""

import json
import re
from typing import Any

# What ECS reports where a container leaves it out: ECS API Reference, ContainerDefinition, and a state of the provider.
# ECS reports `cpu` 0 too. The provider does not write it (service/ecs/serializers.go of AWS's SDK for Go 2, `Cpu`);
# 5.46, which is on the first SDK, does.
_FOUND = {"environment": [], "essential": True, "mountPoints": [], "portMappings": []}
_FOUND |= {"systemControls": [], "volumesFrom": []}
_ESCAPED = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})
_VERSION = re.compile(r'^(\{)(.*?)(,)?("Version":"2012-10-17")(,)?(.*?)(\})', re.DOTALL)


def normal_json(text: str) -> str:
    """As `NormalizeJsonString` of structure/normalize_json.go of the SDK: members sorted, no blanks, `<>&` escaped."""
    try:
        return _written(json.loads(text)).translate(_ESCAPED)
    except ValueError:
        return text


def version_first(text: str) -> str:
    """As `LegacyPolicyNormalize` of verify/json.go: normal, with the version in front."""
    return _VERSION.sub(r"\1\4\3\2\5\6\7", normal_json(text), count=1)


def ordered_containers(text: str) -> str:
    """As the `StateFunc` of container_definitions, ecs/task_definition.go."""
    try:
        return _written(_ordered(json.loads(text))).translate(_ESCAPED)
    except (AttributeError, TypeError, ValueError):
        return text


def found_containers(text: str) -> str:
    """As a read of ecs/task_definition.go, which unlike a plan escapes nothing."""
    try:
        return _written(_ordered([_FOUND | container for container in json.loads(text)]))
    except (AttributeError, TypeError, ValueError):
        return text


def _ordered(containers: list[dict[str, Any]]) -> Any:
    for container in containers:
        for member in ("environment", "secrets"):
            if container.get(member):
                container[member] = sorted(container[member], key=_name)
    return _without_nulls(sorted(containers, key=_name))


def _name(item: dict[str, Any]) -> str:
    return str(item.get("name", ""))


def _without_nulls(value: Any) -> Any:
    """Go decodes null as nothing, and leaves it out again."""
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return value


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

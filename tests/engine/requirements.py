"""Version constraints, which nobody checks while a provider is attached."""

import json
import operator
import re
from collections.abc import Callable
from pathlib import Path

from product_import.engine import Engine

Version = tuple[int, ...]

_OPERATORS: dict[str, Callable[[Version, Version], bool]] = {
    "": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def allows(constraints: str, version: str) -> bool:
    """Whether a version without a pre-release part meets constraints as Terraform writes them (">= 1.0, < 2.0").

    Raises:
        ValueError: this is no constraint.
    """
    return all(_allows(constraint.strip(), _version(version)) for constraint in constraints.split(","))


def required_versions(folder: Path) -> dict[str, str]:
    """The `required_version` of each *.tf.json file of a folder that has one, by the file's name."""
    found = {path.name: json.loads(path.read_text()).get("terraform", {}) for path in sorted(folder.glob("*.tf.json"))}
    return {name: terraform["required_version"] for name, terraform in found.items() if "required_version" in terraform}


def required_providers(engine: Engine) -> list[tuple[str, str]]:
    """Each provider that the configuration in the engine's folder or a module of it asks for: source and constraints.

    The source comes without its registry, the constraints are empty where there are none. After `init`.
    """
    listed = re.findall(r"provider\[[^/]+/([^\]]+)\] ?(.*)", engine.run("providers"))
    return [(source, constraints.strip()) for source, constraints in listed]


def _allows(constraint: str, version: Version) -> bool:
    match = re.fullmatch(r"(~>|[<>!]?=|[<>])? *(\d+(?:\.\d+)*)", constraint)
    if match is None:
        raise ValueError(f"{constraint!r} is no version constraint: it wants an operator and a version, as '~> 5.0'.")
    sign, wanted = match[1] or "", _version(match[2])
    if sign == "~>":
        # "~> 5.0": any 5, "~> 5.0.1": any 5.0 from 1 on.
        named = match[2].count(".")
        return version >= wanted and version[:named] == wanted[:named]
    return _OPERATORS[sign](version, wanted)


def _version(text: str) -> Version:
    parts = [int(part) for part in text.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))

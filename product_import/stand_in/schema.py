"""The schema of the AWS provider, of one version for each major: what schemas/ has of it, and what facts/ adds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from product_import.stand_in.facts import NOTHING, Facts, facts_of

SCHEMAS = Path(__file__).with_name("schemas")
MAJORS = (5, 6)


@dataclass(frozen=True)
class Attribute:
    type: Any
    """As Terraform writes types in JSON: `"string"`, `["set", "string"]`, `["object", {...}]`."""
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False


@dataclass(frozen=True)
class NestedBlock:
    nesting: Literal["list", "set", "single"]
    block: "Block"
    min_items: int = 0
    max_items: int = 0
    """0: any number."""


@dataclass(frozen=True)
class Block:
    attributes: dict[str, Attribute]
    blocks: dict[str, NestedBlock]


@dataclass(frozen=True)
class ResourceType:
    name: str
    """In full: `aws_ecs_service`."""
    block: Block
    facts: Facts


@dataclass(frozen=True)
class ProviderSchema:
    version: str
    """Of the provider, as `5.99.1`."""
    provider: Block
    """The arguments of `provider "aws"`."""
    resource_types: Mapping[str, ResourceType]
    """By name: all that the stand-in knows."""


@cache
def provider_schema(major: int) -> ProviderSchema:
    """The schema of a major version of the provider, one of MAJORS."""
    (file,) = SCHEMAS.glob(f"{major}.*.json")
    content, facts = json.loads(file.read_text()), facts_of(major)
    types = {
        name: ResourceType(name, _block(block, facts[name], ""), facts[name])
        for name, block in content["resource_schemas"].items()
    }
    return ProviderSchema(content["version"], _block(content["provider"], NOTHING, ""), types)


def _block(block: Mapping[str, Any], facts: Facts, path: str) -> Block:
    return Block(
        {
            name: Attribute(**attribute, sensitive=path + name in facts.sensitive)
            for name, attribute in block.get("attributes", {}).items()
        },
        {
            name: NestedBlock(
                nested["nesting_mode"],
                _block(nested["block"], facts, f"{path}{name}."),
                nested.get("min_items", 0),
                facts.max_items.get(path + name, nested.get("max_items", 0)),
            )
            for name, nested in block.get("block_types", {}).items()
        },
    )

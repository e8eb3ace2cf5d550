"""The schema of the AWS provider, of one version for each major: what schemas/ has of it, and what facts/ adds.

A version has two files. The text is read at each start: it has the types with facts. The other one, ten times as large,
has all others, and is read when one of them is asked for.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from product_import.stand_in.data.sensitive import SENSITIVE
from product_import.stand_in.facts import NOTHING, Facts, facts_of, facts_of_other

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
    write_only: bool = False
    """Whether a plan and a state have null for it. The bindings do not tell: the provider's names end with `_wo`."""


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
    is_generic: bool = False
    """Whether rules make up what AWS gives (made_up.py)."""


@dataclass(frozen=True)
class DataSource:
    name: str
    """In full: `aws_vpc`."""
    block: Block


class _Lines:
    """The compressed file of a version: one line for each resource type or data source that the text does not have."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def by_kind(self) -> Mapping[str, Mapping[str, str]]:
        """The JSON of blocks by `data` or `resource`, and by name."""
        found: dict[str, dict[str, str]] = {"data": {}, "resource": {}}
        for line in gzip.decompress(self._path.read_bytes()).decode().splitlines():
            kind, name, block = line.split(" ", 2)
            found[kind][name] = block
        return found


_T = TypeVar("_T")


class _Known(Mapping[str, _T], Generic[_T]):
    """By name: what is at hand, and what is made of a line when it is asked for."""

    def __init__(
        self, at_hand: Mapping[str, _T], lines: _Lines, kind: str, make: Callable[[str, Mapping[str, Any]], _T]
    ) -> None:
        self._made, self._lines, self._kind, self._make = dict(at_hand), lines, kind, make
        self._at_hand = at_hand

    def __getitem__(self, name: str) -> _T:
        if name not in self._made:
            self._made[name] = self._make(name, json.loads(self._lines.by_kind[self._kind][name]))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._at_hand
        yield from self._lines.by_kind[self._kind]

    def __len__(self) -> int:
        return len(self._at_hand) + len(self._lines.by_kind[self._kind])


@dataclass(frozen=True)
class ProviderSchema:
    version: str
    """Of the provider, as `5.99.1`."""
    major: int
    provider: Block
    """The arguments of `provider "aws"`."""
    familiar: frozenset[str]
    """The names of the resource types that have facts."""
    resource_types: Mapping[str, ResourceType]
    """By name: all of the provider's."""
    data_sources: Mapping[str, DataSource]
    """By name: all of the provider's."""


@cache
def provider_schema(major: int) -> ProviderSchema:
    """The schema of a major version of the provider, one of MAJORS."""
    (file,) = SCHEMAS.glob(f"{major}.*.json")
    content, facts = json.loads(file.read_text()), facts_of(major)

    def resource_type(name: str, block: Mapping[str, Any]) -> ResourceType:
        known = facts.get(name) or facts_of_other(name, {*block.get("attributes", {}), *block.get("block_types", {})})
        return ResourceType(name, _block(block, known, ""), known, is_generic=name not in facts)

    def data_source(name: str, block: Mapping[str, Any]) -> DataSource:
        return DataSource(name, _block(block, Facts(sensitive=SENSITIVE.get(name, frozenset())), ""))

    at_hand = {name: resource_type(name, block) for name, block in content["resource_schemas"].items()}
    lines = _Lines(file.with_suffix(".gz"))
    return ProviderSchema(
        content["version"],
        major,
        _block(content["provider"], NOTHING, ""),
        frozenset(at_hand),
        _Known(at_hand, lines, "resource", resource_type),
        _Known({}, lines, "data", data_source),
    )


def _block(block: Mapping[str, Any], facts: Facts, path: str) -> Block:
    return Block(
        {
            name: Attribute(
                **attribute,
                sensitive=path + name in facts.sensitive,
                write_only=name.endswith("_wo") and not attribute.get("computed"),
            )
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

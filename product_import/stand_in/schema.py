"""The schema of the AWS provider, read from its bindings: no jsii process, no provider, no registry.

The bindings were generated from the schema that the provider itself reports. The richest form of them is the TypeScript
that the source maps of their JavaScript embed: there each attribute stands with `computed`, `optional`, `required`, its
type, whether it is written as a block, and whether it is a list or a set. What generated code cannot say (sensitive
values, limits above one item, versions) comes from provider_facts.py.

Three forms of nesting look alike in a configuration and are not the same to an engine:
- a block that may stand once: a list block with at most one item (`timeouts` alone is a single block);
- a block that may be repeated: a list block or a set block;
- an attribute written as blocks (`ingress`, `egress` of a security group): an attribute whose type is a set of
  objects. The engine accepts blocks and `dynamic` for it, and `= []` as well. In JSON it is an attribute: each object
  has to name every key.
Not told apart: a write-only argument (`secret_string_wo`) is an ordinary sensitive one here.
"""

import base64
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from imports.resource_types import PROVIDER, RESOURCE_TYPES
from product_import.bindings import BINDINGS
from product_import.stand_in.facts import FACTS, NOTHING, Facts


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


@cache
def resource_schemas() -> dict[str, Block]:
    """Each type of imports/resource_types.py, by its full name (`aws_ecs_service`)."""
    return {f"aws_{name}": _read(name) for name in RESOURCE_TYPES}


@cache
def provider_schema() -> Block:
    """The arguments of `provider "aws"`."""
    provider = _read(PROVIDER)
    # Every provider has it, the engine reads it, and no provider reports it.
    attributes = {name: attribute for name, attribute in provider.attributes.items() if name != "alias"}
    return Block(attributes, provider.blocks)


@cache
def provider_version() -> str:
    """The version of the provider whose schema this is."""
    (version,) = set(re.findall(r"providerVersion: '(.+)'", _typescript(RESOURCE_TYPES[0])))
    return str(version)


@dataclass(frozen=True)
class _Argument:
    """One entry of a generated `...HclAttributes`: `value`, `isBlock`, `type`, `storageClassType`."""

    name: str
    value: str
    is_block: bool
    kind: str
    storage: str


@dataclass(frozen=True)
class _Flags:
    """The comment above a generated property, with the lines below it, which tell a computed attribute's type."""

    computed: bool
    optional: bool
    required: bool
    getter: str


@dataclass(frozen=True)
class _Source:
    arguments: dict[str, list[_Argument]]
    flags: dict[str, dict[str, _Flags]]


_SCALARS = {"string": "string", "number": "number", "boolean": "bool"}
_GETTERS = {
    "this.getStringAttribute(": "string",
    "this.getNumberAttribute(": "number",
    "this.getBooleanAttribute(": "bool",
    "this.getStringMapAttribute(": ["map", "string"],
    "this.getListAttribute(": ["list", "string"],
    "cdktf.Fn.tolist(this.getListAttribute(": ["set", "string"],
}

_SECTION = re.compile(r"^export (?:class|function|interface) (\w+)", re.MULTILINE)
_ARGUMENT = re.compile(
    r"^ +(\w+): \{\n +value: (.+),\n +isBlock: (true|false),\n +type: \"(\w+)\",\n +storageClassType: \"(\w+)\",\n",
    re.MULTILINE,
)
_FLAGS = re.compile(r"^  // (\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n(.*\n.*\n.*\n)", re.MULTILINE)


def _read(name: str) -> Block:
    text = _typescript(name)
    (main,) = re.findall(r"^export class (\w+) extends cdktf\.Terraform(?:Resource|Provider)", text, re.MULTILINE)
    source = _Source({}, {})
    for section, body in _sections(text):
        if section == main or section.endswith("ToHclTerraform"):
            source.arguments[_struct(section)] = [
                _Argument(name, value, block == "true", kind, storage)
                for name, value, block, kind, storage in _ARGUMENT.findall(body)
            ]
        if section == main or section.endswith("OutputReference"):
            source.flags[_struct(section)] = {
                name: _Flags(computed == "true", optional == "true", required == "true", getter)
                for name, computed, optional, required, getter in _FLAGS.findall(body)
            }
    return _block(source, main, FACTS.get(f"aws_{name}", NOTHING), "")


def _typescript(name: str) -> str:
    folder = name.replace("_", "-")
    (archive,) = (BINDINGS / "_jsii").glob("*.jsii.tgz")
    with tarfile.open(archive) as bindings:
        file = bindings.extractfile(f"package/lib/{folder}/index.js")
        assert file is not None
        javascript = file.read().decode()
    _, _, source_map = javascript.rpartition("//# sourceMappingURL=data:application/json;base64,")
    (content,) = json.loads(base64.b64decode(source_map))["sourcesContent"]
    return str(content)


def _sections(text: str) -> Iterator[tuple[str, str]]:
    starts = list(_SECTION.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=True):
        yield start[1], text[start.start() : end]


def _struct(section: str) -> str:
    """The struct that a function or a class is about: `ecsServiceAlarmsToHclTerraform` is about `EcsServiceAlarms`."""
    name = section.removesuffix("ToHclTerraform").removesuffix("OutputReference")
    return name[0].upper() + name[1:]


def _block(source: _Source, struct: str, facts: Facts, path: str) -> Block:
    attributes: dict[str, Attribute] = {}
    blocks: dict[str, NestedBlock] = {}
    flags = source.flags.get(struct, {})
    for argument in source.arguments[struct]:
        # Blocks in a provider's block have no class in the bindings; none of their arguments is required.
        flag = flags.get(argument.name, _Flags(computed=False, optional=True, required=False, getter=""))
        full_name = path + argument.name
        inner = argument.storage.removesuffix("List")
        # The list mapper's second parameter tells blocks from an attribute written as blocks.
        if argument.is_block and "ToHclTerraform, false)" not in argument.value:
            blocks[argument.name] = NestedBlock(
                nesting=_nesting(argument),
                block=_block(source, inner, facts, f"{full_name}."),
                min_items=int(flag.required),
                max_items=facts.max_items.get(full_name, _max_items(argument)),
            )
        else:
            attributes[argument.name] = Attribute(
                type=_objects(source, argument, inner) if argument.is_block else _type(argument),
                required=flag.required,
                optional=flag.optional,
                computed=flag.computed,
                sensitive=full_name in facts.sensitive,
            )
    for name, flag in flags.items():
        if flag.computed and not flag.optional:
            (getter,) = re.findall(r"return (.*?)['\"]", flag.getter)
            attributes[name] = Attribute(type=_GETTERS[getter], computed=True)
    return Block(attributes, blocks)


def _nesting(argument: _Argument) -> Literal["list", "set", "single"]:
    return "single" if argument.kind == "struct" else "set" if argument.kind == "set" else "list"


def _max_items(argument: _Argument) -> int:
    """A block that may be repeated goes through a list mapper."""
    return 0 if argument.kind == "struct" or argument.value.startswith("cdktf.listMapperHcl(") else 1


def _type(argument: _Argument) -> Any:
    if argument.kind == "simple":
        return _SCALARS[argument.storage]
    return [argument.kind, _SCALARS[re.sub("(List|Map)$", "", argument.storage)]]


def _objects(source: _Source, argument: _Argument, struct: str) -> Any:
    return [argument.kind, ["object", {inner.name: _type(inner) for inner in source.arguments[struct]}]]

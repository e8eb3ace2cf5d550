"""What the SDK of Terraform's providers makes of a resource's values at plan and apply."""

import hashlib
from collections.abc import Mapping
from typing import Any

from product_import.stand_in.facts import Facts
from product_import.stand_in.made_up import UNKNOWN, Origin, fill
from product_import.stand_in.schema import Block, NestedBlock, ResourceType

from msgpack import ExtType  # type: ignore[import-untyped]

Values = dict[str, Any]
"""A resource's values by attribute; blocks are lists of the same. What is not known yet is an ExtType."""

_IN_SET: Mapping[str, Any] = {"string": "", "bool": False}
_BLANK: tuple[Any, ...] = ("", 0, False, [], {})


def set_unknowns(block: Block, planned: Values) -> None:
    """A resource that is to be created: what the configuration leaves to the provider is not known yet."""
    for name, attribute in block.attributes.items():
        if planned[name] is None and attribute.computed:
            planned[name] = UNKNOWN
    for name, nested in block.blocks.items():
        for item in _items(planned[name]):
            set_unknowns(nested.block, item)


def set_defaults(block: Block, defaults: Mapping[str, Any], planned: Values) -> None:
    """What the provider plans for arguments that are not set."""
    for name, attribute in block.attributes.items():
        if planned[name] is None:
            planned[name] = defaults.get(name)
        elif isinstance(planned[name], list) and attribute.type[1][0] == "object":
            planned[name] = [_without_nulls(item, attribute.type[1][1]) for item in planned[name]]
    for name, nested in block.blocks.items():
        inner = {key.removeprefix(f"{name}."): value for key, value in defaults.items() if key.startswith(f"{name}.")}
        for item in _items(planned[name]):
            set_defaults(nested.block, inner, item)


def set_blanks(block: Block, planned: Values, in_set: bool = False) -> None:
    """In an item of a set the SDK plans no null but a number's: `diffSet` of schema/schema.go."""
    for name, attribute in block.attributes.items():
        if in_set and planned[name] is None:
            planned[name] = _IN_SET.get(str(attribute.type))
    for name, nested in block.blocks.items():
        for item in _items(planned[name]):
            set_blanks(nested.block, item, in_set or nested.nesting == "set")


def forget_write_only(block: Block, values: Values) -> None:
    """Neither a plan nor a state may have what is only written."""
    values |= {name: None for name, attribute in block.attributes.items() if attribute.write_only}
    for name, nested in block.blocks.items():
        for item in _items(values[name]):
            forget_write_only(nested.block, item)


def set_normal_forms(facts: Facts, planned: Values) -> None:
    """What a plan shows of a document: `StateFunc` of the SDK.

    How an unknown one begins, which an engine may know, holds no longer.
    """
    for name, normal in facts.normal.items():
        if isinstance(planned[name], str):
            planned[name] = normal(planned[name])
        elif isinstance(planned[name], ExtType):
            planned[name] = UNKNOWN


def keep_equivalent(block: Block, planned: Values, prior: Values) -> None:
    """Null and empty are the same to the SDK: keep what the state has, in blocks too."""
    for name, attribute in block.attributes.items():
        if _canonical(prior[name], attribute.type) == _canonical(planned[name], attribute.type):
            planned[name] = prior[name]
    for name, nested in block.blocks.items():
        if isinstance(planned[name], list):
            planned[name] = _kept_blocks(nested, planned[name], prior[name] or [])


def _kept_blocks(nested: NestedBlock, planned: list[Any], prior: list[Values]) -> list[Any]:
    if _canonical_blocks(planned, nested) == _canonical_blocks(prior, nested):
        return prior
    if nested.nesting == "set":
        known = [(_canonical_block(item, nested.block), item) for item in prior]
        return [
            next((before for form, before in known if form == _canonical_block(item, nested.block)), item)
            for item in planned
        ]
    for item, before in zip(planned, prior, strict=False):
        if isinstance(item, dict):
            keep_equivalent(nested.block, item, before)
    return planned


def set_unknown_blocks(facts: Facts, planned: Values) -> None:
    """A resource that is to be created: AWS fills some blocks that the configuration leaves out."""
    planned |= {name: UNKNOWN for name in facts.blocks_of_aws if planned[name] == []}


def keep_blocks(facts: Facts, planned: Values, prior: Values) -> None:
    """What AWS filled is no change."""
    planned |= {name: prior[name] for name in facts.blocks_of_aws if planned[name] == []}


def keep_same(facts: Facts, planned: Values, prior: Values) -> None:
    """Keep what the state has where the provider takes a value for the same."""
    for name, same in facts.same.items():
        before, after = prior[name], planned[name]
        if before != after and not isinstance(after, ExtType) and same(before, after, planned):
            planned[name] = before


def replacements(facts: Facts, planned: Values, prior: Values) -> list[str]:
    """The changed arguments that replace the resource, in the order of their names."""
    changed = {name for name in planned if planned[name] != prior[name]}
    conditional = {
        name for name, condition in facts.replace_if.items() if name in changed and condition(prior, planned)
    }
    below = {path.partition(".")[0] for path in facts.replace if "." in path and _differs(path, planned, prior)}
    return sorted(facts.replace & changed | conditional | below)


def _differs(path: str, planned: Values, prior: Values) -> bool:
    """Whether an argument of blocks has other values, or a block of blocks another number."""
    ours, theirs = (sorted(map(repr, _all_values(values, path.split(".")))) for values in (planned, prior))
    return ours != theirs


def _all_values(values: Any, path: list[str]) -> list[Any]:
    """Those of an argument in all blocks, without null and empty."""
    if isinstance(values, ExtType):
        return [values]
    if not path:
        return [] if _without_blanks(values) is None else [values]
    items = [values] if isinstance(values, dict) else values if isinstance(values, list) else []
    inner = [item.get(path[0]) if isinstance(item, dict) else item for item in items]
    return [found for value in inner for found in _all_values(value, path[1:])]


def refusals(facts: Facts, planned: Values, prior: Values) -> list[tuple[str, str]]:
    """The changed arguments that the provider refuses to plan, each with its text."""
    return [
        (name, text)
        for name, (condition, text) in facts.refuse_if.items()
        if planned[name] != prior[name] and condition(prior, planned)
    ]


def refresh(resource_type: ResourceType, found: Values, computed_only: bool) -> None:
    """What a read makes of what it found, in `found`.

    Args:
        resource_type: of the resource.
        found: its values.
        computed_only: leave alone what the configuration alone decides on.
    """
    facts, block = resource_type.facts, resource_type.block
    after = found | {name: value(found) for name, value in facts.read.items()}
    if facts.is_of_sdk:
        # What a read writes is not null: schema/field_writer_map.go of the SDK.
        _fill(block, after, facts.unread)
    computed = {name for name, attribute in block.attributes.items() if attribute.computed}
    found |= {name: value for name, value in after.items() if not computed_only or name in computed}


def _fill(block: Block, values: Values, unread: frozenset[str] = frozenset()) -> None:
    for name, attribute in block.attributes.items():
        if values[name] is None and name not in unread and not attribute.write_only:
            values[name] = _blank(attribute.type)
    for name, nested in block.blocks.items():
        if nested.nesting != "single":
            values[name] = [dict(item) for item in _items(values[name])]
            for item in values[name]:
                _fill(nested.block, item)


def _blank(kind: Any) -> Any:
    return {"string": "", "number": 0, "bool": False, "map": {}}.get(kind if isinstance(kind, str) else kind[0], [])


def as_applied(block: Block, found: Values, planned: Values) -> Values:
    """What an apply leaves in a state: `normalizeNullValues` of schema/grpc_provider.go of the SDK.

    A collection that the plan has as null stays null, and a set that the plan knows stays as it is there.
    """
    applied = dict(found)
    for name, attribute in block.attributes.items():
        if not isinstance(attribute.type, str):
            applied[name] = _applied_collection(attribute.type[0] == "set", found[name], planned[name])
    for name, nested in block.blocks.items():
        ours, theirs = found[name], planned[name]
        if nested.nesting == "list" and isinstance(theirs, list) and len(ours) == len(theirs):
            applied[name] = [
                as_applied(nested.block, our, their) if isinstance(their, dict) else our
                for our, their in zip(ours, theirs, strict=True)
            ]
        else:
            applied[name] = _applied_collection(nested.nesting == "set", ours, theirs)
    return applied


def _applied_collection(is_set: bool, found: Any, planned: Any) -> Any:
    if isinstance(planned, ExtType):
        return found
    if not planned and not found:
        return planned
    return planned if is_set and planned is not None and is_known(planned) else found


def is_known(value: Any) -> bool:
    """Whether no part of a value is unknown."""
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    return all(map(is_known, value)) if isinstance(value, list) else not isinstance(value, ExtType)


def _canonical(value: Any, kind: Any) -> Any:
    """A value without null and empty, and without the order of a set."""
    bare = _without_blanks(value)
    return sorted(bare, key=repr) if isinstance(bare, list) and kind[0] == "set" else bare


def _canonical_blocks(items: list[Any], nested: NestedBlock) -> Any:
    forms = [_canonical_block(item, nested.block) for item in items]
    return sorted(forms, key=repr) if nested.nesting == "set" else forms


def _canonical_block(item: Any, block: Block) -> Any:
    if not isinstance(item, dict):
        return item
    return [_canonical(item[name], attribute.type) for name, attribute in block.attributes.items()] + [
        _canonical_blocks(_items(item[name]), nested) for name, nested in block.blocks.items()
    ]


def _without_blanks(value: Any) -> Any:
    """The value with null for whatever is empty, zero or false, at any depth."""
    if isinstance(value, dict):
        value = {key: _without_blanks(inner) for key, inner in value.items()}
    elif isinstance(value, list):
        value = [_without_blanks(inner) for inner in value]
    return None if value in _BLANK else value


def _without_nulls(item: Any, types: Mapping[str, Any]) -> Any:
    """An object of an attribute written as blocks: the SDK keeps no null in it but a number's."""
    if isinstance(item, ExtType):
        return item
    return {
        key: _IN_SET.get(types[key])
        if value is None and isinstance(types[key], str)
        else []
        if value is None
        else value
        for key, value in item.items()
    }


def named(resource_type: ResourceType, values: Values) -> tuple[object, ...]:
    """What tells a resource from others of its type, whatever the order in which an engine creates them."""
    if resource_type.is_generic:
        return (resource_type.name, repr([(name, value) for name, value in sorted(values.items()) if is_known(value)]))
    names = ("family", "name", "name_prefix", "alarm_name", "replication_group_id", "secret_id", "role", "policy_arn")
    return (resource_type.name, *(values[name] for name in names if isinstance(values.get(name), str)))


def unique_of(resource_type: ResourceType, values: Values, serial: int) -> str:
    """Hex digits for what is made up of a resource."""
    return hashlib.sha256(str((named(resource_type, values), serial)).encode()).hexdigest()[:17]


def make_up(
    resource_type: ResourceType, planned: Values, prior: Values, made: Values, *, region: str, serial: int
) -> None:
    """Put values in the place of the unknown ones, in `planned`: those in `made`, else new ones for each resource.

    `serial` counts the resources of the same name: a new one gets other values than the one that it replaces.
    """
    unique = unique_of(resource_type, planned, serial)
    block, forms = resource_type.block, resource_type.facts.made
    for name, value in planned.items():
        if isinstance(value, ExtType) and name in made:
            planned[name] = made[name]
        elif isinstance(value, ExtType) and name in block.blocks:
            planned[name] = [_all_unknown(block.blocks[name].block)]
        elif isinstance(value, ExtType) and not resource_type.is_generic and name not in forms:
            planned[name] = _plain(block.attributes[name].type, serial, value)
    fill(block, planned, Origin(resource_type.name, unique, region), forms, serial=serial, prior=prior)


def _plain(kind: Any, serial: int, text: Any) -> Any:
    """What AWS makes of a type with facts is a fact, except for texts."""
    plain = {"string": text, "number": serial, "bool": False, "map": {}}
    return plain.get(kind if isinstance(kind, str) else kind[0], [])


def _all_unknown(block: Block) -> Values:
    """A block that AWS fills."""
    unknown = {name: UNKNOWN if attribute.computed else None for name, attribute in block.attributes.items()}
    return unknown | {name: None if nested.nesting == "single" else [] for name, nested in block.blocks.items()}


def upgraded(resource_type: ResourceType, state: Values, version: int) -> Values:
    """A state that another version of the schema wrote."""
    for before, upgrade in sorted(resource_type.facts.upgrade.items()):
        if before >= version:
            state = dict(upgrade(state))
    return conform(state, resource_type.block)


def conform(state: Values, block: Block) -> Values:
    """A state of another version of the provider: what is new is null, what is gone goes."""
    conformed = {name: state.get(name) for name in block.attributes}
    for name, nested in block.blocks.items():
        items = [conform(item, nested.block) for item in _items(state.get(name))]
        conformed[name] = items if nested.nesting != "single" else (items[0] if items else None)
    return conformed


def _items(value: Any) -> list[Values]:
    """The blocks of a name, or the objects of an attribute: a single one, several, or none, perhaps not yet known."""
    if value is None or isinstance(value, ExtType):
        return []
    return [item for item in ([value] if isinstance(value, dict) else value) if not isinstance(item, ExtType)]

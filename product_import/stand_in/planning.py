"""What the SDK of Terraform's providers makes of a resource's values at plan and apply."""

import hashlib
from collections.abc import Mapping
from typing import Any

from product_import.stand_in.facts import Facts
from product_import.stand_in.schema import Block, ResourceType

from msgpack import ExtType  # type: ignore[import-untyped]

Values = dict[str, Any]
"""A resource's values by attribute; blocks are lists of the same. What is not known yet is an ExtType."""

ACCOUNT = "123456789012"
UNKNOWN = ExtType(0, b"\x00")
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


def keep_equivalent(block: Block, planned: Values, prior: Values) -> None:
    """Null and empty are the same to the SDK: keep what the state has."""
    sets = {name for name, attribute in block.attributes.items() if attribute.type[0] == "set"}
    sets |= {name for name, nested in block.blocks.items() if nested.nesting == "set"}
    for name in planned:
        before, after = _without_blanks(prior[name]), _without_blanks(planned[name])
        if before == after or (name in sets and sorted(before or [], key=repr) == sorted(after or [], key=repr)):
            planned[name] = prior[name]


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
    return sorted(facts.replace & changed | conditional)


def refusals(facts: Facts, planned: Values, prior: Values) -> list[tuple[str, str]]:
    """The changed arguments that the provider refuses to plan, each with its text."""
    return [
        (name, text)
        for name, (condition, text) in facts.refuse_if.items()
        if planned[name] != prior[name] and condition(prior, planned)
    ]


def refresh(facts: Facts, found: Values) -> None:
    """What a read makes of what it found, in `found`."""
    found |= {name: value(found) for name, value in facts.read.items()}


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
    blanks = {"string": "", "bool": False, "number": None}
    return {
        key: blanks[types[key]] if value is None and isinstance(types[key], str) else [] if value is None else value
        for key, value in item.items()
    }


def named(resource_type: str, values: Values) -> tuple[object, ...]:
    """What tells a resource from others of its type, whatever the order in which an engine creates them."""
    names = ("family", "name", "name_prefix", "alarm_name", "replication_group_id", "secret_id", "role", "policy_arn")
    return (resource_type, *(values[name] for name in names if isinstance(values.get(name), str)))


def make_up(
    resource_type: ResourceType, planned: Values, prior: Values, made: Values, *, region: str, serial: int
) -> None:
    """Put values in the place of the unknown ones, in `planned`: those in `made`, else new ones for each resource.

    `serial` counts the resources of the same name: a new one gets other values than the one that it replaces.
    """
    unique = hashlib.sha256(str((named(resource_type.name, planned), serial)).encode()).hexdigest()[:17]
    context = {"region": region, "account": ACCOUNT, "unique": unique, "serial": serial, "prior": prior}
    unknown = [name for name, value in planned.items() if isinstance(value, ExtType)]
    facts = resource_type.facts
    for name in sorted(unknown, key=[*facts.made, *unknown].index):
        form = facts.made.get(name, f"{name}-{{unique}}")
        kind = resource_type.block.attributes[name].type
        if name in made:
            planned[name] = made[name]
        elif callable(form):
            planned[name] = form(planned | context)
        elif kind == "string":
            planned[name] = form.format(**planned | context)
        else:
            planned[name] = {"number": serial, "bool": False, "map": {}}.get(
                kind if isinstance(kind, str) else kind[0], []
            )


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

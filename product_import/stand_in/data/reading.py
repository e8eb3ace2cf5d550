"""Read a data source."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from product_import.stand_in.data import (
    containers,
    databases,
    delivery,
    iam,
    network,
    policy_document,
    secrets,
    surroundings,
)
from product_import.stand_in.data.asked import Asked
from product_import.stand_in.data.fixtures import NO_FIXTURES, Fixtures
from product_import.stand_in.data.known import Values
from product_import.stand_in.data.made_up import made_up
from product_import.stand_in.data.shown import shown
from product_import.stand_in.schema import Block, NestedBlock

_TOPICS = (containers, databases, delivery, iam, network, policy_document, secrets, surroundings)
EXACT: Mapping[str, Callable[[Asked], Values]] = {name: each for topic in _TOPICS for name, each in topic.EXACT.items()}
"""What the stand-in knows of a data source, by its name; a ValueError is what the provider refuses."""
_MANY = 3
"""How many a data source finds where it finds any number: subnets for three availability zones."""


def read(asked: Asked, fixtures: Fixtures = NO_FIXTURES) -> Values:
    """Return all values of a data source.

    Args:
        asked: the data source with its arguments.
        fixtures: what the user sets. The rest is as if the arguments said it.

    Raises:
        ValueError: the provider refuses the arguments.
    """
    fixed = fixtures.values(asked.source.name, asked.config)
    asked = replace(asked, config={**asked.config, **fixed})
    exact = EXACT.get(asked.source.name)
    values = exact(asked) if exact else {}
    resources = asked.found()
    if asked.is_plural:
        # As `dataSourceSubnetsRead` in ec2/vpc_subnets_data_source.go and most others do.
        values = {"id": asked.region, **values}
        values |= _all_of(asked, resources) if resources else {}
    elif resources:
        values |= shown(asked.subject, asked.source.block, resources[0])
    return _completed(asked, asked.source.block, {**asked.config, **values, **fixed})


def _all_of(asked: Asked, resources: list[Values]) -> Values:
    """`ids` of all resources, `arns`, `names` and the like."""
    values = {}
    for name, attribute in asked.source.block.attributes.items():
        items = [resource.get(name.removesuffix("s")) for resource in resources]
        if attribute.computed and attribute.type in (["list", "string"], ["set", "string"]) and all(items):
            values[name] = items
    return values


def _completed(asked: Asked, block: Block, values: Values) -> Values:
    """The values with something in the place of what is computed and not known."""
    completed = {}
    for name, attribute in block.attributes.items():
        value = values.get(name)
        if value is None and attribute.computed:
            value = made_up(name, attribute.type, asked.subject, _MANY if asked.is_plural else 1)
        completed[name] = value
    for name, nested in block.blocks.items():
        completed[name] = _blocks(asked, nested, values.get(name))
    return completed


def _blocks(asked: Asked, nested: NestedBlock, value: Any) -> Any:
    if nested.nesting == "single":
        return value and _completed(asked, nested.block, value)
    if not value and _is_computed(nested.block):
        value = [{}]
    return [_completed(asked, nested.block, item) for item in value or []]


def _is_computed(block: Block) -> bool:
    """Whether a block is one that the provider fills in, of attributes that a configuration cannot set."""
    settable = any(attribute.required or attribute.optional for attribute in block.attributes.values())
    return bool(block.attributes) and not settable

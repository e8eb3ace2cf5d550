"""The evaluation of the module without an engine against the planned values of a real one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import.configuration import Configuration
from product_import.costs import ITEMS, NoPriceError, known_costs, read_prices, read_usage
from product_import.plan_diff.compare.costs import cost_changes
from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.environments import ENVIRONMENTS
from product_import.plan_diff.read.plan import read_plan
from product_import.stand_in.documents import normal_json, ordered_containers
from tests.engine import deployment
from tests.engine.conftest import Attached

import pytest


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_is_evaluated_is_what_an_engine_plans(
    environment: str, module: Mapping[str, Any], synthesized: Path, attached: Attached, tmp_path: Path
) -> None:
    """Each argument of each resource, where a plan knows it, and each metric of an alarm."""
    inputs = {"aws_region": "us-east-1", **ENVIRONMENTS[environment]}
    deployed = deployment.consumer(attached(tmp_path), synthesized)
    deployed.configure(deployed.engine, inputs)
    deployed.engine.init()
    plan = deployed.engine.plan()
    planned = deployed.resources(plan)
    configuration = Configuration(module, inputs)
    compared = 0
    for resource_type, named in module["resource"].items():
        for name in configuration.resources(resource_type):
            address = f"{resource_type}.{name}"
            values = planned[f"{address}[0]" if "count" in named[name] else address]
            for argument in named[name]:
                if argument not in values or argument in ("lifecycle", "depends_on", "dynamic"):
                    continue
                evaluated = configuration.resource(resource_type, name)[argument]
                if isinstance(values[argument], str | int | float | bool):
                    assert _text(argument, evaluated) == _text(argument, values[argument]), f"{address}.{argument}"
                    compared += 1
            if "metric_query" in values:
                blocks = configuration.resource(resource_type, name).blocks("metric_query")
                assert {block["id"] for block in blocks} == {query["id"] for query in values["metric_query"]}
    assert compared > 80
    assert _costs_of(plan) == _costs_with(configuration)


def _costs_of(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """What each item costs after the plan; None where there is no price."""
    (change,) = cost_changes(read_plan(json.dumps(plan).encode(), "plan"), read_usage(), read_prices(), Secrets())
    return {item.item: item.after for item in change.items if item.after != 0}


def _costs_with(configuration: Configuration) -> Mapping[str, Any]:
    """What each item costs by the evaluated module."""
    try:
        estimate = known_costs(configuration, read_usage(), read_prices())
    except NoPriceError:
        return dict.fromkeys(ITEMS)
    return {item: cost for item in ITEMS if (cost := estimate.of(item)) != 0}


def _text(argument: str, value: object) -> str:
    """A provider may take "true" for true, and writes documents in a form of its own."""
    if argument == "container_definitions":
        return ordered_containers(str(value))
    return str(value).lower() if isinstance(value, bool) else normal_json(str(value))

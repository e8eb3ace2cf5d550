"""The evaluation of the module without an engine against the planned values of a real one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import.configuration import Configuration
from product_import.plan_diff.environments import ENVIRONMENTS
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
    planned = deployed.resources(deployed.engine.plan())
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
                    assert _text(evaluated) == _text(values[argument]), f"{resource_type}.{name}.{argument}"
                    compared += 1
            if "metric_query" in values:
                blocks = configuration.resource(resource_type, name).blocks("metric_query")
                assert {block["id"] for block in blocks} == {query["id"] for query in values["metric_query"]}
    assert compared > 80


def _text(value: object) -> str:
    """A provider may take "true" for true."""
    return str(value).lower() if isinstance(value, bool) else str(value)

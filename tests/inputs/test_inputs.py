"""The rules of the inputs in Python."""

from collections.abc import Mapping
from typing import Any

from product_import.inputs import InputError, Inputs, check
from product_import.plan_diff.environments import REQUIRED
from tests.bad_inputs import ACCEPTED, BAD_IN_PYTHON_ONLY, BAD_INPUTS, ENGINES, FARGATE, MISSING, PLACES, BadInput

import pytest


@pytest.mark.parametrize("row", [*BAD_INPUTS, *BAD_IN_PYTHON_ONLY], ids=str)
def test_a_bad_input_is_refused_by_name(row: BadInput) -> None:
    """The error names the input, what is allowed and what was given; a token does not show."""
    values: dict[str, Any] = {**REQUIRED, **row.others, row.name: row.value}
    if row.value is MISSING:
        del values[row.name]
        with pytest.raises(TypeError, match=row.text):
            Inputs(**values)
        return
    with pytest.raises(InputError) as error:
        check(Inputs(**values))
    given = "(sensitive value)" if row.name == "redis_auth_token" else repr(row.value)
    assert str(error.value) == f"{row.text} Given: {given}."


def test_all_bad_inputs_are_told_at_once() -> None:
    """One line for each, in the order of the table of inputs."""
    with pytest.raises(InputError) as error:
        check(Inputs(**{**REQUIRED, "worker_cpu": 1, "environment": "A", "redis_auth_token": "short"}))
    assert [line.split(" must ")[0] for line in str(error.value).splitlines()] == [
        "The environment",
        "The redis_auth_token",
        "The worker_cpu",
    ]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in ACCEPTED.items() for value in values])
def test_an_input_at_the_edge_is_accepted(name: str, value: Any) -> None:
    """The last value on the right side of each rule."""
    check(Inputs(**{**REQUIRED, name: value}))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place["aws_region"]))
def test_what_lies_in_one_region_is_accepted(place: Mapping[str, Any]) -> None:
    """The cluster by its name or its ARN, the topics of any account."""
    check(Inputs(**{**REQUIRED, **place}))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: "-".join(engine.values()))
def test_an_engine_is_accepted_with_its_versions(engine: Mapping[str, str]) -> None:
    """The oldest and the newest of each among them."""
    check(Inputs(**{**REQUIRED, **engine}))


def test_a_rule_on_two_inputs_waits_for_the_others_own() -> None:
    """A region that is none makes no error of the cluster and the topics."""
    with pytest.raises(InputError) as error:
        check(Inputs(**{**REQUIRED, "aws_region": "here"}))
    assert [line.split(" must ")[0] for line in str(error.value).splitlines()] == ["The aws_region"]


@pytest.mark.parametrize(("cpu", "memory"), FARGATE)
def test_sizes_of_fargate_are_accepted(cpu: int, memory: int) -> None:
    """The smallest and the largest memory of each CPU."""
    check(Inputs(**{**REQUIRED, "worker_cpu": cpu, "worker_memory": memory}))


def test_a_token_may_be_left_out() -> None:
    """It is then a variable of the stack, so that no secret is written to cdktf.out/."""
    check(Inputs(**{name: value for name, value in REQUIRED.items() if name != "redis_auth_token"}))

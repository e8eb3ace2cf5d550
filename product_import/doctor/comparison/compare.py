"""Compares what AWS has with what is configured. Nothing here knows a type of resource: places.py does."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from product_import.configuration import Configuration, Resource, Unknown
from product_import.doctor.comparison.places import READINGS, Exact, Place
from product_import.doctor.comparison.readings import named
from product_import.doctor.deployment import Answer, Deployment
from product_import.doctor.faults import Fault
from product_import.errors import UserError

import jmespath  # type: ignore[import-untyped]

# Terraform's own, of any resource.
META = frozenset({"count", "depends_on", "dynamic", "lifecycle"})
HIDDEN = "(hidden)"
# How an Unknown shows within a text that holds JSON (values.py of configuration/).
_UNKNOWN = "(known after apply: "
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_SWITCHES = {"true": True, "false": False, "ENABLED": True, "DISABLED": False}
# What tells the items of a list of objects apart.
_KEYS = ("id", "name", "log_type", "capacity_provider", "metric_interval_lower_bound")


@dataclass(frozen=True)
class Difference:
    """An argument that is not as configured."""

    fault: Fault
    said: str


class Comparison:
    """What AWS has and what is configured, both read once.

    Attributes:
        compared: how many arguments were compared.
        unknown: those that were not: they depend on inputs that are not given, or on what is missing in AWS.
    """

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.compared: set[str] = set()
        self.unknown: set[str] = set()
        self._answers: dict[str, Answer | None] = {}

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration with what AWS made: ARNs, ids, the endpoint of Redis."""
        told: dict[str, Any] = {}
        for resource_type, reading in READINGS.items():
            for name, expected in self.deployment.configuration.resources(resource_type).items():
                try:
                    answer = self._answer(resource_type, name, expected) if reading.made else None
                except UserError:
                    raise
                except Exception:
                    continue
                found = {attribute: jmespath.search(path, answer) for attribute, path in reading.made.items()}
                told |= {f"{resource_type}.{name}.{key}": value for key, value in found.items() if value}
        return self.deployment.configuration.with_applied(told)

    def differences(self, resource_type: str) -> Iterator[Difference]:
        """What is missing or differs of all resources of a type.

        Raises:
            NotLookedAtError: one of them cannot be read.
        """
        reading = READINGS[resource_type]
        for name, expected in self.configuration.resources(resource_type).items():
            address = f"{resource_type}.{name}{'[0]' if 'count' in expected else ''}"
            answer = self._answer(resource_type, name, expected)
            if answer is not None:
                for argument, place in reading.arguments.items():
                    if isinstance(place, Place):
                        yield from self._compared(address, argument, place, answer, expected)
            elif reading.missing:
                yield Difference(reading.missing, f"{address} ({named(expected)}) is missing.")

    def _answer(self, resource_type: str, name: str, expected: Resource) -> Answer | None:
        address = f"{resource_type}.{name}"
        if address not in self._answers:
            self._answers[address] = READINGS[resource_type].read(self.deployment, expected)
        return self._answers[address]

    def _compared(
        self, address: str, argument: str, place: Place, answer: Answer, expected: Resource
    ) -> Iterator[Difference]:
        where = f"{address}.{argument}"
        configured = expected.dynamic(argument) or (
            expected.blocks(argument) if place.blocks else expected.get(argument)
        )
        if isinstance(configured, Unknown):
            self.unknown.add(where)
            return
        self.compared.add(where)
        if configured in (None, []):
            configured = place.default
        wanted = configured if configured is None else place.configured(configured)
        for subject, label in _subjects(place, answer):
            found = jmespath.search(place.path, subject)
            live = place.live(place.default if found is None else found, answer)
            if place.same and live is not None and place.same(live, wanted):
                continue
            if not place.shown:
                yield Difference(place.fault, f"{where} is another document than is {self.deployment.configured_by}.")
                continue
            words = _Words(self.deployment)
            for said in _walk(f"{where}{label}", plain(live), plain(wanted), words):
                yield Difference(place.fault, said)


def _subjects(place: Place, answer: Answer) -> Iterator[tuple[Answer, str]]:
    """The answer, or each node of Redis in it with its name."""
    if not place.of_nodes:
        yield answer, ""
        return
    for node in answer["Nodes"]:
        yield node, f" of {node.get('CacheClusterId')}"


class _Words:
    """Says what differs."""

    def __init__(self, deployment: Deployment) -> None:
        self.by = deployment.configured_by
        given = deployment.configuration.variable("worker_environment")
        self._of_inputs = frozenset(given) if isinstance(given, Mapping) else frozenset()

    def differs(self, where: str, live: Any, configured: Any) -> str:
        shown = [HIDDEN if self._hides(where, value, configured) else _shown(value) for value in (live, configured)]
        return f"{where}: {shown[0]}, where {shown[1]} is {self.by}."

    def lacks(self, where: str, item: Any) -> str:
        return f"{where} lacks {_shown(item)}, which is {self.by}."

    def has(self, where: str, item: Any) -> str:
        return f"{where} has {_shown(item)}, which is not {self.by}."

    def _hides(self, where: str, value: Any, configured: Any) -> bool:
        """A variable of a container's environment that is not the module's own may hold a secret."""
        environment, _, name = where.rpartition(".environment.")
        return bool(environment) and value is not None and (configured is None or name in self._of_inputs)


def _walk(where: str, live: Any, configured: Any, words: _Words) -> Iterator[str]:
    """The innermost parts that differ; of lists, what is missing and what is too much."""
    if is_unknown(configured) or live == configured or (_is_empty(live) and _is_empty(configured)):
        return
    if isinstance(live, dict) and isinstance(configured, dict):
        for key in sorted(live.keys() | configured.keys()):
            yield from _walk(f"{where}.{key}", live.get(key), configured.get(key), words)
    elif where.endswith(".environment") and isinstance(live or configured, dict):
        # Each variable by itself, for some are hidden.
        yield from _walk(where, live or {}, configured or {}, words)
    elif isinstance(live, list | None) and isinstance(configured, list | None):
        ours, theirs = live or [], configured or []
        if not any(map(is_unknown, theirs)):
            yield from (words.lacks(where, item) for item in theirs if item not in ours)
            yield from (words.has(where, item) for item in ours if item not in theirs)
    else:
        yield words.differs(where, live, configured)


def plain(value: Any) -> Any:
    """A value in the one form that both sides have.

    A list has no order here, for AWS gives none; items with a name or an id become an object of them.
    """
    if isinstance(value, Mapping):
        members = {key: plain(item) for key, item in value.items()}
        return {key: item for key, item in members.items() if item is not None}
    if isinstance(value, list):
        return _plain_list([item for item in map(plain, value) if item is not None])
    if isinstance(value, str) and not isinstance(value, Exact):
        if value in _SWITCHES:
            return _SWITCHES[value]
        if _NUMBER.fullmatch(value):
            return float(value)
    return value


def _plain_list(items: list[Any]) -> Any:
    if not items or not all(isinstance(item, dict) for item in items):
        return sorted(items, key=repr)
    pairs = [{key.lower(): part for key, part in item.items()} for item in items]
    if all("name" in pair and pair.keys() <= {"name", "value"} for pair in pairs):
        return {pair["name"]: pair.get("value") for pair in pairs}
    for key in _KEYS:
        by_key = {str(item.get(key, "")): item for item in items}
        if len(by_key) == len(items) and any(by_key):
            return by_key
    return items[0] if len(items) == 1 else sorted(items, key=repr)


def _is_empty(value: Any) -> bool:
    """Whether a value says nothing: AWS leaves out what is off, 0 or empty, and Terraform may say so."""
    if isinstance(value, dict):
        return all(map(_is_empty, value.values()))
    return not value and not isinstance(value, Exact)


def is_unknown(value: Any) -> bool:
    """Whether a configured value, or a part of its text, is not known."""
    return isinstance(value, Unknown) or (isinstance(value, str) and _UNKNOWN in value)


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:g}"
    return json.dumps(_without_environment(value), default=str)


def _without_environment(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_environment(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: HIDDEN if key == "environment" else _without_environment(item) for key, item in value.items()}

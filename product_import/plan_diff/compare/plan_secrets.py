"""The secrets of a plan: what it marks as sensitive in any of its members."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.compare.values import below, document
from product_import.plan_diff.read.plan import Change, Module, Plan, Resource

_INSTANCE_KEY = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]')


def secrets(plan: Plan) -> Secrets:
    """The secrets of a plan: what is marked in resources, actions and variables, and what only outputs mark.

    An output is marked as a whole, such as all of a module's. What of it stands unmarked in an argument that the
    configuration sets is no secret: there, Terraform itself would have carried the mark.
    """
    marked: set[str] = set()
    for value in plan.sensitive_variables():
        marked.update(_strings(value, True))
    for resource in _resources(plan):
        marked.update(_marked_strings(resource.change))
    for invocation in plan.action_invocations or []:
        marked.update(_strings(invocation.config_values, invocation.config_sensitive))
    exposed = {text for change in (plan.output_changes or {}).values() for text in _marked_strings(change)} - marked
    return Secrets(marked | (exposed - _open_strings(plan) if exposed else exposed))


def _resources(plan: Plan) -> Iterator[Resource]:
    yield from plan.resource_changes or []
    yield from plan.resource_drift or []
    for deferred in plan.deferred_changes or []:
        yield deferred.resource_change


def _marked_strings(change: Change) -> Iterator[str]:
    yield from _strings(change.before, change.before_sensitive)
    yield from _strings(change.after, change.after_sensitive)


def _strings(value: Any, mask: Any, *, sensitive: bool = True) -> Iterator[str]:
    """The strings at any depth that are marked, or those that are not, with the strings of JSON documents in them."""
    pairs = [(value, mask)]
    while pairs:
        value, mask = pairs.pop()
        if (sensitive and not mask) or (not sensitive and mask is True):
            continue
        if isinstance(value, str):
            yield value
            if not isinstance(inner := document(value), str):
                pairs.append((inner, mask))
        elif isinstance(value, dict):
            pairs += [(item, mask is True or below(mask, name)) for name, item in value.items()]
        elif isinstance(value, list):
            pairs += [(item, mask is True or below(mask, index)) for index, item in enumerate(value)]


def _open_strings(plan: Plan) -> set[str]:
    """The strings that stand unmarked in an argument that the configuration sets."""
    configured = configured_arguments(plan)
    found: set[str] = set()
    for resource in plan.resource_changes or []:
        expressions = configured(resource)
        if resource.change.after_sensitive is not True:
            values, masks = resource.change.after, resource.change.after_sensitive
            for value, mask in _set_values(expressions, values, masks):
                found.update(_strings(value, mask, sensitive=False))
    return found


def configured_arguments(plan: Plan) -> Callable[[Resource], Any]:
    """What gives a resource's arguments that its configuration sets, by name, with their expressions."""
    root = plan.configuration and plan.configuration.root_module
    found = dict(_expressions(root, "")) if root else {}

    def configured(resource: Resource) -> Any:
        module = _INSTANCE_KEY.sub("", resource.module_address)
        return found.get((module, resource.mode, resource.type, resource.name)) or {}

    return configured


def _set_values(expression: Any, value: Any, mask: Any) -> Iterator[tuple[Any, Any]]:
    """The values, with their masks, that a block's expressions set; what a provider fills in is not among them."""
    if mask is True:
        return
    if isinstance(expression, list) and isinstance(value, list):
        for index, (block, item) in enumerate(zip(expression, value, strict=False)):
            yield from _set_values(block, item, below(mask, index))
    elif isinstance(expression, dict) and expression.keys() & {"constant_value", "references"}:
        yield value, mask
    elif isinstance(expression, dict) and isinstance(value, dict):
        for name, inner in expression.items():
            yield from _set_values(inner, value.get(name), below(mask, name))


def _expressions(module: Module, address: str) -> Iterator[tuple[tuple[str, str, str, str], Any]]:
    for resource in module.resources or []:
        yield (address, resource.mode, resource.type, resource.name), resource.expressions
    for name, call in (module.module_calls or {}).items():
        if call.module:
            yield from _expressions(call.module, f"{address}.module.{name}" if address else f"module.{name}")

"""Collect the secrets of a plan: the values that any of its members marks as sensitive."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.compare.values import below, document, is_marked
from product_import.plan_diff.read.configuration import Module
from product_import.plan_diff.read.plan import Change, Plan, Resource, StateModule, StateValues, members_of

_INSTANCE_KEY = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]')


def secrets(plan: Plan) -> Secrets:
    """Return the secrets of a plan: the values that any of its members marks as sensitive.

    Configurations of providers and identities have no marks (internal/command/jsonconfig/config.go, jsonplan/plan.go).

    An output is marked as a whole, even if only a part of it is sensitive. A part that is unmarked in an argument of
    the configuration is not a secret: Terraform passes marks on to such arguments.
    """
    marked = {text for pair in _marked(plan) for text in _strings(*pair)}
    exposed = {text for pair in _marked_outputs(plan) for text in _strings(*pair)} - marked
    return Secrets(marked | (exposed - _open_strings(plan) if exposed else exposed), _names(plan))


def _names(plan: Plan) -> Iterator[str]:
    """Yield the types, names and arguments of resources, and the names of modules: names hold no values."""
    types: set[str] = set()
    for resource in _resources(plan):
        yield resource.name
        if resource.type not in types:  # all of a type have the same arguments
            types.add(resource.type)
            yield resource.type
            yield from members_of(resource.change.raw_before)
            yield from members_of(resource.change.raw_after)
    for module, _ in _modules(plan):
        yield from module.module_calls or ()


def _marked(plan: Plan) -> Iterator[tuple[Any, Any]]:
    """Yield values with their masks, of all members except outputs."""
    configured = configured_arguments(plan)
    for resource in _resources(plan):
        for value, mask in _sides(resource.change):
            yield value, mask
            # The value of a write-only argument is nowhere else.
            yield from _constants(configured(resource), mask)
    for state in _states(plan):
        yield from _of_state(state.root_module)
    invocations = [deferred.action_invocation for deferred in plan.deferred_action_invocations or []]
    for invocation in [*(plan.action_invocations or []), *invocations]:
        yield invocation.config_values, invocation.config_sensitive
    for module, values in _modules(plan):
        for name, variable in (module.variables or {}).items():
            if variable.sensitive:
                yield [values.get(name), variable.default], True


def _marked_outputs(plan: Plan) -> Iterator[tuple[Any, Any]]:
    for change in (plan.output_changes or {}).values():
        yield from _sides(change)
    for state in _states(plan):
        yield from ((output.value, output.sensitive) for output in (state.outputs or {}).values())
    for module, values in _modules(plan):
        for output in (module.outputs or {}).values():
            yield _given(output.expression, values), output.sensitive


def _sides(change: Change) -> Iterator[tuple[Any, Any]]:
    """Yield the sides with marks. The others, which are most, are not decoded."""
    if is_marked(change.before_sensitive):
        yield change.before, change.before_sensitive
    if is_marked(change.after_sensitive):
        yield change.after, change.after_sensitive


def _resources(plan: Plan) -> Iterator[Resource]:
    yield from plan.resource_changes or []
    yield from plan.resource_drift or []
    for deferred in plan.deferred_changes or []:
        yield deferred.resource_change


def _states(plan: Plan) -> list[StateValues]:
    return [values for values in (plan.prior_state and plan.prior_state.values, plan.planned_values) if values]


def _of_state(module: StateModule | None) -> Iterator[tuple[Any, Any]]:
    if module:
        yield from (resource.marked for resource in module.resources or [] if resource.marked)
        for child in module.child_modules or []:
            yield from _of_state(child)


def _modules(plan: Plan) -> Iterator[tuple[Module, Mapping[str, Any]]]:
    """The configuration of each module, with the values of its variables that are known."""
    if plan.configuration and plan.configuration.root_module:
        given = {name: variable.value for name, variable in (plan.variables or {}).items()}
        yield from _below(plan.configuration.root_module, given)


def _below(module: Module, given: Mapping[str, Any]) -> Iterator[tuple[Module, Mapping[str, Any]]]:
    values = {**{name: variable.default for name, variable in (module.variables or {}).items()}, **given}
    yield module, values
    for call in (module.module_calls or {}).values():
        if call.module:
            passed = {name: _given(expression, values) for name, expression in (call.expressions or {}).items()}
            yield from _below(call.module, passed)


def _given(expression: Any, values: Mapping[str, Any]) -> Any:
    """Return the value of an expression that is a constant, a variable or a part of a variable; else None."""
    if not isinstance(expression, dict):
        return None
    if "constant_value" in expression:
        return expression["constant_value"]
    # Terraform lists `var.a.b` as that, then as `var.a` (internal/command/jsonconfig/expression.go).
    first, *rest = expression.get("references") or [""]
    if not first.startswith("var.") or not all(map(first.startswith, rest)):
        return None
    value: Any = values
    for step in first.split(".")[1:]:
        value = below(value, step)
    return value


def _strings(value: Any, mask: Any, *, sensitive: bool = True) -> Iterator[str]:
    """Yield the marked or the unmarked texts and numbers at any depth, including those in JSON documents."""
    pairs = [(value, mask)]
    while pairs:
        value, mask = pairs.pop()
        if (sensitive and not mask) or (not sensitive and mask is True):
            continue
        if isinstance(value, str):
            yield value.strip()
            if not isinstance(inner := document(value), str):
                pairs.append((inner, mask))
        elif isinstance(value, (int, float)):
            yield f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
        elif isinstance(value, dict):
            pairs += [(item, mask is True or below(mask, name)) for name, item in value.items()]
        elif isinstance(value, list):
            pairs += [(item, mask is True or below(mask, index)) for index, item in enumerate(value)]


def _constants(expression: Any, mask: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the constants in a block's expressions, with their masks."""
    if isinstance(expression, list):
        for index, block in enumerate(expression):
            yield from _constants(block, mask is True or below(mask, index))
    elif isinstance(expression, dict) and "constant_value" in expression:
        yield expression["constant_value"], mask
    elif isinstance(expression, dict):
        for name, inner in expression.items():
            yield from _constants(inner, mask is True or below(mask, name))


def _open_strings(plan: Plan) -> set[str]:
    """Return the strings that are unmarked in an argument of the configuration."""
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
    """Return a function from a resource to the arguments in its configuration, by name, with their expressions."""
    root = plan.configuration and plan.configuration.root_module
    found = dict(_expressions(root, "")) if root else {}

    def configured(resource: Resource) -> Any:
        module = _INSTANCE_KEY.sub("", resource.module_address)
        return found.get((module, resource.mode, resource.type, resource.name)) or {}

    return configured


def _set_values(expression: Any, value: Any, mask: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the values that a block's expressions set, with their masks, without values that the provider adds."""
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

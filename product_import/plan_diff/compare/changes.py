"""What a plan does, in the order and with the words of a review."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from product_import.plan_diff.compare.arguments import changed_arguments
from product_import.plan_diff.compare.comparison import differences
from product_import.plan_diff.compare.danger import dangers
from product_import.plan_diff.compare.diff import GOING, Action, Change, Check, PlanDiff
from product_import.plan_diff.compare.display import argument, without_secret
from product_import.plan_diff.compare.drift import WHOLE, Drift
from product_import.plan_diff.compare.forcing import forcing_paths
from product_import.plan_diff.compare.identity import identity
from product_import.plan_diff.compare.marks import marked
from product_import.plan_diff.compare.notes import NOTHING, in_words, notes
from product_import.plan_diff.compare.plan_secrets import secrets
from product_import.plan_diff.compare.refusals import refusals
from product_import.plan_diff.compare.secrets import Secrets, union
from product_import.plan_diff.compare.sides import Sides
from product_import.plan_diff.compare.values import Missing, word
from product_import.plan_diff.read import plan as plans
from product_import.plan_diff.read.plan import Plan, PlanError, Resource

import msgspec

# Terraform's lists of actions.
ACTIONS = {
    ("no-op",): None,
    ("read",): None,
    ("create",): Action.CREATE,
    ("update",): Action.UPDATE,
    ("delete",): Action.DESTROY,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE,
    ("forget",): Action.FORGET,
    ("create", "forget"): Action.REPLACE,
    ("forget", "create"): Action.REPLACE,  # as OpenTofu has it
}
FAILED = frozenset({"fail", "error"})
# Terraform's reasons to defer a change.
DEFERRALS = {
    "instance_count_unknown": "count or for_each is not known yet",
    "resource_config_unknown": "its arguments are not known yet",
    "provider_config_unknown": "its provider's configuration is not known yet",
    "deferred_prereq": "it depends on a change that is deferred",
    "absent_prereq": "it depends on something that is not there yet",
}


def plan_diff(plan: Plan) -> PlanDiff:
    """What `plan` would do, dangerous changes first.

    Raises:
        PlanError: it is nested too deeply.
    """
    return plan_diffs({"": plan})[""]


def plan_diffs(plans: Mapping[str, Plan]) -> dict[str, PlanDiff]:
    """What each of the plans of one report would do.

    All hide the secrets of all: a long text is cut to an excerpt here, and part of a secret is not found later.

    Raises:
        PlanError: one of them is nested too deeply.
    """
    try:
        hidden = union([secrets(plan) for plan in plans.values()])
        return {name: _plan_diff(plan, hidden) for name, plan in plans.items()}
    except RecursionError:
        raise PlanError("The plan's configuration is nested too deeply.") from None


def _plan_diff(plan: Plan, hidden: Secrets) -> PlanDiff:
    managed = [resource for resource in plan.resource_changes or [] if resource.mode == "managed"]
    forced_by = {resource.address: paths for resource in managed if (paths := forcing_paths(resource))}
    found = tuple(dangers(plan, managed, forced_by))
    endangered = {address for danger in found for address in danger.addresses}
    resources = sorted(
        (
            replace(change, dangerous=True) if change.address in endangered else change
            for resource in managed
            if (change := _resource(resource, hidden))
        ),
        key=lambda change: change.urgency,
    )
    outputs = [
        output for name, change in (plan.output_changes or {}).items() if (output := _output(name, change, hidden))
    ]
    drift, unlisted_drift = _drift(plan, hidden, empty=not resources and not outputs)
    return PlanDiff(
        dangers=found,
        warnings=tuple(refusals(managed)),
        resources=tuple(resources),
        outputs=tuple(outputs),
        invocations=tuple(_invocation(invocation, hidden) for invocation in plan.action_invocations or []),
        deferred=tuple(replace(change, dangerous=change.address in endangered) for change in _deferred(plan, hidden)),
        drift=tuple(drift),
        unlisted_drift=unlisted_drift,
        checks=tuple(_checks(plan, hidden)),
        complete=plan.complete is not False,
        applyable=plan.applyable,
        secrets=hidden,
        errored=bool(plan.errored),
    )


def _drift(plan: Plan, hidden: Secrets, *, empty: bool) -> tuple[list[Change], int]:
    """What was changed outside of Terraform and is listed, and how many resources have other such changes."""
    drift = Drift(plan, empty=empty)
    listed, unlisted = [], 0
    for resource in plan.resource_drift or []:
        change = _resource(resource, hidden, drifted=True)
        if not change or change.notes == ((NOTHING, ""),):
            continue
        paths = [argument.path for argument in change.arguments] or [WHOLE]
        shown = {path for path in paths if drift.lists(resource, path)}
        if shown:
            arguments = tuple(argument for argument in change.arguments if argument.path in shown)
            listed.append(replace(change, arguments=arguments))
        unlisted += any(drift.counts(resource, path) for path in paths if path not in shown)
    return listed, unlisted


def _resource(resource: Resource, hidden: Secrets, *, drifted: bool = False) -> Change | None:
    change = resource.change
    action = _action(change)
    also = [Action.MOVE] * bool(resource.previous_address) + [Action.IMPORT] * bool(change.importing)
    if not action:
        if not also:
            return None
        action, *also = also
    try:
        sides, forcing = Sides(change), forcing_paths(resource)
        arguments = tuple(changed_arguments(resource, action, sides, forcing, hidden))
        said = tuple(notes(resource, action, arguments, forcing, hidden))
        identified = tuple(identity(sides, hidden)) if action in GOING else ()
    except RecursionError:
        arguments, identified, said = (), (), (("its arguments are nested too deeply to be compared", ""),)
    if drifted and action is Action.DESTROY:
        arguments, said = (), (("deleted", ""),)
    return Change(
        resource.address,
        action,
        arguments,
        said,
        module=resource.module_address,
        also=tuple(also),
        identity=identified,
    )


def _action(change: plans.Change) -> Action | None:
    return ACTIONS.get(tuple(change.actions), Action.UNKNOWN)


def _invocation(invocation: plans.Invocation, hidden: Secrets, *said: tuple[str, str]) -> Change:
    change = plans.ResourceChange(
        ["create"],
        raw_after=msgspec.Raw(json.dumps(invocation.config_values).encode()),
        after_unknown=invocation.config_unknown,
        after_sensitive=invocation.config_sensitive,
    )
    resource = Resource("", "", "", change, invocation.address)
    trigger = invocation.lifecycle_action_trigger
    if trigger:
        event = trigger.action_trigger_event and word(trigger.action_trigger_event)
        before = re.sub(r"(?<!^)(?=[A-Z])", " ", event).lower()
        said = ((f"invoked {before or 'with a change'} of", trigger.triggering_resource_address), *said)
    try:
        arguments = tuple(changed_arguments(resource, Action.CREATE, Sides(change), (), hidden))
    except RecursionError:
        arguments, said = (), (*said, ("its arguments are nested too deeply to be shown", ""))
    return Change(invocation.address, Action.INVOKE, arguments, said)


def _deferred(plan: Plan, hidden: Secrets) -> Iterator[Change]:
    for deferred in plan.deferred_changes or []:
        change = _resource(deferred.resource_change, hidden)
        if change:
            yield replace(change, arguments=(), notes=(_deferral(deferred.reason), *change.notes))
    for invocation in plan.deferred_action_invocations or []:
        note = _deferral(invocation.reason)
        yield replace(_invocation(invocation.action_invocation, hidden, note), arguments=())


def _deferral(reason: str) -> tuple[str, str]:
    return DEFERRALS.get(reason, "Terraform does not say why"), ""


def _checks(plan: Plan, hidden: Secrets) -> Iterator[Check]:
    for result in plan.checks or []:
        instances = [instance for instance in result.instances or [] if instance.status in FAILED]
        for instance in instances:
            messages = (problem.message for problem in instance.problems or [])
            shown = tuple(without_secret(message, hidden) for message in messages)
            yield Check(instance.address.to_display, instance.status, shown)
        if result.status in FAILED and not instances:
            yield Check(result.address.to_display, result.status, ())


def _output(name: str, change: plans.Change, hidden: Secrets) -> Change | None:
    action = _action(change)
    if not action:
        return None
    old: Any = Missing.ABSENT
    new: Any = Missing.ABSENT
    try:
        if action is not Action.CREATE:
            old = marked(change.before, None, change.before_sensitive, hidden)
        if action is not Action.DESTROY:
            new = marked(change.after, change.after_unknown, change.after_sensitive, hidden)
        arguments = tuple(
            argument(path, before, after, hidden) for path, before, after in differences(old, new, "value")
        )
    except RecursionError:
        return Change(name, action, (), (("its value is nested too deeply to be compared", ""),))
    said: tuple[tuple[str, str], ...] = ()
    if action is Action.UNKNOWN:
        said = (in_words(change),)
    elif action is Action.UPDATE and not arguments:
        said = ((NOTHING, ""),)
    return Change(name, action, arguments, said)

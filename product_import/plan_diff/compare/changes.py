"""What a plan does, in the order and with the words of a review."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from product_import.plan_diff.compare.comparison import (
    WHOLE_IN_CHARACTERS,
    Paths,
    Rules,
    differences,
    step_into,
)
from product_import.plan_diff.compare.danger import dangers
from product_import.plan_diff.compare.diff import FORGOTTEN, GOING, Action, Argument, Change, Check, PlanDiff
from product_import.plan_diff.compare.drift import WHOLE, Drift
from product_import.plan_diff.compare.excerpt import excerpts, shortened
from product_import.plan_diff.compare.marks import marked
from product_import.plan_diff.compare.plan_secrets import secrets
from product_import.plan_diff.compare.provider import SDK_TYPES, is_returned, rules
from product_import.plan_diff.compare.refusals import refusals
from product_import.plan_diff.compare.repeated import REPEATED, without_repeated
from product_import.plan_diff.compare.secrets import Secrets, union
from product_import.plan_diff.compare.values import (
    SENSITIVE,
    Missing,
    Sensitive,
    below,
    is_marked,
    may_hold_documents,
    notation,
    word,
)
from product_import.plan_diff.read import plan as plans
from product_import.plan_diff.read.plan import Plan, PlanError, Resource, members_of, value_of

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
# Terraform's action_reason, where the arguments do not tell it.
REASONS = {
    "replace_because_tainted": "it is tainted",
    "replace_by_request": "-replace names it",
    "replace_by_triggers": "replace_triggered_by asks for it",
    "delete_because_no_resource_config": "not in the configuration any more",
    "delete_because_enabled_false": "its `enabled` is false",  # OpenTofu
    "delete_because_no_module": "its module is not in the configuration any more",
    "delete_because_wrong_repetition": "count or for_each came or went",
    "delete_because_count_index": "beyond count",
    "delete_because_each_key": "its key is not in for_each any more",
    "delete_because_no_move_target": "moved to an address that is not in the configuration",
}
# Arguments that identify a destroyed object for a reader.
IDENTITY = (
    "name_prefix",
    "name",
    "alarm_name",
    "bucket",
    "family",
    "identifier",
    "cluster_identifier",
    "replication_group_id",
    "cluster_id",
    "function_name",
    "domain_name",
    "repository_name",
    "resource_id",
)
# What may tell an object from others.
IDENTIFYING = {*IDENTITY, "alias", "tags", "id"}
_NO_SECRETS = Secrets()
# Arguments of created objects that are kept for the next object: as many, and of such a size.
_MOST_KEPT = 4_096
_LONGEST_KEPT_IN_BYTES = 4_096
NOTHING = "nothing differs but the formatting of a document, the order of its elements, or null and an empty value"
FAILED = frozenset({"fail", "error"})
# Terraform's reason to put a change off.
DEFERRALS = {
    "instance_count_unknown": "count or for_each is not known yet",
    "resource_config_unknown": "its arguments are not known yet",
    "provider_config_unknown": "its provider's configuration is not known yet",
    "deferred_prereq": "it depends on a change that is put off",
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
    forced_by = {resource.address: paths for resource in managed if (paths := _forcing_paths(resource))}
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
        arguments = tuple(_arguments(resource, action, hidden))
        notes = tuple(_notes(resource, action, arguments, hidden))
        identity = tuple(_identity(change, hidden)) if action in GOING else ()
    except RecursionError:
        arguments, identity, notes = (), (), (("its arguments are nested too deeply to be compared", ""),)
    if drifted and action is Action.DESTROY:
        arguments, notes = (), (("deleted", ""),)
    return Change(
        resource.address,
        action,
        arguments,
        notes,
        module=resource.module_address,
        also=tuple(also),
        identity=identity,
    )


def _identity(change: plans.ResourceChange, hidden: Secrets) -> Iterator[Argument]:
    """What tells an object that goes away from others, each value once, and no ARN that has its name."""
    old = _attributes(change, "before", IDENTIFYING, hidden)
    tags = old.get("tags")
    told = {name: old.get(name) for name in (*IDENTITY, "alias")}
    told |= {"tags.Name": tags.get("Name") if isinstance(tags, dict) else None, "id": old.get("id")}
    shown: list[str] = []
    for name, value in told.items():
        # The prefix is a part of the name, and a resource without an object, as random_password, has the id "none".
        if value in (None, "", [], {}) or name == "name_prefix" or (name, value) == ("id", "none"):
            continue
        argument = _argument(name, value, Missing.ABSENT, hidden)
        within = argument.old.startswith('"arn:') and any(part.strip('"') in argument.old for part in shown)
        if argument.old not in shown and not within:
            shown.append(argument.old)
            yield argument


def _action(change: plans.Change) -> Action | None:
    return ACTIONS.get(tuple(change.actions), Action.UNKNOWN)


def _invocation(invocation: plans.Invocation, hidden: Secrets, *notes: tuple[str, str]) -> Change:
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
        notes = ((f"invoked {before or 'with a change'} of", trigger.triggering_resource_address), *notes)
    try:
        arguments = tuple(_arguments(resource, Action.CREATE, hidden))
    except RecursionError:
        arguments, notes = (), (*notes, ("its arguments are nested too deeply to be shown", ""))
    return Change(invocation.address, Action.INVOKE, arguments, notes)


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
            shown = tuple(_shown(message, hidden) for message in messages)
            yield Check(instance.address.to_display, instance.status, shown)
        if result.status in FAILED and not instances:
            yield Check(result.address.to_display, result.status, ())


def _forcing_paths(resource: Resource) -> tuple[str, ...]:
    """The arguments that force a replacement; where the plan names an argument and parts of it, the argument alone.

    A path ends at what is marked as a whole, such as a map, whose keys are secret then.
    """
    change = resource.change
    if not change.replace_paths:
        return ()
    paths = []
    for first, *steps in filter(None, change.replace_paths):
        path = step_into("", first)
        masks = [
            mask if mask is True else below(mask, str(first))
            for mask in (change.before_sensitive, change.after_sensitive)
        ]
        for step in steps:
            if any(_hides_names(mask, step) for mask in masks):
                break
            path = step_into(path, step)
            masks = [below(mask, step) if isinstance(step, (str, int)) else None for mask in masks]
        paths.append(path)
    named = Paths(paths)
    return tuple(path for path in dict.fromkeys(paths) if not named.are_above(path))


def _hides_names(mask: Any, step: Any) -> bool:
    """Whether a mask marks a step from a value too: all of it is marked, or a part of a set, whose steps are values."""
    return mask is True or (isinstance(mask, list) and not isinstance(step, int) and is_marked(mask))


def _notes(
    resource: Resource, action: Action, arguments: tuple[Argument, ...], hidden: Secrets
) -> Iterator[tuple[str, str]]:
    change = resource.change
    if action is Action.UNKNOWN:
        yield _in_words(change)
    if resource.previous_address:
        yield "its address was", resource.previous_address
    if change.importing:
        named = change.importing.id or (change.importing.identity and notation(change.importing.identity)) or ""
        yield ("it exists and is imported as" if named else "it exists and is imported"), _shown(named, hidden)
    if change.generated_config:
        yield "Terraform wrote a configuration for it:", _shown(change.generated_config, hidden)
    if resource.deposed:
        yield "an earlier replacement left it behind", ""
    if change.actions == ["create", "delete"]:
        yield "the new one is created before the old one is destroyed", ""
    if action is Action.REPLACE and "forget" in change.actions:
        yield FORGOTTEN
    if reason := REASONS.get(resource.action_reason):
        yield reason, ""
    if action is Action.UPDATE and not arguments:
        yield NOTHING, ""
    forcing_paths = _forcing_paths(resource)
    told = Paths(argument.path for argument in arguments if argument.forces_replacement) if forcing_paths else Paths()
    for path in forcing_paths:
        if not told.touch(path):
            yield "the replacement is forced by", path


def _in_words(change: plans.Change) -> tuple[str, str]:
    return "in Terraform's words:", " and ".join(change.actions)


def _shown(text: str, hidden: Secrets) -> str:
    return SENSITIVE if hidden.occur_in(text) else text


def _arguments(resource: Resource, action: Action, hidden: Secrets) -> Iterator[Argument]:
    change, forcing_paths = resource.change, Paths(_forcing_paths(resource))
    forces_any = bool(change.replace_paths)
    known_later: list[str] = []
    known: dict[str, tuple[Argument, ...]] = {}
    if action in (Action.DESTROY, Action.FORGET):
        old = _attributes(change, "before", {*IDENTITY}, hidden)
        old, new = {name: old[name] for name in IDENTITY if old.get(name)}, {}
    else:
        changed = _changed(change)
        if action is Action.CREATE:
            known = _known_arguments(resource, hidden)
            changed -= known.keys()
        old, new = (_attributes(change, side, changed, hidden) for side in ("before", "after"))
    if action is Action.CREATE:
        new = {name: value for name, value in new.items() if value not in (None, [], {})}
    elif action is Action.REPLACE:
        returned = {
            name for name in old if name not in forcing_paths and is_returned(resource, name, old[name], new.get(name))
        }
        old, new = ({name: side[name] for name in side.keys() - returned} for side in (old, new))
    if action in (Action.CREATE, Action.REPLACE):
        known_later = [name for name, value in new.items() if value is Missing.UNKNOWN and name not in forcing_paths]
        old, new = ({name: side[name] for name in side if name not in known_later} for side in (old, new))
    found = differences(old, new, rules=rules(resource, forcing_paths))
    rows = (
        _argument(path, before, after, hidden, forces_replacement=forces_any and forcing_paths.touch(path))
        for path, before, after in without_repeated(found)
    )
    yield from _by_name(known, rows) if known else rows
    if known_later:
        yield Argument(", ".join(sorted(known_later)), "", Missing.UNKNOWN.value)


def _known_arguments(resource: Resource, hidden: Secrets) -> dict[str, tuple[Argument, ...]]:
    """Arguments of a created object that objects before it had too, by name: most have the same tags and defaults.

    Marks, secrets, and maps that repeat each other are looked at again for each object.
    """
    change = resource.change
    members = members_of(change.raw_after)
    masks = [mask or {} for mask in (change.after_unknown, change.after_sensitive)]
    if hidden.values or not all(isinstance(mask, dict) for mask in masks) or not all(map(str.isidentifier, members)):
        return {}
    left = {name for mask in masks for name in mask if mask[name]}
    if not members.keys().isdisjoint(REPEATED):
        left |= {*REPEATED, *REPEATED.values()}
    of_sdk = resource.type in SDK_TYPES
    return {
        name: _created(name, text, of_sdk)
        for name, raw in members.items()
        if name not in left and len(text := bytes(raw)) <= _LONGEST_KEPT_IN_BYTES
    }


@lru_cache(maxsize=_MOST_KEPT)
def _created(name: str, raw: bytes, of_sdk: bool) -> tuple[Argument, ...]:
    """The arguments that the JSON of a member of a created object gives."""
    value = marked(value_of(msgspec.Raw(raw)))
    if value in (None, [], {}):
        return ()
    no_rules = Rules(lambda _: of_sdk, lambda _, old, new: (old, new))
    return tuple(_argument(*found, _NO_SECRETS) for found in differences({}, {name: value}, rules=no_rules))


def _by_name(known: dict[str, tuple[Argument, ...]], rows: Iterable[Argument]) -> Iterator[Argument]:
    """All arguments in the order of the names of the members that they are parts of."""
    found: dict[str, list[Argument]] = {name: [*arguments] for name, arguments in known.items()}
    for row in rows:
        found.setdefault(re.split(r"[.\[]", row.path, maxsplit=1)[0], []).append(row)
    for name in sorted(found):
        yield from found[name]


def _changed(change: plans.Change) -> set[str]:
    """The arguments that differ in mark or as JSON; the others need not be looked into, and are most of a plan."""
    old, new = members_of(change.raw_before), members_of(change.raw_after)
    old_mask, new_mask, unknown = (
        mask if isinstance(mask, dict) else {}
        for mask in (change.before_sensitive, change.after_sensitive, change.after_unknown)
    )
    if (change.before_sensitive is True) != (change.after_sensitive is True):
        return {*old, *new, *unknown}
    changed = {name for name, mask in unknown.items() if mask}
    changed.update(name for name in (*old_mask, *new_mask) if old_mask.get(name) != new_mask.get(name))
    changed.update(name for name, value in old.items() if name not in new or value != new[name])
    changed.update(name for name in new if name not in old)
    return changed


def _attributes(change: plans.Change, side: str, names: set[str] | None, hidden: Secrets) -> dict[str, Any]:
    members, sensitive = members_of(getattr(change, f"raw_{side}")), getattr(change, f"{side}_sensitive")
    unknown = change.after_unknown if side == "after" else None
    if names is not None:
        members = {name: value for name, value in members.items() if name in names}
        if isinstance(unknown, dict):
            unknown = {name: mask for name, mask in unknown.items() if name in names}
    if not isinstance(sensitive, dict) and is_marked(sensitive):
        sensitive = dict.fromkeys([*members, *(unknown if isinstance(unknown, dict) else ())], True)
    # Most arguments have neither marks nor documents: their values are complete as they are.
    plain: dict[str, Any] = {}
    if not hidden.values and unknown is not True:
        masked = {name for mask in (unknown, sensitive) if isinstance(mask, dict) for name in mask if mask[name]}
        for name, raw in members.items():
            if name not in masked and not may_hold_documents(bytes(raw)):
                plain[name] = value_of(raw)
    values = {name: value_of(raw) for name, raw in members.items() if name not in plain}
    if isinstance(unknown, dict):
        unknown = {name: mask for name, mask in unknown.items() if name not in plain}
    attributes = marked(values, unknown, sensitive, hidden)
    return plain | attributes if isinstance(attributes, dict) else {}


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
            _argument(path, before, after, hidden) for path, before, after in differences(old, new, "value")
        )
    except RecursionError:
        return Change(name, action, (), (("its value is nested too deeply to be compared", ""),))
    notes: tuple[tuple[str, str], ...] = ()
    if action is Action.UNKNOWN:
        notes = (_in_words(change),)
    elif action is Action.UPDATE and not arguments:
        notes = ((NOTHING, ""),)
    return Change(name, action, arguments, notes)


def _argument(path: str, old: Any, new: Any, hidden: Secrets, *, forces_replacement: bool = False) -> Argument:
    path = hidden.hide(path)
    if isinstance(old, Sensitive) or isinstance(new, Sensitive):
        return Argument(path, *_sensitive(old, new), forces_replacement)
    if old is Missing.ABSENT:  # as most are where much is created
        return Argument(path, "", shortened(hidden.hide(notation(new))), forces_replacement)
    if new is Missing.UNKNOWN and len(notation(old)) > WHOLE_IN_CHARACTERS:
        old = Missing.ABSENT
    # The part of a secret that an excerpt leaves is not found as one.
    shown = excerpts(hidden.hide(notation(old)), hidden.hide(notation(new)))
    return Argument(path, *shown, forces_replacement)


def _sensitive(old: Any, new: Any) -> tuple[str, str]:
    """What may be told of a change of a sensitive value: both sides are hidden, also where only one is marked."""
    old_value, new_value = (side.value if isinstance(side, Sensitive) else side for side in (old, new))
    if new_value is Missing.ABSENT:
        return SENSITIVE, ""
    if old_value is Missing.ABSENT:
        return "", SENSITIVE
    if new_value is Missing.UNKNOWN:
        return SENSITIVE, "(sensitive value, known after apply)"
    if old_value != new_value:
        return SENSITIVE, "(sensitive value, changed)"
    return SENSITIVE, "(sensitive value, unchanged but for that mark)"

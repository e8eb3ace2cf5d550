"""What a plan does, in the order and with the words of a review."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, NamedTuple

from product_import.plan_diff.comparison import Difference, differences, step_into
from product_import.plan_diff.danger import IDENTITY, Danger, dangers
from product_import.plan_diff.excerpt import excerpts
from product_import.plan_diff.plan import Plan, PlanError
from product_import.plan_diff.values import Missing, Secrets, Sensitive, marked, notation


class Action(Enum):
    """In the order of the report."""

    REPLACE = "replace"
    DESTROY = "destroy"
    FORGET = "forget"
    CREATE = "create"
    UPDATE = "update"
    MOVE = "move"
    IMPORT = "import"


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
}
# Terraform's action_reason, where the arguments do not tell it.
REASONS = {
    "replace_because_tainted": "it is tainted",
    "replace_by_request": "-replace names it",
    "replace_by_triggers": "replace_triggered_by asks for it",
    "delete_because_no_resource_config": "not in the configuration any more",
    "delete_because_no_module": "its module is not in the configuration any more",
    "delete_because_wrong_repetition": "count or for_each came or went",
    "delete_because_count_index": "beyond count",
    "delete_because_each_key": "its key is not in for_each any more",
    "delete_because_no_move_target": "moved to an address that is not in the configuration",
}
SENSITIVE = "(sensitive value)"


class Argument(NamedTuple):
    """A changed leaf; `old` and `new` are ready to be shown, empty where that side has none."""

    path: str
    old: str
    new: str
    forces_replacement: bool = False


@dataclass(frozen=True)
class Change:
    """What happens to one resource or output; a note is a sentence, and the address or path that it ends with or ""."""

    address: str
    action: Action
    arguments: tuple[Argument, ...]
    notes: tuple[tuple[str, str], ...] = ()
    dangerous: bool = False


@dataclass(frozen=True)
class PlanDiff:
    """What one plan would do; `drift` is what was changed outside of Terraform since its last run."""

    dangers: tuple[Danger, ...]
    resources: tuple[Change, ...]
    outputs: tuple[Change, ...]
    drift: tuple[Change, ...]
    complete: bool

    @property
    def has_changes(self) -> bool:
        """Whether an apply would do anything."""
        return bool(self.resources or self.outputs)


def plan_diff(plan: Plan) -> PlanDiff:
    """What `plan` would do, dangerous changes first.

    Raises:
        PlanError: the plan holds actions that are not known here.
    """
    managed = [resource for resource in plan.resource_changes if resource["mode"] == "managed"]
    secrets = _secrets(plan)
    forced_by = {resource["address"]: paths for resource in managed if (paths := _forcing_paths(resource))}
    found = tuple(dangers(managed, forced_by))
    endangered = {address for danger in found for address in danger.addresses}
    order = {action: index for index, action in enumerate(Action)}
    resources = sorted(
        (
            replace(change, dangerous=change.address in endangered)
            for resource in managed
            if (change := _resource(resource, secrets))
        ),
        key=lambda change: (not change.dangerous, order[change.action]),
    )
    outputs = (_output(name, change, secrets) for name, change in plan.output_changes.items())
    drift = (_resource(resource, secrets) for resource in plan.resource_drift)
    return PlanDiff(
        dangers=found,
        resources=tuple(resources),
        outputs=tuple(change for change in outputs if change),
        drift=tuple(change for change in drift if change),
        complete=plan.complete,
    )


def _secrets(plan: Plan) -> Secrets:
    resources = [resource["change"] for resource in (*plan.resource_changes, *plan.resource_drift)]
    return Secrets.of(
        [
            *((value, True) for value in plan.sensitive_variables),
            *(
                (change.get(side), change.get(f"{side}_sensitive"))
                for change in (*resources, *plan.output_changes.values())
                for side in ("before", "after")
            ),
        ]
    )


def _resource(resource: dict[str, Any], secrets: Secrets) -> Change | None:
    change = resource["change"]
    action = _action(change, resource["address"])
    if not action:
        action = Action.MOVE if "previous_address" in resource else Action.IMPORT if change.get("importing") else None
    if not action:
        return None
    forcing_paths = _forcing_paths(resource)
    arguments = tuple(_arguments(change, action, forcing_paths, secrets))
    return Change(resource["address"], action, arguments, tuple(_notes(resource, action, arguments)))


def _action(change: dict[str, Any], address: str) -> Action | None:
    actions = tuple(map(str, change["actions"]))
    if actions not in ACTIONS:
        raise PlanError(
            f"{address}: its actions are {list(actions)}; allowed are {[list(known) for known in ACTIONS]}."
        )
    return ACTIONS[actions]


def _forcing_paths(resource: dict[str, Any]) -> tuple[str, ...]:
    paths = []
    for steps in resource["change"].get("replace_paths") or []:
        path = ""
        for step in steps:
            path = step_into(path, step)
        paths.append(path)
    return tuple(paths)


def _notes(resource: dict[str, Any], action: Action, arguments: tuple[Argument, ...]) -> Iterator[tuple[str, str]]:
    change = resource["change"]
    if "previous_address" in resource:
        yield "its address was", resource["previous_address"]
    if change.get("importing"):
        yield "it exists and is imported", ""
    if resource.get("deposed"):
        yield "an earlier replacement left it behind", ""
    if change["actions"] == ["create", "delete"]:
        yield "the new one is created before the old one is destroyed", ""
    if change["actions"] == ["create", "forget"]:
        yield "the old one is not destroyed, only forgotten", ""
    if reason := REASONS.get(resource.get("action_reason", "")):
        yield reason, ""
    if action is Action.UPDATE and not arguments:
        yield "nothing differs but the formatting of a document or the order of named elements", ""
    for path in _forcing_paths(resource):
        if not any(argument.forces_replacement and argument.path.startswith(path) for argument in arguments):
            yield "the replacement is forced by", path


def _arguments(
    change: dict[str, Any], action: Action, forcing_paths: tuple[str, ...], secrets: Secrets
) -> Iterator[Argument]:
    old, new = _attributes(change, "before"), _attributes(change, "after")
    known_later: list[str] = []
    if action in (Action.DESTROY, Action.FORGET):
        old, new = {name: old[name] for name in IDENTITY if old.get(name)}, {}
    elif action is Action.CREATE:
        new = {name: value for name, value in new.items() if value not in (None, [], {})}
    if action in (Action.CREATE, Action.REPLACE):
        known_later = [name for name, value in new.items() if value is Missing.UNKNOWN and name not in forcing_paths]
        old, new = ({name: side[name] for name in side if name not in known_later} for side in (old, new))
    for path, before, after in _without_repeated_tags(differences(old, new)):
        forces = any(path == forcing or path.startswith((f"{forcing}.", f"{forcing}[")) for forcing in forcing_paths)
        yield _argument(path, before, after, secrets, forces_replacement=forces)
    if known_later:
        yield Argument(", ".join(sorted(known_later)), "", Missing.UNKNOWN.value)


def _attributes(change: dict[str, Any], side: str) -> dict[str, Any]:
    values, sensitive = change.get(side) or {}, change.get(f"{side}_sensitive")
    unknown = change.get("after_unknown") if side == "after" else None
    attributes = marked(values, unknown, dict.fromkeys(values, True) if sensitive is True else sensitive)
    return attributes if isinstance(attributes, dict) else {}


def _without_repeated_tags(found: Iterator[Difference]) -> Iterator[Difference]:
    """Without the differences in `tags_all` that are those in `tags`; the rest are the provider's default tags."""
    tags = []
    for path, old, new in found:
        if path.startswith("tags"):
            tags.append((path, old, new))
        if not path.startswith("tags_all") or (path.replace("tags_all", "tags", 1), old, new) not in tags:
            yield path, old, new


def _output(name: str, change: dict[str, Any], secrets: Secrets) -> Change | None:
    action = _action(change, f"output {name}")
    if not action:
        return None
    old: Any = Missing.ABSENT
    new: Any = Missing.ABSENT
    if action is not Action.CREATE:
        old = marked(change.get("before"), None, change.get("before_sensitive"))
    if action is not Action.DESTROY:
        new = marked(change.get("after"), change.get("after_unknown"), change.get("after_sensitive"))
    arguments = (_argument(path, before, after, secrets) for path, before, after in differences(old, new, "value"))
    return Change(name, action, tuple(arguments))


def _argument(path: str, old: Any, new: Any, secrets: Secrets, *, forces_replacement: bool = False) -> Argument:
    shown = SENSITIVE if secrets.occur_in(path) else path
    old, new = secrets.hide(old), secrets.hide(new)
    if isinstance(old, Sensitive) or isinstance(new, Sensitive):
        return Argument(shown, *_sensitive(old, new), forces_replacement)
    return Argument(shown, *excerpts(notation(old), notation(new)), forces_replacement)


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

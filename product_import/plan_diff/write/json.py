"""Write plan diffs as JSON for other programs, in the form that report.schema.json describes.

The form has its own version. A new member raises the minor part. A member that is removed or changes its meaning raises
the major part.
"""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from json import dumps
from typing import Any

from product_import.plan_diff.compare.costs import CostChange
from product_import.plan_diff.compare.danger import Danger
from product_import.plan_diff.compare.diff import Action, Change, Kind, PlanDiff
from product_import.plan_diff.write.hiding import NOTHING, Hide, hiding

import msgspec

FORMAT_VERSION = "1.3"


def json(diffs: Mapping[str, PlanDiff]) -> str:
    """Return the plan diffs of the named environments as JSON on several lines."""
    hide = hiding(diffs)
    environments: dict[str, str] = {}
    for name, diff in diffs.items():
        shown = hide(name)
        number = 2
        while shown in environments:
            shown, number = f"{hide(name)} {number}", number + 1
        environments[shown] = _environment(diff, hide)
    content = _object({"format_version": dumps(FORMAT_VERSION), "environments": _object(environments)})
    return msgspec.json.format(content, indent=2) + "\n"


def _object(members: Mapping[str, str]) -> str:
    """Return the JSON of an object whose members are JSON already."""
    return "{" + ",".join(f"{dumps(name)}:{value}" for name, value in members.items()) + "}"


def _hidden(value: Any, hide: Hide) -> Any:
    """Return the value without secrets. The names of members do not come from a plan."""
    if hide is NOTHING:
        return value
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {name: _hidden(item, hide) for name, item in value.items()}
    return [_hidden(item, hide) for item in value] if isinstance(value, (list, tuple)) else value


def _environment(diff: PlanDiff, hide: Hide) -> str:
    def written(value: Any) -> str:
        return dumps(_hidden(value, hide))

    def changes(kind: Kind) -> str:
        # Encode one by one: the objects of all changes take several times the memory of their JSON.
        return "[" + ",".join(written(_change(change)) for change in diff.of(kind)) + "]"

    return _object(
        {
            "has_changes": written(diff.has_changes),
            "complete": written(diff.complete),
            "errored": written(diff.errored),
            "counts": written(_counts(diff)),
            "dangers": written([_danger(danger) for danger in diff.dangers]),
            "warnings": written([asdict(warning) for warning in diff.warnings]),
            **{kind.value: changes(kind) for kind in Kind},
            "unlisted_drift": written(diff.unlisted_drift),
            "checks": written([asdict(check) for check in diff.checks]),
            "costs": written(None if diff.costs is None else [_cost(module) for module in diff.costs]),
        }
    )


def _cost(module: CostChange) -> dict[str, Any]:
    before, after = module.total or (None, None)
    return {
        "module": module.module,
        "complete": not module.not_known,
        "before_usd": _number(before),
        "after_usd": _number(after),
        "items": [
            {
                "item": item.item,
                "before_usd": _number(item.before),
                "after_usd": _number(item.after),
                "not_known": item.not_known,
            }
            for item in module.items
        ],
    }


def _number(usd: Decimal | None) -> float | None:
    return None if usd is None else float(usd)


def _counts(diff: PlanDiff) -> dict[str, int]:
    """As in the last line of `terraform plan`: a replacement adds one and destroys one, unless it forgets that one."""
    actions = [action for change in diff.resources for action in (change.action, *change.also)]
    destroyed = [change for change in diff.resources if change.action is Action.REPLACE and not change.forgets]
    return {
        "import": actions.count(Action.IMPORT),
        "add": actions.count(Action.CREATE) + actions.count(Action.REPLACE),
        "change": actions.count(Action.UPDATE),
        "destroy": actions.count(Action.DESTROY) + len(destroyed),
        "move": actions.count(Action.MOVE),
        "forget": actions.count(Action.FORGET) + actions.count(Action.REPLACE) - len(destroyed),
        "invoke": len(diff.invocations),
    }


def _danger(danger: Danger) -> dict[str, Any]:
    return {**asdict(danger), "severity": danger.severity.name.lower()}


def _change(change: Change) -> dict[str, Any]:
    return {
        "address": change.address,
        "module": change.module,
        "action": change.action.value,
        "also": [action.value for action in change.also],
        "dangerous": change.dangerous,
        "identity": {argument.path: argument.old for argument in change.identity},
        "notes": [" ".join(filter(None, note)) for note in change.notes],
        "arguments": [
            {
                "path": argument.path,
                "old": argument.old,
                "new": argument.new,
                "forces_replacement": argument.forces_replacement,
            }
            for argument in change.arguments
        ],
    }

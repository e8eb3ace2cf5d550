"""Plans in the shape of `terraform show -json`, as small as a test needs them."""

import json
from types import ModuleType
from typing import Any

from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.compare.diff import Change, PlanDiff
from product_import.plan_diff.read.plan import read_plan

import pytest


def resource(address: str, actions: list[str], before: Any = None, after: Any = None, **more: Any) -> dict[str, Any]:
    """An entry of `resource_changes`; `more` are members of its `change` if Terraform has them there, else of it."""
    kind, name = address.split(".")[-2:]
    of_change = (
        "after_unknown",
        "before_sensitive",
        "after_sensitive",
        "replace_paths",
        "importing",
        "generated_config",
    )
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name.partition("[")[0],
        "change": {
            "actions": actions,
            "before": before,
            "after": after,
            "after_unknown": {},
            "before_sensitive": {},
            "after_sensitive": {},
            **{name: value for name, value in more.items() if name in of_change},
        },
        **{name: value for name, value in more.items() if name not in of_change},
    }


def update(before: dict[str, Any], after: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An update of an alarm."""
    return resource("aws_cloudwatch_metric_alarm.queue_overload", ["update"], before, after, **more)


def document(*resources: dict[str, Any], **members: Any) -> bytes:
    """What `terraform show -json` prints of a plan of these resource changes."""
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": list(resources),
        "errored": False,
        **members,
    }
    return json.dumps(plan).encode()


def count_calls(monkeypatch: pytest.MonkeyPatch, module: ModuleType, function: str) -> list[None]:
    """A list that gets an element with each call of a function of the module."""
    calls: list[None] = []
    original = getattr(module, function)

    def counting(*arguments: Any) -> Any:
        calls.append(None)
        return original(*arguments)

    monkeypatch.setattr(module, function, counting)
    return calls


def diff(*resources: dict[str, Any], **members: Any) -> PlanDiff:
    """The diff of a plan of these resource changes."""
    return plan_diff(read_plan(document(*resources, **members), "plan.json"))


def rows(change: Change) -> list[tuple[str, str, str]]:
    """Path, old and new of each of a change's arguments."""
    return [(argument.path, argument.old, argument.new) for argument in change.arguments]

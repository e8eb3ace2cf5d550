"""The part of a Terraform plan that a review needs, out of `terraform show -json PLAN`."""

import json
from dataclasses import dataclass
from typing import Any

from product_import.errors import UserError

FORMAT_MAJOR = "1"
HOW_TO = "make one with `terraform plan -out=plan` and `terraform show -json plan`"


class PlanError(UserError):
    """The input is not a plan that can be shown; the text says which input and why, in one line."""


@dataclass(frozen=True)
class Plan:
    """Entries as Terraform writes them: `resource_changes`, `resource_drift`, `output_changes` (by name).

    `sensitive_variables` are the values of the root's variables that are declared sensitive. `complete` is false where
    Terraform put changes off to a further plan.
    """

    resource_changes: list[dict[str, Any]]
    resource_drift: list[dict[str, Any]]
    output_changes: dict[str, dict[str, Any]]
    sensitive_variables: list[Any]
    complete: bool


def read_plan(content: bytes, source: str) -> Plan:
    """Read what `terraform show -json PLAN` printed; `source` names it in errors.

    Raises:
        PlanError: the content is not a whole plan of format version 1.
    """
    document = _object(content, source)
    version = document.get("format_version")
    if "values" in document or "lineage" in document or document.keys() <= {"format_version", "terraform_version"}:
        raise PlanError(f"{source}: is a Terraform state, not a plan; {HOW_TO}.")
    if not isinstance(version, str):
        raise PlanError(f"{source}: is JSON but not a Terraform plan (no format_version); {HOW_TO}.")
    if version.partition(".")[0] != FORMAT_MAJOR:
        raise PlanError(f"{source}: has format_version {version!r}; only {FORMAT_MAJOR}.x can be read.")
    if "planned_values" not in document:
        raise PlanError(f"{source}: is JSON but not a Terraform plan (no planned_values); {HOW_TO}.")
    if document.get("errored"):
        raise PlanError(f"{source}: Terraform failed while making this plan, so it is not whole; plan again.")
    return Plan(
        resource_changes=_resources(document, "resource_changes", source),
        resource_drift=_resources(document, "resource_drift", source),
        output_changes=_outputs(document, source),
        sensitive_variables=_sensitive_variables(document),
        complete=document.get("complete") is not False,
    )


def _object(content: bytes, source: str) -> dict[str, Any]:
    if not content.strip():
        raise PlanError(f"{source}: is empty; {HOW_TO}.")
    if content.startswith(b"PK"):
        raise PlanError(f"{source}: is a saved plan, not its JSON; {HOW_TO}.")
    try:
        document = json.loads(content)
    except RecursionError:
        raise PlanError(f"{source}: is nested too deeply to be a plan.") from None
    except ValueError as error:
        raise PlanError(f"{source}: is not JSON ({error}); {HOW_TO}.") from None
    if not isinstance(document, dict):
        raise PlanError(f"{source}: is JSON but not a Terraform plan (not an object); {HOW_TO}.")
    return document


def _resources(document: dict[str, Any], member: str, source: str) -> list[dict[str, Any]]:
    entries = document.get(member) or []
    if not isinstance(entries, list):
        raise PlanError(f"{source}: {member} is not a list.")
    for index, entry in enumerate(entries):
        where = f"{source}: {member}[{index}]"
        if not isinstance(entry, dict):
            raise PlanError(f"{where} is not an object.")
        for name in ("address", "mode", "type", "name"):
            if not isinstance(entry.get(name), str):
                raise PlanError(f"{where} has no {name}.")
        _check_change(entry.get("change"), where)
        for side in ("before", "after"):
            if not isinstance(entry["change"].get(side), dict | None):
                raise PlanError(f"{where}: change.{side} is neither an object nor null.")
    return entries


def _outputs(document: dict[str, Any], source: str) -> dict[str, dict[str, Any]]:
    outputs = document.get("output_changes") or {}
    if not isinstance(outputs, dict):
        raise PlanError(f"{source}: output_changes is not an object.")
    for name, change in outputs.items():
        _check_change(change, f"{source}: output_changes[{name!r}]")
    return outputs


def _check_change(change: object, where: str) -> None:
    if not isinstance(change, dict) or not isinstance(change.get("actions"), list):
        raise PlanError(f"{where} has no actions.")


def _sensitive_variables(document: dict[str, Any]) -> list[Any]:
    declared = _member(_member(_member(document, "configuration"), "root_module"), "variables")
    values = _member(document, "variables")
    return [_member(values, name).get("value") for name in declared if _member(declared, name).get("sensitive")]


def _member(parent: dict[str, Any], name: str) -> dict[str, Any]:
    member = parent.get(name)
    return member if isinstance(member, dict) else {}

"""Read the part of a Terraform plan that a review needs from the output of `terraform show -json PLAN`.

The members are those of Terraform's internal/command/jsonplan, jsonstate and jsonchecks. OpenTofu writes the same,
without `applyable`, `complete` and actions. All other members are skipped unread: they are most of a plan.
"""

import codecs
import json
from typing import Any

from product_import.errors import UserError
from product_import.plan_diff.read.configuration import Configuration
from product_import.plan_diff.read.document import (
    BrokenDocumentError,
    documents,
    foreign_line,
    is_log,
    repeated_key,
    with_long_numbers,
)

import msgspec

HOW_TO = "make one with `terraform plan -out=plan` and `terraform show -json plan`"

LOG = "is the log of `terraform plan -json`, which holds no whole plan"
WRAPPER = "With GitHub's action setup-terraform, set `terraform_wrapper: false`."


class PlanError(UserError):
    """The input cannot be shown as a plan; the text names the input and the reason in one line."""


_PIECE_IN_BYTES = 1 << 20
_UNSET = msgspec.Raw(b"null")
_decode = msgspec.json.Decoder().decode
_decode_members = msgspec.json.Decoder(dict[str, msgspec.Raw] | None).decode


def value_of(raw: msgspec.Raw) -> Any:
    """Return the value of a part of a plan."""
    try:
        return _decode(raw)
    except msgspec.DecodeError:  # a number that is too large
        return with_long_numbers(bytes(raw))


def members_of(raw: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Return the members of an object, still as JSON; null has none."""
    return _decode_members(raw) or {}


class Importing(msgspec.Struct):
    """An object that is imported by its id, or by its identity from Terraform 1.12 on."""

    id: str = ""
    identity: Any = None


class Change(msgspec.Struct):
    """What happens to a resource or an output. A mask is true for all of a value, or has the value's own shape.

    Both sides stay JSON until they are read. Most parts of a plan are the same on both sides and are never decoded.
    """

    actions: list[str]
    raw_before: msgspec.Raw = msgspec.field(name="before", default=_UNSET)
    raw_after: msgspec.Raw = msgspec.field(name="after", default=_UNSET)
    after_unknown: Any = None
    before_sensitive: Any = None
    after_sensitive: Any = None
    replace_paths: list[list[Any]] | None = None
    importing: Importing | None = None
    generated_config: str = ""

    @property
    def before(self) -> Any:
        """The current value, decoded on each access."""
        return value_of(self.raw_before)

    @property
    def after(self) -> Any:
        """The planned value, decoded on each access."""
        return value_of(self.raw_after)


class ResourceChange(Change):
    """A `Change` whose sides are objects."""

    def __post_init__(self) -> None:
        for name, side in (("before", self.raw_before), ("after", self.raw_after)):
            if not bytes(side).startswith((b"{", b"null")):
                raise ValueError(f"Expected `object | null` in `{name}`")


class Resource(msgspec.Struct):
    """An entry of `resource_changes` or `resource_drift`."""

    mode: str
    type: str
    name: str
    change: ResourceChange
    address: str = ""
    index: int | str | None = None
    module_address: str = ""
    provider_name: str = ""
    previous_address: str = ""
    deposed: str = ""
    action_reason: str = ""

    def __post_init__(self) -> None:
        # Terraform 1.0.0 and 1.0.1 leave it out in `resource_drift` (hashicorp/terraform, pull request 28975).
        if not self.address:
            data = "data." if self.mode == "data" else ""
            index = "" if self.index is None else f"[{json.dumps(self.index, ensure_ascii=False)}]"
            own = f"{data}{self.type}.{self.name}{index}"
            self.address = f"{self.module_address}.{own}" if self.module_address else own


class RelevantAttribute(msgspec.Struct):
    """An attribute that planned changes refer to."""

    resource: str = ""
    attribute: list[Any] = []


class Deferred(msgspec.Struct):
    """A change that Terraform defers to a later plan, and why."""

    reason: str
    resource_change: Resource


class Trigger(msgspec.Struct):
    """The change of a resource that an action follows or precedes."""

    triggering_resource_address: str = ""
    action_trigger_event: str = ""


class Invocation(msgspec.Struct):
    """An action (Terraform 1.14) that an apply would invoke."""

    address: str
    config_values: dict[str, Any] | None = None
    config_sensitive: Any = None
    config_unknown: Any = None
    lifecycle_action_trigger: Trigger | None = None


class DeferredInvocation(msgspec.Struct):
    """An action that Terraform defers to a later plan, and why."""

    reason: str
    action_invocation: Invocation


class CheckAddress(msgspec.Struct):
    to_display: str


class Problem(msgspec.Struct):
    message: str


class CheckInstance(msgspec.Struct):
    """The result of the conditions of one object; `status` is `pass`, `fail`, `error` or `unknown`."""

    address: CheckAddress
    status: str
    problems: list[Problem] | None = None


class CheckResult(msgspec.Struct):
    """The result of a `check` block, or of the conditions of a resource, an output or a variable."""

    address: CheckAddress
    status: str
    instances: list[CheckInstance] | None = None


class Variable(msgspec.Struct):
    value: Any = None


class StateResource(msgspec.Struct):
    """A resource of a state. States are large, so only arguments with sensitive values are read, into `marked`."""

    values: msgspec.Raw = _UNSET
    sensitive_values: msgspec.Raw = _UNSET
    marked: tuple[Any, Any] | None = None
    """The values and their mask."""

    def __post_init__(self) -> None:
        mask = bytes(self.sensitive_values)
        if mask == b"true":
            self.marked = value_of(self.values), True
        elif b"true" in mask:
            masks = {
                name: value_of(mask)
                for name, mask in members_of(self.sensitive_values).items()
                if b"true" in bytes(mask)
            }
            values = members_of(self.values)
            self.marked = {name: value_of(values[name]) for name in masks if name in values}, masks
        # Parts that are not read must not keep the input in memory.
        self.values = self.sensitive_values = _UNSET


class StateOutput(msgspec.Struct):
    sensitive: bool = False
    value: Any = None


class StateModule(msgspec.Struct):
    resources: list[StateResource] | None = None
    child_modules: list["StateModule"] | None = None


class StateValues(msgspec.Struct):
    """The values of a state, before a plan or after it."""

    outputs: dict[str, StateOutput] | None = None
    root_module: StateModule | None = None


class State(msgspec.Struct):
    values: StateValues | None = None


class Plan(msgspec.Struct):
    """A plan; `applyable` is None if the engine does not write it, `complete` is false if changes are deferred."""

    format_version: str = ""
    terraform_version: str = ""
    resource_changes: list[Resource] | None = None
    resource_drift: list[Resource] | None = None
    relevant_attributes: list[RelevantAttribute] | None = None
    deferred_changes: list[Deferred] | None = None
    output_changes: dict[str, Change] | None = None
    action_invocations: list[Invocation] | None = None
    deferred_action_invocations: list[DeferredInvocation] | None = None
    checks: list[CheckResult] | None = None
    variables: dict[str, Variable] | None = None
    configuration: Configuration | None = None
    applyable: bool | None = None
    complete: bool | None = None
    errored: bool | None = None
    prior_state: State | None = None
    # Every plan has this member, and no other document of Terraform has it.
    planned_values: StateValues | None = None

    @property
    def has_relevant_attributes(self) -> bool:
        """Whether the engine writes `relevant_attributes`: Terraform 1.2 or newer, and OpenTofu."""
        major, _, minor = self.format_version.partition(".")
        return major != "0" and minor != "0"


def read_plan(content: bytes, source: str) -> Plan:
    """Read the one plan that `terraform show -json PLAN` printed; `source` names it in errors.

    Raises:
        PlanError: the content is not one whole plan of Terraform 1.0 or newer, or of OpenTofu.
    """
    plans = read_plans(content, source)
    if len(plans) > 1:
        raise PlanError(f"{source}: must be one plan. Given: {len(plans)}.")
    return plans[0]


def read_plans(content: bytes, source: str) -> list[Plan]:
    """Read every plan in the content, which may have log lines around its plans; `source` names it in errors.

    Raises:
        PlanError: there is no plan, or one is not a whole plan of Terraform 1.0 or newer, or of OpenTofu.
    """
    content = _text(content, source)
    try:
        return [_plan(content, _decoded(content), source)]
    except msgspec.DecodeError as error:
        return _plans_between_lines(content, source, error)
    except RecursionError:
        raise PlanError(f"{source}: is nested too deeply to be a plan.") from None


def _plans_between_lines(content: bytes, source: str, error: msgspec.DecodeError) -> list[Plan]:
    """Return the plans inside a content that is not one plan as a whole; `error` says why it is not."""
    try:
        found = documents(content)
    except BrokenDocumentError as broken:
        raise PlanError(f"{source}: {broken}; {HOW_TO}.") from None
    if found and found != [content.strip()]:
        return [plan for document in found for plan in read_plans(document, source)]
    if is_log(content):
        raise PlanError(f"{source}: {LOG}; {HOW_TO}.")
    if line := foreign_line(content):
        raise PlanError(f"{source}: starts with {line}, which is not JSON, and holds no plan; {HOW_TO}. {WRAPPER}")
    kind = "JSON but not a Terraform plan" if isinstance(error, msgspec.ValidationError) else "not JSON"
    raise PlanError(f"{source}: is {kind} ({error}); {HOW_TO}.")


def _plan(content: bytes, plan: Plan, source: str) -> Plan:
    """Return the plan if it is whole, has a known version and no repeated key."""
    if plan.planned_values is None:
        _refuse_other_documents(content, source)
    if path := repeated_key(content):
        raise PlanError(f"{source}: has a key twice in one object, at {path}; {HOW_TO}.")
    _check_version(plan, source)
    return plan


def _text(content: bytes, source: str) -> bytes:
    """Return the content as UTF-8 without a byte order mark."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # a redirection of PowerShell 5
        content = content.decode("utf-16", errors="replace").encode()
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content or content.isspace():  # `strip` would copy it
        raise PlanError(f"{source}: is empty; {HOW_TO}.")
    if content.startswith(b"PK"):
        raise PlanError(f"{source}: is a saved plan, not its JSON; {HOW_TO}.")
    if not content.isascii():
        _check_encoding(content, source)
    return content


def _check_encoding(content: bytes, source: str) -> None:
    """Refuse content that is not UTF-8, before parts of it are decoded. Decode in pieces: text takes more memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _PIECE_IN_BYTES):
            decoder.decode(content[start : start + _PIECE_IN_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise PlanError(f"{source}: is not JSON ({error}); {HOW_TO}.") from None


def _decoded(content: bytes) -> Plan:
    try:
        return msgspec.json.decode(content, type=Plan)
    except msgspec.ValidationError as error:
        if "out of range" not in str(error):
            raise
    try:
        return msgspec.json.decode(json.dumps(with_long_numbers(content)), type=Plan)
    except ValueError as error:
        raise msgspec.DecodeError(str(error)) from None


def _refuse_other_documents(content: bytes, source: str) -> None:
    if is_log(content):
        raise PlanError(f"{source}: {LOG}; {HOW_TO}.")
    members = msgspec.json.decode(content, type=dict[str, msgspec.Raw]).keys()
    if members & {"values", "lineage"} or {"format_version"} <= members <= {"format_version", "terraform_version"}:
        raise PlanError(f"{source}: is a Terraform state, not a plan; {HOW_TO}.")
    missing = "planned_values" if "format_version" in members else "format_version"
    raise PlanError(f"{source}: is JSON but not a Terraform plan (no {missing}); {HOW_TO}.")


def _check_version(plan: Plan, source: str) -> None:
    # Terraform 1.0.0 wrote format 0.1 and 1.0.1 to 1.0.11 format 0.2. Plans of 0.14 and before have no marks.
    major = plan.format_version.partition(".")[0]
    if major != "1" and (major != "0" or plan.terraform_version.startswith("0.")):
        raise PlanError(
            f"{source}: has format_version {plan.format_version!r} of Terraform "
            f"{plan.terraform_version or '(unnamed)'}; "
            "what Terraform 1.x and OpenTofu 1.x write can be read."
        )

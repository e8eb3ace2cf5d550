"""The changes of a plan, in the form that reports are written from."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from product_import.plan_diff.compare.costs import CostChange
from product_import.plan_diff.compare.danger import Danger
from product_import.plan_diff.compare.refusals import Refusal
from product_import.plan_diff.compare.secrets import Secrets


class Action(Enum):
    """In the order of the report."""

    REPLACE = "replace"
    DESTROY = "destroy"
    FORGET = "forget"
    UNKNOWN = "unknown action"
    CREATE = "create"
    UPDATE = "update"
    MOVE = "move"
    IMPORT = "import"
    INVOKE = "invoke"


_ORDER = {action: index for index, action in enumerate(Action)}
# After these, an object is no longer in the state.
GOING = frozenset({Action.REPLACE, Action.DESTROY, Action.FORGET})
# The note on a replacement that does not destroy.
FORGOTTEN = ("the old one is not destroyed, only forgotten", "")


class Kind(Enum):
    """What changes, by the name of the member that holds the changes, in the order of the report."""

    RESOURCES = "resources"
    OUTPUTS = "outputs"
    INVOCATIONS = "invocations"
    DEFERRED = "deferred"
    DRIFT = "drift"


class Argument(NamedTuple):
    """A changed leaf; `old` and `new` are in the form that reports show, and empty if that side has no value.

    `environments` has the environments of a report with this argument, and is empty if all with the change have it.
    """

    path: str
    old: str
    new: str
    forces_replacement: bool = False
    environments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What happens to one resource or output, or an action that is invoked.

    `also` has further actions to count: a change may move or import its object too. A note is a sentence and the
    address, path or text at its end, or "". `identity` has the name, alias and id of an object that goes away.
    """

    address: str
    action: Action
    arguments: tuple[Argument, ...]
    notes: tuple[tuple[str, str], ...] = ()
    dangerous: bool = False
    module: str = ""
    also: tuple[Action, ...] = ()
    identity: tuple[Argument, ...] = ()

    @property
    def urgency(self) -> tuple[bool, int]:
        """The place in the order of the report, as a key to sort by: what is dangerous first, then by action."""
        return not self.dangerous, _ORDER[self.action]

    @property
    def forgets(self) -> bool:
        """Whether a replacement does not destroy the old object."""
        return FORGOTTEN in self.notes

    @property
    def destructive(self) -> bool:
        """Whether the object goes away, the action is unknown, or the change is dangerous and not a move."""
        if self.action in GOING or self.action is Action.UNKNOWN:
            return True
        return self.dangerous and Action.MOVE not in (self.action, *self.also)


@dataclass(frozen=True)
class Check:
    """A failed condition of the configuration; `status` is `fail` or `error`."""

    address: str
    status: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class PlanDiff:
    """What one plan would do.

    Attributes:
        warnings: the planned changes that AWS refuses.
        deferred: changes that Terraform defers to a later plan.
        drift: changes made outside of Terraform that a planned change refers to.
        unlisted_drift: the number of resources with other changes made outside of Terraform.
        checks: the failed ones.
        applyable: None if the engine does not write it.
        costs: None without `--costs`.
        secrets: writers pass every text to its `hide` before they print it.
        errored: whether Terraform failed while planning; the changes planned before that are here.
    """

    dangers: tuple[Danger, ...]
    warnings: tuple[Refusal, ...]
    resources: tuple[Change, ...]
    outputs: tuple[Change, ...]
    invocations: tuple[Change, ...]
    deferred: tuple[Change, ...]
    drift: tuple[Change, ...]
    unlisted_drift: int
    checks: tuple[Check, ...]
    complete: bool
    applyable: bool | None = None
    costs: tuple[CostChange, ...] | None = None
    secrets: Secrets = field(default=Secrets(), repr=False, compare=False)
    errored: bool = False

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """The changes of a kind."""
        changes: tuple[Change, ...] = getattr(self, kind.value)
        return changes

    @property
    def has_changes(self) -> bool:
        """Whether an apply would change anything, including the state alone."""
        return bool(self.resources or self.outputs or self.invocations or self.applyable)

"""What a plan does: the form in which plans are compared and reports are written."""

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


# What takes an object away.
GOING = frozenset({Action.REPLACE, Action.DESTROY, Action.FORGET})
# What is looked at before all else, dangerous or not.
GRAVE = GOING | {Action.UNKNOWN}
FORGOTTEN = ("the old one is not destroyed, only forgotten", "")


class Kind(Enum):
    """What changes, by the name of the member that holds the changes, in the order of the report."""

    RESOURCES = "resources"
    OUTPUTS = "outputs"
    INVOCATIONS = "invocations"
    DEFERRED = "deferred"
    DRIFT = "drift"


class Argument(NamedTuple):
    """A changed leaf; `old` and `new` are ready to be shown, empty where that side has none."""

    path: str
    old: str
    new: str
    forces_replacement: bool = False


@dataclass(frozen=True)
class Change:
    """What happens to one resource or output, or an action that is invoked.

    `also` is what else is counted: a change may move or import its object too. A note is a sentence, and the address,
    path or text that it ends with or "". `identity` tells which object goes away: its name, alias and id.
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
    def forgets(self) -> bool:
        """Whether a replacement leaves the old object alone."""
        return FORGOTTEN in self.notes

    @property
    def grave(self) -> bool:
        """Whether it is looked at before all else: what takes an object away, and what is dangerous but a mere move."""
        if self.action in GRAVE:
            return True
        return self.dangerous and Action.MOVE not in (self.action, *self.also)


@dataclass(frozen=True)
class Check:
    """A condition of the configuration that does not hold; `status` is `fail` or `error`."""

    address: str
    status: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class PlanDiff:
    """What one plan would do.

    `warnings` is what AWS refuses of it. `drift` is what was changed outside of Terraform since its last run and is
    referred to by a planned change, `unlisted_drift` the number of resources with other such changes. `deferred` is put
    off to a further plan, and `checks` do not hold. `errored` is true where Terraform failed while planning; what it
    planned before is here. `applyable` is None where the engine does not say, `costs` where nobody asked. Whatever
    prints a text of it passes the text to `secrets.hide` first.
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
        """Whether an apply would do anything, if only to bring the state up to date."""
        return bool(self.resources or self.outputs or self.invocations or self.applyable)

"""What a plan changes in the costs of a month: those of this module's resources in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from product_import.configuration.values import Unknown
from product_import.errors import UserError
from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.compare.values import below, is_marked
from product_import.plan_diff.read.plan import Plan, ResourceChange

if TYPE_CHECKING:  # it is asked for seldom, and takes as long to import as a report
    from product_import.costs import Prices, Usage

NOTE = (
    "Estimated from list prices and an assumed usage: `product-import cost` shows both. `product-import prices` "
    "fetches further prices."
)
NO_MODULE = "The plan has no resources of this module."
# By these a module of a plan is known to be this one.
_MARKS = {
    ("aws_elasticache_replication_group", "redis"),
    ("aws_ecs_task_definition", "import_worker"),
    ("aws_ecs_service", "import_worker"),
}
_NOTHING = Decimal("0.00")
# arn:<partition>:<service>:<region>:<account>:<name>
_ARN_REGION = 3


@dataclass(frozen=True)
class ItemCost:
    """What an item costs a month.

    Attributes:
        before: US dollars; None where it is not known.
        after: the same with the plan.
        not_known: why one of them is not.
    """

    item: str
    before: Decimal | None
    after: Decimal | None
    not_known: str = ""

    @property
    def known(self) -> tuple[Decimal, Decimal] | None:
        """Before and after, where both are known."""
        return None if self.before is None or self.after is None else (self.before, self.after)


@dataclass(frozen=True)
class CostChange:
    """What a module costs a month.

    Attributes:
        module: its address; empty for the root.
        items: those known in full, and those that are not.
    """

    module: str
    items: tuple[ItemCost, ...]

    @property
    def total(self) -> tuple[Decimal, Decimal] | None:
        """US dollars before and after of the items that are known; None where those that cost something are not."""
        from product_import.costs import known_total  # noqa: PLC0415

        return known_total(self.by_item.values())

    @property
    def by_item(self) -> dict[str, tuple[Decimal | None, Decimal | None]]:
        """US dollars before and after, by the item."""
        return {item.item: (item.before, item.after) for item in self.items}

    @property
    def not_known(self) -> dict[str, list[str]]:
        """The items that are not known, by the reason."""
        reasons: dict[str, list[str]] = {}
        for item in self.items:
            if not item.known:
                reasons.setdefault(item.not_known, []).append(item.item)
        return reasons


def cost_changes(plan: Plan, usage: "Usage", prices: "Prices", secrets: Secrets) -> tuple[CostChange, ...]:
    """The costs of each module of a plan that is this one; `secrets` are the plan's."""
    modules: dict[str, list[tuple[str, str, ResourceChange]]] = {}
    for resource in plan.resource_changes or []:
        if resource.mode == "managed" and not resource.deposed:
            modules.setdefault(resource.module_address, []).append((resource.type, resource.name, resource.change))
    return tuple(
        CostChange(module, tuple(_items(changes, usage, prices, secrets)))
        for module, changes in modules.items()
        if {(kind, name) for kind, name, _ in changes} >= _MARKS
    )


def _items(
    changes: list[tuple[str, str, ResourceChange]], usage: "Usage", prices: "Prices", secrets: Secrets
) -> Iterator[ItemCost]:
    from product_import.costs import ITEMS, NoPriceError  # noqa: PLC0415

    sides = [
        _Side(
            {
                (kind, name): _Planned(f"{kind}.{name}", values, unknown, sensitive)
                for kind, name, change in changes
                for values, unknown, sensitive in [_side(change, side)]
                if values is not None
            },
            secrets,
        )
        for side in ("before", "after")
    ]
    for item, estimate in ITEMS.items():
        found: list[Decimal | None] = []
        reasons = []
        for side in sides:
            try:
                cost = estimate(side, usage, prices) if side.by_address else None
                found.append(cost.usd if cost else _NOTHING)
            except _NotThereError:
                found.append(_NOTHING)
            except UserError as error:
                found.append(None)
                # `cost` shows the long list of known prices.
                reasons.append(error.reason if isinstance(error, NoPriceError) else str(error))
        yield ItemCost(item, found[0], found[1], " ".join(dict.fromkeys(reasons)))


def _side(change: ResourceChange, side: str) -> tuple[dict[str, Any] | None, Any, Any]:
    """The values, and the masks of what is not known and of what is sensitive."""
    if side == "before":
        return change.before, None, change.before_sensitive
    return change.after, change.after_unknown, change.after_sensitive


class _NotThereError(KeyError):
    """The module has no such resource, which therefore costs nothing."""


@dataclass(frozen=True)
class _Side:
    """A module as it is before the plan or after it."""

    by_address: Mapping[tuple[str, str], "_Planned"]
    secrets: Secrets

    def variable(self, name: str) -> Any:
        """The region, which an alarm's topic tells: a plan has the variables of its root alone."""
        if name != "aws_region":
            raise KeyError(name)
        for alarm in self.resources("aws_cloudwatch_metric_alarm").values():
            for action in alarm.blocks("alarm_actions"):
                if isinstance(action, str) and ":sns:" in action:
                    if self.secrets.occur_in(action):
                        # The part of a secret is not found as one.
                        raise UserError(f"The costs depend on {alarm.address}.alarm_actions, which is sensitive.")
                    return action.split(":")[_ARN_REGION]
        return Unknown("the region")

    def resources(self, resource_type: str) -> dict[str, "_Planned"]:
        return {name: resource for (kind, name), resource in self.by_address.items() if kind == resource_type}

    def resource(self, resource_type: str, name: str) -> "_Planned":
        if (resource_type, name) not in self.by_address:
            raise _NotThereError(f"{resource_type}.{name}")
        return self.by_address[resource_type, name]


@dataclass(frozen=True)
class _Planned:
    """A resource of a plan."""

    address: str
    values: Mapping[str, Any]
    unknown: Any
    sensitive: Any

    def __getitem__(self, attribute: str) -> Any:
        if is_marked(below(self.sensitive, attribute)) or self.sensitive is True:
            raise UserError(f"The costs depend on {self.address}.{attribute}, which is sensitive.")
        if below(self.unknown, attribute) is True:
            return Unknown(f"{self.address}.{attribute}")
        if attribute not in self.values:  # as in a module of another project with the same names
            raise UserError(f"The costs depend on {self.address}.{attribute}, which the plan does not have.")
        return self.values[attribute]

    def __contains__(self, attribute: str) -> bool:
        # The provider reads an empty text where there is none.
        return self.values.get(attribute) not in (None, "")

    def blocks(self, name: str) -> list[Any]:
        found = self[name] if name in self.values else None
        return found if isinstance(found, list) else []

    def dynamic(self, name: str) -> Any:
        """Return what unknown blocks depend on: the module's alarms query each node of Redis."""
        if below(self.unknown, name) is not True:
            return None
        if name == "metric_query":
            return Unknown("aws_elasticache_replication_group.redis.member_clusters")
        return Unknown(f"{self.address}.{name}")

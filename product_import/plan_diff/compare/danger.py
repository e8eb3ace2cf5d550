"""Find the destructive changes of a plan."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from product_import.plan_diff.compare.comparison import is_below
from product_import.plan_diff.compare.moves import moved_objects
from product_import.plan_diff.compare.values import printable, word
from product_import.plan_diff.read.plan import Plan, Resource

# How to avoid a replacement, by the type and the path that forces it. If several paths match, the first one counts.
REMEDIES = {
    ("aws_elasticache_replication_group", "engine"): (
        "Valkey does not become Redis in place. To keep Redis, set redis_engine and redis_engine_version to what runs"
    ),
    ("aws_elasticache_replication_group", "engine_version"): (
        "To keep Redis, set redis_engine_version to the version that runs"
    ),
    # `environment` is a part of every name. The plan of the module makes another deployment, and removes this one.
    ("aws_elasticache_replication_group", "replication_group_id"): (
        "To keep this deployment, set environment back. Another environment is a further `module` block"
    ),
    # AWS does not delete a parameter group in use, and Redis stops using it in the maintenance window.
    ("aws_elasticache_parameter_group", "family"): (
        "To delete the old parameter group in the same apply, set redis_apply_immediately to true"
    ),
    ("aws_ecs_service", "capacity_provider_strategy"): (
        "To keep the workers, read `Workers on Fargate Spot` in the module's README"
    ),
}
ACTIONS = frozenset({"no-op", "read", "create", "update", "delete", "forget"})


class Severity(IntEnum):
    """How severe a destructive change is, the worst first."""

    DATA_LOST = 1
    REPLACED = 2
    DESTROYED = 3
    UNKNOWN = 4
    FORGOTTEN = 5
    ADDRESS_CHANGED = 6
    MOVED = 7


@dataclass(frozen=True)
class Remedy:
    """How to avoid a destructive change: a sentence without its full stop, and lines of configuration to add."""

    advice: str
    configuration: str = ""


@dataclass(frozen=True)
class Danger:
    """A destructive change.

    `addresses` is one address, or the old and the new one. `forced_by` has the paths that force a replacement.
    """

    severity: Severity
    addresses: tuple[str, ...]
    event: str
    consequence: str = ""
    forced_by: tuple[str, ...] = ()
    remedy: Remedy | None = None


def loss(kind: str) -> tuple[Severity | None, str] | None:
    """Return what is lost when an object of a type is destroyed or replaced; None for a type that is in no table."""
    provider = kind.partition("_")[0]
    return _losses(provider).get(kind) if provider in loss_tables() else None


@cache
def loss_tables() -> Mapping[str, Traversable]:
    """Return the tables of what is lost, by the first word of the types in it."""
    return {file.name.removesuffix(".toml"): file for file in (files(__package__) / "losses").iterdir()}


# Only the tables that a plan needs are read. A type is in `data` if its object holds something that the configuration
# does not recreate, and in `service` if something else stops with it. The tables ignore snapshots and recovery windows,
# which depend on arguments and time.
@cache
def _losses(provider: str) -> Mapping[str, tuple[Severity | None, str]]:
    severities = {"data": Severity.DATA_LOST, "service": None}
    sections = tomllib.loads(loss_tables()[provider].read_text(encoding="utf-8"))
    return {
        name: (severities[section], reason) for section, types in sections.items() for name, reason in types.items()
    }


def dangers(plan: Plan, resources: list[Resource], forced_by: Mapping[str, tuple[str, ...]]) -> list[Danger]:
    """Return the destructive changes of a plan, the worst first.

    Args:
        plan: has the configuration and the deferred changes.
        resources: the managed resources among its changes.
        forced_by: the paths that force a replacement, by address.
    """
    found = [*_of_addresses(plan, resources, forced_by)]
    for deferred in plan.deferred_changes or []:
        later = deferred.resource_change
        if later.mode == "managed":
            found += (replace(danger, event=f"{danger.event} by a later plan") for danger in _of(later, ()))
    return sorted(found, key=lambda danger: danger.severity)


def _of_addresses(plan: Plan, resources: list[Resource], forced_by: Mapping[str, tuple[str, ...]]) -> Iterator[Danger]:
    pairs = moved_objects(plan, resources)
    paired = {id(resource) for pair in pairs for resource in pair}
    for old, new in pairs:
        severity, consequence = loss(old.type) or (None, "")
        yield Danger(
            severity or Severity.ADDRESS_CHANGED,
            (old.address, new.address),
            "is destroyed at one address and created at another",
            consequence,
            remedy=_moved(old, new),
        )
    for resource in resources:
        if id(resource) not in paired:
            yield from _of(resource, forced_by.get(resource.address, ()))


def _of(resource: Resource, forced_by: tuple[str, ...]) -> Iterator[Danger]:
    address, actions = resource.address, resource.change.actions
    if not ACTIONS.issuperset(actions):
        words = " and ".join(map(word, actions))
        yield Danger(Severity.UNKNOWN, (address,), f"has an action that plan-diff does not know: {words}")
    elif "forget" in actions:
        consequence = "the object itself stays, and Terraform no longer knows of it"
        yield Danger(Severity.FORGOTTEN, (address,), "leaves the state", consequence)
    elif "delete" in actions and (lost := loss(resource.type)):
        severity, consequence = lost
        if "create" in actions:
            severity, event = severity or Severity.REPLACED, "is replaced"
        else:
            severity, event = severity or Severity.DESTROYED, "is destroyed"
        yield Danger(severity, (address,), event, consequence, forced_by, _in_place(resource.type, forced_by))
    if resource.previous_address:
        yield Danger(
            Severity.MOVED, (resource.previous_address, address), "changes its address", "the object itself stays"
        )


def _in_place(kind: str, forcing: Collection[str]) -> Remedy | None:
    remedies = (
        Remedy(advice)
        for (of, argument), advice in REMEDIES.items()
        if of == kind and any(path == argument or is_below(path, argument) for path in forcing)
    )
    return next(remedies, None)


def _moved(old: Resource, new: Resource) -> Remedy:
    """Return the `moved` block for the common module, else for the root. A package moves only its own objects."""
    within = old.module_address if old.module_address == new.module_address else ""
    # The address is in the configuration: the advice is plain text, where an instance key could mention somebody.
    place, comment = ("the module that has both addresses", [f"# in {within}"]) if within else ("the root module", [])
    start = len(within) + 1 if within else 0
    lines = (*comment, "moved {", f"  from = {old.address[start:]}", f"  to   = {new.address[start:]}", "}")
    return Remedy(f"To keep an object at its new address, add to {place}", "\n".join(map(printable, lines)))

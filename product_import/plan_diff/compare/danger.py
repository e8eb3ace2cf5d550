"""Changes that a reviewer must not overlook."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files

from product_import.plan_diff.compare.comparison import is_below
from product_import.plan_diff.compare.values import printable
from product_import.plan_diff.read.plan import Resource

# What to do in the place of a replacement, by the type and the path that forces it; of several paths the first here.
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
    # AWS lets none go that is in use, and Redis leaves it in the maintenance window.
    ("aws_elasticache_parameter_group", "family"): (
        "To let the old parameter group go in the same apply, set redis_apply_immediately to true"
    ),
    ("aws_ecs_service", "capacity_provider_strategy"): (
        "To keep the workers, read `Workers on Fargate Spot` in the module's README"
    ),
}
# The arguments by which AWS knows an object; the first that is set decides.
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
# Below these, two objects of one type may have the same name: where they differ, it is another object.
SCOPES = (
    "role",
    "user",
    "group",
    "policy_arn",
    "vpc_id",
    "subnet_id",
    "cluster",
    "cluster_arn",
    "rest_api_id",
    "api_id",
    "user_pool_id",
    "zone_id",
    "type",
    "namespace",
    "namespace_id",
    "service_namespace",
    "resource_id",
    "log_group_name",
    "event_bus_name",
    "key",
    "availability_zone",
    "region",
)
_EMPTY: tuple[object, ...] = (None, "", [], {})
ACTIONS = frozenset({"no-op", "read", "create", "update", "delete", "forget"})


class Severity(IntEnum):
    """What a danger costs, the worst first."""

    DATA_LOST = 1
    REPLACED = 2
    DESTROYED = 3
    UNKNOWN = 4
    FORGOTTEN = 5
    ADDRESS_CHANGED = 6
    MOVED = 7


@dataclass(frozen=True)
class Remedy:
    """How to avoid a danger: a sentence without its full stop, and the lines of a configuration that go with it."""

    advice: str
    configuration: str = ""


@dataclass(frozen=True)
class Danger:
    """`addresses` is one address, or the old and the new one; `forced_by` are the paths that force a replacement."""

    severity: Severity
    addresses: tuple[str, ...]
    event: str
    consequence: str = ""
    forced_by: tuple[str, ...] = ()
    remedy: Remedy | None = None


@cache
def losses() -> Mapping[str, tuple[Severity | None, str]]:
    """What follows when an object of a type goes, and whether data is lost with it, from losses.toml."""
    table = tomllib.loads(files(__package__).joinpath("losses.toml").read_text(encoding="utf-8"))
    severities = {"data": Severity.DATA_LOST, "service": None}
    return {name: (severities[kind], reason) for kind, types in table.items() for name, reason in types.items()}


def dangers(resources: list[Resource], forced_by: Mapping[str, tuple[str, ...]]) -> list[Danger]:
    """The dangerous ones of a plan's resource changes, the worst first.

    `forced_by` gives by address what forces a replacement.
    """
    return sorted(_dangers(resources, forced_by), key=lambda danger: danger.severity)


def _dangers(resources: list[Resource], forced_by: Mapping[str, tuple[str, ...]]) -> Iterator[Danger]:
    pairs = _changed_addresses(resources)
    paired = {id(resource) for pair in pairs for resource in pair}
    for old, new in pairs:
        severity, consequence = losses().get(old.type, (None, ""))
        yield Danger(
            severity or Severity.ADDRESS_CHANGED,
            (old.address, new.address),
            "is destroyed at one address and created at another",
            consequence,
            remedy=_moved(old, new),
        )
    for resource in resources:
        address, actions = resource.address, resource.change.actions
        if not ACTIONS.issuperset(actions):
            words = " and ".join(map(printable, actions))
            yield Danger(Severity.UNKNOWN, (address,), f"gets an action that is not known here: {words}")
        elif "forget" in actions:
            consequence = "the object itself stays, and Terraform no longer knows of it"
            yield Danger(Severity.FORGOTTEN, (address,), "leaves the state", consequence)
        elif "delete" in actions and resource.type in losses() and id(resource) not in paired:
            severity, consequence = losses()[resource.type]
            if "create" in actions:
                severity, event = severity or Severity.REPLACED, "is replaced"
            else:
                severity, event = severity or Severity.DESTROYED, "is destroyed"
            forcing = forced_by.get(address, ())
            yield Danger(severity, (address,), event, consequence, forcing, _in_place(resource.type, forcing))
        if resource.previous_address:
            addresses = (resource.previous_address, address)
            yield Danger(Severity.MOVED, addresses, "changes its address", "the object itself stays")


def _changed_addresses(resources: Iterable[Resource]) -> list[tuple[Resource, Resource]]:
    """Pairs of a deleted and a created resource of Terraform that are one object to AWS, each in one pair at most.

    The same object is the one that the plan gives the same name, within the same scope; what has no name, the one whose
    known arguments are all the same. Where several fit, nothing tells which one it is.
    """
    deleted: dict[str, list[Resource]] = defaultdict(list)
    created: dict[str, list[Resource]] = defaultdict(list)
    for resource in resources:
        if resource.change.actions == ["delete"] and not resource.deposed:
            deleted[resource.type].append(resource)
        elif resource.change.actions == ["create"]:
            created[resource.type].append(resource)
    return [
        pair for kind in deleted for pair in _one_to_one(_candidates(deleted[kind], created[kind])) if kind in created
    ]


def _candidates(deleted: list[Resource], created: list[Resource]) -> Iterator[tuple[Resource, Resource]]:
    """Each deleted resource of a type with each created one that it may be."""
    by_name: dict[tuple[str, str], list[Resource]] = defaultdict(list)
    nameless: dict[tuple[str, ...], list[Resource]] = defaultdict(list)
    for new in created:
        arguments = new.change.after or {}
        if name := _name(arguments):
            by_name[name].append(new)
        elif known := tuple(sorted(argument for argument, value in arguments.items() if value not in _EMPTY)):
            nameless[known].append(new)
    for old in deleted:
        before = old.change.before or {}
        yield from (
            (old, new) for new in by_name[_name(before) or ("", "")] if _same_scope(before, new.change.after or {})
        )
    for known, news in nameless.items():
        by_arguments: dict[str, list[Resource]] = defaultdict(list)
        for new in news:
            by_arguments[repr([(new.change.after or {})[argument] for argument in known])].append(new)
        for old in deleted:
            values = repr([(old.change.before or {}).get(argument) for argument in known])
            yield from ((old, new) for new in by_arguments.get(values, ()))


def _one_to_one(candidates: Iterable[tuple[Resource, Resource]]) -> list[tuple[Resource, Resource]]:
    pairs = list(candidates)
    olds, news = Counter(id(old) for old, _ in pairs), Counter(id(new) for _, new in pairs)
    return [(old, new) for old, new in pairs if olds[id(old)] == news[id(new)] == 1]


def _same_scope(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    return all(before[name] == after[name] for name in SCOPES if before.get(name) and after.get(name))


def _name(arguments: Mapping[str, object]) -> tuple[str, str] | None:
    argument = next((name for name in IDENTITY if arguments.get(name)), None)
    return (argument, str(arguments[argument])) if argument else None


def _in_place(kind: str, forcing: Collection[str]) -> Remedy | None:
    remedies = (
        Remedy(advice)
        for (of, argument), advice in REMEDIES.items()
        if of == kind and any(path == argument or is_below(path, argument) for path in forcing)
    )
    return next(remedies, None)


def _moved(old: Resource, new: Resource) -> Remedy:
    """The `moved` block, for the module that holds both addresses: what is in a package may move from within alone."""
    within = old.module_address if old.module_address == new.module_address else ""
    place = f"the configuration of {printable(within)}" if within else "the root module"
    start = len(within) + 1 if within else 0
    lines = ("moved {", f"  from = {old.address[start:]}", f"  to   = {new.address[start:]}", "}")
    return Remedy(f"To keep what changes its address, add to {place}", "\n".join(map(printable, lines)))

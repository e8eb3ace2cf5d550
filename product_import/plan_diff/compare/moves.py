"""Find destroyed and created resources that are one object at two addresses.

A `moved` block keeps such an object. A wrong block makes Terraform change one object into another. A pair therefore
needs an identity that the plan knows on both sides, and no argument may differ or be unknown.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from product_import.plan_diff.compare.plan_secrets import configured_arguments
from product_import.plan_diff.compare.values import below, is_marked
from product_import.plan_diff.read.plan import Plan, Resource, members_of, value_of

import msgspec

Pair = tuple[Resource, Resource]
Group = tuple[list[Resource], list[Resource]]

# The arguments that together identify an object without a name of its own.
# Source: "Import" in the page of each type, https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs.
IDENTITIES: Mapping[str, tuple[str, ...]] = {
    "aws_appautoscaling_target": ("service_namespace", "resource_id", "scalable_dimension"),
    "aws_ecs_cluster_capacity_providers": ("cluster_name",),
    "aws_ecs_task_definition": ("family",),
    "aws_iam_group_policy_attachment": ("group", "policy_arn"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_user_policy_attachment": ("user", "policy_arn"),
    "aws_lambda_permission": ("function_name", "statement_id"),
    "aws_route": ("route_table_id", "destination_cidr_block"),
    "aws_route_table_association": ("subnet_id", "route_table_id"),
    "aws_s3_bucket": ("bucket",),
    "aws_s3_object": ("bucket", "key"),
    # EC2 refuses a second rule with the same arguments in one group, and overlapping subnets in one VPC.
    "aws_security_group_rule": ("security_group_id", "type", "protocol"),
    "aws_subnet": ("vpc_id", "cidr_block"),
    "aws_vpc_security_group_egress_rule": ("security_group_id", "ip_protocol"),
    "aws_vpc_security_group_ingress_rule": ("security_group_id", "ip_protocol"),
    # A bucket has one of each.
    **{
        f"aws_s3_bucket_{setting}": ("bucket",)
        for setting in (
            "accelerate_configuration",
            "acl",
            "cors_configuration",
            "lifecycle_configuration",
            "logging",
            "notification",
            "object_lock_configuration",
            "ownership_controls",
            "policy",
            "public_access_block",
            "replication_configuration",
            "request_payment_configuration",
            "server_side_encryption_configuration",
            "versioning",
            "website_configuration",
        )
    },
}
# Without the configuration, these are the only attributes that are known to be computed.
_COMPUTED = frozenset({"arn", "id", "tags_all"})
# Values that a provider may store for an argument that is not set.
_NOT_SET: tuple[Any, ...] = (None, "", 0, False, [], {})
# Resources with one identity are compared once for each set of unknown attributes. With more sets than this there are
# no pairs, so that the time stays proportional to the number of resources.
MOST_SETS = 8


def moved_objects(plan: Plan, resources: Iterable[Resource]) -> list[Pair]:
    """Return the pairs of a destroyed and a created resource that are one object, each resource in at most one.

    Args:
        plan: has the configuration.
        resources: the managed resources among the plan's changes.
    """
    ambiguous = _ambiguous_providers(plan)
    deleted: dict[object, list[Resource]] = defaultdict(list)
    created: dict[object, list[Resource]] = defaultdict(list)
    for resource in resources:
        change = resource.change
        if not ambiguous.isdisjoint((resource.provider_name, resource.provider_name.rpartition("/")[2])):
            continue
        if change.actions == ["delete"] and not resource.deposed:
            found, side = deleted, change.raw_before
        elif change.actions == ["create"]:
            found, side = created, change.raw_after
        else:
            continue
        if identity := _identity(resource.type, members_of(side)):
            found[resource.provider_name, resource.type, identity].append(resource)
    configured = configured_arguments(plan)
    return [pair for key in deleted if key in created for pair in _pairs(deleted[key], created[key], configured)]


def _ambiguous_providers(plan: Plan) -> set[str]:
    """Return the providers with several configurations.

    Each may be for another account or region, with another object of the same name. A plan does not say which
    configuration a destroyed object has.
    """
    configurations = (plan.configuration and plan.configuration.provider_config) or {}
    return {
        block.full_name or block.name
        for block in configurations.values()
        if block.alias or (block.module_address and block.expressions)
    }


def _identity(kind: str, members: Mapping[str, msgspec.Raw]) -> tuple[tuple[str, str], ...]:
    """Return the arguments that identify an object, with their values; empty if one is not known."""

    def value(name: str) -> Any:
        return value_of(members[name]) if name in members else None

    if names := IDENTITIES.get(kind):
        values = [value(name) for name in names]
        return tuple(zip(names, map(str, values), strict=True)) if all(values) else ()
    for name in _own_names(kind):
        if found := value(name):
            return ((name, str(found)),)
    match value("metadata"):  # of kubernetes, where the namespace is beside it
        case [{"name": str(name)}] if name:
            return (("metadata.name", name),)
    return ()


@cache
def _own_names(kind: str) -> tuple[str, ...]:
    """Return the arguments that may name an object of a type: `function_name` names a function, not its permissions."""
    words = kind.split("_")[1:]
    nouns = ["_".join(words[start:]) for start in range(len(words))]
    endings = ("_name", "_id", "_identifier", "name")
    return ("name", "identifier", *(f"{noun}{ending}" for noun in nouns for ending in endings))


def _pairs(old: list[Resource], new: list[Resource], configured: Callable[[Resource], Any]) -> Iterator[Pair]:
    """Yield the pairs among the resources of one identity. A resource that fits several others is in no pair."""
    by_unknown: dict[bytes, list[Resource]] = defaultdict(list)
    for resource in new:
        if not _has_unknown_argument(resource, configured(resource)):
            by_unknown[_text(resource.change.after_unknown)].append(resource)
    if len(by_unknown) > MOST_SETS:
        return
    groups = [group for same in by_unknown.values() for group in _equal(old, same)]
    uses = Counter(id(resource) for group in groups for side in group for resource in side)
    for olds, news in groups:
        if len(olds) == len(news) == uses[id(olds[0])] == uses[id(news[0])] == 1:
            yield olds[0], news[0]


def _equal(old: list[Resource], new: list[Resource]) -> Iterator[Group]:
    """Yield the resources with the same arguments; all of `new` have the same unknown attributes."""
    unknown = new[0].change.after_unknown
    for olds, news in _groups(old, new, lambda values: _text(_plain(values, unknown))):
        # Most objects differ in a plain argument. Comparing the last two directly is faster than writing two texts.
        if len(olds) == len(news) == 1 and _same(olds[0].change.before or {}, news[0].change.after or {}, unknown):
            yield olds, news
        elif len(olds) > 1 or len(news) > 1:
            yield from _groups(olds, news, lambda values: _text(_known(values, unknown)))


def _groups(old: list[Resource], new: list[Resource], key: Callable[[Mapping[str, Any]], bytes]) -> Iterator[Group]:
    """Yield the resources whose values have the same key, if both sides have some."""
    groups: dict[bytes, Group] = defaultdict(lambda: ([], []))
    for resource in old:
        groups[key(resource.change.before or {})][0].append(resource)
    for resource in new:
        groups[key(resource.change.after or {})][1].append(resource)
    yield from filter(all, groups.values())


def _plain(values: Mapping[str, Any], unknown: Any) -> dict[str, Any]:
    """Return the arguments that are not blocks, lists or maps."""
    plain = {name: item for name, item in values.items() if not isinstance(item, dict | list)}
    return {name: item for name, item in plain.items() if below(unknown, name) is not True and item not in _NOT_SET}


def _same(before: Mapping[str, Any], after: Mapping[str, Any], unknown: Any) -> bool:
    return all(
        before.get(name) == after.get(name)
        or _known({name: before.get(name)}, unknown) == _known({name: after.get(name)}, unknown)
        for name in before.keys() | after.keys()
    )


def _has_unknown_argument(resource: Resource, configured: Mapping[str, Any]) -> bool:
    unknown = resource.change.after_unknown
    if not isinstance(unknown, dict):
        return bool(unknown)
    if not configured:
        return any(is_marked(mask) for name, mask in unknown.items() if name not in _COMPUTED)
    return any(
        # An unknown part of an argument that no block sets is a `dynamic` block, which the configuration leaves out.
        _is_open(mask, configured[name]) if name in configured else mask is not True and is_marked(mask)
        for name, mask in unknown.items()
    )


def _is_open(mask: Any, expression: Any) -> bool:
    """Whether any value is unknown that an expression sets, including those in blocks and in lists of blocks."""
    if isinstance(expression, list):
        blocks = mask if isinstance(mask, list) else [mask]
        return any(_is_open(block, inner) for block in blocks for inner in expression)
    if isinstance(mask, dict) and isinstance(expression, dict) and not expression.keys() <= _EXPRESSION:
        return any(_is_open(below(mask, name), inner) for name, inner in expression.items())
    return is_marked(mask)


_EXPRESSION = frozenset({"constant_value", "references"})


def _known(value: Any, unknown: Any) -> Any:
    """Return the value without members that the mask `unknown` marks or that are not set."""
    if isinstance(value, dict):
        members = (
            (name, _known(item, mask)) for name, item in value.items() if (mask := below(unknown, name)) is not True
        )
        return {name: item for name, item in members if item not in _NOT_SET}
    if isinstance(value, list):
        return [_known(item, below(unknown, index)) for index, item in enumerate(value)]
    return value


def _text(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")

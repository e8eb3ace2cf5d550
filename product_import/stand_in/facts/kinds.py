"""What there is to know of a provider's type, and what several types share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from product_import.equivalence import same_json, same_policies

Resource = Mapping[str, Any]
"""A resource's values."""


def _never(_before: Resource, _after: Resource) -> None:
    """Nothing fails."""


@dataclass(frozen=True)
class Facts:
    replace: frozenset[str] = frozenset()
    """Arguments whose change replaces the resource."""
    replace_if: Mapping[str, Callable[[Resource, Resource], bool]] = field(default_factory=dict)
    """Arguments whose change replaces the resource on a condition over what it was and what is planned."""
    refuse_if: Mapping[str, tuple[Callable[[Resource, Resource], bool], str]] = field(default_factory=dict)
    """Arguments whose change is an error of the plan, on such a condition; with the provider's text."""
    same: Mapping[str, Callable[[Any, Any, Resource], bool]] = field(default_factory=dict)
    """When a value is no change of another one, besides null and empty: of what it was, what is planned, and the
    resource as it is planned."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What the provider plans for an argument that is not set; the name of a nested one has dots."""
    made: Mapping[str, str | Callable[[Resource], Any]] = field(default_factory=dict)
    """Computed values after apply, in this order: a format over the resource's values, or a function of them. Besides
    the values there are `region`, `account`, `unique` (hex digits) and `serial` (a number), new for each resource, and
    `prior` (what it was, empty for a new one)."""
    renew: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Computed values that become unknown in a plan when one of the named arguments changes."""
    follow: Mapping[str, str] = field(default_factory=dict)
    """Computed values that an update renews when the named argument changes, although the plan does not say so."""
    read: Mapping[str, Callable[[Resource], Any]] = field(default_factory=dict)
    """What each refresh sets, made of what else it found."""
    unread: frozenset[str] = frozenset()
    """Attributes that a read leaves alone: those may stay null."""
    is_of_sdk: bool = True
    """Whether the type is written with the SDK. One of the newer framework tells null from empty."""
    normal: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    """The form in which a plan shows a document."""
    stays: frozenset[str] = frozenset()
    """Arguments that an update does not send when they become null, and that a read then finds as they were."""
    fails_if: Callable[[Resource, Resource], str | None] = _never
    """The error with which AWS answers an update from what it was to what is planned, if any."""
    upgrade: Mapping[int, Callable[[Resource], Resource]] = field(default_factory=dict)
    """How to upgrade a state of an earlier version of the schema, by that version: each on top of the one before."""
    blocks_of_aws: frozenset[str] = frozenset()
    """Blocks that AWS fills where the configuration has none."""
    sensitive: frozenset[str] = frozenset()
    max_items: Mapping[str, int] = field(default_factory=dict)
    """Limits of blocks other than none and one."""
    version: int = 0
    """The version of the schema, which a state carries."""


NOTHING = Facts()
HERE = "{region}:{account}"
MANAGED = {"description": "Managed by Terraform"}


def prefixed_name(resource: Resource) -> str:
    return f"{resource['name_prefix'] or 'terraform-'}{resource['unique']}"


def nothing(_: Resource) -> None:
    """Null after apply, although computed."""


def equal_policies(before: Any, after: Any, _: Resource) -> bool:
    return same_policies(before or "", after or "")


def equal_json(before: Any, after: Any, _: Resource) -> bool:
    return same_json(before or "", after or "")


def left_out(before: Any, after: Any, _: Resource) -> bool:
    """As `SuppressMissingOptionalConfigurationBlock` of verify/diff.go: to leave a block out is no change."""
    return bool(before) and after == []


def without(mapping: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name not in names}

"""Find what tells an object that goes away from others."""

from collections.abc import Iterator

from product_import.plan_diff.compare.diff import Argument
from product_import.plan_diff.compare.display import argument
from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.compare.sides import Sides
from product_import.plan_diff.compare.values import Missing

# Arguments that identify a destroyed object for a reader.
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
_IDENTIFYING = (*IDENTITY, "alias", "tags", "id")


def identity(sides: Sides, hidden: Secrets) -> Iterator[Argument]:
    """Yield the arguments that identify the old object: each value once, and no ARN that contains its name."""
    old = sides.before(_IDENTIFYING, hidden)
    tags = old.get("tags")
    told = {name: old.get(name) for name in (*IDENTITY, "alias")}
    told |= {"tags.Name": tags.get("Name") if isinstance(tags, dict) else None, "id": old.get("id")}
    shown: list[str] = []
    for name, value in told.items():
        # The prefix is a part of the name. A resource without an object, such as random_password, has the id "none".
        if value in (None, "", [], {}) or name == "name_prefix" or (name, value) == ("id", "none"):
            continue
        found = argument(name, value, Missing.ABSENT, hidden)
        within = found.old.startswith('"arn:') and any(part.strip('"') in found.old for part in shown)
        if found.old not in shown and not within:
            shown.append(found.old)
            yield found

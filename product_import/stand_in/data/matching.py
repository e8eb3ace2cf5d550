"""Whether a data source finds a resource, by its arguments, its filters and its tags."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from product_import.stand_in.data.identifiers import Subject
from product_import.stand_in.data.known import Values
from product_import.stand_in.schema import Block

_IDENTITIES = frozenset(
    ("id", "arn", "name", "identifier", "bucket", "key_id", "family", "domain_name", "url", "zone_id")
)
_REFERENCE = re.compile(r"(?:(.*)_)?(id|arn|name|identifier)")
# Names of filters in the EC2 API Reference that are not the attribute's with other marks.
_FILTERS = {"attachment_vpc_id": "vpc_id", "cidr": "cidr_block", "group_name": "name", "zone_name": "name"}
_OF_DEFAULTS = ("default", "default_for_az", "is_default", "isDefault")


def matches(source: Subject, block: Block, config: Values, resource: Values) -> bool:
    """Return whether each argument that can be compared names the resource, and at least one does."""
    verdicts = [verdict for verdict in _verdicts(source, block, config, resource) if verdict is not None]
    return all(verdicts) and bool(verdicts)


def has_criteria(block: Block, config: Values) -> bool:
    return any(_given(config, name) for name in block.attributes if name != "region") or bool(config.get("filter"))


def _verdicts(source: Subject, block: Block, config: Values, resource: Values) -> Iterator[bool | None]:
    """For each argument and filter: whether the resource has the value, None where that cannot be said."""
    for name in block.attributes:
        # `false` is no filter: `dataSourceVPCRead` in ec2/vpc_data_source.go of the provider.
        if name == "region" or not _given(config, name):
            continue
        if name == "tags":
            yield _tags(resource).items() >= config["tags"].items()
        elif isinstance(config[name], (str, bool, int, float)):
            yield _says(source, name, [config[name]], resource)
    for item in config.get("filter") or []:
        if {"name", "values"} <= item.keys() and item["values"]:
            yield _filtered(source, item["name"], list(item["values"]), resource)


def _filtered(source: Subject, name: str, patterns: list[Any], resource: Values) -> bool | None:
    if name.startswith("tag:"):
        value = _tags(resource).get(name.removeprefix("tag:"))
        return value is not None and _fits(value, patterns)
    attribute = name.replace("-", "_").replace(".", "_")
    return _says(source, _FILTERS.get(attribute, attribute), patterns, resource)


def _says(source: Subject, name: str, patterns: list[Any], resource: Values) -> bool | None:
    if name in _OF_DEFAULTS:
        # What the account has from the beginning is no resource of a root.
        return bool(resource.get(name))
    keys = {name, f"{name}_name"}
    reference = _REFERENCE.fullmatch(name)
    noun = reference[1] if reference else name
    if noun is None or noun == source.noun or source.type.endswith(f"_{noun}") or source.noun.endswith(f"_{noun}"):
        keys |= _IDENTITIES
    elif reference:
        keys |= {noun, *(f"{noun}_{end}" for end in ("id", "arn", "name"))}
    values = [resource[key] for key in sorted(keys) if isinstance(resource.get(key), (str, bool, int, float))]
    if "family" in keys and "revision" in resource:
        values.append(f"{resource['family']}:{resource['revision']}")
    return any(_fits(value, patterns) for value in values) if values else None


def _fits(value: Any, patterns: list[Any]) -> bool:
    """Whether a value is one of those that are asked for, which may have `*` and `?`; an ARN is what it ends with."""
    text = _text(value)
    return any(
        fnmatchcase(text, _text(each)) or _ends(text, _text(each)) or _ends(_text(each), text) for each in patterns
    )


def _ends(arn: str, name: str) -> bool:
    """Whether an ARN is that of a name; Secrets Manager's user guide: it adds six characters to a secret's name."""
    if not name or not arn.startswith("arn:"):
        return False
    return arn.endswith((f"/{name}", f":{name}")) or (":secretsmanager:" in arn and arn[:-7].endswith(f":{name}"))


def _text(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # Of names in Route 53, and of issuers.
    return text.removesuffix(".").removeprefix("https://")


def _given(config: Values, name: str) -> bool:
    return bool(config.get(name))


def _tags(resource: Values) -> dict[str, Any]:
    """With those of the `provider` block."""
    return resource.get("tags_all") or resource.get("tags") or {}

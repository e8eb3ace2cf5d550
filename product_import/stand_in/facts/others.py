"""Facts of the types that have no file of their own here: what a program read out of the provider's source.

others.gz has a line for each type; its head says from which versions. It knows no conditions (`CustomizeDiff`) and no
types that came later. Those are taken for types of the newer framework.
"""

import gzip
import json
from collections.abc import Callable, Container, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from product_import.stand_in.documents import normal_json
from product_import.stand_in.facts.kinds import Facts, equal_json, equal_policies, left_out
from product_import.stand_in.facts.made import MADE

_SAME: Mapping[str, Callable[[Any, Any, Any], bool]] = {
    "json": equal_json,
    "left_out": left_out,
    "policies": equal_policies,
}
_NORMAL: Mapping[str, Callable[[str], str]] = {"lower": str.lower, "normal": normal_json}


@cache
def _lines() -> Mapping[str, str]:
    text = gzip.decompress(Path(__file__).with_name("others.gz").read_bytes()).decode()
    return dict(line.split(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def replacements_known(resource_type: str) -> bool:
    """Whether the source was read for a type."""
    return resource_type in _lines()


def facts_of_other(resource_type: str, arguments: Container[str]) -> Facts:
    """Return what there is to know of a type, which may be nothing but the form of its values.

    Args:
        resource_type: its full name.
        arguments: those that it has in a version of the provider.
    """
    made = MADE.get(resource_type, {})
    if resource_type not in _lines():
        return Facts(is_of_sdk=False, made=made)
    read: dict[str, Any] = json.loads(_lines()[resource_type])
    for kind, about in read.items():
        if isinstance(about, list):
            read[kind] = [path for path in about if path.partition(".")[0] in arguments]
    return Facts(
        replace=frozenset(read.get("replace", ())),
        defaults=read.get("defaults", {}),
        same={name: same for kind, same in _SAME.items() for name in read.get(kind, ())},
        normal={name: normal for kind, normal in _NORMAL.items() for name in read.get(kind, ())},
        sensitive=frozenset(read.get("sensitive", ())),
        blocks_of_aws=frozenset(read.get("computed", ())),
        made={**({"id": read["id"]} if "id" in read else {}), **made},
        is_of_sdk="framework" not in read,
    )

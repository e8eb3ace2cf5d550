"""The resources of the account, as far as runs of an engine read or applied them."""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

Values = dict[str, Any]


class Known:
    """What a data source may find. One process of the stand-in is one account."""

    def __init__(self) -> None:
        self._resources: dict[tuple[str, str], tuple[str, str, Values]] = {}
        """By type and id: the run that noted it, its region, its values."""

    def note(self, run: str, resource_type: str, region: str, values: Values) -> None:
        """Take note of a resource that a run read or applied."""
        self._resources[resource_type, _id(values)] = run, region, values

    def load(self, states: Iterable[Path]) -> None:
        """Take note of what is in files of states and was not noted before: an earlier process applied it."""
        for file in states:
            with suppress(OSError, ValueError):
                for resource in json.loads(file.read_text(encoding="utf-8"))["resources"]:
                    if resource["mode"] == "managed":
                        for instance in resource["instances"]:
                            self._load(resource["type"], instance["attributes"])

    def _load(self, resource_type: str, values: Values) -> None:
        self._resources.setdefault((resource_type, _id(values)), ("", values.get("region") or "", values))

    def forget(self, resource_type: str, values: Values) -> None:
        """Take note of a resource that is no longer there."""
        self._resources.pop((resource_type, _id(values)), None)

    def clear(self) -> None:
        self._resources.clear()

    def found(self, run: str, region: str, resource_types: Iterable[str]) -> list[Values]:
        """Return what is there in a region, in the order of ids.

        What this run noted comes first: two roots may have the same made-up ids.
        """
        types = set(resource_types)
        there = [item for item in sorted(self._resources.items(), key=lambda item: item[0]) if item[0][0] in types]
        there.sort(key=lambda item: item[1][0] != run)
        return [values for _, (_, of, values) in there if _region(values, of) in ("", region)]


def _id(values: Values) -> str:
    return str(values.get("id") or values.get("arn") or json.dumps(values, sort_keys=True, default=str))


def _region(values: Values, region: str) -> str:
    """The region in the ARN, which global services leave empty; else the given one."""
    arn = values.get("arn")
    return arn.split(":")[3] if isinstance(arn, str) and arn.count(":") > 3 else region

"""Decode the arguments of a resource that its change changes; most are the same on both sides and stay JSON."""

from collections.abc import Collection, Mapping
from typing import Any

from product_import.plan_diff.compare.marks import marked
from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.compare.values import is_marked, may_hold_documents
from product_import.plan_diff.read.plan import ResourceChange, members_of, value_of

import msgspec


class Sides:
    """The arguments of a resource before and after its change, as JSON by name."""

    def __init__(self, change: ResourceChange) -> None:
        self._change = change
        self.old, self.new = members_of(change.raw_before), members_of(change.raw_after)
        self.unknown = _members(change.after_unknown)

    def changed(self) -> set[str]:
        """Return the names of the arguments that differ in their marks or as JSON."""
        change, old, new = self._change, self.old, self.new
        if (change.before_sensitive is True) != (change.after_sensitive is True):
            return {*old, *new, *self.unknown}
        old_mask, new_mask = _members(change.before_sensitive), _members(change.after_sensitive)
        changed = {name for name, mask in self.unknown.items() if mask}
        changed.update(name for name in (*old_mask, *new_mask) if old_mask.get(name) != new_mask.get(name))
        changed.update(name for name, value in old.items() if value != new.get(name))
        changed.update(new.keys() - old.keys())
        return changed

    def unmarked(self) -> set[str]:
        """Return the names of the new arguments without marks; none if a mask marks all at once."""
        masks = [mask or {} for mask in (self._change.after_unknown, self._change.after_sensitive)]
        if not all(isinstance(mask, dict) for mask in masks):
            return set()
        return self.new.keys() - {name for mask in masks for name in mask if mask[name]}

    def before(self, names: Collection[str], hidden: Secrets) -> dict[str, Any]:
        """Return the named arguments of the old side, with their marks."""
        return _marked(self.old, {}, self._change.before_sensitive, names, hidden)

    def after(self, names: Collection[str], hidden: Secrets) -> dict[str, Any]:
        """Return the named arguments of the new side, with their marks; none if the whole side is unknown."""
        if self._change.after_unknown is True:
            return {}
        return _marked(self.new, self.unknown, self._change.after_sensitive, names, hidden)


def _members(mask: Any) -> Mapping[str, Any]:
    return mask if isinstance(mask, dict) else {}


def _marked(
    members: Mapping[str, msgspec.Raw],
    unknown: Mapping[str, Any],
    sensitive: Any,
    names: Collection[str],
    hidden: Secrets,
) -> dict[str, Any]:
    all_sensitive = not isinstance(sensitive, dict) and is_marked(sensitive)
    sensitive = _members(sensitive)
    found = {}
    for name in names:
        raw, of_unknown, of_sensitive = members.get(name), unknown.get(name), all_sensitive or sensitive.get(name)
        if raw is None and name not in unknown:
            continue
        value = None if raw is None else value_of(raw)
        # Most arguments have neither marks nor documents: their values are complete as they are.
        if hidden.values or of_unknown or of_sensitive or (raw is not None and may_hold_documents(bytes(raw))):
            value = marked(value, of_unknown, of_sensitive, hidden)
        found[name] = value
    return found

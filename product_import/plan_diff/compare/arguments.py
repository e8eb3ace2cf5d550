"""Find the arguments of a resource that a change changes, in the form that reports show."""

import re
from collections.abc import Iterable
from functools import lru_cache

from product_import.plan_diff.compare.comparison import Paths, Rules, differences
from product_import.plan_diff.compare.diff import Action, Argument
from product_import.plan_diff.compare.display import argument
from product_import.plan_diff.compare.excerpt import shortened
from product_import.plan_diff.compare.identity import IDENTITY
from product_import.plan_diff.compare.marks import marked
from product_import.plan_diff.compare.provider import SDK_TYPES, is_returned, rules
from product_import.plan_diff.compare.repeated import REPEATED, without_repeated
from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.compare.sides import Sides
from product_import.plan_diff.compare.values import Missing, notation, printable
from product_import.plan_diff.read.plan import Resource, value_of

import msgspec

# The cache of arguments of created objects: the number of its entries, and the longest value in it.
_MOST_CACHED = 4_096
_LONGEST_CACHED_IN_BYTES = 4_096
# JSON that is its own notation: a text without escapes that is no document, a whole number or a truth value.
_PLAIN = re.compile(rb'"(?![{\[\s])[^"\\]+"|[1-9][0-9]{0,15}|true|false')


def changed_arguments(
    resource: Resource, action: Action, sides: Sides, forcing: tuple[str, ...], hidden: Secrets
) -> list[Argument]:
    """Return the changed arguments of a resource, ordered by name; `forcing` has the paths that force a replacement."""
    forced = Paths(forcing)
    known_later: list[str] = []
    cached: dict[str, tuple[Argument, ...]] = {}
    if action in (Action.DESTROY, Action.FORGET):
        old, new = {name: value for name, value in sides.before(IDENTITY, hidden).items() if value}, {}
    else:
        if action is Action.CREATE:
            cached = _cached_arguments(resource.type, sides, hidden)
        changed = sides.changed() - cached.keys()
        old, new = sides.before(changed, hidden), sides.after(changed, hidden)
    if action is Action.CREATE:
        new = {name: value for name, value in new.items() if value not in (None, [], {})}
    elif action is Action.REPLACE:
        returned = {
            name for name in old if name not in forced and is_returned(resource, name, old[name], new.get(name))
        }
        old, new = ({name: side[name] for name in side.keys() - returned} for side in (old, new))
    if action in (Action.CREATE, Action.REPLACE):
        known_later = sorted(name for name, value in new.items() if value is Missing.UNKNOWN and name not in forced)
        old, new = ({name: side[name] for name in side if name not in known_later} for side in (old, new))
    found = [
        argument(path, before, after, hidden, forces_replacement=forced.touch(path))
        for path, before, after in without_repeated(differences(old, new, rules=rules(resource, forced)))
    ]
    if cached:
        found = _by_name(cached, found)
    if known_later:
        found.append(Argument(", ".join(known_later), "", Missing.UNKNOWN.value))
    return found


def _cached_arguments(kind: str, sides: Sides, hidden: Secrets) -> dict[str, tuple[Argument, ...]]:
    """Return arguments of a created object by name, from a cache: most objects have the same tags and defaults.

    Arguments with marks are not among them, and neither are maps that repeat each other.
    """
    if hidden.values or not all(map(str.isidentifier, sides.new)):
        return {}
    names = sides.unmarked()
    if not sides.new.keys().isdisjoint(REPEATED):
        names -= {*REPEATED, *REPEATED.values()}
    of_sdk = kind in SDK_TYPES
    return {
        name: _created(name, text, of_sdk)
        for name in names
        if len(text := bytes(sides.new[name])) <= _LONGEST_CACHED_IN_BYTES
    }


@lru_cache(maxsize=_MOST_CACHED)
def _created(name: str, raw: bytes, of_sdk: bool) -> tuple[Argument, ...]:
    """Return the arguments in the JSON of one argument of a created object."""
    if _PLAIN.fullmatch(raw):
        return (Argument(name, "", shortened(printable(raw.decode()))),)
    value = marked(value_of(msgspec.Raw(raw)))
    if value in (None, [], {}):
        return ()
    no_rules = Rules(lambda _: of_sdk, lambda _, old, new: (old, new))
    found = differences({}, {name: value}, rules=no_rules)
    return tuple([Argument(path, "", shortened(notation(created))) for path, _, created in found])


def _by_name(cached: dict[str, tuple[Argument, ...]], others: Iterable[Argument]) -> list[Argument]:
    """Return all arguments in the order of their first names."""
    found: dict[str, list[Argument]] = {}
    for other in others:
        found.setdefault(re.split(r"[.\[]", other.path, maxsplit=1)[0], []).append(other)
    by_name = {**cached, **found}
    return [argument for name in sorted(by_name) for argument in by_name[name]]

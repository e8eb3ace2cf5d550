"""Group the modules of a long report for its overview."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# An overview of modules has at most this number of lines.
MOST_MODULES = 12
# A call of a module in an address, with the key of its instance.
_CALL = re.compile(r'(module\.[^.\[]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?')

Steps = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Modules that a report shows on one line; `depth` is the number of groups around it."""

    title: str
    name: str
    depth: int
    modules: frozenset[str]


def groups(sizes: Mapping[str, int]) -> tuple[Group, ...]:
    """Return the modules with changes in at most MOST_MODULES groups, ordered by address.

    `sizes` has the number of changes of each module. Until they fit, deep modules join the module that calls them, then
    the instances of a module join each other, then the modules with the fewest changes become one group.
    """
    steps = {module: _steps(module) for module in sizes}
    depths = range(max(map(len, steps.values()), default=0), 0, -1)
    found: dict[Steps, list[str]] = {}
    for instances, depth in ((instances, depth) for instances in (True, False) for depth in depths):
        found = {}
        for module in sorted(sizes):
            names = tuple(name + (key if instances else key and "[…]") for name, key in steps[module][:depth])
            found.setdefault(names, []).append(module)
        if len(found) <= MOST_MODULES:
            break
    rest: list[str] = []
    if len(found) > MOST_MODULES:
        largest = sorted(found, key=lambda names: -sum(sizes[module] for module in found[names]))
        rest = [module for names in largest[MOST_MODULES - 1 :] for module in found.pop(names)]
    shown = tuple(_group(names, modules, found) for names, modules in found.items())
    more = f"{len(rest):,} more modules"
    return (*shown, Group(more, more, 0, frozenset(rest))) if rest else shown


def _steps(module: str) -> list[tuple[str, str]]:
    """Return the names of the calls that lead to a module, each with its key."""
    steps = _CALL.findall(module)
    return steps if ".".join(map("".join, steps)) == module else [(module, "")]


def _group(names: Steps, modules: list[str], all_names: Iterable[Steps]) -> Group:
    above = [other for other in all_names if other and other != names and names[: len(other)] == other]
    start = max(map(len, above), default=0)
    count = f" ({len(modules)} modules)" if len(modules) > 1 else ""
    title = ".".join(names)
    return Group(
        f"{title or 'the root module'}{count}",
        f"{'.'.join(names[start:]) or 'the root module'}{count}",
        len(above),
        frozenset(modules),
    )

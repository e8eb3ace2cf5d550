"""How a long report orders changes: by type, by module, and with identical changes as one entry."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# An overview of modules has at most so many lines.
MOST_MODULES = 12
# From here on, identical changes are one entry.
FEWEST_ALIKE = 3
# A call of a module in an address, with the key of its instance.
_CALL = re.compile(r'(module\.[^.\[]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?')

Steps = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Modules that a report shows as one; `depth` is the number of groups that it is in."""

    title: str
    name: str
    depth: int
    modules: frozenset[str]


def resource_type(address: str, module: str) -> str:
    """The type in the address of a resource in a module."""
    return address.removeprefix(f"{module}.").partition(".")[0]


def groups(sizes: Mapping[str, int]) -> tuple[Group, ...]:
    """The modules with changes, as few groups as an overview takes, in the order of their addresses.

    `sizes` has the number of changes of each module. Deep modules are shown with the one that calls them, then the
    instances of a module together, and at last the modules with the fewest changes.
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
    """The names of the calls that lead to a module, each with its key."""
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

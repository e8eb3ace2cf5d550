"""Arrange the entries of a report for its writers, under titles and headings."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from product_import.plan_diff.compare.diff import Action, Argument
from product_import.plan_diff.compare.values import printable
from product_import.plan_diff.write.report import Entry, Environments, Found, Report, Section
from product_import.words import counted

# A title names up to so many paths.
MOST_PATHS = 3


def alike_title(entry: Entry, written: Callable[[tuple[str, ...]], str]) -> str:
    """Return the title of identical changes, as `100 resources: only tags.Owner`; `written` formats paths."""
    number = counted(entry.number, "resource")
    if entry.change.action is not Action.UPDATE:
        return f"{number} with the same arguments"
    paths = tuple(dict.fromkeys(row.path for row in entry.rows))
    more = max(len(paths) - MOST_PATHS, 0) + entry.left_out
    rest = f" and {counted(more, 'more argument')}" if more else ""
    return f"{number}: only {written(paths[:MOST_PATHS])}{rest}" if paths else number


def heading(content: Report, environments: Environments, written: Callable[[Environments], str]) -> str:
    """Return the heading of a section; `written` formats the names of environments."""
    if len(environments) == len(content.environments) > 1:
        return f"In all {len(environments)} environments"
    return f"Only in {written(environments)}"


@dataclass(frozen=True)
class TypeGroup:
    """Entries of one type and action; `notes` and `forcing` are what several entries share."""

    type: str
    notes: tuple[tuple[str, str], ...]
    forcing: tuple[Argument, ...]
    entries: tuple[Entry, ...]


def by_type(entries: Iterable[Entry]) -> list[TypeGroup]:
    """Return the entries grouped by type and action; the group with the most severe change comes first."""
    types: dict[tuple[str, Action], list[Entry]] = {}
    for entry in entries:
        name = _resource_type(entry.change.address, entry.change.module)
        types.setdefault((name, entry.change.action), []).append(entry)
    return [_type_group(name, found) for (name, _), found in types.items()]


def _type_group(name: str, entries: list[Entry]) -> TypeGroup:
    first, *others = entries
    if not others:
        return TypeGroup(name, (), (), (first,))
    notes = _in_all(first.change.notes, (other.change.notes for other in others))
    forcing = _in_all(first.forcing, (other.forcing for other in others))
    if not notes:
        return TypeGroup(name, (), forcing, tuple(entries))
    told = frozenset(notes)
    without = (tuple(note for note in entry.change.notes if note not in told) for entry in entries)
    changes = (replace(entry.change, notes=rest) for entry, rest in zip(entries, without, strict=True))
    rest = (replace(entry, change=change) for entry, change in zip(entries, changes, strict=True))
    return TypeGroup(name, notes, forcing, tuple(rest))


def _in_all(first: Iterable[Found], others: Iterable[Iterable[Found]]) -> tuple[Found, ...]:
    """Return the items that all sequences share, in the order of the first one."""
    shared = set(first).intersection(*others)
    return tuple(item for item in first if item in shared)


def by_group(section: Section) -> list[tuple[str, list[Entry]]]:
    """Return the remaining entries of a section of a long report by group of modules, each with a title."""
    entries = [entry for entry in section.resources if not entry.change.destructive and not entry.alike]
    if not section.modules:
        return [("", entries)] if entries else []
    of_groups = (
        (line.group.title, [entry for entry in entries if entry.change.module in line.group.modules])
        for line in section.modules
    )
    return [(title, found) for title, found in of_groups if found]


def by_module(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return the entries by module, with the address if there are several; the most severe module comes first."""
    modules: dict[str, list[Entry]] = {}
    for entry in entries:
        modules.setdefault(entry.change.module, []).append(entry)
    if len(modules) == 1:
        return [("", found) for found in modules.values()]
    return [(module or "the root module", found) for module, found in modules.items()]


def module_lines(section: Section) -> Iterator[str]:
    """Yield the overview of the modules of a section, a line each."""
    names = [f"{'  ' * line.group.depth}{printable(line.group.name)}" for line in section.modules]
    width = max(map(len, names))
    for name, line in zip(names, section.modules, strict=True):
        yield f"    {name:{width}}  {line.summary}"


def remedies(content: Report) -> dict[str, list[str]]:
    """Return each advice on the dangers of a report once, with its configurations."""
    found: dict[str, dict[str, None]] = {}
    for danger, _ in content.dangers:
        if danger.remedy:
            configurations = found.setdefault(danger.remedy.advice, {})
            if danger.remedy.configuration:
                configurations[danger.remedy.configuration] = None
    return {advice: list(configurations) for advice, configurations in found.items()}


def _resource_type(address: str, module: str) -> str:
    """Return the type in the address of a resource in a module."""
    return address.removeprefix(f"{module}.").partition(".")[0]

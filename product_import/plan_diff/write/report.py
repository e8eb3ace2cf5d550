"""Build the report on several plan diffs, with each distinct change once."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from product_import.plan_diff.compare.costs import NO_MODULE, CostChange
from product_import.plan_diff.compare.danger import Danger, Severity
from product_import.plan_diff.compare.diff import Action, Argument, Change, Check, Kind, PlanDiff
from product_import.plan_diff.compare.refusals import Refusal
from product_import.plan_diff.compare.values import Missing
from product_import.plan_diff.write.groups import Group, groups
from product_import.words import counted

FAILED = (
    "Terraform failed while making this plan. It cannot be applied, and the report shows only what was planned before "
    "the error. Fix the error that `terraform plan` printed, then plan again."
)
UNLISTED = "No planned change refers to these changes. If the plan reverts one, it is listed as a change."
# A report with up to so many rows is short: nothing in it is folded or grouped.
MOST_ROWS_OF_A_SHORT_REPORT = 30
# From this number on, identical changes are one entry.
FEWEST_ALIKE = 3
VARIOUS = "(various)"
_UNKNOWN = Missing.UNKNOWN.value
Environments = tuple[str, ...]
Found = TypeVar("Found", bound=Hashable)


@dataclass(frozen=True)
class Entry:
    """A change that all environments of a section have; its arguments may differ between them.

    `alike` has the same change of other resources. `left_out` and `left_out_alike` count the rows and the changes that
    a cut removed.
    """

    change: Change
    rows: tuple[Argument, ...]
    left_out: int = 0
    identity: tuple[Argument, ...] = ()
    alike: tuple[Change, ...] = ()
    left_out_alike: int = 0

    @property
    def changes(self) -> tuple[Change, ...]:
        """The change, and the same change of other resources."""
        return (self.change, *self.alike)

    @property
    def number(self) -> int:
        """The number of changes, including those that a cut removed."""
        return len(self.changes) + self.left_out_alike

    @property
    def forcing(self) -> tuple[Argument, ...]:
        """The rows that force a replacement."""
        return tuple(row for row in self.rows if row.forces_replacement)


@dataclass(frozen=True)
class ModuleLine:
    """A group of modules, and a summary of the changes in them."""

    group: Group
    summary: str


@dataclass(frozen=True)
class Section:
    """The changes that exactly the named environments share.

    `summary` has the form `1 to replace, 2 to update`. `modules` is the overview of a long report.
    """

    environments: Environments
    resources: tuple[Entry, ...]
    outputs: tuple[Entry, ...]
    invocations: tuple[Entry, ...]
    deferred: tuple[Entry, ...]
    drift: tuple[Entry, ...]
    checks: tuple[Check, ...]
    summary: str
    modules: tuple[ModuleLine, ...] = ()

    @cached_property
    def actions(self) -> Counter[Action]:
        """The number of resources per action, cached: several cuts are tried until one fits."""
        return Counter(change.action for entry in self.resources for change in entry.changes)

    def of(self, kind: Kind) -> tuple[Entry, ...]:
        """The entries of a kind."""
        entries: tuple[Entry, ...] = getattr(self, kind.value)
        return entries


@dataclass(frozen=True)
class Overview:
    """The changes of environments in one line, in the form `1 to replace, 2 to update`."""

    environments: Environments
    summary: str
    complete: bool


@dataclass(frozen=True)
class CostRow:
    """The cost of an item or of all per month in US dollars, or why it is not known; `where` names the environment."""

    where: str
    item: str
    before: str = ""
    after: str = ""
    difference: str = ""
    not_known: str = ""


@dataclass(frozen=True)
class Report:
    """The content of a report; dangers, warnings and failures come with the environments that have them.

    Attributes:
        failures: the failed checks of each plan that Terraform could not finish.
        danger_count: the number of all dangers, also in a cut report.
        unlisted_drift: numbers of resources.
        left_out: the summary of the rows that a cut removed.
        long: whether destructive changes come first, identical changes are one entry, and modules have an overview.
    """

    failures: tuple[tuple[tuple[Check, ...], Environments], ...]
    dangers: tuple[tuple[Danger, Environments], ...]
    danger_count: int
    warnings: tuple[tuple[Refusal, Environments], ...]
    overviews: tuple[Overview, ...]
    sections: tuple[Section, ...]
    unlisted_drift: tuple[tuple[int, Environments], ...]
    costs: tuple[CostRow, ...] = ()
    left_out: str = ""
    long: bool = False

    @property
    def environments(self) -> Environments:
        """All environments, in the order of the overviews."""
        return tuple(name for overview in self.overviews for name in overview.environments)

    @property
    def single(self) -> Overview | None:
        """The only overview if all environments have the same changes; it is the summary of the only section too."""
        same = all(section.environments == self.environments for section in self.sections)
        return self.overviews[0] if len(self.overviews) == 1 and same else None

    @cached_property
    def counts(self) -> Mapping[int, int]:
        """The number of rows of each kind that a cut distinguishes, cached: several cuts are tried until one fits."""
        return _counts(self)

    @property
    def rows(self) -> int:
        """The number of rows: each danger, warning, change, check and argument counts as one."""
        return sum(self.counts.values())


def all_dangers(diffs: Mapping[str, PlanDiff]) -> tuple[tuple[Danger, Environments], ...]:
    """Return each destructive change once, with the environments that it is in, the worst first."""
    found = _environments({name: diff.dangers for name, diff in diffs.items()})
    return tuple(sorted(found.items(), key=lambda item: item[0].severity))


def report(diffs: Mapping[str, PlanDiff]) -> Report:
    """The report on the plan diffs of the named environments."""
    dangers = all_dangers(diffs)
    overviews = _environments(
        {name: [(_overview(diff), diff.complete or diff.errored)] for name, diff in diffs.items()}
    )
    unlisted = _environments({name: [diff.unlisted_drift] for name, diff in diffs.items() if diff.unlisted_drift})
    failures = _environments({name: [diff.checks] for name, diff in diffs.items() if diff.errored})
    whole = Report(
        tuple(failures.items()),
        dangers,
        len(dangers),
        tuple(_environments({name: diff.warnings for name, diff in diffs.items()}).items()),
        tuple(Overview(names, *said) for said, names in overviews.items()),
        _sections(diffs),
        tuple(unlisted.items()),
        tuple(row for name, diff in diffs.items() if diff.costs is not None for row in _cost_rows(name, diff.costs)),
    )
    entries = sum(len(section.of(kind)) for section in whole.sections for kind in Kind)
    if entries <= MOST_ROWS_OF_A_SHORT_REPORT and whole.rows <= MOST_ROWS_OF_A_SHORT_REPORT:
        return whole
    return replace(whole, sections=tuple(map(_ordered, whole.sections)), long=True)


def _environments(found: Mapping[str, Iterable[Found]]) -> dict[Found, Environments]:
    """Return each distinct item with the environments that have it."""
    names: dict[Found, Environments] = {}
    for name, of_environment in found.items():
        for item in of_environment:
            names[item] = (*names.get(item, ()), name)
    return names


def _cost_rows(environment: str, costs: tuple[CostChange, ...]) -> Iterator[CostRow]:
    if not costs:
        yield CostRow(environment, "total", "not known", not_known=NO_MODULE)
    for module in costs:
        where = environment if len(costs) == 1 else f"{environment} {module.module or 'the root module'}"
        for item in module.items:
            if item.known and item.before != item.after:
                yield CostRow(where, item.item, *_dollars(*item.known))
        for reason, items in module.not_known.items():
            which = "all" if module.total is None and len(module.not_known) == 1 else ", ".join(items)
            yield CostRow(where, which, "not known", not_known=reason)
        if module.total is not None:
            total = "total of what is known" if module.not_known else "total"
            yield CostRow(where, total, *_dollars(*module.total))


def _dollars(before: Decimal, after: Decimal) -> tuple[str, str, str]:
    return f"{before:,}", f"{after:,}", f"{after - before:+,}" if before != after else "0.00"


def summary(changes: Iterable[Change], outputs: int = 0, invocations: int = 0) -> str:
    """Return the number of changes per action; a change that also moves or imports its object counts twice."""
    counts = Counter(action for change in changes for action in (change.action, *change.also))
    parts = [f"{counts[action]:,} {_to(action)}" for action in Action if counts[action]]
    if invocations:
        parts.append(f"{invocations:,} to invoke")
    if outputs:
        parts.append(counted(outputs, "output"))
    return ", ".join(parts)


def _to(action: Action) -> str:
    return "with an unknown action" if action is Action.UNKNOWN else f"to {action.value}"


def _overview(diff: PlanDiff) -> str:
    if said := summary(diff.resources, len(diff.outputs), len(diff.invocations)):
        return said
    if diff.errored:
        return "no changes before the error"
    return "no changes except to the state" if diff.applyable else "no changes"


def _sections(diffs: Mapping[str, PlanDiff]) -> tuple[Section, ...]:
    kinds = {kind: _grouped({name: diff.of(kind) for name, diff in diffs.items()}) for kind in Kind}
    checks = _environments({name: diff.checks for name, diff in diffs.items() if not diff.errored})
    shared = dict.fromkeys(names for entries in kinds.values() for names, _ in entries) | dict.fromkeys(checks.values())
    return tuple(
        _section(
            environments,
            {
                kind: tuple(entry for names, entry in entries if names == environments)
                for kind, entries in kinds.items()
            },
            tuple(check for check, names in checks.items() if names == environments),
        )
        for environments in sorted(shared, key=len, reverse=True)
    )


def _section(
    environments: Environments, entries: Mapping[Kind, tuple[Entry, ...]], checks: tuple[Check, ...]
) -> Section:
    changes = (entry.change for entry in entries[Kind.RESOURCES])
    said = summary(changes, len(entries[Kind.OUTPUTS]), len(entries[Kind.INVOCATIONS]))
    of_kinds: dict[str, Any] = {kind.value: found for kind, found in entries.items()}
    return Section(environments, **of_kinds, checks=checks, summary=said)


def _ordered(section: Section) -> Section:
    """Return the section in the order of a long report."""
    destructive, alike, single = [], [], []
    modules: dict[str, list[Change]] = {}
    equal: dict[object, list[Entry]] = {}
    for entry in section.resources:
        modules.setdefault(entry.change.module, []).append(entry.change)
        if entry.change.destructive:
            going = entry.change.action in (Action.DESTROY, Action.FORGET)
            destructive.append(replace(entry, rows=()) if going else entry)  # its arguments are its identity
        else:
            change = entry.change
            rows = tuple(map(_without_computed, entry.rows))
            same = (change.action, change.also, change.notes, change.dangerous, rows)
            equal.setdefault(same, []).append(entry)
    for entries in equal.values():
        if len(entries) >= FEWEST_ALIKE:
            alike.append(_as_one(entries))
        else:
            single += entries
    lines = (
        tuple(
            ModuleLine(group, summary(change for module in sorted(group.modules) for change in modules[module]))
            for group in groups({module: len(changes) for module, changes in modules.items()})
        )
        if len(modules) > 1
        else ()
    )
    return replace(section, resources=(*destructive, *alike, *single), modules=lines)


def _without_computed(row: Argument) -> Argument:
    """Return the row without its old value if the new one is known after apply: old versions and ids always differ."""
    return row._replace(old=VARIOUS) if row.old and row.new == _UNKNOWN else row


def _as_one(entries: list[Entry]) -> Entry:
    """Return entries with the same change as one entry, with the old values that all of them share."""
    first, *others = entries
    rows = tuple(
        row if all(other.rows[index] == row for other in others) else _without_computed(row)
        for index, row in enumerate(first.rows)
    )
    return replace(first, rows=rows, alike=tuple(other.change for other in others))


# A change of several environments is one entry if these members are equal.
_SHARED = tuple(field.name for field in fields(Change) if field.name not in ("arguments", "identity"))


def _grouped(changes: Mapping[str, Iterable[Change]]) -> list[tuple[Environments, Entry]]:
    """Return each distinct change with its environments, and the arguments with theirs."""
    found: dict[object, dict[str, Change]] = {}
    if len(changes) == 1:  # nothing to merge
        return _by_urgency(
            ((name,), Entry(change, change.arguments, identity=change.identity))
            for name, of_environment in changes.items()
            for change in of_environment
        )
    for name, of_environment in changes.items():
        seen: Counter[object] = Counter()
        for change in of_environment:
            alike = tuple(getattr(change, name) for name in _SHARED)
            seen[alike] += 1  # a deposed object has the same address as the current one
            found.setdefault((alike, seen[alike]), {})[name] = change
    return _by_urgency((tuple(by_name), _entry(by_name)) for by_name in found.values())


def _by_urgency(entries: Iterable[tuple[Environments, Entry]]) -> list[tuple[Environments, Entry]]:
    return sorted(entries, key=lambda item: item[1].change.urgency)


def _entry(changes: Mapping[str, Change]) -> Entry:
    first = next(iter(changes.values()))
    rows = _merged({name: change.arguments for name, change in changes.items()})
    return Entry(first, rows, identity=_merged({name: change.identity for name, change in changes.items()}))


def _merged(arguments: Mapping[str, tuple[Argument, ...]]) -> tuple[Argument, ...]:
    """Return the arguments of all environments as rows."""
    first = next(iter(arguments.values()))
    if all(of_environment == first for of_environment in arguments.values()):
        return first
    rows: dict[str, dict[Argument, Environments]] = {}
    for name, of_environment in arguments.items():
        for argument in of_environment:
            same_path = rows.setdefault(argument.path, {})
            same_path[argument] = (*same_path.get(argument, ()), name)
    everywhere = tuple(arguments)
    return tuple(
        argument if names == everywhere else argument._replace(environments=names)
        for same_path in rows.values()
        for argument, names in same_path.items()
    )


# The kinds of rows in the order of their importance. A cut removes the last kinds first: dangers; destructive changes,
# the arguments that force them, warnings and failed checks; moves; other changes; other arguments of destructive
# changes; arguments of other changes.
_DANGER, _DESTRUCTIVE, _MOVE, _ADDRESS, _DESTRUCTIVE_ARGUMENT, _ARGUMENT = range(6)


def cut(content: Report, rows: int, whole: Report | None = None) -> Report:
    """Return the report with its most important `rows` rows, in the same order.

    `whole` is the report that `content` was cut from, if it was.
    """
    left = {}
    for kind, count in sorted(content.counts.items()):
        left[kind] = min(count, rows)
        rows -= left[kind]
    failures = tuple(
        (tuple(check for check in checks if _take(left, _DANGER)), names) for checks, names in content.failures
    )
    dangers = tuple(danger for danger in content.dangers if _take(left, _danger_kind(danger[0])))
    warnings = tuple(warning for warning in content.warnings if _take(left, _DESTRUCTIVE))
    sections = tuple(_cut_section(section, left) for section in content.sections)
    rest = replace(content, failures=failures, dangers=dangers, warnings=warnings, sections=sections)
    return replace(rest, left_out=_left_out(whole or content, rest))


def _cut_section(section: Section, left: dict[int, int]) -> Section:
    kept: dict[str, Any] = {}
    for kind in Kind:
        entries = []
        for entry in section.of(kind):
            if _take(left, _DESTRUCTIVE if entry.change.destructive else _ADDRESS):
                told = _rows(kind, entry)
                forcing, others = _kind(entry, forces=True), _kind(entry, forces=False)
                rows = tuple(row for row in told if _take(left, forcing if row.forces_replacement else others))
                alike = tuple(change for change in entry.alike if _take(left, _ADDRESS))
                rows = rows if told else entry.rows
                left_out = entry.left_out + len(entry.rows) - len(rows)
                left_out_alike = entry.left_out_alike + len(entry.alike) - len(alike)
                entries.append(replace(entry, rows=rows, left_out=left_out, alike=alike, left_out_alike=left_out_alike))
        kept[kind.value] = tuple(entries)
    checks = tuple(check for check in section.checks if _take(left, _DESTRUCTIVE))
    return replace(section, **kept, checks=checks)


def _take(left: dict[int, int], kind: int) -> bool:
    left[kind] = left.get(kind, 0) - 1
    return left[kind] >= 0


def _danger_kind(danger: Danger) -> int:
    return _MOVE if danger.severity is Severity.MOVED else _DANGER


def _kind(entry: Entry, *, forces: bool) -> int:
    if entry.alike:
        return _ADDRESS
    if not entry.change.destructive:
        return _ARGUMENT
    return _DESTRUCTIVE if forces else _DESTRUCTIVE_ARGUMENT


def _rows(kind: Kind, entry: Entry) -> tuple[Argument, ...]:
    """Return the rows of an entry that count as rows of the report; drift names its paths on one line."""
    return () if kind in (Kind.DRIFT, Kind.DEFERRED) else entry.rows


def _counts(whole: Report) -> Counter[int]:
    counts = Counter(_danger_kind(danger) for danger, _ in whole.dangers)
    counts[_DANGER] += sum(len(checks) for checks, _ in whole.failures)
    counts[_DESTRUCTIVE] += len(whole.warnings)
    for section in whole.sections:
        counts[_DESTRUCTIVE] += len(section.checks)
        for kind in Kind:
            for entry in section.of(kind):
                destructive = entry.change.destructive
                counts[_DESTRUCTIVE if destructive else _ADDRESS] += 1
                counts[_ADDRESS] += len(entry.alike)
                rows = _rows(kind, entry)
                forcing = sum(row.forces_replacement for row in rows) if destructive else 0
                counts[_kind(entry, forces=True)] += forcing
                counts[_kind(entry, forces=False)] += len(rows) - forcing
    return counts


def _left_out(whole: Report, kept: Report) -> str:
    gone = Counter(dangers=len(whole.dangers) - len(kept.dangers), warnings=len(whole.warnings) - len(kept.warnings))
    for (checks, _), (rest_of_checks, _) in zip(whole.failures, kept.failures, strict=True):
        gone["failed checks"] += len(checks) - len(rest_of_checks)
    for section, rest in zip(whole.sections, kept.sections, strict=True):
        actions = section.actions - Counter(change.action for entry in rest.resources for change in entry.changes)
        gone.update({_to(action): actions[action] for action in Action})
        gone["to invoke"] += len(section.invocations) - len(rest.invocations)
        gone["outputs"] += len(section.outputs) - len(rest.outputs)
        gone["deferred"] += len(section.deferred) - len(rest.deferred)
        gone["changed outside of Terraform"] += len(section.drift) - len(rest.drift)
        gone["failed checks"] += len(section.checks) - len(rest.checks)
        shown = (entry for entries in (rest.resources, rest.outputs, rest.invocations) for entry in entries)
        gone["arguments of what is shown"] += sum(entry.left_out for entry in shown)
    return ", ".join(f"{count:,} {what}" for what, count in gone.items() if count)

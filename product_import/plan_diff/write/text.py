"""Write reports on plan diffs as plain text for a terminal."""

from collections.abc import Iterable, Iterator, Mapping

from product_import.plan_diff.compare.costs import NOTE
from product_import.plan_diff.compare.danger import Danger
from product_import.plan_diff.compare.diff import Action, Argument, Check, PlanDiff
from product_import.plan_diff.compare.refusals import Refusal
from product_import.plan_diff.compare.values import Missing, printable
from product_import.plan_diff.write.hiding import hiding
from product_import.plan_diff.write.layout import (
    alike_title,
    by_group,
    by_module,
    by_type,
    heading,
    module_lines,
    remedies,
)
from product_import.plan_diff.write.report import (
    FAILED,
    UNLISTED,
    CostRow,
    Entry,
    Report,
    Section,
    all_dangers,
    report,
    summary,
)
from product_import.tables import text_table
from product_import.words import counted

WIDTH_IN_CHARACTERS = 100
_INDENT = " " * 8
_UNKNOWN = Missing.UNKNOWN.value
SYMBOLS = {
    Action.REPLACE: "-/+",
    Action.DESTROY: "  -",
    Action.FORGET: "  .",
    Action.UNKNOWN: "  ?",
    Action.CREATE: "  +",
    Action.UPDATE: "  ~",
    Action.MOVE: "  >",
    Action.IMPORT: " <=",
    Action.INVOKE: "  !",
}


def text(diffs: Mapping[str, PlanDiff]) -> str:
    """Return the whole report on the plan diffs of the named environments."""
    hide = hiding(diffs)
    return "\n".join("\n".join(map(hide, block)) + "\n" for block in _blocks(report(diffs)))


def danger_lines(diffs: Mapping[str, PlanDiff]) -> list[str]:
    """Return a line for each destructive change, as the report has it."""
    hide, several = hiding(diffs), len(diffs) > 1
    return [hide(_danger(danger, names if several else ())) for danger, names in all_dangers(diffs)]


def _blocks(content: Report) -> Iterator[list[str]]:
    """Yield the blocks of the report; a blank line separates them."""
    several = len(content.environments) > 1
    for checks, names in content.failures:
        where = f" [{_names(names)}]" if several else ""
        yield [f"!!! ERROR: {FAILED}{where}", *map(_check, checks)]
    if content.dangers:
        yield [
            f"!!! DANGER: {counted(len(content.dangers), 'change')}",
            *(_danger(danger, names if several else ()) for danger, names in content.dangers),
        ]
    for warning, names in content.warnings:
        yield _warning(warning, names if several else ())
    for advice, configurations in remedies(content).items():
        lines = [line for configuration in configurations for line in configuration.splitlines()]
        yield [f"{advice}{':' if lines else '.'}", *(f"    {line}" for line in lines)]
    for overview in content.overviews:
        lines = [f"{_names(overview.environments)}: {overview.summary}"]
        if not overview.complete:
            lines.append("This plan is not complete: Terraform defers changes to a later plan.")
        yield lines
    if content.costs:
        yield _costs(content.costs)
    for section in content.sections:
        if not content.single:
            yield [f"{heading(content, section.environments, _names)}{section.summary and f': {section.summary}'}"]
        yield from _section(section, long=content.long)
    for number, names in content.unlisted_drift:
        where = f" [{_names(names)}]" if several else ""
        yield [f"Changed outside of Terraform, not listed: {counted(number, 'resource')}{where}.", UNLISTED]


def _costs(rows: tuple[CostRow, ...]) -> list[str]:
    table = text_table(
        ("environment", "USD a month", "before", "after", "difference"),
        [(printable(row.where), row.item, row.before, row.after, row.difference) for row in rows],
        right=(2, 3, 4),
    )
    reasons = [f"{printable(row.where)}, {row.item}: {printable(row.not_known)}" for row in rows if row.not_known]
    return [*table.splitlines(), *reasons, NOTE]


def _section(section: Section, *, long: bool) -> Iterator[list[str]]:
    for check in section.checks:
        yield [_check(check)]
    if long:
        yield from _long(section)
    else:
        for title, entries in by_module(section.resources):
            yield [*([f"In {printable(title)}"] if title else []), *_changes(entries)]
    if section.outputs:
        yield ["Outputs", *_changes(section.outputs)]
    if section.invocations:
        yield ["Actions", *_changes(section.invocations)]
    if section.deferred:
        yield ["Deferred to a later plan", *_changes(section.deferred)]
    if section.drift:
        yield ["Changed outside of Terraform since its last run", *map(_drift, section.drift)]


def _long(section: Section) -> Iterator[list[str]]:
    """Yield the blocks of the resources of a long report."""
    destructive = [entry for entry in section.resources if entry.change.destructive]
    for group in by_type(destructive):
        said = summary(entry.change for entry in group.entries)
        notes = [f"    # {_note(note)}" for note in group.notes]
        yield [f"{printable(group.type)}: {said}", *notes, *_changes(group.entries, identified=True)]
    if section.modules:
        yield ["Modules", *module_lines(section)]
    for entry in section.resources:
        if entry.alike:
            yield [*_changes([entry]), *_wrapped((change.address for change in entry.changes), _INDENT)]
    for title, entries in by_group(section):
        yield [*([f"In {printable(title)}"] if title else []), *_changes(entries)]


def _wrapped(texts: Iterable[str], indent: str) -> Iterator[str]:
    """Yield the texts on lines of the width of a report, without breaking a text."""
    line = ""
    for text in map(printable, texts):
        if line and len(indent) + len(line) + len(text) + 3 > WIDTH_IN_CHARACTERS:
            yield f"{indent}{line},"
            line = text
        else:
            line = f"{line}, {text}" if line else text
    yield f"{indent}{line}"


def _check(check: Check) -> str:
    failed = "failed" if check.status == "fail" else "could not be checked"
    messages = "; ".join(map(printable, check.messages))
    return f"Check {printable(check.address)} {failed}{messages and f': {messages}'}"


def _danger(danger: Danger, environments: tuple[str, ...]) -> str:
    forced = f" (forced by {', '.join(map(printable, danger.forced_by))})" if danger.forced_by else ""
    where = f" [{_names(environments)}]" if environments else ""
    addresses = " -> ".join(map(printable, danger.addresses))
    return f"!!! {addresses} {danger.event}{forced}{danger.consequence and f': {danger.consequence}'}{where}"


def _warning(warning: Refusal, environments: tuple[str, ...]) -> list[str]:
    where = f" [{_names(environments)}]" if environments else ""
    return [
        f"! WARNING: {printable(warning.address)} {warning.event}.{where}",
        f"{warning.advice}{':' if warning.command else '.'}",
        *([f"    {warning.command}"] if warning.command else []),
    ]


def _changes(entries: Iterable[Entry], *, identified: bool = False) -> list[str]:
    lines = []
    for entry in entries:
        change = entry.change
        what = f"{change.action.value} {alike_title(entry, _names) if entry.alike else printable(change.address)}"
        lines.append(f"{SYMBOLS[change.action]} {what}{'  (DANGER)' if change.dangerous else ''}")
        if identified and entry.identity:
            lines.append(f"{_INDENT}# {', '.join(map(_identity, entry.identity))}")
        lines += [f"{_INDENT}# {_note(note)}" for note in change.notes]
        updated = change.action is Action.UPDATE
        lines += [line for row in entry.rows for line in _lines(row, updated=updated)]
    return lines


def _identity(row: Argument) -> str:
    where = f" [{_names(row.environments)}]" if row.environments else ""
    return f"{row.path}: {row.old}{where}"


def _note(note: tuple[str, str]) -> str:
    said, subject = note
    return f"{said}{subject and f' {printable(subject)}'}"


def _lines(row: Argument, *, updated: bool) -> tuple[str, ...]:
    """Return an argument on one line, or with its values on lines of their own if it is too long."""
    path, old, new, forces_replacement, environments = row
    after = "  # forces the replacement" if forces_replacement else ""
    if environments:
        after += f"  [{_names(environments)}]"
    path = printable(path)
    if not old:
        return (f"{_INDENT}{'~' if updated and new == _UNKNOWN else '+'} {path}: {new}{after}",)
    if not new:
        return (f"{_INDENT}- {path}: {old}{after}",)
    one = f"{_INDENT}~ {path}: {old} -> {new}{after}"
    if len(one) <= WIDTH_IN_CHARACTERS + len(_INDENT):
        return (one,)
    return (f"{_INDENT}~ {path}:{after}", f"{_INDENT}    - {old}", f"{_INDENT}    + {new}")


def _drift(entry: Entry) -> str:
    said = [_note(note) for note in entry.change.notes]
    said += [printable(row.path) for row in entry.rows]
    return f"    {printable(entry.change.address)}: {', '.join(said)}"


def _names(environments: Iterable[str]) -> str:
    return ", ".join(map(printable, environments))

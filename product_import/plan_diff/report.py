"""What the templates show of several plan diffs, whole or cut to a number of rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from product_import.plan_diff.changes import Action, Change, PlanDiff
from product_import.plan_diff.danger import Danger


@dataclass(frozen=True)
class Section:
    """One plan diff, with the names of all environments that it is the same for.

    `summary` counts the changes, as in `1 to replace, 2 to update`; a cut leaves it as it is.
    """

    environments: tuple[str, ...]
    summary: str
    resources: tuple[Change, ...]
    outputs: tuple[Change, ...]
    drift: tuple[Change, ...]
    complete: bool


@dataclass(frozen=True)
class Report:
    """Each danger stands with the environments that it threatens; `left_out` says what a cut took off, if any."""

    dangers: tuple[tuple[Danger, tuple[str, ...]], ...]
    sections: tuple[Section, ...]
    left_out: str = ""

    @property
    def rows(self) -> int:
        """A danger is a row, a change is one and another for each argument, a drifted resource is one."""
        changes = [change for section in self.sections for change in (*section.resources, *section.outputs)]
        drift = sum(len(section.drift) for section in self.sections)
        return len(self.dangers) + drift + sum(1 + len(change.arguments) for change in changes)


def report(diffs: Mapping[str, PlanDiff]) -> Report:
    """The report on the plan diffs of the named environments; equal ones share a section."""
    environments: list[tuple[PlanDiff, tuple[str, ...]]] = []
    dangers: dict[Danger, tuple[str, ...]] = {}
    for name, diff in diffs.items():
        for danger in diff.dangers:
            dangers[danger] = (*dangers.get(danger, ()), name)
        same = next((index for index, (other, _) in enumerate(environments) if other == diff), None)
        if same is None:
            environments.append((diff, (name,)))
        else:
            environments[same] = (diff, (*environments[same][1], name))
    sections = (
        Section(names, _summary(diff), diff.resources, diff.outputs, diff.drift, diff.complete)
        for diff, names in environments
    )
    return Report(tuple(dangers.items()), tuple(sections))


def cut(whole: Report, rows: int) -> Report:
    """The first `rows` rows of a report."""
    dangers = whole.dangers[:rows]
    left = rows - len(dangers)
    sections = []
    for section in whole.sections:
        resources, left = _first(section.resources, left)
        outputs, left = _first(section.outputs, left)
        drift = section.drift[:left]
        left -= len(drift)
        sections.append(replace(section, resources=resources, outputs=outputs, drift=drift))
    return Report(dangers, tuple(sections), _left_out(whole, Report(dangers, tuple(sections))))


def _first(changes: tuple[Change, ...], rows: int) -> tuple[tuple[Change, ...], int]:
    """The changes that fit in `rows` rows, the last one perhaps without some arguments, and the rows left over."""
    kept = []
    for change in changes:
        if rows < 1:
            break
        arguments = change.arguments[: rows - 1]
        more = len(change.arguments) - len(arguments)
        notes = ((f"{more:,} more arguments, cut off", ""),) if more else ()
        kept.append(replace(change, arguments=arguments, notes=change.notes + notes))
        rows -= 1 + len(arguments)
    return tuple(kept), rows


def _left_out(whole: Report, kept: Report) -> str:
    gone = Counter(dangers=len(whole.dangers) - len(kept.dangers))
    for section, rest in zip(whole.sections, kept.sections, strict=True):
        gone.update(f"to {change.action.value}" for change in section.resources[len(rest.resources) :])
        gone["outputs"] += len(section.outputs) - len(rest.outputs)
        gone["changed outside of Terraform"] += len(section.drift) - len(rest.drift)
    return ", ".join(f"{count:,} {what}" for what, count in gone.items() if count)


def _summary(diff: PlanDiff) -> str:
    counts = Counter(change.action for change in diff.resources)
    parts = [f"{counts[action]:,} to {action.value}" for action in Action if counts[action]]
    if diff.outputs:
        parts.append(f"{len(diff.outputs):,} output{'s' if len(diff.outputs) > 1 else ''}")
    return ", ".join(parts) or "no changes"

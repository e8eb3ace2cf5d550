"""Reports on plan diffs: Markdown for a comment on a pull request, plain text for a terminal."""

import re
from bisect import bisect_left
from collections.abc import Mapping

from product_import.plan_diff.changes import Argument, PlanDiff
from product_import.plan_diff.report import Report, cut, report
from product_import.plan_diff.values import printable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

# GitHub counts characters. Bytes are never fewer, so a limit in bytes is safe however a character is counted.
COMMENT_LIMIT_IN_BYTES = 65_536
# More rows than this cannot fit: none is shorter than `<tr><td><code></code></td><td></td><td></td></tr>`.
MOST_ROWS = COMMENT_LIMIT_IN_BYTES // 48
WIDTH_IN_CHARACTERS = 100
# Where long paths, ARNs and addresses may be broken, so that old and new values fit side by side.
_BREAKS = re.compile(r"(?<=\w)(?=\.[A-Za-z]|\[)|(?<=[/:])(?=\w)")


def text(diffs: Mapping[str, PlanDiff]) -> str:
    """The whole report on the plan diffs of the named environments, for a terminal."""
    return _render("report.txt.j2", report(diffs))


def markdown(diffs: Mapping[str, PlanDiff]) -> str:
    """The report for a comment on GitHub; what does not fit in one is cut off at the end, and counted."""
    whole = report(diffs)
    if whole.rows <= MOST_ROWS and _fits(content := _render("report.md.j2", whole)):
        return content
    rows = range(min(whole.rows, MOST_ROWS))
    too_many = bisect_left(rows, True, key=lambda count: not _fits(_render("report.md.j2", cut(whole, count))))
    return _render("report.md.j2", cut(whole, max(too_many - 1, 0)))


def _fits(content: str) -> bool:
    return len(content.encode()) <= COMMENT_LIMIT_IN_BYTES


def code(content: str) -> Markup:
    """The text as HTML code on one line, which may be broken between its parts."""
    return Markup("<code>%s</code>") % Markup("<wbr>").join(_BREAKS.split(printable(content)))


def lines(argument: Argument) -> list[str]:
    """An argument on one line of a terminal, or both its values below it where that is too narrow."""
    forces = "  # forces the replacement" if argument.forces_replacement else ""
    if not argument.old or not argument.new:
        return [f"{'-' if argument.old else '+'} {argument.path}: {argument.old or argument.new}{forces}"]
    one = f"~ {argument.path}: {argument.old} -> {argument.new}{forces}"
    if len(one) <= WIDTH_IN_CHARACTERS:
        return [one]
    return [f"~ {argument.path}:{forces}", f"    - {argument.old}", f"    + {argument.new}"]


def _render(template: str, content: Report) -> str:
    return _templates.get_template(template).render(report=content)


_templates = Environment(
    loader=PackageLoader(__package__ or ""),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=lambda name: name == "report.md.j2",
)
_templates.filters |= {"code": code, "lines": lines, "printable": printable}

"""Write reports on plan diffs as Markdown, for a comment on a pull request."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from product_import.plan_diff.compare.costs import NOTE
from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.compare.values import printable
from product_import.plan_diff.write.hiding import Hide, hiding
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
    Entry,
    Report,
    cut,
    report,
    summary,
)
from product_import.words import counted

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

# GitHub counts characters. Bytes are never fewer, so a limit in bytes is safe however a character is counted.
COMMENT_LIMIT_IN_BYTES = 65_536
# Rendering stops when the texts in it alone are longer than this. Up to here, sizes tell how much to cut.
LONGEST_IN_CHARACTERS = 2 * COMMENT_LIMIT_IN_BYTES
# More rows than this cannot fit. The shortest row is an address in a list of identical changes: `<code></code>, `.
MOST_ROWS = COMMENT_LIMIT_IN_BYTES // 15
# Where long paths, ARNs and addresses may be broken, so that old and new values fit side by side.
_BREAKS = re.compile(r"(?<=\w)(?=\.[A-Za-z]|\[)|(?<=[/:])(?=\w)")


class _TooLongError(Exception):
    pass


def markdown(diffs: Mapping[str, PlanDiff], origin: str = "") -> str:
    """Return the report for a comment. Rows that do not fit are removed and counted, dangerous changes last.

    `origin` is a line of Markdown that says what was planned, and where.
    """
    whole = report(diffs)
    render = partial(_render, origin=origin, hide=hiding(diffs))
    if whole.rows <= MOST_ROWS and _size(content := render(whole, LONGEST_IN_CHARACTERS)) <= COMMENT_LIMIT_IN_BYTES:
        return content
    rows = min(whole.rows, MOST_ROWS)
    most = cut(whole, rows)
    shortest = render(cut(most, 0, whole))
    return longest(lambda number: render(cut(most, number, whole), LONGEST_IN_CHARACTERS), shortest, rows)


def longest(render: Callable[[int], str], shortest: str, too_many: int) -> str:
    """Return the longest content that fits a comment; `render` takes a number of rows less than `too_many`.

    The number is bisected until the size for one that is too large is known. Then the sizes tell about where the right
    one is, so that few contents are rendered.
    """
    if _size(shortest) > COMMENT_LIMIT_IN_BYTES:
        return shortest
    fitting, found, size_of_too_many, attempt = 0, shortest, math.inf, 0
    while too_many - fitting > 1:
        attempt += 1
        # Sizes that are not proportional to the rows could lead to many small steps: bisect now and then.
        if size_of_too_many == math.inf or attempt % 3 == 0:
            number = (fitting + too_many) // 2
        else:
            share = (COMMENT_LIMIT_IN_BYTES - _size(found)) / (size_of_too_many - _size(found))
            number = min(max(fitting + int((too_many - fitting) * share), fitting + 1), too_many - 1)
        content = render(number)
        if _size(content) <= COMMENT_LIMIT_IN_BYTES:
            fitting, found = number, content
        else:
            too_many, size_of_too_many = number, _size(content)
    return found


def _size(content: str) -> float:
    """Return the size in bytes; a content that was too long to be rendered in full is empty."""
    return len(content.encode()) or math.inf


@pass_context
def _without_secrets(context: Context, value: Any) -> Any:
    """Hide secrets in a value that the template prints; a `Markup` is built from texts that passed here."""
    return context["hide"](value) if type(value) is str else value


@pass_context
def code(context: Context, content: str) -> Markup:
    """Return the text as HTML code on one line, with optional breaks between its parts."""
    shown = printable(_without_secrets(context, content))
    return Markup("<code>%s</code>") % Markup("<wbr>").join(_BREAKS.split(shown))


@pass_context
def codes(context: Context, contents: tuple[str, ...]) -> Markup:
    """Return each of the texts as code."""
    return Markup(", ").join(code(context, content) for content in contents)


def _destructive(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.change.destructive]


def _harmless(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if not entry.change.destructive]


def _compared(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.rows or entry.left_out]


def _summary(entries: Iterable[Entry]) -> str:
    return summary(change for entry in entries for change in entry.changes)


@pass_context
def _alike(context: Context, entry: Entry) -> Markup:
    return Markup(alike_title(entry, partial(codes, context)))


@pass_context
def _heading(context: Context, content: Report, environments: tuple[str, ...]) -> Markup:
    return Markup(heading(content, environments, partial(codes, context)))


def _render(content: Report, longest: float = math.inf, *, origin: str, hide: Hide) -> str:
    """Return the content as Markdown; nothing if its texts have more than `longest` characters."""
    characters = 0

    def shown(text: str) -> str:
        nonlocal characters
        text = hide(text)
        characters += len(text)
        if characters > longest:
            raise _TooLongError
        return text

    template = _templates.get_template("report.md.j2")
    try:
        return template.render(
            report=content, origin=origin, unfolded=not content.long, remedies=remedies(content), hide=shown
        )
    except _TooLongError:
        return ""


_templates = Environment(
    loader=PackageLoader(__package__ or ""),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=True,
    finalize=_without_secrets,
)
_templates.filters |= {
    "alike": _alike,
    "by_group": by_group,
    "by_module": by_module,
    "by_type": by_type,
    "code": code,
    "codes": codes,
    "compared": _compared,
    "destructive": _destructive,
    "harmless": _harmless,
    "module_lines": module_lines,
    "printable": printable,
    "resources": partial(counted, of="resource"),
    "summary": _summary,
}
_templates.globals |= {"heading": _heading, "failed": FAILED, "note_on_costs": NOTE, "unlisted": UNLISTED}

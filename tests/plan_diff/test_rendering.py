"""The report as Markdown and as text."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

from product_import.plan_diff.write import markdown as markdown_writer
from product_import.plan_diff.write.markdown import COMMENT_LIMIT_IN_BYTES, LONGEST_IN_CHARACTERS, longest, markdown
from product_import.plan_diff.write.text import text
from tests.plan_diff.documents import diff, resource, update

import pytest

HOSTILE = "a|b `c` <script>x</script> @octocat #1 https://example.com </td></table>\n\n# title\x1b[31m\r\u202e&amp; *b*"
HOSTILE_AS_SHOWN = (
    '"a|b `c` <script>x</script> @octocat #1 https://example.com </td></table>'
    '\\n\\n# title\\u001b[31m\\r\\u202e&amp; *b*"'
)


class Cells(HTMLParser):
    """The tags of a document, and the text of each of its `<code>` elements."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.code: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.append(tag)
        if tag == "code":
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] in ("code", "wbr"):
            self.code[-1] += data


def test_a_value_cannot_break_the_markdown() -> None:
    """A hostile value, address, path or environment comes out as text in code, and no tag or line is added."""
    address = f'module.m["{HOSTILE}"].aws_cloudwatch_metric_alarm.a'
    content = markdown({HOSTILE: diff(resource(address, ["update"], {"a": 1}, {"a": HOSTILE, HOSTILE: 2}))})
    harmless = markdown({"x": diff(resource("m.b", ["update"], {"a": 1}, {"a": "x", "b-": 2}))})
    cells = Cells(content)
    assert HOSTILE_AS_SHOWN in cells.code
    assert f"[{HOSTILE_AS_SHOWN}]" in cells.code
    assert f"module.m[{HOSTILE_AS_SHOWN}].aws_cloudwatch_metric_alarm.a" in cells.code
    assert HOSTILE_AS_SHOWN[1:-1] in cells.code
    assert [tag for tag in cells.tags if tag != "wbr"] == [tag for tag in Cells(harmless).tags if tag != "wbr"]
    assert content.count("\n") == harmless.count("\n")


def test_a_mention_stands_in_code() -> None:
    """Nobody is notified by a value: GitHub looks for mentions outside of code alone."""
    found = diff(resource('aws_ecs_service.a["@octocat"]', ["delete", "create"], {"a": 1}, {"a": "@octocat"}))
    content = markdown({"@octocat": found, "x": diff(update({}, {"@octocat": "@octocat"}))})
    outside = re.sub(r"<code>.*?</code>", "", content)
    assert "@" in content
    assert "@" not in outside


@pytest.mark.parametrize("number", [1, 30])
def test_a_mention_in_a_long_report_stands_in_code(number: int) -> None:
    """In the block in front, the overview and titles too, whatever is a module's address."""
    name = "@octocat"
    changes = [
        resource(f'{name}{index % 20}.aws_x["{name}"]', actions, {"id": name, name: 1}, {name: index, "a": name},
                 module_address=f"{name}{index % 20}", replace_paths=[[name]])
        for index in range(number) for actions in (["delete", "create"], ["update"], ["delete"])
    ]  # fmt: skip
    content = markdown({"e": diff(*changes)})
    assert "@" in content
    assert "@" not in re.sub(r"<code>.*?</code>|<pre>.*?</pre>", "", content, flags=re.DOTALL)


def test_a_table_has_no_blank_line() -> None:
    """A blank line would end the block of HTML, and GitHub would read what follows as Markdown."""
    found = diff(
        update({"a": 1}, {"a": 2}),
        resource("aws_ecs_service.a", ["delete", "create"], {"a": 1}, {"a": 2}, replace_paths=[["a"]]),
        resource("aws_iam_role.b", ["delete"], {}, action_reason="delete_because_no_module"),
    )
    content = markdown({"x": found})
    blocks = re.findall(r"<(?:table|details).*?</(?:table|details)>", content, re.DOTALL)
    assert len(blocks) == 2
    assert not [block for block in blocks if "\n\n" in block]
    assert content.count("<tr>") == content.count("</tr>") == 7


def test_text_holds_nothing_that_a_terminal_acts_on() -> None:
    """The text has no control character but the line break, whatever the values, addresses and names are."""
    found = diff(
        resource(f'm["{HOSTILE}"].b', ["update"], {"a": 1}, {"a": HOSTILE, HOSTILE: 1}, previous_address=HOSTILE)
    )
    content = text({HOSTILE: found})
    assert content.replace("\n", "").isprintable()
    assert HOSTILE_AS_SHOWN in content


def test_the_text_of_a_small_diff() -> None:
    """The text puts dangers first, then a section with the changes of each environment."""
    redis = resource(
        "aws_elasticache_replication_group.redis",
        ["delete", "create"],
        {"port": 6379, "id": "x"},
        {"port": 6380},
        after_unknown={"id": True},
        replace_paths=[["port"]],
    )
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:"
    alarm = update({"threshold": 1, "b": None, "image": f"{image}1"}, {"threshold": 2, "b": "x", "image": f"{image}2"})
    assert text({"development": diff(alarm), "production": diff(alarm, redis)}) == (
        """\
!!! DANGER: 1 change
!!! aws_elasticache_replication_group.redis is replaced (forced by port): \
Redis is lost with every job in the queue [production]

development: 1 to update

production: 1 to replace, 1 to update

In all 2 environments: 1 to update

  ~ update aws_cloudwatch_metric_alarm.queue_overload
        ~ b: null -> "x"
        ~ image:
            - "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1"
            + "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:2"
        ~ threshold: 1 -> 2

Only in production: 1 to replace

-/+ replace aws_elasticache_replication_group.redis  (DANGER)
        ~ port: 6379 -> 6380  # forces the replacement
        + id: (known after apply)
"""
    )


def test_dangers_come_first_in_the_markdown() -> None:
    """The Markdown starts with the marker of the comment and a warning with each danger and its environments."""
    group = resource("aws_cloudwatch_log_group.worker", ["delete"], {"name": "/w"})
    content = markdown({"a": diff(group), "b": diff(group), "c": diff()})
    assert content.startswith(
        """\
<!-- product-import plan diff -->
<h2>Plan diff</h2>

> [!CAUTION]
> **1 dangerous change**
>
> <ul>
> <li><code>aws_cloudwatch_log_group<wbr>.worker</code> is destroyed: all its log events are lost — \
<code>a</code>, <code>b</code></li>
> </ul>

<h3><code>a</code>, <code>b</code>: 1 to destroy</h3>

<h3><code>c</code>: no changes</h3>

<h3>Only in <code>a</code>, <code>b</code>: 1 to destroy</h3>
"""
    )


def test_a_change_is_shown_once_with_what_differs_apart() -> None:
    """Environments share a change, and an argument that differs between them is named with those that have it."""
    same, other = diff(update({"a": 1, "b": 1}, {"a": 2, "b": 2})), diff(update({"a": 1, "b": 1}, {"a": 3, "b": 2}))
    content = text({"a": same, "b": other, "c": same})
    assert content == (
        "a, b, c: 1 to update\n\n"
        "  ~ update aws_cloudwatch_metric_alarm.queue_overload\n"
        "        ~ a: 1 -> 2  [a, c]\n        ~ a: 1 -> 3  [b]\n        ~ b: 1 -> 2\n"
    )


def test_four_environments_with_one_change_have_one_section() -> None:
    """What the fourth has beside it stands apart."""
    one = update({"a": 1}, {"a": 2})
    names = ("defaults", "development", "staging")
    content = text(
        {**{name: diff(one) for name in names}, "production": diff(one, resource("a.b", ["create"], None, {}))}
    )
    assert content == (
        "defaults, development, staging: 1 to update\n\nproduction: 1 to create, 1 to update\n\n"
        "In all 4 environments: 1 to update\n\n"
        "  ~ update aws_cloudwatch_metric_alarm.queue_overload\n        ~ a: 1 -> 2\n\n"
        "Only in production: 1 to create\n\n  + create a.b\n"
    )


def test_says_that_nothing_changes() -> None:
    """A diff without changes says so in both formats."""
    assert text({"a": diff()}) == "a: no changes\n"
    assert "<h3><code>a</code>: no changes</h3>" in markdown({"a": diff()})


def test_says_that_a_plan_is_not_complete() -> None:
    """A plan from which Terraform left changes out says so in both formats."""
    note = "This plan is not complete: Terraform defers changes to a later plan."
    assert note in text({"a": diff(complete=False)})
    assert note in markdown({"a": diff(complete=False)})


@pytest.mark.parametrize("character", ["x", "ü", "😀"])
def test_a_long_report_fits_a_comment(character: str) -> None:
    """A report that is too long is cut to 65,536 characters, and bytes, nearly full, and counts what is not shown."""
    changes = [
        resource(f"aws_iam_role.r{index}", ["create"], None, {"name": f"r{index}", "path": character * 40})
        for index in range(2000)
    ]
    content = markdown({"a": diff(*changes)})
    assert 65_000 < len(content.encode()) <= 65_536
    shown = content.count("<b>create</b>")
    assert f"Cut to fit a comment. Not shown: {2000 - shown:,} to create, {2 * shown:,} arguments of what is" in content
    assert content.count("<table>") == content.count("</table>") == 1


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(lambda rows: 100 + 131 * rows, id="proportional"),
        pytest.param(lambda rows: 100 + rows**4, id="steep"),
        pytest.param(lambda rows: 100 + 65_000 * (rows > 3) + rows, id="one large row"),
        pytest.param(lambda rows: COMMENT_LIMIT_IN_BYTES + 1 + rows, id="nothing fits"),
    ],
)
def test_finds_the_longest_report_that_fits(size: Callable[[int], int]) -> None:
    """It has the most rows that fit, and few reports are rendered to find it. One far too long has no size."""
    rendered = []

    def render(rows: int) -> str:
        rendered.append(rows)
        return "x" * size(rows) if size(rows) <= LONGEST_IN_CHARACTERS else ""

    most = max((rows for rows in range(4_000) if size(rows) <= COMMENT_LIMIT_IN_BYTES), default=0)
    assert longest(render, "x" * size(0), 4_000) == "x" * size(most)
    assert len(rendered) <= 24


def test_a_report_that_is_far_too_long_is_not_rendered_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each resource is one row with 300 notes. All together have 1 MB, and several cuts are tried."""
    characters = 0

    def count(text: str) -> str:
        nonlocal characters
        characters += len(text)
        return text

    monkeypatch.setattr(markdown_writer, "hiding", lambda _: count)
    paths = [[f"argument_{number}"] for number in range(300)]
    found = diff(
        *(resource(f"aws_x.n{number}", ["delete", "create"], replace_paths=[[*path, number] for path in paths])
          for number in range(60))
    )  # fmt: skip
    assert len(markdown({"e": found}).encode()) <= COMMENT_LIMIT_IN_BYTES
    assert characters < 10 * LONGEST_IN_CHARACTERS


def test_a_cut_counts_everything_that_is_not_shown() -> None:
    """A cut keeps the summary whole, and counts what it leaves out by its kind."""
    long = {f"argument_{index}": "x" * 250 for index in range(400)}
    gone = [resource(f"aws_iam_role.r{index}", ["delete"], {"name": f"r{index}"}) for index in range(3)]
    many = [resource(f"aws_iam_role.n{index}", ["create"], None, {"name": f"n{index}"}) for index in range(1500)]
    content = markdown(
        {
            "a": diff(
                update({}, long, action_reason="x"),
                *gone,
                *many,
                output_changes={"o": {"actions": ["create"], "after": 1}},
                resource_drift=[resource("aws_iam_role.d", ["update"], {"a": 1}, {"a": 2})],
                relevant_attributes=[{"resource": "aws_iam_role.d", "attribute": ["a"]}],
            )
        }
    )
    assert "<h3><code>a</code>: 3 to destroy, 1,500 to create, 1 to update, 1 output</h3>" in content
    assert content.count("<b>destroy</b>") == 3
    shown = content.count("<b>create</b>")
    assert (
        f"Not shown: {1500 - shown:,} to create, 1 to update, 1 outputs, 1 changed outside of Terraform, "
        f"{shown:,} arguments of what is shown."
    ) in content


def test_arguments_are_cut_before_addresses() -> None:
    """A change with more arguments than fit leaves every address in place, and says how many it lost."""
    long = {f"argument_{index}": "x" * 250 for index in range(400)}
    content = markdown(
        {
            "a": diff(
                update({}, long), *(resource(f"a.b{index}", ["create"], None, {"c": index}) for index in range(300))
            )
        }
    )
    assert content.count("<b>create</b>") == 300
    assert re.search(r"<i>\d+ more arguments, cut off</i>", content)


@pytest.mark.parametrize("moves", [200, 340, 5000])
def test_what_is_dangerous_is_never_cut(moves: int) -> None:
    """However much moves, a destroyed database stands first in the box, with all that takes an object away."""
    moved = [
        resource(f"aws_iam_role.new{index}", ["no-op"], {}, {}, previous_address=f"aws_iam_role.old{index}")
        for index in range(moves)
    ]
    database = resource("aws_db_instance.orders", ["delete"], {"identifier": "orders"})
    unknown = resource("acme_thing.x", ["delete"], {"name": "x"})
    content = markdown({"a": diff(*moved, database, unknown)})
    first, *_ = re.findall(r"^> <li>.*", content, re.MULTILINE)
    assert first == (
        "> <li><code>aws_db_instance<wbr>.orders</code> is destroyed: "
        "its databases are lost, and its automated backups with them</li>"
    )
    assert "<b>destroy</b> <code>aws_db_instance<wbr>.orders</code>" in content
    assert "<b>destroy</b> <code>acme_thing<wbr>.x</code>" in content
    assert f"> **{moves + 1:,} dangerous changes**" in content
    assert len(content.encode()) <= 65_536


def test_what_is_harmless_is_folded_in_a_long_report() -> None:
    """What takes an object away stays in sight, and creates and updates fold; in a short report nothing does."""
    gone = resource("acme_thing.x", ["delete"], {"name": "x"})
    few = markdown({"a": diff(gone, update({"a": 1}, {"a": 2}))})
    many = markdown(
        {"a": diff(gone, *(resource(f"a.b{index}", ["create"], None, {"c": index}) for index in range(100)))}
    )
    assert "<details open><summary>1 to update</summary>" in few
    assert "<details><summary>100 to create</summary>" in many
    assert many.index("acme_thing") < many.index("<details>")


def test_each_module_has_a_heading_where_there_are_several() -> None:
    """Changes of a module stand together, the worst module first; a single one needs no heading."""
    in_a = resource("module.a.aws_iam_role.x", ["create"], None, {"name": "x"}, module_address="module.a")
    in_b = resource("module.b.aws_s3_bucket.x", ["delete"], {"bucket": "x"}, module_address="module.b")
    in_root = resource("aws_iam_role.x", ["create"], None, {"name": "y"})
    content = markdown({"e": diff(in_a, in_root, in_b)})
    assert re.findall("<h4>(.*)</h4>", content) == [
        "<code>module<wbr>.b</code>",
        "<code>module<wbr>.a</code>",
        "the root module",
    ]
    assert re.findall("^In (.*)$", text({"e": diff(in_a, in_root, in_b)}), re.MULTILINE) == [
        "module.b", "module.a", "the root module",
    ]  # fmt: skip
    assert "<h4>" not in markdown({"e": diff(in_a)})


def test_the_text_is_never_cut() -> None:
    """On a terminal the whole report is shown."""
    changes = [resource(f"aws_iam_role.r{index}", ["create"], None, {"name": f"r{index}"}) for index in range(5000)]
    assert text({"a": diff(*changes)}).count("+ create aws_iam_role.r") == 5000


def test_lists_drift_and_outputs() -> None:
    """Outputs have a table of their own, and what was changed outside of Terraform is named with its arguments."""
    found = diff(
        output_changes={"port": {"actions": ["update"], "before": 1, "after": 2}},
        resource_drift=[resource("aws_ecs_service.w", ["update"], {"desired_count": 2}, {"desired_count": 7})],
    )
    assert text({"a": found}) == (
        "a: 1 output\n\nOutputs\n  ~ update port\n        ~ value: 1 -> 2\n\n"
        "Changed outside of Terraform since its last run\n    aws_ecs_service.w: desired_count\n"
    )
    assert "<li><code>aws_ecs_service<wbr>.w</code>: <code>desired_count</code></li>" in markdown({"a": found})

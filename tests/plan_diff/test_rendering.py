"""The report as Markdown and as text."""

import re
from html.parser import HTMLParser

from product_import.plan_diff.rendering import markdown, text
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


def test_a_table_has_no_blank_line() -> None:
    """A blank line would end the block of HTML, and GitHub would read what follows as Markdown."""
    found = diff(
        update({"a": 1}, {"a": 2}),
        resource("aws_ecs_service.a", ["delete", "create"], {"a": 1}, {"a": 2}, replace_paths=[["a"]]),
        resource("aws_iam_role.b", ["delete"], {}, action_reason="delete_because_no_module"),
    )
    content = markdown({"x": found})
    (table,) = re.findall(r"<table>.*</table>", content, re.DOTALL)
    assert "\n\n" not in table
    assert content.count("<tr>") == content.count("</tr>") == 6


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

  ~ update aws_cloudwatch_metric_alarm.queue_overload
        ~ b: null -> "x"
        ~ image:
            - "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1"
            + "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:2"
        ~ threshold: 1 -> 2

production: 1 to replace, 1 to update

-/+ replace aws_elasticache_replication_group.redis  (DANGER)
        ~ port: 6379 -> 6380  # forces the replacement
        + id: (known after apply)
  ~ update aws_cloudwatch_metric_alarm.queue_overload
        ~ b: null -> "x"
        ~ image:
            - "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1"
            + "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:2"
        ~ threshold: 1 -> 2
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
"""
    )


def test_equal_environments_share_a_section() -> None:
    """Environments with the same diff are named in one heading, and one that differs has its own."""
    same, other = diff(update({"a": 1}, {"a": 2})), diff(update({"a": 1}, {"a": 3}))
    headings = re.findall(r"^(\S.*): 1 to update$", text({"a": same, "b": other, "c": same}), re.MULTILINE)
    assert headings == ["a, c", "b"]


def test_says_that_nothing_changes() -> None:
    """A diff without changes says so in both formats."""
    assert text({"a": diff()}) == "a: no changes\n"
    assert "<h3><code>a</code>: no changes</h3>" in markdown({"a": diff()})


def test_says_that_a_plan_is_not_complete() -> None:
    """A plan from which Terraform left changes out says so in both formats."""
    note = "Not the whole of it: Terraform put changes off to a further plan."
    assert note in text({"a": diff(complete=False)})
    assert note in markdown({"a": diff(complete=False)})


@pytest.mark.parametrize("character", ["x", "ü", "😀"])
def test_a_long_report_fits_a_comment(character: str) -> None:
    """A report that is too long is cut to 65,536 characters, and bytes, nearly full, and counts what is not shown."""
    changes = [
        resource(f"aws_iam_role.r{index}", ["create"], None, {"name": f"r{index}", "path": character * 40})
        for index in range(5000)
    ]
    content = markdown({"a": diff(*changes)})
    assert 65_000 < len(content.encode()) <= 65_536
    shown = content.count("<b>create</b>")
    assert f"Cut to fit a comment. Not shown: {5000 - shown:,} to create." in content
    assert content.count("<table>") == content.count("</table>") == 1


def test_a_cut_counts_everything_that_is_not_shown() -> None:
    """A cut keeps the summary whole, and counts dangers, changes by action, outputs and drift apart."""
    long = {f"argument_{index}": "x" * 250 for index in range(400)}
    gone = [resource(f"aws_iam_role.r{index}", ["delete"], {"name": f"r{index}"}) for index in range(3)]
    content = markdown(
        {
            "a": diff(
                update({}, long, action_reason="x"),
                resource("aws_iam_role.new", ["create"], None, long),
                *gone,
                output_changes={"o": {"actions": ["create"], "after": 1}},
                resource_drift=[resource("aws_iam_role.d", ["update"], {"a": 1}, {"a": 2})],
            )
        }
    )
    assert "<h3><code>a</code>: 3 to destroy, 1 to create, 1 to update, 1 output</h3>" in content
    assert re.search(r"<i>\d+ more arguments, cut off</i>", content)
    assert content.count("<b>destroy</b>") == 3
    assert "Not shown: 1 to update, 1 outputs, 1 changed outside of Terraform." in content


def test_the_text_is_never_cut() -> None:
    """On a terminal the whole report is shown."""
    changes = [resource(f"aws_iam_role.r{index}", ["create"], None, {"name": "r"}) for index in range(5000)]
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

"""Tests of the order of a long report."""

import re
from typing import Any

from product_import.plan_diff.compare.diff import Action, Argument, Change
from product_import.plan_diff.write.groups import MOST_MODULES, groups
from product_import.plan_diff.write.layout import by_type
from product_import.plan_diff.write.markdown import markdown
from product_import.plan_diff.write.report import Entry
from product_import.plan_diff.write.text import text
from tests.plan_diff.documents import diff, resource
from tests.plan_diff.long_plan import CHANGES, changes

import pytest

LONG = diff(*sorted(changes(), key=lambda change: str(change["address"])))
COUNTS = "plan: 10 to replace, 30 to destroy, 5 to forget, 25 to create, 130 to update"


def addresses(content: str) -> list[str]:
    return re.findall(r"(?:module\.[^ ,]*\.)?aws_\w+\.item_\d+", content)


def test_destructive_changes_come_first() -> None:
    """Grouped by type, each object with its address, name and id; updates, creates and modules follow."""
    block, _, rest = text({"plan": LONG}).partition(f"{COUNTS}\n")[2].partition("\nModules\n")
    assert len(set(addresses(block))) == 45
    assert "aws_s3_bucket: 6 to destroy\n    # not in the configuration any more\n" in block
    assert (
        '  - destroy module.service["api"].aws_s3_bucket.item_044  (DANGER)\n'
        '        # bucket: "shop-item_044", id: "s3_-0044a7"\n'
    ) in block
    assert not re.search(r"destroy |replace |forget ", rest.partition("\n\n")[2])
    assert len(set(addresses(rest))) == CHANGES - 45


def test_the_block_in_markdown_is_a_list_by_type() -> None:
    """What all of a type have in common is said once, and the other arguments are folded."""
    content = re.sub("<wbr>|</?code>", "", markdown({"plan": LONG}))
    block, _, rest = content.partition("</h3>")[2].partition("<pre>")
    assert "<li>aws_lb_target_group: 10 to replace; port 80 → 8080 <b>forces the replacement</b>\n<ul>\n" in block
    assert (
        "<li>🟠 <b>replace</b> module.worker[0].aws_lb_target_group.item_026: name &#34;shop-item_026&#34;</li>"
        in block
    )
    assert block.count("not in the configuration any more") == 6
    assert "<details><summary>All changed arguments: 10 to replace</summary>" in block
    assert len(set(addresses(block))) == 45
    assert not re.search(r"<b>(destroy|replace|forget)</b>", rest)


def test_identical_changes_are_one_entry() -> None:
    """The entry has the shared row once, and every address."""
    content = text({"plan": LONG})
    _, _, entry = content.partition("  ~ update 100 resources: only tags.Owner\n")
    entry = entry.partition("\n\n")[0]
    assert entry.startswith('        ~ tags.Owner: "platform" -> "platform-team"\n        aws_ssm_parameter.item_039, ')
    assert len(set(addresses(entry))) == 100
    assert max(map(len, entry.splitlines())) <= 100
    assert content.count('"platform-team"') == 1
    shown = markdown({"plan": LONG})
    assert "<b>update</b> 100 resources: only <code>tags<wbr>.Owner</code></summary>" in shown
    assert shown.count("platform-team") == 1


def many(number: int, **more: Any) -> list[dict[str, Any]]:
    return [resource(f"aws_iam_role.n{index}", ["create"], None, {"a": 1, **more}) for index in range(number)]


def test_different_changes_are_separate_entries() -> None:
    """Another value, action or note is another change; two alike are two, and a short report has all of them."""
    other = [resource(f"aws_x.b{index}", ["create"], None, {"a": 2}) for index in range(2)]
    imported = resource("aws_x.i", ["create"], None, {"a": 1}, importing={"id": "i"})
    content = text({"e": diff(*many(30), *other, imported)})
    assert "  + create 30 resources with the same arguments\n        + a: 1\n        aws_iam_role.n0, " in content
    assert content.count("+ create aws_x.") == 3
    assert text({"e": diff(*many(15))}).count("+ create aws_iam_role.") == 15


def test_computed_values_do_not_separate_identical_changes() -> None:
    """Each object has its own old version; only a shared old value is shown."""
    updates = [
        resource(
            f"aws_x.b{index}", ["update"], {"a": 1, "etag": "e", "version": index}, {"a": 2},
            after_unknown={"etag": True, "version": True},
        )
        for index in range(12)
    ]  # fmt: skip
    content = text({"e": diff(*updates)})
    assert (
        "  ~ update 12 resources: only a, etag, version\n        ~ a: 1 -> 2\n"
        '        ~ etag: "e" -> (known after apply)\n        ~ version: (various) -> (known after apply)\n'
    ) in content


class Counted(str):
    """A path that counts how often it is compared."""

    __slots__ = ()
    comparisons = 0

    def __eq__(self, other: object) -> bool:
        Counted.comparisons += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_what_a_type_has_in_common_is_found_in_linear_steps() -> None:
    """Also where each of its objects has many arguments that force the replacement, or many notes."""
    number = 300
    entries = [
        Entry(
            Change(f"a.b{index}", Action.REPLACE, (), tuple(("forced by", Counted(i)) for i in range(number))),
            tuple(Argument(Counted(i), "1", "2", True) for i in range(number)),
        )
        for index in range(3)
    ]
    (group,) = by_type(entries)
    assert (len(group.notes), len(group.forcing)) == (number, number)
    assert [entry.change.notes for entry in group.entries] == [()] * 3
    assert Counted.comparisons < 20 * number


def test_one_type_has_a_group_for_each_action() -> None:
    """The title says once what all objects of a group share."""
    new = [
        resource(f"aws_x.n{index}", ["delete", "create"], {"a": 1}, {"a": 2}, replace_paths=[["a"]])
        for index in range(12)
    ]
    old = [resource(f"aws_x.o{index}", ["delete"], {"id": f"i-{index}"}, action_reason="delete_because_no_module")
           for index in range(12)]  # fmt: skip
    content = re.sub("<wbr>|</?code>", "", markdown({"e": diff(*new, *old)}))
    assert "<li>aws_x: 12 to replace; a 1 → 2 <b>forces the replacement</b>\n" in content
    assert "<li>aws_x: 12 to destroy; <i>its module is not in the configuration any more</i>\n" in content


def test_a_title_names_three_paths_and_counts_the_rest() -> None:
    """The title stays on one line."""
    sides = [{f"a{index}": value for index in range(5)} for value in (1, 2)]
    updates = [resource(f"aws_x.b{index}", ["update"], *sides) for index in range(9)]
    assert "~ update 9 resources: only a0, a1, a2 and 2 more arguments\n" in text({"e": diff(*updates)})


def test_a_cut_of_identical_changes_counts_the_addresses() -> None:
    """The summary and the shared row stay, and the note has the number that is missing."""
    content = markdown({"e": diff(*many(5000))})
    shown = content.count("aws_iam_role<wbr>")
    assert 65_000 < len(content.encode()) <= 65_536
    assert "<h3><code>e</code>: 5,000 to create</h3>" in content
    assert "<b>create</b> 5,000 resources with the same arguments</summary>" in content
    assert f"<i>and {5000 - shown:,} more</i>" in content
    assert f"Not shown: {5000 - shown:,} to create.\n" in content
    assert content.count("<code>a</code>") == 1


def test_an_object_that_differs_between_environments_is_one_entry() -> None:
    """Its ids are named with the environments that have them."""
    gone = [resource("aws_x.y", ["delete"], {"name": "n", "id": name}) for name in ("i-1", "i-2")]
    few = [resource(f"aws_x.b{index}", ["create"], None, {"a": index}) for index in range(20)]
    content = text({"a": diff(gone[0], *few), "b": diff(gone[1], *few)})
    assert '        # name: "n", id: "i-1" [a], id: "i-2" [b]\n' in content


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ({"name": "n", "id": "n"}, {"name": '"n"'}),
        ({"name": "n", "id": "arn:aws:x:::n/1"}, {"name": '"n"'}),
        ({"id": "arn:aws:x:::n/1"}, {"id": '"arn:aws:x:::n/1"'}),
        ({"name_prefix": "n-", "name": "n-1"}, {"name": '"n-1"'}),
        ({"id": "vpc-1", "tags": {"Name": "main"}}, {"tags.Name": '"main"', "id": '"vpc-1"'}),
        ({"alias": "a", "id": "none"}, {"alias": '"a"'}),
        ({"name": None, "id": ""}, {}),
    ],
)
def test_an_object_is_identified(before: dict[str, Any], shown: dict[str, str]) -> None:
    """Name, alias and id, each value once."""
    for actions in (["delete"], ["delete", "create"], ["forget"]):
        (change,) = diff(resource("aws_x.y", actions, before, {"z": 1})).resources
        assert {argument.path: argument.old for argument in change.identity} == shown


def test_a_sensitive_name_identifies_no_object() -> None:
    """It is hidden in the list as it is elsewhere."""
    gone = resource("aws_x.y", ["delete"], {"name": "correct-horse"}, before_sensitive={"name": True})
    content = text({"e": diff(gone, *many(40))})
    assert "# name: (sensitive value)" in content
    assert "correct-horse" not in content


@pytest.mark.parametrize(
    ("modules", "titles"),
    [
        (["", "module.a"], ["the root module", "module.a"]),
        (["module.a", "module.a.module.b"], ["module.a", "  module.b"]),
        ([f'module.a["x.{index}"]' for index in range(20)], ["module.a[…] (20 modules)"]),
        (
            [f"module.a[{index}].module.b[0]" for index in range(20)] + ["module.c"],
            ["module.a[…].module.b[…] (20 modules)", "module.c"],
        ),
        ([f"module.a.module.m{index:02}" for index in range(20)], ["module.a (20 modules)"]),
        (
            [f"module.m{index:02}" for index in range(14)],
            [*(f"module.m{index:02}" for index in range(11)), "3 more modules"],
        ),
        (['module.a["]"]', "not a module"], ['module.a["]"]', "not a module"]),
    ],
)
def test_an_overview_of_modules_is_short(modules: list[str], titles: list[str]) -> None:
    """Deep modules go into those above, instances together, and the smallest into one line; none is lost."""
    found = groups(dict.fromkeys(modules, 1))
    assert [f"{'  ' * group.depth}{group.name}" for group in found] == titles
    assert len(found) <= MOST_MODULES
    assert sorted(module for group in found for module in group.modules) == sorted(modules)


def test_the_overview_counts_every_change_of_a_module() -> None:
    """Those of the block in front and the identical ones too."""
    overview = text({"plan": LONG}).partition("\nModules\n")[2].partition("\n\n")[0]
    assert len(overview.splitlines()) == 11
    assert "      module.endpoints             2 to destroy, 4 to update" in overview
    assert sum(int(number) for number in re.findall(r"(\d+) to ", overview)) == CHANGES


def test_the_counts_of_a_section_stay_whole_in_a_cut() -> None:
    """Each group of environments has a heading with its whole counts."""
    both = [resource(f"aws_x.b{index}", ["create"], None, {"a": f"{index} {'x' * 200}"}) for index in range(900)]
    content = markdown({"a": diff(*both), "b": diff(*both, resource("aws_x.y", ["delete"], {"name": "n"}))})
    assert "Cut to fit a comment." in content
    assert "<h3>In all 2 environments: 900 to create</h3>" in content

"""What a plan does, change by change."""

import json
from typing import Any

from product_import.plan_diff.compare.danger import Severity
from product_import.plan_diff.compare.diff import Action
from product_import.plan_diff.compare.notes import NOTHING
from tests.plan_diff.documents import diff, resource, rows, update

import pytest

SENSITIVE = "(sensitive value)"
LATER = "(known after apply)"


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (["create"], Action.CREATE),
        (["update"], Action.UPDATE),
        (["delete"], Action.DESTROY),
        (["delete", "create"], Action.REPLACE),
        (["create", "delete"], Action.REPLACE),
        (["create", "forget"], Action.REPLACE),
        (["forget", "create"], Action.REPLACE),
        (["forget"], Action.FORGET),
    ],
)
def test_names_the_action(actions: list[str], action: Action) -> None:
    """Each of Terraform's lists of actions has its name."""
    (change,) = diff(resource("aws_iam_role.task", actions, {"path": "/"}, {"path": "/"})).resources
    assert change.action is action


def test_a_deposed_object_is_a_change_of_its_own() -> None:
    """What an earlier replacement left behind is destroyed beside the replacement of today, which keeps its reasons."""
    today = resource("aws_ecs_service.w", ["create", "delete"], {"a": 1}, {"a": 2}, replace_paths=[["a"]])
    found = diff(today, resource("aws_ecs_service.w", ["delete"], {"a": 0}, deposed="6a54"))
    assert [change.action for change in found.resources] == [Action.REPLACE, Action.DESTROY]
    assert [danger.forced_by for danger in found.dangers if danger.event == "is replaced"] == [("a",)]


@pytest.mark.parametrize("actions", [["no-op"], ["read"]])
def test_leaves_out_what_does_not_change(actions: list[str]) -> None:
    """Neither a resource that stays nor a read is a change."""
    assert not diff(resource("aws_iam_role.task", actions, {}, {})).has_changes


def test_leaves_out_data_sources() -> None:
    """A data source is no change, whatever its action."""
    assert not diff(resource("data.aws_vpc.main", ["create"], None, {}, mode="data")).has_changes


def test_an_unknown_action_is_a_danger() -> None:
    """An action of a later Terraform does not stop the report: it stands out, in Terraform's word for it."""
    found = diff(resource("aws_iam_role.task", ["melt"], {"path": "/a"}, {"path": "/b"}))
    (change,) = found.resources
    assert (change.action, change.dangerous, change.destructive) == (Action.UNKNOWN, True, True)
    assert change.notes == (("in Terraform's words:", "melt"),)
    assert rows(change) == [("path", '"/a"', '"/b"')]
    assert [(danger.severity, danger.event) for danger in found.dangers] == [
        (Severity.UNKNOWN, "has an action that plan-diff does not know: melt")
    ]


def test_an_unknown_action_of_an_output_is_shown() -> None:
    """It is no reason to refuse the plan."""
    (change,) = diff(output_changes={"o": {"actions": ["melt"], "before": 1, "after": 2}}).outputs
    assert (change.action, rows(change)) == (Action.UNKNOWN, [("value", "1", "2")])


def test_an_update_shows_its_changed_arguments_alone() -> None:
    """An update lists the arguments that differ, with old and new."""
    (change,) = diff(update({"threshold": 10000, "period": 300}, {"threshold": 8000, "period": 300})).resources
    assert rows(change) == [("threshold", "10000", "8000")]


def test_a_create_shows_what_is_set() -> None:
    """A create lists set arguments, then the names of those known after apply, and nothing that is empty."""
    (change,) = diff(
        resource(
            "aws_iam_role.task",
            ["create"],
            None,
            {"name": "task", "path": None, "tags": {}, "inline_policy": [], "description": ""},
            after_unknown={"id": True, "arn": True},
        )
    ).resources
    assert rows(change) == [("description", "", '""'), ("name", "", '"task"'), ("arn, id", "", LATER)]


def test_a_destroy_shows_what_goes_by_its_name_in_aws() -> None:
    """A destroy lists the name by which AWS knows the object, not every argument."""
    (change,) = diff(resource("aws_iam_role.task", ["delete"], {"name": "task", "path": "/"})).resources
    assert rows(change) == [("name", '"task"', "")]


def test_marks_what_forces_a_replacement() -> None:
    """The arguments that force a replacement are marked, below a named path too; others are not."""
    (change,) = diff(
        resource(
            "aws_ecs_service.worker",
            ["delete", "create"],
            {"launch_type": "EC2", "port": 1, "network": [{"subnets": ["a"]}], "network_mode": "x"},
            {"launch_type": "FARGATE", "port": 2, "network": [{"subnets": ["b"]}], "network_mode": "y"},
            replace_paths=[["launch_type"], ["network"]],
        )
    ).resources
    assert [argument.path for argument in change.arguments if argument.forces_replacement] == [
        "launch_type",
        "network[0].subnets[0]",
    ]


def test_names_a_forcing_argument_that_has_no_row() -> None:
    """An argument that forces a replacement without differing at its path is named in a note."""
    (change,) = diff(
        resource("aws_ecs_service.worker", ["delete", "create"], {"a": 1}, {"a": 2}, replace_paths=[["b", 0]])
    ).resources
    assert change.notes == (("the replacement is forced by", "b[0]"),)


@pytest.mark.parametrize("step", [{"x": 1}, ["x"], 1, None])
def test_a_path_may_start_with_any_value(step: object) -> None:
    """Terraform starts each with a name; what is read must not depend on it."""
    (change,) = diff(resource("a.b", ["delete", "create"], {"a": 1}, {"a": 2}, replace_paths=[[step]])).resources
    assert change.notes == (("the replacement is forced by", f"[{json.dumps(step)}]"),)


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"action_reason": "replace_because_tainted"}, ("it is tainted", "")),
        ({"action_reason": "replace_by_triggers"}, ("replace_triggered_by asks for it", "")),
        ({"action_reason": "replace_because_cannot_update"}, None),
        ({"previous_address": "a.old"}, ("its address was", "a.old")),
        ({"deposed": "6a54"}, ("an earlier replacement left it behind", "")),
    ],
)
def test_says_why(more: dict[str, Any], note: tuple[str, str] | None) -> None:
    """Terraform's reason is told where the arguments do not tell it."""
    (change,) = diff(resource("aws_iam_role.task", ["delete", "create"], {"a": 1}, {"a": 2}, **more)).resources
    assert change.notes == ((note,) if note else ())


def test_lists_moves_and_imports() -> None:
    """A resource that only moves or is imported is listed, though Terraform calls that no-op."""
    moved = resource("aws_iam_role.new", ["no-op"], {}, {}, previous_address="aws_iam_role.old")
    imported = resource("aws_iam_role.found", ["no-op"], {}, {}, importing={"id": "found"})
    assert [change.action for change in diff(moved, imported).resources] == [Action.MOVE, Action.IMPORT]


def test_compares_documents_as_json() -> None:
    """A document in a string shows its changed leaves, with containers and variables by name."""
    old = [{"name": "worker", "image": "api:1", "environment": [{"name": "A", "value": "1"}]}]
    new = [
        {"environment": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}], "image": "api:2", "name": "worker"}
    ]
    (change,) = diff(
        update({"container_definitions": json.dumps(old)}, {"container_definitions": json.dumps(new, indent=2)})
    ).resources
    assert rows(change) == [
        ('container_definitions["worker"].environment["B"]', "", '{"name": "B", "value": "2"}'),
        ('container_definitions["worker"].image', '"api:1"', '"api:2"'),
    ]


def test_says_when_only_the_formatting_differs() -> None:
    """An update that differs in a document's formatting alone says so."""
    (change,) = diff(update({"policy": '{"a":1,"b":2}'}, {"policy": '{"b": 2, "a": 1}'})).resources
    assert not change.arguments
    assert change.notes == ((NOTHING, ""),)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (("s-old-12", True), ("s-new-12", True), (SENSITIVE, "(sensitive value, changed)")),
        (("s-old-12", True), ("s-new-12", False), (SENSITIVE, "(sensitive value, changed)")),
        (("s-old-12", False), ("s-new-12", True), (SENSITIVE, "(sensitive value, changed)")),
        (
            ("s-old-12", True),
            ("s-old-12", False),
            (SENSITIVE, "(sensitive value, only its mark changed)"),
        ),
        (('{"a":"s-old-12"}', True), ('{"a":"s-new-12"}', True), (SENSITIVE, "(sensitive value, changed)")),
        (("s-old-12", True), (None, False), (SENSITIVE, "(sensitive value, changed)")),
        (("s-old-12", True), ({"a": "s-new-12"}, False), (SENSITIVE, "(sensitive value, changed)")),
        ((["s-old-12"], [True]), (["s-old-12", "open"], [True, False]), ("", '"open"')),
    ],
)
def test_never_shows_a_sensitive_value(old: tuple[Any, Any], new: tuple[Any, Any], expected: tuple[str, str]) -> None:
    """A value that is marked as sensitive on one side is hidden on both, and told to have changed or not."""
    (change,) = diff(
        update(
            {"value": old[0]},
            {"value": new[0]},
            before_sensitive={"value": old[1]},
            after_sensitive={"value": new[1]},
        )
    ).resources
    assert [(argument.old, argument.new) for argument in change.arguments] == [expected]


def test_hides_a_sensitive_value_that_comes_or_goes() -> None:
    """A sensitive argument that one side lacks is hidden on the other."""
    (change,) = diff(
        update({"old": "s-old-12"}, {"new": "s-new-12"}, before_sensitive={"old": True}, after_sensitive={"new": True})
    ).resources
    assert rows(change) == [("new", "", SENSITIVE), ("old", SENSITIVE, "")]


def test_hides_a_resource_that_is_sensitive_as_a_whole() -> None:
    """A mask over all of a resource hides each of its arguments."""
    (change,) = diff(update({"a": 1, "b": 2}, {"a": 1, "b": 3}, before_sensitive=True, after_sensitive=True)).resources
    assert rows(change) == [("b", SENSITIVE, "(sensitive value, changed)")]


def test_hides_a_secret_where_its_mark_was_lost() -> None:
    """A string that is sensitive at one place is hidden wherever else it turns up, in documents and paths too."""
    token = "correct-horse-battery"
    found = diff(
        resource("a.b", ["no-op"], {"token": token}, {"token": token}, after_sensitive={"token": True}),
        update({"note": ""}, {"note": f"x {token} y"}),
        update({}, {"policy": json.dumps({"url": f"rediss://:{token}@h"}), "map": {token: 1}}),
        update({"map": {token: 1}}, {"map": {token: 2}}),
        output_changes={"o": {"actions": ["create"], "before": None, "after": token, "after_unknown": False}},
    )
    assert token not in repr(found)
    assert [rows(change) for change in (*found.resources, *found.outputs)] == [
        [("note", SENSITIVE, "(sensitive value, changed)")],
        [("map", "", '{"(sensitive value)": 1}'), ("policy", "", '{"url": (sensitive value)}')],
        [("map.(sensitive value)", "1", "2")],
        [("value", "", SENSITIVE)],
    ]


def test_hides_the_value_of_a_sensitive_variable() -> None:
    """The value of a variable that is declared sensitive is hidden, though no mask of a resource names it."""
    found = diff(
        update({}, {"a": "correct-horse", "b": "open-value"}),
        variables={"token": {"value": "correct-horse"}, "open": {"value": "open-value"}},
        configuration={"root_module": {"variables": {"token": {"sensitive": True}, "open": {}}}},
    )
    assert rows(found.resources[0]) == [("a", "", SENSITIVE), ("b", "", '"open-value"')]


def test_shows_repeated_tags_once() -> None:
    """What changes in tags_all as it does in tags is shown once; a tag of the provider's stays."""
    (change,) = diff(
        update(
            {"tags": {"Name": "a"}, "tags_all": {"Name": "a", "Team": "x"}},
            {"tags": {"Name": "b"}, "tags_all": {"Name": "b", "Team": "y"}},
        )
    ).resources
    assert rows(change) == [("tags.Name", '"a"', '"b"'), ("tags_all.Team", '"x"', '"y"')]


TAG, TAGS, MORE = {"a": "1"}, {"a": "1", "b": "2"}, {"a": "1", "provider": "x"}
LONG = {f"tag{index}": "x" * 30 for index in range(5)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"tags": None, "tags_all": {}}, {"tags": TAG, "tags_all": TAG}, [("tags", "null", '{"a": "1"}')]),
        ({"tags": None, "tags_all": {}}, {"tags": TAG, "tags_all": MORE},
         [("tags", "null", '{"a": "1"}'), ("tags_all.provider", "", '"x"')]),
        ({"tags": TAG, "tags_all": MORE}, {"tags": None, "tags_all": {}},
         [("tags", '{"a": "1"}', "null"), ("tags_all.provider", '"x"', "")]),
        ({"tags": TAG, "tags_all": TAG}, {"tags": TAGS, "tags_all": TAGS}, [("tags.b", "", '"2"')]),
        ({"tags": TAG, "tags_all": TAG}, {"tags": TAGS, "tags_all": {"a": "1", "b": "3"}},
         [("tags.b", "", '"2"'), ("tags_all.b", "", '"3"')]),
        (None, {"tags": TAG, "tags_all": TAG}, [("tags", "", '{"a": "1"}')]),
        (None, {"tags": TAG, "tags_all": MORE}, [("tags", "", '{"a": "1"}'), ("tags_all", "", '{"provider": "x"}')]),
        (None, {"tags_all": TAG}, [("tags_all", "", '{"a": "1"}')]),
        (None, {"tags": LONG, "tags_all": LONG}, [(f"tags.tag{index}", "", f'"{"x" * 30}"') for index in range(5)]),
        ({"labels": TAG, "terraform_labels": TAG, "effective_labels": MORE},
         {"labels": TAGS, "terraform_labels": TAGS, "effective_labels": TAGS},
         [("effective_labels.provider", '"x"', ""), ("labels.b", "", '"2"')]),
        (None, {"annotations": TAG, "effective_annotations": TAG}, [("annotations", "", '{"a": "1"}')]),
    ],
)  # fmt: skip
def test_what_a_provider_repeats_in_a_map_of_all_tags_is_shown_once(
    before: Any, after: Any, expected: list[tuple[str, str, str]]
) -> None:
    """Whatever has no tags before or after, of AWS and of Google."""
    (change,) = diff(resource("aws_x.y", ["update"] if before else ["create"], before, after)).resources
    assert rows(change) == expected


def test_a_sensitive_tag_is_shown_once() -> None:
    """Both maps say that it changed."""
    before, after = ({"tags": {"a": value}, "tags_all": {"a": value}} for value in ("secret-1", "secret-2"))
    mask = {"tags": {"a": True}, "tags_all": {"a": True}}
    (change,) = diff(update(before, after, before_sensitive=mask, after_sensitive=mask)).resources
    assert [argument.path for argument in change.arguments] == ["tags.a"]


def test_cuts_long_values_down_to_the_difference() -> None:
    """Of two long values the part that differs is shown, and of one that is still long the start."""
    arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/production-worker:"
    (change,) = diff(update({"arn": f"{arn}1", "gone": "x" * 400}, {"arn": f"{arn}2"})).resources
    assert rows(change) == [
        ("arn", '…ition/production-worker:1"', '…ition/production-worker:2"'),
        ("gone", f'"{"x" * 299}… (102 more characters)', ""),
    ]


def test_lists_outputs() -> None:
    """Created, changed and removed outputs are listed, unchanged ones are not."""
    found = diff(
        output_changes={
            "alarms": {"actions": ["update"], "before": {"a": "1"}, "after": {"a": "2"}, "after_unknown": {}},
            "endpoint": {"actions": ["create"], "before": None, "after_unknown": True},
            "port": {"actions": ["delete"], "before": 6379, "after": None, "after_unknown": False},
            "same": {"actions": ["no-op"], "before": 1, "after": 1, "after_unknown": False},
        }
    )
    assert [(change.address, change.action, rows(change)) for change in found.outputs] == [
        ("alarms", Action.UPDATE, [("value.a", '"1"', '"2"')]),
        ("endpoint", Action.CREATE, [("value", "", LATER)]),
        ("port", Action.DESTROY, [("value", "6379", "")]),
    ]
    assert found.has_changes


def test_drift_is_told_but_is_no_change() -> None:
    """What was changed outside of Terraform is told with its arguments; it alone is no change."""
    found = diff(
        resource_drift=[resource("aws_ecs_service.worker", ["update"], {"desired_count": 2}, {"desired_count": 7})]
    )
    assert [(change.address, rows(change)) for change in found.drift] == [
        ("aws_ecs_service.worker", [("desired_count", "2", "7")])
    ]
    assert not found.has_changes


def test_orders_by_danger_then_action() -> None:
    """Dangerous changes come first, then replacements, destroys, creates and updates."""
    found = diff(
        update({"a": 1}, {"a": 2}),
        resource("aws_iam_role.a", ["create"], None, {"name": "a"}),
        resource("aws_iam_role.b", ["delete"], {"name": "b"}),
        resource("aws_iam_role.c", ["delete", "create"], {"name": "c"}, {"name": "d"}),
        resource("aws_cloudwatch_log_group.d", ["delete"], {"name": "/d"}),
    )
    assert [(change.address, change.dangerous) for change in found.resources] == [
        ("aws_cloudwatch_log_group.d", True),
        ("aws_iam_role.c", False),
        ("aws_iam_role.b", False),
        ("aws_iam_role.a", False),
        ("aws_cloudwatch_metric_alarm.queue_overload", False),
    ]


def test_created_objects_with_the_same_arguments_show_all_of_them() -> None:
    """Arguments are kept from one object to the next, by name and by what the type's provider takes for empty."""
    shared = {
        "zone": "a",
        "rules": [{"to": "x" * 60, "from": ""}, {"to": "y" * 60, "from": ""}],
        "tags": {"Owner": "me"},
        "tags_all": {"Owner": "me", "Stage": "test"},
        "empty": [],
        "policy": '{"Version": "1"}',
    }
    first, second, sdk = diff(
        resource("aws_x.a", ["create"], None, {**shared, "name": "a"}),
        resource("aws_x.b", ["create"], None, {**shared, "name": "b"}, after_unknown={"id": True, "arn": True}),
        resource("aws_iam_role.c", ["create"], None, {**shared, "name": "c"}),
    ).resources
    expected = [
        ("name", "", '"a"'),
        ("policy", "", '{"Version": "1"}'),
        ("rules[0]", "", f'{{"to": "{"x" * 60}", "from": ""}}'),
        ("rules[1]", "", f'{{"to": "{"y" * 60}", "from": ""}}'),
        ("tags", "", '{"Owner": "me"}'),
        ("tags_all", "", '{"Stage": "test"}'),
        ("zone", "", '"a"'),
    ]
    assert rows(first) == expected
    assert rows(second) == [("name", "", '"b"'), *expected[1:], ("arn, id", "", LATER)]
    assert rows(sdk)[2:4] == [
        ("rules[0]", "", f'{{"to": "{"x" * 60}"}}'),
        ("rules[1]", "", f'{{"to": "{"y" * 60}"}}'),
    ]

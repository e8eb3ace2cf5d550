"""Which changes made outside of Terraform a report lists, and how many others it counts."""

from typing import Any

from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.write.markdown import markdown
from product_import.plan_diff.write.text import text
from tests.plan_diff.documents import diff, resource, rows, update

import pytest

ROLE = "aws_iam_role.task"
CONFIGURATION = {
    "root_module": {
        "resources": [
            {"mode": "managed", "type": "aws_iam_role", "name": "task", "expressions": {"path": {}, "tags": {}}}
        ]
    }
}
CHANGE = update({"threshold": 1}, {"threshold": 2})


def drifted(before: Any, after: Any, *attributes: list[Any], change: Any = CHANGE, **members: Any) -> PlanDiff:
    """The diff of a plan with drift of a role, whose named attributes are relevant."""
    relevant = [{"resource": ROLE, "attribute": attribute} for attribute in attributes]
    return diff(
        change,
        resource_drift=[resource(ROLE, ["update"] if after else ["delete"], before, after)],
        configuration=CONFIGURATION,
        **{"relevant_attributes": relevant, **members},
    )


def listed(found: PlanDiff) -> list[str]:
    return [path for change in found.drift for path, _, _ in rows(change)]


@pytest.mark.parametrize(
    ("attribute", "paths"),
    [
        (["path"], ["path"]),
        (["tags"], ["tags.A", "tags.B"]),
        (["tags", "A"], ["tags.A"]),
        (["policies", 1, "arn"], ["policies[0].arn"]),
        ([], ["path", "policies[0].arn", "tags.A", "tags.B"]),
        (["id"], []),
    ],
)
def test_what_a_planned_change_refers_to_is_listed(attribute: list[Any], paths: list[str]) -> None:
    """Parts of a relevant attribute, and what contains one; the index in a set is not known."""
    before = {"path": "/a", "tags": {"A": "1", "B": "1"}, "policies": [{"arn": "a"}]}
    after = {"path": "/b", "tags": {"A": "2", "B": "2"}, "policies": [{"arn": "b"}]}
    found = drifted(before, after, attribute)
    assert listed(found) == paths
    assert found.unlisted_drift == (0 if attribute == [] else 1)


def test_the_rest_is_counted() -> None:
    """In one line, with the environments."""
    one, none = drifted({"path": "/a"}, {"path": "/b"}, ["id"]), diff(CHANGE)
    assert (one.drift, one.unlisted_drift) == ((), 1)
    assert "Changed outside of Terraform, not listed: 1 resource.\n" in text({"a": one})
    assert "Changed outside of Terraform, not listed: 1 resource [a].\n" in text({"a": one, "b": none})
    assert "<p>Changed outside of Terraform, not listed: 1 resource in <code>a</code>. No planned" in markdown(
        {"a": one, "b": none}
    )
    assert "outside" not in text({"b": none})


def test_a_plan_without_a_change_lists_nothing() -> None:
    """As Terraform says "No changes" alone."""
    found = drifted({"path": "/a"}, {"path": "/b"}, ["path"], change=resource("a.b", ["no-op"], {}, {}))
    assert (found.drift, found.unlisted_drift) == ((), 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"path": None}, {"path": ""}),
        ({"tags": None}, {"tags": {}}),
        ({"unique_id": "a"}, {"unique_id": "b"}),
    ],
)
def test_what_nobody_set_is_not_counted(before: Any, after: Any) -> None:
    """Null and empty are the same, and the provider fills in what no configuration sets."""
    found = drifted(before, after)
    assert (found.drift, found.unlisted_drift) == ((), 0)


@pytest.mark.parametrize(("attributes", "expected"), [([["arn"]], (1, 0)), ([], (0, 1))])
def test_a_deleted_resource(attributes: list[list[Any]], expected: tuple[int, int]) -> None:
    """It is listed where a planned change refers to any attribute of it."""
    found = drifted({"path": "/a"}, None, *attributes)
    assert (len(found.drift), found.unlisted_drift) == expected


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0"])
def test_without_relevant_attributes_what_is_configured_is_listed(version: str) -> None:
    """Terraform 1.0 and 1.1 do not write them."""
    found = drifted(
        {"path": "/a", "unique_id": "a"},
        {"path": "/b", "unique_id": "b"},
        format_version=version,
        relevant_attributes=None,
    )
    assert (listed(found), found.unlisted_drift) == (["path"], 0)


def test_a_plan_that_only_refreshes_lists_everything() -> None:
    """It has no resource changes, and is about the state alone."""
    found = diff(resource_drift=[resource(ROLE, ["update"], {"a": 1, "b": None}, {"a": 2, "b": ""})])
    assert (listed(found), found.unlisted_drift) == (["a"], 0)


def test_a_secret_of_drift_that_is_not_listed_stays_hidden() -> None:
    """Wherever else it stands."""
    secret = "a-token-that-somebody-set"
    drift = resource(ROLE, ["update"], {"path": ""}, {"path": secret}, after_sensitive={"path": True})
    found = diff(update({"a": ""}, {"a": f"x {secret}"}), resource_drift=[drift], configuration=CONFIGURATION)
    assert found.unlisted_drift == 1
    assert secret not in repr(found)

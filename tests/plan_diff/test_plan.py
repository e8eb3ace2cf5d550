"""What is read as a plan, and the errors of what is not."""

import json

from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.read.plan import PlanError, read_plan
from tests.plan_diff.documents import document, resource, rows, update

import pytest

HOW_TO = "make one with `terraform plan -out=plan` and `terraform show -json plan`."


def wrong(what: str) -> str:
    return f"p.json: is JSON but not a Terraform plan ({what}); {HOW_TO}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", f"p.json: is empty; {HOW_TO}"),
        (b" \n", f"p.json: is empty; {HOW_TO}"),
        (b"PK\x03\x04tfplan", f"p.json: is a saved plan, not its JSON; {HOW_TO}"),
        (b"Plan: 1 to add", f"p.json: is not JSON (JSON is malformed: invalid character (byte 0)); {HOW_TO}"),
        (
            b'{"@level":"info"}\n{}',
            f"p.json: is not JSON (JSON is malformed: trailing characters (byte 19)); {HOW_TO}",
        ),
        (b'{"x": ' + b"[" * 200_000, "p.json: is nested too deeply to be a plan."),
        (b"[]", f"p.json: is JSON but not a Terraform plan (Expected `object`, got `array`); {HOW_TO}"),
        (b'{"a": 1}', f"p.json: is JSON but not a Terraform plan (no format_version); {HOW_TO}"),
        (
            b'{"format_version": "1.0", "provider_schemas": {}}',
            f"p.json: is JSON but not a Terraform plan (no planned_values); {HOW_TO}",
        ),
        (b'{"format_version": "1.0"}', f"p.json: is a Terraform state, not a plan; {HOW_TO}"),
        (b'{"format_version": "1.0", "values": {}}', f"p.json: is a Terraform state, not a plan; {HOW_TO}"),
        (b'{"version": 4, "lineage": "1b", "resources": []}', f"p.json: is a Terraform state, not a plan; {HOW_TO}"),
        (
            document(format_version="2.0"),
            "p.json: has format_version '2.0' of Terraform 1.11.4; "
            "what Terraform 1.x and OpenTofu 1.x write can be read.",
        ),
        (
            document(format_version="0.1", terraform_version="0.14.11"),
            "p.json: has format_version '0.1' of Terraform 0.14.11; what Terraform 1.x and OpenTofu 1.x write",
        ),
        (document(errored=True), "p.json: Terraform failed while making this plan, so it is not whole; plan again."),
        (document(resource_changes="x"), wrong("Expected `array | null`, got `str` - at `$.resource_changes`")),
        (document(resource_changes=["x"]), wrong("Expected `object`, got `str` - at `$.resource_changes[0]`")),
        (document({"address": "a.b"}), wrong("Object missing required field `mode` - at `$.resource_changes[0]`")),
        (
            document({**resource("a.b", []), "change": {}}),
            wrong("Object missing required field `actions` - at `$.resource_changes[0].change`"),
        ),
        (
            document(resource("a.b", ["create"], None, "x")),
            wrong("Expected `object | null`, got `str` - at `$.resource_changes[0].change.after`"),
        ),
        (
            document(resource("a.b", [7])),  # type: ignore[list-item]
            wrong("Expected `str`, got `int` - at `$.resource_changes[0].change.actions[0]`"),
        ),
        (document(output_changes=["x"]), wrong("Expected `object | null`, got `array` - at `$.output_changes`")),
        (document(output_changes={"o": None}), wrong("Expected `object`, got `null` - at `$.output_changes[...]`")),
        (document(checks={"a": 1}), wrong("Expected `array | null`, got `object` - at `$.checks`")),
        (document(configuration=7), wrong("Expected `object | null`, got `int` - at `$.configuration`")),
        (document(complete="yes"), wrong("Expected `bool | null`, got `str` - at `$.complete`")),
    ],
)
def test_refuses_what_is_not_a_whole_plan(content: bytes, message: str) -> None:
    """Each input that is no plan of format version 1 gets one line that names it and says why."""
    with pytest.raises(PlanError) as raised:
        read_plan(content, "p.json")
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_reads_what_a_shell_redirected(encoding: str) -> None:
    """A plan is read in the encodings that shells write, byte order mark or not."""
    content = json.dumps(json.loads(document(resource("a.b", ["create"]))), ensure_ascii=False).encode(encoding)
    assert [change.address for change in read_plan(content, "p.json").resource_changes or ()] == ["a.b"]


def test_reads_a_newer_minor_version() -> None:
    """A newer minor version of the format, which Terraform keeps compatible, is read."""
    assert read_plan(document(format_version="1.99"), "p.json").format_version == "1.99"


@pytest.mark.parametrize(("version", "form"), [("1.0.0", "0.1"), ("1.0.1", "0.2"), ("1.0.11", "0.2")])
def test_reads_the_formats_of_terraform_1_0(version: str, form: str) -> None:
    """Terraform 1.0 wrote formats 0.1 and 0.2, without `errored`, `complete`, `applyable` and checks.

    The members are those of its internal/command/jsonplan/plan.go at the tags v1.0.0 and v1.0.11.
    """
    members = json.loads(
        document(update({"token": "s-old-12"}, {"token": "s-new-12"}, after_sensitive={"token": True}))
    )
    del members["errored"]
    members |= {"format_version": form, "terraform_version": version}
    found = plan_diff(read_plan(json.dumps(members).encode(), "p.json"))
    assert [rows(change) for change in found.resources] == [
        [("token", "(sensitive value)", "(sensitive value, changed)")]
    ]
    assert (found.complete, found.has_changes) == (True, True)

"""What is read as a plan, and the errors of what is not."""

import json

from product_import.plan_diff.plan import PlanError, read_plan
from tests.plan_diff.documents import document, resource

import pytest

HOW_TO = "make one with `terraform plan -out=plan` and `terraform show -json plan`."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", f"p.json: is empty; {HOW_TO}"),
        (b" \n", f"p.json: is empty; {HOW_TO}"),
        (b"PK\x03\x04tfplan", f"p.json: is a saved plan, not its JSON; {HOW_TO}"),
        (b"Plan: 1 to add", f"p.json: is not JSON (Expecting value: line 1 column 1 (char 0)); {HOW_TO}"),
        (b'{"@level":"info"}\n{}', f"p.json: is not JSON (Extra data: line 2 column 1 (char 18)); {HOW_TO}"),
        (b"[" * 200_000, "p.json: is nested too deeply to be a plan."),
        (b"[]", f"p.json: is JSON but not a Terraform plan (not an object); {HOW_TO}"),
        (b'{"a": 1}', f"p.json: is JSON but not a Terraform plan (no format_version); {HOW_TO}"),
        (
            b'{"format_version": "1.0", "provider_schemas": {}}',
            f"p.json: is JSON but not a Terraform plan (no planned_values); {HOW_TO}",
        ),
        (b'{"format_version": "1.0"}', f"p.json: is a Terraform state, not a plan; {HOW_TO}"),
        (b'{"format_version": "1.0", "values": {}}', f"p.json: is a Terraform state, not a plan; {HOW_TO}"),
        (b'{"version": 4, "lineage": "1b", "resources": []}', f"p.json: is a Terraform state, not a plan; {HOW_TO}"),
        (document(format_version="2.0"), "p.json: has format_version '2.0'; only 1.x can be read."),
        (document(errored=True), "p.json: Terraform failed while making this plan, so it is not whole; plan again."),
        (document(resource_changes="x"), "p.json: resource_changes is not a list."),
        (document(resource_changes=["x"]), "p.json: resource_changes[0] is not an object."),
        (document({"address": "a.b"}), "p.json: resource_changes[0] has no mode."),
        (document({**resource("a.b", []), "change": {}}), "p.json: resource_changes[0] has no actions."),
        (document(resource("a.b", ["create"], None, "x")), "p.json: resource_changes[0]: change.after is neither"),
        (document(output_changes=["x"]), "p.json: output_changes is not an object."),
        (document(output_changes={"endpoint": None}), "p.json: output_changes['endpoint'] has no actions."),
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
    assert read_plan(content, "p.json").resource_changes[0]["address"] == "a.b"


def test_reads_a_newer_minor_version() -> None:
    """A newer minor version of the format, which Terraform keeps compatible, is read."""
    assert read_plan(document(format_version="1.99"), "p.json").complete

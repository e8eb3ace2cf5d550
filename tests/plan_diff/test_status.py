"""What an apply would do beside changing resources, and what Terraform says of it."""

from json import loads
from typing import Any

from product_import.plan_diff.compare.diff import Action
from product_import.plan_diff.compare.notes import NOTHING
from product_import.plan_diff.write.json import json
from product_import.plan_diff.write.markdown import markdown
from product_import.plan_diff.write.text import text
from tests.plan_diff.documents import diff, resource, rows, update

TOKEN = "correct-horse-battery"


def test_a_plan_that_only_brings_the_state_up_to_date_has_changes() -> None:
    """As a refresh-only plan: Terraform says that it is applyable, and leaves with 2."""
    drift = [resource("aws_ecs_service.w", ["update"], {"desired_count": 2}, {"desired_count": 7})]
    assert diff(applyable=True, resource_drift=drift).has_changes
    assert not diff(applyable=False, resource_drift=drift).has_changes
    assert not diff(resource_drift=drift).has_changes
    assert text({"a": diff(applyable=True)}) == "a: no changes except to the state\n"


def test_what_was_deleted_outside_of_terraform_is_said_to_be() -> None:
    """It is no change of a name."""
    found = diff(resource_drift=[resource("aws_sqs_queue.jobs", ["delete"], {"name": "jobs"})])
    assert text({"a": found}).endswith(
        "Changed outside of Terraform since its last run\n    aws_sqs_queue.jobs: deleted\n"
    )


def invocation(**more: Any) -> dict[str, Any]:
    return {"address": "action.aws_lambda_invoke.warm", "type": "aws_lambda_invoke", "name": "warm", **more}


def test_shows_the_actions_that_are_invoked() -> None:
    """With their arguments, without what is sensitive, and with the change that triggers them."""
    found = diff(
        action_invocations=[
            invocation(
                config_values={"function_name": "f", "payload": TOKEN},
                config_sensitive={"payload": True},
                config_unknown={},
                lifecycle_action_trigger={
                    "triggering_resource_address": "aws_lambda_function.f",
                    "action_trigger_event": "AfterCreate",
                },
            )
        ]
    )
    (change,) = found.invocations
    assert change.action is Action.INVOKE
    assert rows(change) == [("function_name", "", '"f"'), ("payload", "", "(sensitive value)")]
    assert change.notes == (("invoked after create of", "aws_lambda_function.f"),)
    assert found.has_changes
    assert text({"a": found}).startswith("a: 1 to invoke\n\nActions\n  ! invoke action.aws_lambda_invoke.warm\n")


def check(status: str, *messages: str) -> dict[str, Any]:
    return {
        "address": {"kind": "check", "name": "health", "to_display": "check.health"},
        "status": status,
        "instances": [
            {
                "address": {"to_display": "check.health"},
                "status": status,
                "problems": [{"message": message} for message in messages],
            }
        ],
    }


def test_shows_the_checks_that_do_not_hold() -> None:
    """With their messages, in which a secret is hidden; those that hold or are not known yet are left out."""
    hidden = resource("a.b", ["no-op"], {"t": TOKEN}, {"t": TOKEN}, after_sensitive={"t": True})
    found = diff(hidden, checks=[check("fail", "It is down.", f"not {TOKEN}"), check("pass"), check("unknown")])
    assert [(one.address, one.status, one.messages) for one in found.checks] == [
        ("check.health", "fail", ("It is down.", "(sensitive value)"))
    ]
    assert "Check check.health failed: It is down.; (sensitive value)" in text({"a": found})


def test_shows_what_is_put_off() -> None:
    """Deferred resources and actions, with Terraform's reason."""
    found = diff(
        complete=False,
        deferred_changes=[
            {
                "reason": "instance_count_unknown",
                "resource_change": resource("aws_sqs_queue.jobs[*]", ["create"], None, {"name": "x"}),
            }
        ],
        deferred_action_invocations=[{"reason": "deferred_prereq", "action_invocation": invocation()}],
    )
    assert text({"a": found}).endswith(
        "Deferred to a later plan\n"
        "  + create aws_sqs_queue.jobs[*]\n        # count or for_each is not known yet\n"
        "  ! invoke action.aws_lambda_invoke.warm\n        # it depends on a change that is deferred\n"
    )


def test_shows_what_is_imported() -> None:
    """Its id or identity, and the configuration that Terraform wrote for it."""
    by_id = resource("a.x", ["no-op"], {}, {}, importing={"id": "vpc-1"}, generated_config='resource "a" "x" {}')
    by_identity = resource("a.y", ["no-op"], {}, {}, importing={"identity": {"name": "y"}})
    assert [change.notes for change in diff(by_id, by_identity).resources] == [
        (
            ("it exists and is imported as", "vpc-1"),
            ("Terraform wrote a configuration for it:", 'resource "a" "x" {}'),
        ),
        (("it exists and is imported as", '{"name": "y"}'),),
    ]


def test_counts_as_terraform_does() -> None:
    """What is imported or moved, and updated too, counts as both."""
    found = diff(
        update({"a": 1}, {"a": 2}, importing={"id": "x"}),
        resource("a.b", ["update"], {"a": 1}, {"a": 2}, previous_address="a.old"),
    )
    assert text({"e": found}).splitlines()[-1].strip()
    assert "e: 2 to update, 1 to move, 1 to import\n" in text({"e": found})


FAILED = "Terraform failed while making this plan. It cannot be applied"


def test_a_plan_that_terraform_could_not_finish_is_reported_as_far_as_it_goes() -> None:
    """The error and the failed precondition come first, then what was planned before, as Terraform 1.11 writes it."""
    failed = diff(
        update({"a": 1}, {"a": 2}),
        resource("aws_dynamodb_table.t", ["delete"], {"name": "t"}),
        checks=[check("fail", "The number is wrong.")],
        errored=True,
        applyable=False,
        complete=False,
    )
    said = text({"e": failed})
    assert said.startswith(f"!!! ERROR: {FAILED}")
    assert said.index("Check check.health failed: The number is wrong.") < said.index("!!! DANGER: 1 change")
    assert said.count("The number is wrong.") == 1
    assert "e: 1 to destroy, 1 to update\n" in said
    assert "Terraform defers changes" not in said
    shown = markdown({"e": failed})
    assert shown.startswith(f"<!-- product-import plan diff -->\n<h2>Plan diff</h2>\n\n> [!CAUTION]\n> **{FAILED}")
    assert "\n>\n> <ul>\n> <li>❌ <code>check<wbr>.health</code>: <code>The number is wrong.</code></li>" in shown
    assert loads(json({"e": failed}))["environments"]["e"]["errored"] is True


def test_names_the_environments_whose_plan_failed() -> None:
    """The others have their own lines, and a failed plan without a change does not claim to be empty."""
    diffs = {"a": diff(errored=True, complete=False), "b": diff(), "c": diff(errored=True, complete=False)}
    assert "then plan again. [a, c]\n" in text(diffs)
    assert "a, c: no changes before the error\n\nb: no changes\n" in text(diffs)
    assert "then plan again.** — <code>a</code>, <code>c</code>\n" in markdown(diffs)


def test_a_cut_counts_the_failed_checks_of_a_failed_plan() -> None:
    """However many there are, the comment fits."""
    shown = markdown({"e": diff(errored=True, checks=[check("fail", *"x" * 9)] * 2000)})
    assert len(shown.encode()) <= 65_536
    assert f"{2000 - shown.count('❌'):,} failed checks" in shown
    assert shown.count("❌") > 100


def test_an_output_of_which_only_the_formatting_changes_says_so() -> None:
    """As Terraform's `whitespace changes`."""
    found = diff(output_changes={"o": {"actions": ["update"], "before": '{"a": 1}', "after": '{"a":1}'}})
    (output,) = found.outputs
    assert output.notes == ((NOTHING, ""),)
    assert NOTHING in text({"e": found})
    assert NOTHING in markdown({"e": found})

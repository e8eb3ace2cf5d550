"""Resources that an engine takes over, moves and forgets."""

from typing import Any

from product_import.engine import Engine, EngineError, changes, resources
from tests.engine.deployment import actions

import pytest

PROVIDER = 'provider "aws" {\n  region = "eu-central-1"\n}\n'
LOGS = """
resource "aws_cloudwatch_log_group" "logs" {
  name              = "app"
  retention_in_days = 14
}
"""
QUEUE = """
resource "aws_sqs_queue" "jobs" {
  name          = "jobs"
  fifo_queue    = false
  delay_seconds = 5
}
"""
URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs"
SERVICE = """
resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = "main"
  task_definition = "worker:1"
  launch_type     = "FARGATE"
}
"""
ROLE = "arn:aws:iam::123456789012:role/reader"


def importing(address: str, given: str) -> str:
    return f'import {{\n  to = {address}\n  id = "{given}"\n}}\n'


@pytest.mark.parametrize(
    ("resource", "address", "given", "told"),
    [
        (LOGS, "aws_cloudwatch_log_group.logs", "app", {"id": "app", "retention_in_days": 14}),
        (QUEUE, "aws_sqs_queue.jobs", URL, {"id": URL, "url": URL, "delay_seconds": 5}),
        (
            SERVICE,
            "aws_ecs_service.worker",
            "main/worker",
            {"id": "arn:aws:ecs:eu-central-1:123456789012:service/main/worker", "cluster": "main"},
        ),
    ],
    ids=["with facts", "generic", "with an id of its own"],
)
def test_an_import_changes_in_place_what_the_id_does_not_tell(
    named: Engine, resource: str, address: str, given: str, told: dict[str, Any]
) -> None:
    """Nothing is replaced, and the plan after it is empty."""
    named.write("main.tf", PROVIDER + resource + importing(address, given))
    named.init()
    plan = named.plan()
    assert changes(plan) == {address: ("update",)}
    assert plan["resource_changes"][0]["change"]["importing"] == {"id": given}
    named.apply()
    found = resources(named.state())[address]
    assert {name: found[name] for name in told} == told
    assert actions(named) == {}


def test_another_name_than_the_imported_one_replaces(named: Engine) -> None:
    """What the id tells is known."""
    named.write("main.tf", PROVIDER + LOGS + importing("aws_cloudwatch_log_group.logs", "web"))
    named.init()
    assert changes(named.plan()) == {"aws_cloudwatch_log_group.logs": ("delete", "create")}


def test_after_an_import_replacements_are_those_of_any_resource(named: Engine) -> None:
    """Once an apply has written what the configuration says."""
    queue = QUEUE.replace('name          = "jobs"', 'name          = "jobs.fifo"').replace("false", "true")
    named.write("main.tf", PROVIDER + queue + importing("aws_sqs_queue.jobs", URL))
    named.init()
    assert changes(named.plan()) == {"aws_sqs_queue.jobs": ("update",)}
    named.apply()
    named.write("main.tf", PROVIDER + QUEUE)
    assert changes(named.plan()) == {"aws_sqs_queue.jobs": ("delete", "create")}


def test_the_command(named: Engine) -> None:
    """`import` writes the state at once."""
    named.write("main.tf", PROVIDER + LOGS)
    named.init()
    named.run("import", "aws_cloudwatch_log_group.logs", "app")
    assert changes(named.plan()) == {"aws_cloudwatch_log_group.logs": ("update",)}


def test_an_id_of_another_form_is_refused(named: Engine) -> None:
    """With the form that it has to have."""
    named.write("main.tf", PROVIDER + SERVICE + importing("aws_ecs_service.worker", "worker"))
    named.init()
    with pytest.raises(EngineError) as failure:
        named.plan()
    assert "has to have the form CLUSTER/NAME. Given: worker." in str(failure.value)


def test_a_moved_resource_stays(named: Engine) -> None:
    """Its address changes alone."""
    named.write("main.tf", PROVIDER + QUEUE)
    named.init()
    named.deploy()
    moved = "moved {\n  from = aws_sqs_queue.jobs\n  to   = aws_sqs_queue.work\n}\n"
    named.write("main.tf", PROVIDER + QUEUE.replace('"jobs" {', '"work" {') + moved)
    assert changes(named.plan()) == {}


def test_another_type_is_refused_by_name(named: Engine) -> None:
    """No type takes over the state of another one."""
    named.write("main.tf", PROVIDER + QUEUE)
    named.init()
    named.deploy()
    moved = "moved {\n  from = aws_sqs_queue.jobs\n  to   = aws_cloudwatch_log_group.logs\n}\n"
    named.write("main.tf", PROVIDER + LOGS + moved)
    with pytest.raises(EngineError) as failure:
        named.plan()
    assert "does not move a aws_sqs_queue to a aws_cloudwatch_log_group" in str(failure.value)


def test_a_removed_resource_is_forgotten(named: Engine) -> None:
    """It is not destroyed."""
    named.write("main.tf", PROVIDER + QUEUE)
    named.init()
    named.deploy()
    named.write(
        "main.tf", PROVIDER + "removed {\n  from = aws_sqs_queue.jobs\n  lifecycle {\n    destroy = false\n  }\n}\n"
    )
    assert changes(named.plan()) == {"aws_sqs_queue.jobs": ("forget",)}

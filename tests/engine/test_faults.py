"""A broken module does not get through: what each kind of fault runs into."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from product_import.engine import Engine, EngineError
from tests.engine import deployment
from tests.engine.deployment import Deployment
from tests.engine.registry import of_the_schema

import pytest

Resources = dict[str, dict[str, Any]]


def rename_argument(resources: Resources) -> None:
    group = resources["aws_elasticache_replication_group"]["redis"]
    group["replication_group_description"] = group.pop("description")


def leave_out_argument(resources: Resources) -> None:
    del resources["aws_elasticache_replication_group"]["redis"]["description"]


def add_unknown_block(resources: Resources) -> None:
    service = resources["aws_ecs_service"]["import_worker"]
    service["deployment_configuration"] = {"maximum_percent": 200, "minimum_healthy_percent": 100}


def repeat_single_block(resources: Resources) -> None:
    service = resources["aws_ecs_service"]["import_worker"]
    service["network_configuration"] = [service["network_configuration"]] * 2


def misspell_enum(resources: Resources) -> None:
    resources["aws_cloudwatch_metric_alarm"]["queue_overload"]["comparison_operator"] = "GreaterThan"


def misspell_nested_enum(resources: Resources) -> None:
    policy = resources["aws_appautoscaling_policy"]["import_worker_cpu"]
    configuration = policy["target_tracking_scaling_policy_configuration"]
    configuration["predefined_metric_specification"]["predefined_metric_type"] = "ECSServiceAverageCpu"


def repeat_by_unknown(resources: Resources) -> None:
    policy = resources["aws_appautoscaling_policy"]["import_worker_cpu"]
    policy["for_each"] = "${toset([aws_elasticache_replication_group.redis.primary_endpoint_address])}"


def refer_to_nothing(resources: Resources) -> None:
    resources["aws_ecs_service"]["import_worker"]["cluster"] = "${var.cluster}"


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (rename_argument, 'No argument or block type is named "replication_group_description"'),
        (leave_out_argument, 'The argument "description" is required'),
        (add_unknown_block, 'No argument or block type is named "deployment_configuration"'),
        (repeat_single_block, 'No more than 1 "network_configuration" blocks are allowed'),
        (misspell_enum, "GreaterThan"),
        (refer_to_nothing, 'An input variable with the name "cluster" has not been declared'),
    ],
)
def test_validate_refuses(engine: Engine, synthesized: Path, fault: Callable[[Resources], None], text: str) -> None:
    """The engine or the provider names what is wrong, before any plan."""
    if fault is leave_out_argument:
        of_the_schema(5)
    consumer = broken(engine, synthesized, fault)
    with pytest.raises(EngineError, match=text):
        consumer.engine.validate()


@pytest.mark.usefixtures("provider")
def test_the_models_of_aws_refuse(engine: Engine, synthesized: Path) -> None:
    """So does what AWS's models say of a value that the provider passes on, on the stand-in alone."""
    consumer = broken(engine, synthesized, misspell_nested_enum)
    with pytest.raises(EngineError, match="ECSServiceAverageCpu"):
        consumer.engine.validate()


def test_a_plan_refuses_repetition_by_the_unknown(engine: Engine, synthesized: Path) -> None:
    """A for_each over what only an apply knows would fail at each consumer's first plan."""
    consumer = broken(engine, synthesized, repeat_by_unknown)
    with pytest.raises(EngineError, match="Invalid for_each argument"):
        consumer.plan()


def test_an_upgrade_shows_a_renamed_resource(engine: Engine, synthesized: Path) -> None:
    """The same resource at another address would be deleted and made anew: that is how it shows in a plan."""
    consumer = broken(engine, synthesized, lambda _: None)
    consumer.apply()
    module = engine.folder / "modules/product-import"
    for name in ("main.tf.json", "outputs.tf.json"):
        text = (module / name).read_text().replace("ecs_task_role", "task_role")
        (module / name).write_text(text)
    changes = consumer.changes(consumer.plan())
    assert changes["aws_iam_role.ecs_task_role"] == ("delete",)
    assert changes["aws_iam_role.task_role"] == ("create",)


def broken(engine: Engine, artefacts: Path, fault: Callable[[Resources], None]) -> Deployment:
    """A root that consumes a copy of the module with a fault in its resources."""
    consumer = deployment.consumer(engine, artefacts)
    main = engine.folder / "modules/product-import/main.tf.json"
    tree = json.loads(main.read_text())
    fault(tree["resource"])
    main.write_text(json.dumps(tree))
    consumer.init()
    return consumer

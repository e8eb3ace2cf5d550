import json

from product_import.engine import Engine
from product_import.stand_in.facts import FACTS
from product_import.stand_in.schema import Attribute, NestedBlock, provider_schema, provider_version, resource_schemas

import pytest

RULE = {
    "cidr_blocks": ["list", "string"],
    "description": "string",
    "from_port": "number",
    "ipv6_cidr_blocks": ["list", "string"],
    "prefix_list_ids": ["list", "string"],
    "protocol": "string",
    "security_groups": ["set", "string"],
    "self": "bool",
    "to_port": "number",
}


def attribute(path: str) -> Attribute:
    """Of "aws_type.block.attribute"."""
    resource_type, *blocks, name = path.split(".")
    schema = resource_schemas()[resource_type]
    for nested in blocks:
        schema = schema.blocks[nested].block
    return schema.attributes[name]


def block(path: str) -> NestedBlock:
    """Of "aws_type.block.block"."""
    resource_type, *blocks, name = path.split(".")
    schema = resource_schemas()[resource_type]
    for nested in blocks:
        schema = schema.blocks[nested].block
    return schema.blocks[name]


def test_version() -> None:
    """The schema is the one of the provider that the pinned bindings were made of."""
    assert provider_version() == "5.99.1"


@pytest.mark.parametrize(
    ("resource_type", "required"),
    [
        ("aws_appautoscaling_policy", {"name", "resource_id", "scalable_dimension", "service_namespace"}),
        (
            "aws_appautoscaling_target",
            {"max_capacity", "min_capacity", "resource_id", "scalable_dimension", "service_namespace"},
        ),
        ("aws_cloudwatch_log_group", set()),
        ("aws_cloudwatch_metric_alarm", {"alarm_name", "comparison_operator", "evaluation_periods"}),
        ("aws_ecs_service", {"name"}),
        ("aws_ecs_task_definition", {"container_definitions", "family"}),
        ("aws_elasticache_parameter_group", {"family", "name"}),
        ("aws_elasticache_replication_group", {"description", "replication_group_id"}),
        ("aws_elasticache_subnet_group", {"name", "subnet_ids"}),
        ("aws_iam_role", {"assume_role_policy"}),
        ("aws_iam_role_policy", {"policy", "role"}),
        ("aws_iam_role_policy_attachment", {"policy_arn", "role"}),
        ("aws_secretsmanager_secret", set()),
        ("aws_secretsmanager_secret_version", {"secret_id"}),
        ("aws_security_group", set()),
    ],
)
def test_required_arguments(resource_type: str, required: set[str]) -> None:
    """Each type wants what its documentation says is required."""
    schema = resource_schemas()[resource_type]
    assert {name for name, found in schema.attributes.items() if found.required} == required


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("aws_ecs_service.desired_count", Attribute("number", optional=True)),
        ("aws_ecs_service.cluster", Attribute("string", optional=True, computed=True)),
        ("aws_ecs_service.network_configuration.subnets", Attribute(["set", "string"], required=True)),
        ("aws_ecs_task_definition.cpu", Attribute("string", optional=True)),
        ("aws_ecs_task_definition.revision", Attribute("number", computed=True)),
        ("aws_cloudwatch_metric_alarm.metric_query.metric.dimensions", Attribute(["map", "string"], optional=True)),
        # A bool that may be null: a string to an engine.
        (
            "aws_elasticache_replication_group.at_rest_encryption_enabled",
            Attribute("string", optional=True, computed=True),
        ),
        ("aws_elasticache_replication_group.member_clusters", Attribute(["set", "string"], computed=True)),
        ("aws_elasticache_replication_group.preferred_cache_cluster_azs", Attribute(["list", "string"], optional=True)),
        ("aws_elasticache_replication_group.auth_token", Attribute("string", optional=True, sensitive=True)),
        ("aws_secretsmanager_secret_version.secret_string", Attribute("string", optional=True, sensitive=True)),
        ("aws_security_group.ingress", Attribute(["set", ["object", RULE]], optional=True, computed=True)),
        ("aws_security_group.egress", Attribute(["set", ["object", RULE]], optional=True, computed=True)),
    ],
)
def test_attribute(path: str, expected: Attribute) -> None:
    """An attribute's type and flags are the provider's."""
    assert attribute(path) == expected


@pytest.mark.parametrize(
    ("path", "nesting", "min_items", "max_items"),
    [
        ("aws_ecs_service.network_configuration", "list", 0, 1),
        ("aws_ecs_service.load_balancer", "set", 0, 0),
        ("aws_ecs_service.placement_constraints", "set", 0, 10),
        ("aws_ecs_service.ordered_placement_strategy", "list", 0, 5),
        ("aws_ecs_service.timeouts", "single", 0, 0),
        ("aws_ecs_service.volume_configuration.managed_ebs_volume", "list", 1, 1),
        ("aws_elasticache_replication_group.log_delivery_configuration", "set", 0, 2),
        ("aws_elasticache_parameter_group.parameter", "set", 0, 0),
        ("aws_cloudwatch_metric_alarm.metric_query", "set", 0, 0),
        ("aws_cloudwatch_metric_alarm.metric_query.metric", "list", 0, 1),
        ("aws_appautoscaling_policy.target_tracking_scaling_policy_configuration", "list", 0, 1),
    ],
)
def test_block(path: str, nesting: str, min_items: int, max_items: int) -> None:
    """A block's nesting and limits are the provider's."""
    found = block(path)
    assert (found.nesting, found.min_items, found.max_items) == (nesting, min_items, max_items)


def test_attribute_written_as_blocks_is_no_block() -> None:
    """The rules of a security group are attributes, so that `egress = []` takes all rules away."""
    assert set(resource_schemas()["aws_security_group"].blocks) == {"timeouts"}


def test_provider_block() -> None:
    """`provider "aws"` takes a region and default tags; its alias is the engine's affair."""
    schema = provider_schema()
    assert schema.attributes["region"] == Attribute("string", optional=True)
    assert schema.blocks["default_tags"].block.attributes == {"tags": Attribute(["map", "string"], optional=True)}
    assert "alias" not in schema.attributes


def test_facts_name_arguments_that_exist() -> None:
    """The table of facts has each type once, and no name that the schema does not have."""
    assert set(FACTS) == set(resource_schemas())
    for resource_type, facts in FACTS.items():
        schema = resource_schemas()[resource_type]
        known = schema.attributes.keys() | schema.blocks.keys()
        assert facts.replace <= known, resource_type
        assert facts.sensitive <= known, resource_type
        assert {path.split(".")[0] for path in (*facts.defaults, *facts.max_items)} <= known, resource_type
        assert {name for name in facts.made if schema.attributes[name].computed} == set(facts.made), resource_type


def test_engine_understands_the_schema(engine: Engine) -> None:
    """What the engine says of the attached provider's types is what was read."""
    engine.write("main.tf.json", {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}}})
    engine.init()
    (shown,) = json.loads(engine.run("providers", "schema", "-json"))["provider_schemas"].values()
    group = shown["resource_schemas"]["aws_elasticache_replication_group"]
    assert group["version"] == 2
    assert group["block"]["attributes"]["auth_token"]["sensitive"] is True
    assert group["block"]["attributes"]["description"] == {
        "type": "string",
        "required": True,
        "description_kind": "plain",
    }
    log_delivery = group["block"]["block_types"]["log_delivery_configuration"]
    assert (log_delivery["nesting_mode"], log_delivery["max_items"]) == ("set", 2)

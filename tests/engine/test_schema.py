import json
from collections.abc import Mapping
from typing import Any

from imports.resource_types import NEIGHBOURS, RESOURCE_TYPES
from product_import.engine import Engine
from product_import.stand_in.schema import MAJORS, Attribute, Block, NestedBlock, ResourceType, provider_schema
from tests.engine.conftest import both_majors
from tests.engine.registry import of_the_schema

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


def familiar(major: int) -> dict[str, ResourceType]:
    """The types with facts."""
    schema = provider_schema(major)
    return {name: schema.resource_types[name] for name in sorted(schema.familiar)}


def attribute(path: str) -> Attribute:
    """Of "aws_type.block.attribute"."""
    resource_type, *blocks, name = path.split(".")
    schema = provider_schema(5).resource_types[resource_type].block
    for nested in blocks:
        schema = schema.blocks[nested].block
    return schema.attributes[name]


def block(path: str) -> NestedBlock:
    """Of "aws_type.block.block"."""
    resource_type, *blocks, name = path.split(".")
    schema = provider_schema(5).resource_types[resource_type].block
    for nested in blocks:
        schema = schema.blocks[nested].block
    return schema.blocks[name]


def test_versions() -> None:
    """There is one schema for each major version that the module accepts, the first of them that of its bindings."""
    assert {major: provider_schema(major).version for major in MAJORS} == {5: "5.99.1", 6: "6.25.0"}


@both_majors
def test_types(major: int) -> None:
    """The stand-in has facts of the module's types and of a few others, and the schemas of all."""
    schema = provider_schema(major)
    assert schema.familiar == {f"aws_{name}" for name in (*RESOURCE_TYPES, *NEIGHBOURS)}
    assert schema.familiar < set(schema.resource_types)
    assert (len(schema.resource_types), len(schema.data_sources)) == {5: (1509, 607), 6: (1576, 629)}[major]


@both_majors
def test_all_schemas_can_be_read(major: int) -> None:
    """Each is a block, and none has an attribute without a way to set it."""
    schema = provider_schema(major)
    blocks = {name: found.block for name, found in schema.resource_types.items()}
    blocks |= {f"data.{name}": found.block for name, found in schema.data_sources.items()}
    for name, block in blocks.items():
        flags = [(each.required or each.optional or each.computed) for each in block.attributes.values()]
        assert all(flags), name


@both_majors
def test_an_attribute_that_is_one_object(major: int) -> None:
    """It is written with `=`, unlike a block that may stand once."""
    block = provider_schema(major).resource_types["aws_s3tables_table_bucket"].block
    assert block.attributes["encryption_configuration"].type == [
        "object",
        {"kms_key_arn": "string", "sse_algorithm": "string"},
    ]


def test_region_of_a_resource() -> None:
    """From provider 6 on each type of a region has an argument for it, which the provider's region fills."""
    schema = provider_schema(6)
    types = [schema.resource_types[name] for name in sorted(schema.familiar)]
    without = {found.name for found in types if "region" not in found.block.attributes}
    assert without == {"aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment"}
    regions = [found.block.attributes["region"] for found in types if found.name not in without]
    assert regions == [Attribute("string", optional=True, computed=True)] * 27


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
    schema = provider_schema(5).resource_types[resource_type].block
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
    assert set(provider_schema(5).resource_types["aws_security_group"].block.blocks) == {"timeouts"}


def test_provider_block() -> None:
    """`provider "aws"` takes a region and default tags; its alias is the engine's affair."""
    schema = provider_schema(5).provider
    assert schema.attributes["region"] == Attribute("string", optional=True)
    assert schema.blocks["default_tags"].block.attributes == {"tags": Attribute(["map", "string"], optional=True)}
    assert "alias" not in schema.attributes


@both_majors
def test_facts_name_arguments_that_exist(major: int) -> None:
    """No fact is about a name that the schema does not have."""
    for name, known in familiar(major).items():
        facts, attributes = known.facts, known.block.attributes
        arguments = attributes.keys() | known.block.blocks.keys()
        for about in (facts.replace, facts.replace_if, facts.refuse_if, facts.same, facts.read, facts.sensitive):
            assert set(about) <= arguments, name
        assert set().union(*facts.renew.values(), facts.follow.values()) <= arguments, name
        assert {path.split(".")[0] for path in (*facts.defaults, *facts.max_items)} <= arguments, name
        computed = {attribute for attribute, found in attributes.items() if found.computed}
        assert {*facts.made, *facts.renew, *facts.follow} <= computed, name


def reported(block: Mapping[str, Any]) -> dict[str, Any]:
    """A block of `providers schema -json`, without descriptions and what only the provider's authors need."""
    flags = ("type", "required", "optional", "computed", "sensitive")
    attributes: Mapping[str, Mapping[str, Any]] = block.get("attributes", {})
    return {
        "attributes": {name: {flag: found.get(flag, False) for flag in flags} for name, found in attributes.items()},
        "blocks": {
            name: (
                found["nesting_mode"],
                found.get("min_items", 0),
                found.get("max_items", 0),
                reported(found["block"]),
            )
            for name, found in block.get("block_types", {}).items()
        },
    }


def ours(block: Block) -> dict[str, Any]:
    """The same of the stand-in's. Not every engine reports what is only written."""
    return {
        "attributes": {
            name: {flag: value for flag, value in vars(found).items() if flag != "write_only"}
            for name, found in block.attributes.items()
        },
        "blocks": {
            name: (found.nesting, found.min_items, found.max_items, ours(found.block))
            for name, found in block.blocks.items()
        },
    }


@both_majors
def test_the_provider_reports_the_schema(engine: Engine, major: int) -> None:
    """What an engine learns of each type is what was read, be it from the stand-in or from the registry's provider."""
    of_the_schema(major)
    engine.write("main.tf.json", {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}}})
    engine.init()
    (shown,) = json.loads(engine.run("providers", "schema", "-json"))["provider_schemas"].values()
    for name, known in familiar(major).items():
        schema = shown["resource_schemas"][name]
        assert (name, schema["version"]) == (name, known.facts.version)
        assert reported(schema["block"]) == ours(known.block), name

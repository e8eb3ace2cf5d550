"""Tests of which destroyed and created resources are one object."""

from typing import Any

from product_import.plan_diff.compare import moves
from product_import.plan_diff.compare.danger import Severity
from tests.plan_diff.documents import count_calls, diff, resource

import pytest

AWS = "registry.terraform.io/hashicorp/aws"


def expressions(arguments: dict[str, Any]) -> dict[str, Any]:
    """What a block sets, each argument from somewhere else in the configuration; a list of objects is nested blocks."""
    return {
        name: [expressions(block) for block in value]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else {"references": ["local.x"]}
        for name, value in arguments.items()
    }


def pairs(
    kind: str,
    before: list[dict[str, Any]],
    after: list[tuple[dict[str, Any], dict[str, Any]]],
    provider_config: Any = None,
) -> list[tuple[str, ...]]:
    """The pairs in a plan with objects to destroy and objects to create, each with what is known and unknown of it."""
    old = [
        resource(f"{kind}.old{index}", ["delete"], {"id": f"i-{index}", "arn": "arn:x", **arguments}, provider_name=AWS)
        for index, arguments in enumerate(before)
    ]
    new = [
        resource(
            f"{kind}.new{index}",
            ["create"],
            None,
            known,
            after_unknown={"id": True, "arn": True, **unknown},
            provider_name=AWS,
        )
        for index, (known, unknown) in enumerate(after)
    ]
    blocks = [
        {
            "mode": "managed",
            "type": kind,
            "name": f"new{index}",
            "expressions": expressions(
                {**known, **{name: mask for name, mask in unknown.items() if name in before[0]}}
            ),
        }
        for index, (known, unknown) in enumerate(after)
    ]
    found = diff(
        *old,
        *new,
        configuration={
            "root_module": {"resources": blocks},
            "provider_config": provider_config or {"aws": {"name": "aws"}},
        },
    )
    return [danger.addresses for danger in found.dangers if len(danger.addresses) == 2]


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("aws_iam_role", {"name": "x", "assume_role_policy": "{}", "name_prefix": ""}),
        ("aws_lambda_function", {"function_name": "f", "role": "r"}),
        ("aws_elasticache_replication_group", {"replication_group_id": "r", "port": 6379}),
        ("aws_db_instance", {"identifier": "d", "username": "admin"}),
        ("aws_s3_bucket", {"bucket": "b"}),
        ("aws_s3_bucket_versioning", {"bucket": "b", "versioning_configuration": [{"status": "Enabled"}]}),
        ("aws_s3_object", {"bucket": "b", "key": "k"}),
        ("aws_ecs_task_definition", {"family": "f", "cpu": "256"}),
        ("aws_iam_role_policy_attachment", {"role": "r", "policy_arn": "p"}),
        ("aws_lambda_permission", {"function_name": "f", "statement_id": "s"}),
        ("aws_subnet", {"vpc_id": "v", "cidr_block": "10.0.0.0/24"}),
        ("aws_vpc_security_group_ingress_rule", {"security_group_id": "s", "ip_protocol": "tcp", "from_port": 1}),
        ("aws_route53_record", {"zone_id": "z", "name": "n", "type": "A", "set_identifier": "s"}),
        ("azurerm_subnet", {"name": "s", "virtual_network_name": "v", "resource_group_name": "g"}),
        ("google_bigquery_dataset", {"dataset_id": "d", "location": "EU"}),
        ("kubernetes_namespace", {"metadata": [{"name": "n"}]}),
        ("helm_release", {"name": "r", "namespace": "n"}),
    ],
)
def test_the_same_identity_and_arguments_are_one_object(kind: str, arguments: dict[str, Any]) -> None:
    """Its name identifies an object, or several arguments together do."""
    assert pairs(kind, [arguments], [(arguments, {})]) == [(f"{kind}.old0", f"{kind}.new0")]


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("aws_acm_certificate", {"domain_name": "d"}),
        ("aws_cloudhsm_v2_hsm", {"cluster_id": "c", "subnet_id": "s"}),
        ("aws_ebs_volume", {"availability_zone": "z", "size": 8}),
        ("aws_eip", {"domain": "vpc"}),
        ("aws_iam_policy", {"name_prefix": "p-", "policy": "{}"}),
        ("aws_instance", {"ami": "a", "subnet_id": "s"}),
        ("aws_lambda_permission", {"function_name": "f", "principal": "p"}),
        ("aws_rds_cluster_instance", {"cluster_identifier": "c", "engine": "e"}),
        ("aws_security_group", {"name_prefix": "p-", "vpc_id": "v"}),
        ("null_resource", {"triggers": {"a": "1"}}),
        ("random_password", {"length": 16}),
        ("random_pet", {"prefix": "p"}),
        ("terraform_data", {"input": "x"}),
        ("time_sleep", {"create_duration": "30s"}),
        ("tls_private_key", {"algorithm": "RSA"}),
    ],
)
def test_objects_without_an_identity_are_no_pair(kind: str, arguments: dict[str, Any]) -> None:
    """Equal arguments do not identify an object if several may have them."""
    assert pairs(kind, [arguments], [(arguments, {})]) == []


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("aws_iam_role", {"name": "x"}, {"name": "y"}),
        ("aws_iam_role_policy", {"name": "x", "role": "r"}, {"name": "x", "role": "s"}),
        ("aws_s3_bucket_lifecycle_configuration", {"bucket": "b", "rule": [{"id": "1"}]}, {"bucket": "b", "rule": []}),
        ("aws_s3_bucket_versioning", {"bucket": "a"}, {"bucket": "b"}),
        (
            "aws_route53_record",
            {"zone_id": "z", "name": "n", "type": "A", "set_identifier": "a"},
            {"zone_id": "z", "name": "n", "type": "A", "set_identifier": "b"},
        ),
        ("aws_cloudwatch_log_group", {"name": "x", "region": "eu-west-1"}, {"name": "x", "region": "us-east-1"}),
        (
            "azurerm_subnet",
            {"name": "s", "virtual_network_name": "v", "address_prefixes": ["10.0.0.0/24"]},
            {"name": "s", "virtual_network_name": "w", "address_prefixes": ["10.0.0.0/24"]},
        ),
        (
            "kubernetes_service",
            {"metadata": [{"name": "n", "namespace": "a"}]},
            {"metadata": [{"name": "n", "namespace": "b"}]},
        ),
    ],
)
def test_an_argument_that_differs_is_no_pair(kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """This holds for every argument."""
    assert pairs(kind, [before], [(after, {})]) == []


@pytest.mark.parametrize(
    ("kind", "arguments", "unknown"),
    [
        ("aws_s3_bucket_versioning", {"versioning_configuration": [{"status": "Enabled"}]}, "bucket"),
        ("aws_s3_bucket_lifecycle_configuration", {"rule": [{"id": "x"}]}, "bucket"),
        ("aws_s3_bucket_policy", {"policy": "{}"}, "bucket"),
        ("aws_vpc_security_group_ingress_rule", {"ip_protocol": "tcp", "from_port": 1}, "security_group_id"),
        ("aws_subnet", {"cidr_block": "10.0.0.0/24"}, "vpc_id"),
        ("aws_lambda_permission", {"statement_id": "s"}, "function_name"),
        ("aws_route53_record", {"name": "n", "type": "A"}, "zone_id"),
        ("azurerm_subnet", {"name": "s", "resource_group_name": "g"}, "virtual_network_name"),
        ("aws_iam_role_policy", {"name": "x"}, "role"),
    ],
)
@pytest.mark.parametrize("mask", [True, [False, True]])
def test_an_unknown_argument_is_no_pair(kind: str, arguments: dict[str, Any], unknown: str, mask: Any) -> None:
    """Its value may differ after the apply."""
    assert pairs(kind, [{**arguments, unknown: "x"}], [(arguments, {unknown: mask})]) == []


def test_what_the_provider_computes_may_be_unknown() -> None:
    """A created object always has such attributes, in its blocks too, and null for what the old one keeps as empty."""
    before = {"name": "x", "unique_id": "u", "block": [{"a": 1, "computed": 2}], "force": False, "path": ""}
    after = {"name": "x", "block": [{"a": 1}], "force": None, "path": None}
    blocks = {
        "mode": "managed",
        "type": "aws_x",
        "name": "new",
        "expressions": {"name": {}, "block": [{"a": {"constant_value": 1}}]},
    }
    unknown = {"id": True, "unique_id": True, "block": [{"computed": True}]}
    plan = (
        resource("aws_x.old", ["delete"], before),
        resource("aws_x.new", ["create"], None, after, after_unknown=unknown),
    )
    (danger,) = diff(*plan, configuration={"root_module": {"resources": [blocks]}}).dangers
    assert danger.severity is Severity.ADDRESS_CHANGED
    blocks["expressions"]["block"] = [{"computed": {"references": ["local.x"]}}]  # type: ignore[index]
    assert not diff(*plan, configuration={"root_module": {"resources": [blocks]}}).dangers
    del blocks["expressions"]["block"]  # type: ignore[attr-defined]
    assert not diff(*plan, configuration={"root_module": {"resources": [blocks]}}).dangers


def test_without_a_configuration_an_unknown_attribute_may_be_an_argument() -> None:
    """Only identifiers are known to be computed."""
    old = resource("aws_iam_role.old", ["delete"], {"name": "x", "arn": "a", "id": "x", "path": "/"})
    for unknown, count in (({"id": True, "arn": True}, 1), ({"id": True, "path": True}, 0)):
        new = resource("aws_iam_role.new", ["create"], None, {"name": "x"}, after_unknown=unknown)
        old["change"]["before"].pop("path", None) if count else old["change"]["before"].update(path="/")
        assert len(diff(old, new).dangers) == count


@pytest.mark.parametrize(
    ("other", "count"),
    [
        ({"name": "aws", "alias": "east"}, 0),
        ({"name": "aws", "full_name": AWS, "alias": "east"}, 0),
        ({"name": "local", "full_name": AWS, "alias": "east"}, 0),
        ({"name": "aws", "full_name": AWS, "module_address": "module.m", "expressions": {"region": {}}}, 0),
        ({"name": "aws", "full_name": AWS, "module_address": "module.m", "version_constraint": "6.0"}, 1),
        ({"name": "google", "full_name": "registry.terraform.io/hashicorp/google", "alias": "east"}, 1),
    ],
)
def test_a_provider_with_several_configurations_has_no_pairs(other: dict[str, Any], count: int) -> None:
    """The object may be in another account or region, and a plan does not say in which one a destroyed object is."""
    arguments = {"name": "x"}
    configurations = {"aws": {"name": "aws", "full_name": AWS, "expressions": {"region": {}}}, "other": other}
    assert len(pairs("aws_iam_role", [arguments], [(arguments, {})], configurations)) == count


def test_several_candidates_are_no_pair() -> None:
    """If several objects fit, none of them is paired; other objects of the name still are."""
    same, other = {"name": "x", "role": "r"}, {"name": "x", "role": "s"}
    kind = "aws_iam_role_policy"
    assert pairs(kind, [same, same, other], [(same, {}), (other, {})]) == [(f"{kind}.old2", f"{kind}.new1")]
    assert pairs(kind, [same, other], [(same, {}), (same, {}), (other, {})]) == [(f"{kind}.old1", f"{kind}.new2")]


def test_a_deposed_object_has_no_new_address() -> None:
    """What an earlier replacement left behind is not the object that is created under its name."""
    found = diff(
        resource("aws_iam_role.a", ["delete"], {"name": "x"}, deposed="6a54"),
        resource("aws_iam_role.b", ["create"], None, {"name": "x"}),
    )
    assert not found.dangers


def test_the_work_grows_with_the_number_of_resources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects of one name are not compared each with each; their unknown attributes may differ in a few ways only."""
    calls = count_calls(monkeypatch, moves, "_known")
    roles = [{"name": "x", "role": str(index)} for index in range(200)]
    assert len(pairs("aws_iam_role_policy", roles, [(role, {}) for role in roles])) == 200
    assert len(calls) <= 200 * 2 * 5  # each object with its three or four attributes
    calls.clear()
    varied = [(role, {f"computed{index}": True}) for index, role in enumerate(roles)]
    assert pairs("aws_iam_role_policy", roles, varied) == []
    assert calls == []

"""Data sources, asked over the plugin protocol's own messages."""

import json
import re
from functools import cache
from typing import Any

from product_import.stand_in.data.sensitive import SENSITIVE
from product_import.stand_in.provider import Provider
from product_import.stand_in.schema import Block, NestedBlock, provider_schema
from tests.engine.conftest import both_majors
from tests.engine.protocol import Asked

import pytest

ARN = "arn:aws:iam::123456789012:role/one"
# Arguments whose values the provider reads something from.
ARGUMENTS: dict[str, dict[str, Any]] = {"aws_service": {"service_id": "s3"}}


@cache
def asked(major: int, region: str = "eu-central-1") -> Asked:
    return Asked(major, region)


def given(name: str, kind: Any) -> Any:
    """A value for a required argument."""
    if isinstance(kind, str):
        return {"string": ARN if name.endswith("arn") else "one", "number": 1, "bool": True}[kind]
    if kind[0] == "object":
        return {key: given(key, inner) for key, inner in kind[1].items()}
    return {"one": given(name, kind[1])} if kind[0] == "map" else [given(name.removesuffix("s"), kind[1])]


def required(block: Block) -> dict[str, Any]:
    arguments = {name: given(name, each.type) for name, each in block.attributes.items() if each.required}
    return arguments | {name: [required(each.block)] for name, each in block.blocks.items() if each.min_items}


def settable(block: Block) -> dict[str, Any]:
    """A value for each argument, in each block one item."""
    arguments = {
        name: given(name, each.type) for name, each in block.attributes.items() if each.required or each.optional
    }
    return arguments | {
        name: settable(each.block) if each.nesting == "single" else [settable(each.block)]
        for name, each in block.blocks.items()
    }


def is_of(value: Any, kind: Any) -> bool:
    """Whether a value, null too, is of a schema's type."""
    if value is None:
        return True
    if isinstance(kind, str):
        python: dict[str, Any] = {"string": str, "number": (int, float), "bool": bool}
        return isinstance(value, python[kind]) and (kind != "number" or not isinstance(value, bool))
    if kind[0] == "object":
        return set(value) == set(kind[1]) and all(is_of(value[key], inner) for key, inner in kind[1].items())
    if kind[0] == "map":
        return isinstance(value, dict) and all(is_of(item, kind[1]) for item in value.values())
    distinct = len({json.dumps(item, sort_keys=True) for item in value}) == len(value)
    return all(is_of(item, kind[1]) for item in value) and (kind[0] == "list" or distinct)


def wrong(values: dict[str, Any], block: Block) -> set[str]:
    """The names of what is not of its type, or computed and null."""
    names = {name for name, each in block.attributes.items() if not is_of(values[name], each.type)}
    names |= {name for name, each in block.attributes.items() if each.computed and values[name] is None}
    inner = {name: wrong_blocks(values[name], nested) for name, nested in block.blocks.items()}
    surplus = set(values) - set(block.attributes) - set(block.blocks)
    return names | surplus | {f"{name}.{each}" for name, found in inner.items() for each in found}


def wrong_blocks(value: Any, nested: NestedBlock) -> set[str]:
    if nested.nesting == "single":
        return set() if value is None else wrong(value, nested.block)
    return {each for item in value for each in wrong(item, nested.block)}


@both_majors
def test_all_data_sources_can_be_read(major: int) -> None:
    """With their required arguments; each computed attribute has a value of its type."""
    faults = {}
    for name, source in provider_schema(major).data_sources.items():
        arguments = required(source.block) | ARGUMENTS.get(name, {})
        if found := wrong(asked(major).data(name, **arguments), source.block):
            faults[name] = found
    assert faults == {}


@both_majors
def test_all_data_sources_take_all_arguments(major: int) -> None:
    """Each gives values of its types, or refuses the arguments as the provider does."""
    faults, refused = {}, set()
    for name, source in provider_schema(major).data_sources.items():
        arguments = settable(source.block)
        if "region" in arguments:
            arguments["region"] = "eu-west-1"
        try:
            values = asked(major).data(name, **arguments)
        except ValueError:
            refused.add(name)
            continue
        if found := wrong(values, source.block):
            faults[name] = found
    assert faults == {}
    assert refused <= {"aws_arn", "aws_iam_policy_document", "aws_region", "aws_service", "aws_subnet"}


@both_majors
def test_sensitive_values(major: int) -> None:
    """The provider tells an engine of them, in each data source that has any."""
    named = [f"data.{name}" for name in SENSITIVE]
    provider = Provider(provider_schema(major), named=lambda: named)
    schemas = provider.GetProviderSchema(None, None).data_source_schemas
    sensitive = {
        name: {attribute.name for attribute in schema.block.attributes if attribute.sensitive}
        for name, schema in schemas.items()
    }
    assert sensitive == SENSITIVE
    assert sensitive["aws_secretsmanager_secret_version"] == {"secret_string", "secret_binary"}


@both_majors
def test_the_same_arguments_give_the_same_values(major: int) -> None:
    """In another process too, and others give others."""
    one, again, other = (Asked(major).data("aws_vpc", tags={"Name": name}) for name in ("one", "one", "other"))
    assert one == again
    assert one["id"] != other["id"]


def test_an_argument_that_is_computed_is_refused() -> None:
    with pytest.raises(ValueError, match=r'^Can\'t configure a value for "account_id": '):
        asked(5).data("aws_caller_identity", account_id="123456789012")


def test_a_plural_data_source_finds_three() -> None:
    found = asked(5).data("aws_subnets")
    assert found["id"] == "eu-central-1"
    ids = found["ids"]
    assert len(set(ids)) == 3
    assert all(re.fullmatch("subnet-[0-9a-f]{17}", each) for each in ids)


@pytest.mark.parametrize(
    ("source", "arguments", "arn"),
    [
        ("aws_vpc", {"id": "vpc-0123"}, "ec2:eu-central-1:123456789012:vpc/vpc-0123"),
        ("aws_security_group", {"id": "sg-0123"}, "ec2:eu-central-1:123456789012:security-group/sg-0123"),
        ("aws_lambda_function", {"function_name": "one"}, "lambda:eu-central-1:123456789012:function:one"),
        ("aws_kms_key", {"key_id": "0f1e"}, "kms:eu-central-1:123456789012:key/0f1e"),
        (
            "aws_kms_key",
            {"key_id": "arn:aws:kms:eu-central-1:123456789012:key/0f1e"},
            "kms:eu-central-1:123456789012:key/0f1e",
        ),
        ("aws_dynamodb_table", {"name": "one"}, "dynamodb:eu-central-1:123456789012:table/one"),
    ],
)
def test_an_arn_is_of_what_is_asked(source: str, arguments: dict[str, Any], arn: str) -> None:
    assert asked(5).data(source, **arguments)["arn"] == f"arn:aws:{arn}"


def test_a_block_that_the_provider_fills_in() -> None:
    (action,) = asked(6).data("aws_lb_listener_rule", arn=ARN)["action"]
    assert action["type"] is not None


@pytest.mark.parametrize(
    ("region", "partition", "suffix", "prefix"),
    [
        ("eu-central-1", "aws", "amazonaws.com", "com.amazonaws"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com", "com.amazonaws"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov", "gov.ic.c2s"),
    ],
)
@both_majors
def test_partitions(major: int, region: str, partition: str, suffix: str, prefix: str) -> None:
    """The `provider` block's region says which one it is."""
    found = asked(major, region).data("aws_partition")
    assert (found["partition"], found["dns_suffix"], found["reverse_dns_prefix"]) == (partition, suffix, prefix)
    assert asked(major, region).data("aws_caller_identity")["arn"] == f"arn:{partition}:iam::123456789012:user/stand-in"
    assert (
        asked(major, region).data("aws_sns_topic", name="one")["arn"]
        == f"arn:{partition}:sns:{region}:123456789012:one"
    )
    assert asked(major, region).data("aws_region")["endpoint"] == f"ec2.{region}.{suffix}"
    assert region in asked(major, region).data("aws_regions", all_regions=True)["names"]


def test_region_of_a_data_source() -> None:
    """Provider 6 has an argument for it."""
    found = asked(6).data("aws_availability_zones", region="us-gov-east-1")
    assert found["names"] == ["us-gov-east-1a", "us-gov-east-1b", "us-gov-east-1c"]
    assert found["zone_ids"] == ["usge1-az1", "usge1-az2", "usge1-az3"]
    assert asked(6).data("aws_vpc", region="cn-north-1")["arn"].startswith("arn:aws-cn:ec2:cn-north-1:")


def test_availability_zones() -> None:
    found = asked(5).data("aws_availability_zones", exclude_names=["eu-central-1b"])
    assert found["names"] == ["eu-central-1a", "eu-central-1c", "eu-central-1d"]
    assert found["zone_ids"] == ["euc1-az1", "euc1-az3", "euc1-az4"]
    local = [{"name": "zone-type", "values": ["local-zone"]}]
    assert asked(5).data("aws_availability_zones", filter=local)["names"] == []


@pytest.mark.parametrize(
    ("source", "arguments", "values"),
    [
        ("aws_arn", {"arn": "arn:aws-cn:sns:cn-north-1:1:a:b"}, {"resource": "a:b", "region": "cn-north-1"}),
        ("aws_elb_service_account", {}, {"arn": "arn:aws:iam::054676820928:root", "id": "054676820928"}),
        ("aws_region", {}, {"name": "eu-central-1", "description": "Europe (Frankfurt)"}),
        ("aws_region", {"name": "us-east-2"}, {"id": "us-east-2", "endpoint": "ec2.us-east-2.amazonaws.com"}),
        ("aws_region", {"endpoint": "ec2.us-east-2.amazonaws.com"}, {"name": "us-east-2"}),
        ("aws_service", {"service_id": "s3"}, {"dns_name": "s3.eu-central-1.amazonaws.com", "supported": True}),
        ("aws_service_principal", {"service_name": "logs"}, {"name": "logs.amazonaws.com"}),
        ("aws_default_tags", {}, {"tags": {}}),
        ("aws_billing_service_account", {}, {"arn": "arn:aws:iam::386209384616:root"}),
        (
            "aws_cloudfront_log_delivery_canonical_user_id",
            {},
            {"id": "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"},
        ),
    ],
)
def test_surroundings(source: str, arguments: dict[str, Any], values: dict[str, Any]) -> None:
    found = asked(5).data(source, **arguments)
    assert {name: found[name] for name in values} == values


@pytest.mark.parametrize("source", ["aws_cloudtrail_service_account", "aws_redshift_service_account"])
def test_accounts_of_aws(source: str) -> None:
    found = asked(5).data(source)
    assert re.fullmatch(r"\d{12}", found["id"])
    assert found["arn"] == f"arn:aws:iam::{found['id']}:root"


def test_default_tags() -> None:
    tags = {"Team": "one"}
    assert Asked(5, default_tags=[{"tags": tags}]).data("aws_default_tags")["tags"] == tags


@pytest.mark.parametrize(
    ("source", "arguments", "text"),
    [
        ("aws_arn", {"arn": "one"}, "Invalid ARN Value: one"),
        ("aws_region", {"name": "mars-1"}, 'region not found for name "mars-1"'),
        ("aws_service", {"dns_name": "s3"}, "service DNS names must have at least 4 parts"),
    ],
)
def test_refused(source: str, arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        asked(5).data(source, **arguments)

"""Types without facts: what a plan leaves open, and what rules make up."""

import re
from collections.abc import Iterator
from typing import Any

from product_import.engine import Engine, changes, resources
from product_import.stand_in.planning import Values, is_known
from product_import.stand_in.schema import Block, ResourceType, provider_schema
from tests.engine.conftest import both_majors
from tests.engine.deployment import actions
from tests.engine.protocol import Asked

import pytest

HERE = "eu-central-1:123456789012"
HEX = "[0-9a-f]"
UUID = "[0-9a-f-]{36}"


def generic(major: int) -> Iterator[ResourceType]:
    schema = provider_schema(major)
    yield from (schema.resource_types[name] for name in sorted(schema.resource_types) if name not in schema.familiar)


def some(kind: Any, name: str) -> Any:
    """A value of a type."""
    if isinstance(kind, str):
        return {"string": f"a-{name}", "number": 5, "bool": True}[kind]
    if kind[0] == "object":
        return {key: some(inner, key) for key, inner in kind[1].items()}
    return {"key": some(kind[1], name)} if kind[0] == "map" else [some(kind[1], name)]


def arguments(block: Block, everything: bool, depth: int = 0) -> Values:
    """What is required, or all that AWS does not decide on."""
    given: Values = {}
    for name, attribute in block.attributes.items():
        if attribute.required or (everything and attribute.optional and not attribute.computed):
            given[name] = some(attribute.type, name)
    for name, nested in block.blocks.items():
        count = nested.min_items or int(everything and depth < 3)
        if nested.nesting != "single":
            given[name] = [arguments(nested.block, everything, depth + 1) for _ in range(count)]
    return given


@both_majors
@pytest.mark.parametrize("everything", [False, True], ids=["what is required", "everything"])
def test_second_plan_is_empty(major: int, everything: bool) -> None:
    """Each type is applied, and is then as it is planned again."""
    asked = Asked(major)
    for known in generic(major):
        given = arguments(known.block, everything)
        applied = asked.applied(known.name, None, **given)
        assert is_known(applied), known.name
        read = asked.read(known.name, applied)
        planned, replaced = asked.planned(known.name, read, **given)
        assert planned == read, known.name
        assert replaced == [], known.name


@both_majors
def test_computed_values_are_unknown_in_a_plan(major: int) -> None:
    """What nobody can set is not known before an apply."""
    asked = Asked(major)
    for known in generic(major):
        planned, _ = asked.planned(known.name, None, **arguments(known.block, everything=False))
        for name, attribute in known.block.attributes.items():
            if attribute.computed and not attribute.optional and name not in ("region", "tags_all"):
                assert not is_known(planned[name]), (known.name, name)


@both_majors
def test_arns_have_the_form_of_arns(major: int) -> None:
    """Of each type that has one, and no two are the same."""
    asked, found = Asked(major), []
    for known in generic(major):
        if "arn" in known.block.attributes and not known.block.attributes["arn"].required:
            found.append(asked.applied(known.name, None, **arguments(known.block, everything=False))["arn"])
            # Some are below another ARN, which a made-up argument does not have.
            form = r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:(123456789012)?:\S+|a-\w+_arn.+"
            assert re.fullmatch(form, found[-1]), (known.name, found[-1])
    assert len(found) > 800


FORMS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("aws_acm_certificate", {"domain_name": "a.example"}, {"arn": f"arn:aws:acm:{HERE}:certificate/{HEX}{{17}}"}),
    ("aws_cloudwatch_event_rule", {"name_prefix": "daily-"}, {"name": f"daily-{HEX}{{17}}"}),
    (
        "aws_db_instance",
        {"instance_class": "db.t4g.micro", "engine": "postgres", "identifier": "main"},
        {"endpoint": rf"main\.{HEX}{{12}}\.eu-central-1\.rds\.amazonaws\.com:5432", "engine_version": r"\d+\.\d+"},
    ),
    ("aws_ecr_repository", {"name": "app"}, {"repository_url": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app"}),
    (
        "aws_eks_cluster",
        {"name": "main", "role_arn": "arn:aws:iam::123456789012:role/eks", "vpc_config": [{"subnet_ids": []}]},
        {"arn": f"arn:aws:eks:{HERE}:cluster/main", "endpoint": r"https://\S+\.eks\.amazonaws\.com", "id": "main"},
    ),
    ("aws_iam_policy", {"name": "read", "policy": "{}"}, {"arn": "arn:aws:iam::123456789012:policy/read"}),
    (
        "aws_iam_policy",
        {"name": "read", "path": "/ci/", "policy": "{}"},
        {"id": "arn:aws:iam::123456789012:policy/ci/read"},
    ),
    ("aws_instance", {"ami": "ami-1"}, {"id": f"i-{HEX}{{17}}", "availability_zone": "eu-central-1a"}),
    ("aws_kms_key", {}, {"arn": f"arn:aws:kms:{HERE}:key/{UUID}", "key_id": UUID}),
    (
        "aws_lambda_function",
        {"function_name": "run", "role": "arn:aws:iam::123456789012:role/run"},
        {"arn": f"arn:aws:lambda:{HERE}:function:run", "last_modified": "2026-01-01T00:00:00Z"},
    ),
    (
        "aws_lb",
        {"name": "front", "load_balancer_type": "network"},
        {"arn": f"arn:aws:elasticloadbalancing:{HERE}:loadbalancer/net/front/{HEX}{{16}}", "zone_id": "Z[0-9A-F]+"},
    ),
    ("aws_lb", {"name": "front"}, {"arn_suffix": f"app/front/{HEX}{{16}}"}),
    ("aws_route53_zone", {"name": "a.example"}, {"zone_id": "Z[0-9A-F]+", "arn": r"arn:aws:route53:::hostedzone/Z\w+"}),
    ("aws_s3_bucket_versioning", {"bucket": "files"}, {"id": "files"}),
    (
        "aws_sfn_state_machine",
        {"definition": "{}", "role_arn": "r"},
        {"id": f"arn:aws:states:{HERE}:stateMachine:\\S+"},
    ),
    (
        "aws_sqs_queue",
        {"name": "jobs"},
        {"arn": f"arn:aws:sqs:{HERE}:jobs", "id": "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs"},
    ),
    ("aws_ssm_parameter", {"name": "/app/key", "type": "String"}, {"arn": f"arn:aws:ssm:{HERE}:parameter/app/key"}),
    ("aws_vpc_endpoint", {"vpc_id": "v", "service_name": "s"}, {"id": f"vpce-{HEX}{{17}}", "owner_id": "123456789012"}),
]


@both_majors
@pytest.mark.parametrize(("resource_type", "given", "forms"), FORMS, ids=[form[0] for form in FORMS])
def test_made_up_values_have_the_form_of_those_of_aws(
    major: int, resource_type: str, given: dict[str, Any], forms: dict[str, str]
) -> None:
    """By name and type, and for some types by what AWS documents."""
    applied = Asked(major).applied(resource_type, None, **given)
    for name, form in forms.items():
        assert re.fullmatch(form, str(applied[name])), (name, applied[name])


@both_majors
@pytest.mark.parametrize(
    ("resource_type", "before", "after", "replaced"),
    [
        ("aws_sqs_queue", {"name": "jobs"}, {"name": "mail"}, ["name"]),
        ("aws_sqs_queue", {"name": "jobs"}, {"name": "jobs", "delay_seconds": 5}, []),
        ("aws_sqs_queue", {"name": "jobs"}, {"name": "jobs", "delay_seconds": 0}, []),
        (
            "aws_instance",
            {"ami": "ami-1", "root_block_device": [{"encrypted": True, "volume_size": 8}]},
            {"ami": "ami-1", "root_block_device": [{"encrypted": False, "volume_size": 8}]},
            ["root_block_device"],
        ),
        (
            "aws_instance",
            {"ami": "ami-1", "root_block_device": [{"encrypted": True, "volume_size": 8}]},
            {"ami": "ami-1", "root_block_device": [{"encrypted": True, "volume_size": 9}]},
            [],
        ),
        (
            "aws_lb",
            {"name": "front", "subnet_mapping": [{"subnet_id": "subnet-1"}]},
            {"name": "front", "subnet_mapping": [{"subnet_id": "subnet-1"}, {"subnet_id": "subnet-2"}]},
            ["subnet_mapping"],
        ),
        ("aws_bedrockagent_prompt", {"name": "ask"}, {"name": "tell"}, []),
    ],
)
def test_replacements(
    major: int, resource_type: str, before: dict[str, Any], after: dict[str, Any], replaced: list[str]
) -> None:
    """As the provider's source has them; without it a change is in place."""
    asked = Asked(major)
    applied = asked.applied(resource_type, None, **before)
    assert asked.planned(resource_type, applied, **after)[1] == replaced


@both_majors
def test_the_source_names_arguments_that_exist(major: int) -> None:
    """No fact is about a name that the schema does not have."""
    for known in generic(major):
        facts, block = known.facts, known.block
        for about in (facts.replace, facts.same, facts.normal, facts.blocks_of_aws):
            assert {path.partition(".")[0] for path in about} <= {*block.attributes, *block.blocks}, known.name


def test_validation_records_of_a_certificate() -> None:
    """One for each domain, in the zone of its parent."""
    applied = Asked(5).applied(
        "aws_acm_certificate",
        None,
        domain_name="a.example",
        subject_alternative_names=["*.a.example"],
        validation_method="DNS",
    )
    options = applied["domain_validation_options"]
    assert {option["domain_name"] for option in options} == {"a.example", "*.a.example"}
    assert len({option["resource_record_name"] for option in options}) == 1


def test_values_are_the_same_in_each_run_and_differ_between_resources() -> None:
    """Whatever the order in which an engine creates them."""
    first, second = Asked(6), Asked(6)
    ids = [first.applied("aws_instance", None, ami=ami)["id"] for ami in ("ami-1", "ami-2")]
    assert ids == [second.applied("aws_instance", None, ami=ami)["id"] for ami in ("ami-2", "ami-1")][::-1]
    assert len({*ids, first.applied("aws_instance", None, ami="ami-1")["id"]}) == 3


def test_what_aws_fills_stays(named: Engine) -> None:
    """Blocks and values that the configuration leaves out are no change of a second plan, and a root can use them."""
    named.write(
        "main.tf",
        """
        provider "aws" {
          region = "eu-central-1"
        }
        resource "aws_instance" "this" {
          ami           = "ami-1"
          instance_type = "t3.micro"
          tags          = { Name = "one" }
        }
        resource "aws_eks_cluster" "this" {
          name     = "main"
          role_arn = "arn:aws:iam::123456789012:role/eks"
          vpc_config {
            subnet_ids = ["subnet-1"]
          }
        }
        resource "aws_db_instance" "this" {
          identifier_prefix           = "main-"
          engine                      = "mysql"
          instance_class              = "db.t4g.micro"
          username                    = "root"
          manage_master_user_password = true
        }
        resource "aws_default_security_group" "this" {
          vpc_id = "vpc-1"
          ingress {
            protocol  = -1
            self      = true
            from_port = 0
            to_port   = 0
          }
        }
        output "volume" {
          value = aws_instance.this.root_block_device[0].volume_id
        }
        output "authority" {
          value = base64decode(aws_eks_cluster.this.certificate_authority[0].data)
        }
        output "secret" {
          value = aws_db_instance.this.master_user_secret[0].secret_arn
        }
        """,
    )
    named.init()
    named.deploy()
    outputs = named.state()["values"]["outputs"]
    assert re.fullmatch(f"vol-{HEX}{{17}}", outputs["volume"]["value"])
    assert outputs["authority"]["value"].startswith("-----BEGIN CERTIFICATE-----")
    assert outputs["secret"]["value"].startswith(f"arn:aws:secretsmanager:{HERE}:secret:rds!")
    assert resources(named.state())["aws_db_instance.this"]["port"] == 3306
    assert actions(named) == {}
    named.write("tags.tf", 'resource "aws_sqs_queue" "this" {}')
    assert changes(named.plan()) == {"aws_sqs_queue.this": ("create",)}
    named.destroy()

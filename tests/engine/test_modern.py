"""What newer engines have: write-only arguments, ephemeral resources and functions of the provider."""

import json
from typing import Any

from product_import.engine import Engine, EngineError, changes, resources
from product_import.stand_in.ephemeral import blocks_of, opened
from product_import.stand_in.functions import functions_of
from product_import.stand_in.planning import is_known
from product_import.stand_in.schema import provider_schema
from tests.engine.conftest import both_majors
from tests.engine.deployment import actions
from tests.engine.protocol import Asked
from tests.engine.test_generic import arguments

import pytest

PROVIDER = 'provider "aws" {\n  region = "eu-central-1"\n}\n'
DATABASE = """
resource "aws_db_instance" "main" {
  identifier          = "main"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  username            = "root"
  password_wo         = "secret-of-the-database"
  password_wo_version = VERSION
}
"""


def since(engine: Engine, *version: int) -> None:
    if engine.executable.name != "Terraform" or engine.executable.version < version:
        pytest.skip("This engine does not have it.")


@both_majors
def test_write_only_arguments_are_in_no_plan_and_no_state(major: int) -> None:
    """Of each type that has one, familiar or generic, in blocks too."""
    asked, count = Asked(major), 0
    for known in provider_schema(major).resource_types.values():
        for name, attribute in known.block.attributes.items():
            if attribute.write_only:
                count += 1
                given = arguments(known.block, everything=False) | {name: "secret"}
                assert asked.planned(known.name, None, **given)[0][name] is None
                assert asked.applied(known.name, None, **given)[name] is None
    assert count == {5: 7, 6: 10}[major]
    if major == 6:
        custom = {"custom_oauth2_provider_config": [{"client_secret_wo": "secret"}]}
        resource_type = "aws_bedrockagentcore_oauth2_credential_provider"
        planned, _ = asked.planned(resource_type, None, name="a", oauth2_provider_config=[custom])
        config = planned["oauth2_provider_config"][0]["custom_oauth2_provider_config"][0]
        assert config["client_secret_wo"] is None


def test_a_write_only_password(named: Engine) -> None:
    """Its version tells of a change."""
    since(named, 1, 11)
    named.write("main.tf", PROVIDER + DATABASE.replace("VERSION", "1"))
    named.init()
    (shown,) = json.loads(named.run("providers", "schema", "-json"))["provider_schemas"].values()
    assert shown["resource_schemas"]["aws_db_instance"]["block"]["attributes"]["password_wo"]["write_only"]
    named.deploy()
    assert "secret-of-the-database" not in (named.folder / "terraform.tfstate").read_text()
    assert resources(named.state())["aws_db_instance.main"]["password_wo"] is None
    assert actions(named) == {}
    named.write("main.tf", PROVIDER + DATABASE.replace("VERSION", "2"))
    assert changes(named.plan()) == {"aws_db_instance.main": ("update",)}


EPHEMERAL = """
ephemeral "aws_secretsmanager_secret_version" "main" {
  secret_id = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:main-abcdef"
}
ephemeral "aws_secretsmanager_random_password" "main" {
  password_length = 20
}
ephemeral "aws_ssm_parameter" "main" {
  arn = "arn:aws:ssm:eu-central-1:123456789012:parameter/app/key"
}
resource "aws_ssm_parameter" "copy" {
  name             = "copy"
  type             = "SecureString"
  value_wo         = join("", [
    ephemeral.aws_secretsmanager_secret_version.main.secret_string,
    ephemeral.aws_secretsmanager_random_password.main.random_password,
    ephemeral.aws_ssm_parameter.main.value,
  ])
  value_wo_version = 1
}
"""


@both_majors
def test_values_of_ephemeral_resources(major: int) -> None:
    """They have the asked length and the form of AWS's, and are the same in each run."""
    blocks = blocks_of(major)
    assert ("region" in blocks["aws_ssm_parameter"].attributes) is (major > 5)
    for name, known in blocks.items():
        config = dict.fromkeys(known.attributes) | {"password_length": 70, "secret_id": "arn:secret", "arn": None}
        config = {key: value for key, value in config.items() if key in known.attributes}
        values = opened(name, config, "eu-central-1", major)
        assert is_known(values)
        assert values == opened(name, config, "eu-central-1", major)
        if name == "aws_secretsmanager_random_password":
            assert len(values["random_password"]) == 70
        if name == "aws_secretsmanager_secret_version":
            assert (values["arn"], values["version_stage"]) == ("arn:secret", "AWSCURRENT")


def test_ephemeral_resources(named: Engine) -> None:
    """They are opened in a plan and an apply; no state has their values."""
    since(named, 1, 11)
    named.write("main.tf", PROVIDER + EPHEMERAL)
    named.init()
    named.deploy()
    assert "made-up-" not in (named.folder / "terraform.tfstate").read_text()
    assert set(resources(named.state())) == {"aws_ssm_parameter.copy"}
    assert actions(named) == {}


ARN = "arn:aws:iam::123456789012:role/with/path/reader"


@pytest.mark.parametrize(
    ("call", "result"),
    [
        (
            f'arn_parse("{ARN}")',
            {
                "partition": "aws",
                "service": "iam",
                "region": "",
                "account_id": "123456789012",
                "resource": "role/with/path/reader",
            },
        ),
        ('arn_build("aws", "sns", "eu-central-1", "123456789012", "a:b")', "arn:aws:sns:eu-central-1:123456789012:a:b"),
        (f'trim_iam_role_path("{ARN}")', "arn:aws:iam::123456789012:role/reader"),
    ],
    ids=["arn_parse", "arn_build", "trim_iam_role_path"],
)
def test_functions(named: Engine, call: str, result: Any) -> None:
    """As the provider's documentation has them."""
    since(named, 1, 8)
    named.write("main.tf", with_function(call))
    named.init()
    assert named.plan()["planned_values"]["outputs"]["it"]["value"] == result


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ('arn_parse("role")', "arn: invalid prefix"),
        ('arn_parse("arn:aws:iam")', "arn: not enough sections"),
        ('trim_iam_role_path("arn:aws:iam::123456789012:user/a")', "has to be that of an IAM role"),
    ],
)
def test_functions_refuse_what_is_no_arn(named: Engine, call: str, text: str) -> None:
    """The argument is named by the engine."""
    since(named, 1, 8)
    named.write("main.tf", with_function(call))
    named.init()
    with pytest.raises(EngineError) as failure:
        named.plan()
    assert text in str(failure.value)


def test_the_function_of_provider_6() -> None:
    """A product without a version or a comment is its name."""
    assert "user_agent" not in functions_of(5)
    call = functions_of(6)["user_agent"].call
    assert call("module", "1.0", "by hand") == "module/1.0 (by hand)"
    assert (call("module", "", ""), call("module", "1.0", "")) == ("module", "module/1.0")


def with_function(call: str) -> str:
    required = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n'
    return f'{required}{PROVIDER}output "it" {{\n  value = provider::aws::{call}\n}}\n'

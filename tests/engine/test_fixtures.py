"""`--data FILE`: values of data sources that a user sets."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from product_import.engine import Executable
from product_import.errors import UserError
from product_import.stand_in.data.fixtures import read_fixtures
from product_import.stand_in.schema import provider_schema
from tests.engine.protocol import Asked
from tests.engine.test_stand_in_command import environment_of, name

import pytest

__all__ = ["name"]

FILE = """
[aws_vpc]
id = "vpc-0123"
tags = { Name = "shared" }

[[aws_ssm_parameter]]
where = { name = "/team/*" }
value = "of the team"

[[aws_ssm_parameter]]
value = "another"

[aws_subnets]
ids = ["subnet-1", "subnet-2"]

[[aws_eks_cluster]]
where = { name = "main" }
identity = [{ oidc = [{ issuer = "https://issuer.example.com" }] }]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.toml"
    path.write_text(FILE)
    return path


@pytest.mark.parametrize(
    ("source", "arguments", "values"),
    [
        ("aws_vpc", {}, {"id": "vpc-0123", "tags": {"Name": "shared"}}),
        # The rest is as if the argument was given.
        ("aws_vpc", {}, {"arn": "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-0123"}),
        ("aws_subnets", {}, {"ids": ["subnet-1", "subnet-2"]}),
        ("aws_ssm_parameter", {"name": "/team/one"}, {"value": "of the team", "name": "/team/one", "type": "String"}),
        ("aws_ssm_parameter", {"name": "/other"}, {"value": "another"}),
        ("aws_eks_cluster", {"name": "main"}, {"identity": [{"oidc": [{"issuer": "https://issuer.example.com"}]}]}),
    ],
)
def test_values(file: Path, source: str, arguments: dict[str, Any], values: dict[str, Any]) -> None:
    asked = Asked(5)
    asked.provider.fixtures = read_fixtures(file, provider_schema(5))
    found = asked.data(source, **arguments)
    assert {name: found[name] for name in values} == values


def test_no_fixture_fits(file: Path) -> None:
    asked = Asked(5)
    before = asked.data("aws_eks_cluster", name="other")
    asked.provider.fixtures = read_fixtures(file, provider_schema(5))
    assert asked.data("aws_eks_cluster", name="other") == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[aws_vcp]", "the provider has no data source aws_vcp. Nearest: aws_vpc, aws_vpcs, "),
        ("[aws_vpc]\ncidr_blok = 'x'", "aws_vpc has no attribute cidr_blok. Nearest: cidr_block"),
        ("[[aws_vpc]]\nwhere = { nam = 'x' }", "aws_vpc has no attribute nam."),
        ("[aws_vpc]\nid = 1", "aws_vpc.id must be a string. Given: 1."),
        ("[aws_vpc]\ndefault = 'true'", "aws_vpc.default must be a bool. Given: 'true'."),
        ("[aws_ssm_parameter]\nversion = true", "aws_ssm_parameter.version must be a number. Given: True."),
        ("[aws_subnets]\nids = 'x'", "aws_subnets.ids must be a list of string. Given: 'x'."),
        ("[aws_subnets]\nids = ['x', 1]", "aws_subnets.ids[1] must be a string. Given: 1."),
        ("[aws_vpc]\ntags = { a = 1 }", "aws_vpc.tags.a must be a string. Given: 1."),
        ("[aws_eks_cluster]\nidentity = [{ odc = [] }]", "aws_eks_cluster.identity[0] has no odc. Nearest: oidc."),
        ("aws_vpc = 1", "aws_vpc must be a table, [aws_vpc], or several, [[aws_vpc]]."),
        ("[aws_vpc]\nwhere = 'x'", "aws_vpc.where must be a table of arguments. Given: x."),
        ("[aws_vpc", "Expected ']' at the end of a table declaration"),
    ],
)
def test_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "data.toml"
    path.write_text(text)
    with pytest.raises(UserError) as error:
        read_fixtures(path, provider_schema(5))
    assert str(error.value).startswith(f"{path}: {message}")


ROOT = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {
  region = "eu-central-1"
}
data "aws_vpc" "shared" {
  tags = { Name = "shared" }
}
output "vpc" {
  value = data.aws_vpc.shared.id
}
"""


def with_data(file: Path, folder: Path, executable: Executable, *command: str) -> subprocess.CompletedProcess[str]:
    stand_in = [sys.executable, "-m", "product_import", "stand-in", "--data", str(file), "--", *command]
    return subprocess.run(
        stand_in, cwd=folder, env=environment_of(executable), capture_output=True, text=True, check=False
    )


def test_the_option(tmp_path: Path, file: Path, executable: Executable, name: str) -> None:
    (tmp_path / "main.tf").write_text(ROOT)
    run = f"{name} init && {name} apply -auto-approve -no-color && {name} output -raw vpc"
    result = with_data(file, tmp_path, executable, "sh", "-ec", run)
    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith("vpc-0123")


def test_a_wrong_file_is_refused_before_anything_runs(tmp_path: Path, executable: Executable, name: str) -> None:
    file = tmp_path / "data.toml"
    file.write_text("[aws_vcp]")
    result = with_data(file, tmp_path, executable, name, "init")
    assert result.returncode == 1
    assert result.stderr.startswith(f"error: {file}: the provider has no data source aws_vcp.")
    assert not (tmp_path / ".terraform").exists()

"""A root with data sources, on the stand-in: its life, and `terraform test` in its folder."""

import re
from pathlib import Path

from product_import.engine import Executable
from tests.engine.test_stand_in_command import name, stand_in

import pytest

__all__ = ["name"]

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
data "aws_caller_identity" "current" {}
data "aws_availability_zones" "available" {}
data "aws_security_group" "other" {
  name = "of another root"
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "task" {
  name               = "task"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_vpc" "main" {
  cidr_block = "10.9.0.0/16"
}
resource "aws_subnet" "each" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]
}
data "aws_vpc" "found" {
  id = aws_vpc.main.id
}
data "aws_subnets" "found" {
  filter {
    name   = "vpc-id"
    values = [aws_vpc.main.id]
  }
  depends_on = [aws_subnet.each]
}
data "aws_iam_role" "found" {
  name = aws_iam_role.task.name
}
resource "aws_cloudwatch_log_group" "logs" {
  name = "logs/${data.aws_caller_identity.current.account_id}/${data.aws_security_group.other.id}"
}
"""
TEST = """
run "plan" {
  command = plan
  assert {
    condition     = can(regex("^logs/123456789012/sg-", aws_cloudwatch_log_group.logs.name))
    error_message = aws_cloudwatch_log_group.logs.name
  }
}
run "apply" {
  assert {
    condition     = data.aws_iam_role.found.arn == "arn:aws:iam::123456789012:role/task"
    error_message = data.aws_iam_role.found.arn
  }
  assert {
    condition     = data.aws_vpc.found.cidr_block == "10.9.0.0/16"
    error_message = data.aws_vpc.found.cidr_block
  }
  assert {
    condition     = toset(data.aws_subnets.found.ids) == toset(aws_subnet.each[*].id)
    error_message = join(" ", data.aws_subnets.found.ids)
  }
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "tests").mkdir(parents=True)
    (folder / "main.tf").write_text(ROOT)
    (folder / "tests" / "main.tftest.hcl").write_text(TEST)
    return folder


@pytest.mark.parametrize("provider", ["5", "6"])
def test_the_life_of_a_root_with_data_sources(root: Path, executable: Executable, name: str, provider: str) -> None:
    """A second plan, by another process, is empty."""
    first = stand_in(
        root, executable, "sh", "-ec", f"{name} init && {name} apply -auto-approve -no-color", provider=provider
    )
    assert first.returncode == 0, first.stderr
    assert "5 added, 0 changed, 0 destroyed" in first.stdout
    again = stand_in(root, executable, name, "plan", "-detailed-exitcode", "-no-color", provider=provider)
    assert again.returncode == 0, again.stdout + again.stderr
    destroyed = stand_in(root, executable, name, "destroy", "-auto-approve", "-no-color", provider=provider)
    assert "5 destroyed" in destroyed.stdout, destroyed.stderr


def test_terraform_test(root: Path, executable: Executable, name: str) -> None:
    """Runs that plan and runs that apply; mocks know no ARNs, and none of these values."""
    if executable.version < (1, 6, 0):
        pytest.skip(f"{executable} has no `test` of this kind: it came with Terraform and OpenTofu 1.6")
    tested = stand_in(root, executable, "sh", "-ec", f"{name} init && {name} test -no-color")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert re.search(r"Success! 2 passed, 0 failed\.", tested.stdout)


LOOKUP = """
data "aws_vpc" "main" {
  tags = { Name = "main" }
}
output "looked_up" {
  value = data.aws_vpc.main.cidr_block
}
"""


@pytest.mark.parametrize("workspace", ["default", "other"])
def test_what_an_earlier_command_applied_is_found(
    root: Path, executable: Executable, name: str, workspace: str
) -> None:
    """Without a reference to it, and without a refresh."""
    text = (root / "main.tf").read_text()
    (root / "main.tf").write_text(text.replace('"10.9.0.0/16"\n', '"10.9.0.0/16"\n  tags = { Name = "main" }\n'))
    select = f"{name} workspace new {workspace}" if workspace != "default" else "true"
    run = f"{name} init && {select} && {name} apply -auto-approve -no-color"
    applied = stand_in(root, executable, "sh", "-ec", run)
    assert applied.returncode == 0, applied.stderr
    (root / "lookup.tf").write_text(LOOKUP)
    planned = stand_in(root, executable, name, "plan", "-refresh=false", "-no-color")
    assert '+ looked_up = "10.9.0.0/16"' in planned.stdout, planned.stdout + planned.stderr

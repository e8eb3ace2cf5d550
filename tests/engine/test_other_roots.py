"""The script that runs the examples of public modules, on modules made for it."""

import subprocess
import sys
from pathlib import Path

from tests.project import PROJECT

import pytest

VERSIONS = 'terraform {{\n  required_providers {{\n    aws = {{\n      version = "{}"\n    }}\n  }}\n}}\n'
TOPIC = 'variable "name" {}\nresource "aws_sns_topic" "this" {\n  name = var.name\n}\n'
OF_REGISTRY = 'module "{0}" {{\n  source  = "maker/{0}/aws"\n  version = "~> 1.0"\n{1}}}\n'


def commit(repository: Path, tag: str, files: dict[str, str]) -> None:
    """Write files, commit all and tag it."""
    for name, text in files.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    identity = ("-c", "user.name=maker", "-c", "user.email=maker@example.invalid", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", tag), ("tag", tag)):
        subprocess.run(("git", *command), cwd=repository, check=True)


def folder_of_modules(folder: Path) -> Path:
    """Two modules: `topic`, whose second version is for provider 6, and `roots` with examples that use it."""
    for name in ("topic", "roots"):
        (folder / f"maker/terraform-aws-{name}").mkdir(parents=True)
    topic, roots = (folder / f"maker/terraform-aws-{name}" for name in ("topic", "roots"))
    own = 'module "own" {\n  source = "../.."\n  name   = "own"\n}\n'
    commit(topic, "v1.0.0", {"main.tf": TOPIC, "versions.tf": VERSIONS.format(">= 5.0"), "examples/own/main.tf": own})
    # A newer version, and a tag that is no version.
    commit(topic, "v1.1.0", {"versions.tf": VERSIONS.format(">= 6.0")})
    commit(topic, "v9", {"main.tf": "no version\n"})
    passing = 'variable "name" {}\n' + OF_REGISTRY.format("topic", "  name = var.name\n")
    timestamp = 'resource "aws_sns_topic" "this" {\n  name         = "a"\n  display_name = timestamp()\n}\n'
    commit(
        roots,
        "0.1.0",
        {
            "examples/complete/main.tf": passing,
            "examples/complete/values.tfvars": 'name = "orders"\n',
            "examples/restless/main.tf": timestamp,
            "examples/missing-module/main.tf": OF_REGISTRY.format("nothing", ""),
            "examples/README.md": "No root.\n",
        },
    )
    return folder


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.engine.other_roots", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("executable")
def test_outcomes(tmp_path: Path) -> None:
    """Of each example on both majors: what passed, at which step another one failed, what one lacks."""
    ran = run(str(folder_of_modules(tmp_path)))
    lacking = "0.1.0: needs a module that is not there or excludes this provider"
    assert ran.stdout.splitlines() == [
        "| module | example | provider 5 | provider 6 |",
        "|---|---|---|---|",
        "| maker/roots/aws | complete | 0.1.0: passed | 0.1.0: passed |",
        f"| maker/roots/aws | missing-module | {lacking} | {lacking} |",
        "| maker/roots/aws | restless | 0.1.0: second plan | 0.1.0: second plan |",
        "| maker/topic/aws | own | 1.0.0: passed | 1.1.0: passed |",
        "",
        "Only the AWS provider: 4 of 6 runs passed, 67%.",
        "",
        "Other providers too: 0 of 0 runs passed.",
        "",
        "Cannot run: 2.",
    ]
    assert ran.returncode == 1
    assert ran.stderr.count("display_name") == 2


def test_a_module_that_is_not_there(tmp_path: Path) -> None:
    """The message names those that are."""
    ran = run(str(folder_of_modules(tmp_path)), "maker/other/aws")
    assert ran.returncode == 2
    assert ran.stderr.endswith(f"{tmp_path} does not have maker/other/aws. It has maker/roots/aws, maker/topic/aws.\n")

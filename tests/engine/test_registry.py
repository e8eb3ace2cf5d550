"""The engine of `AWS_PROVIDER=registry`, without a registry: the versions, the configuration and the environment."""

import json
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

from product_import.engine import Engine, Executable, changes
from tests.engine import registry
from tests.engine.conftest import Served, both_majors
from tests.engine.registry import RegistryEngine, of_the_schema, provider_aliases, since, skip_without, versions
from tests.engine.requirements import required_providers

import pytest

TOPIC: dict[str, Any] = {"resource": {"aws_sns_topic": {"alarms": {"name": "alarms"}}}}
PINNED = {5: "5.99.1", 6: "6.25.0"}
ALIASED = """
provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = { alias = "none" }
  }
}
provider "aws" {
  alias  = "frankfurt"
  region = "eu-central-1"
}
provider "aws" { alias = "west" }
"""


@pytest.fixture(autouse=True)
def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever versions this run is on."""
    monkeypatch.setattr(registry, "VERSIONS", PINNED)


@both_majors
@pytest.mark.parametrize("constraint", ["", ">= 5.28"])
def test_the_version_is_that_of_the_schema(
    tmp_path: Path, executable: Executable, served_providers: Callable[[int], Served], major: int, constraint: str
) -> None:
    """Whatever a root asks for, so that the provider can be held against the schema; and it plans."""
    engine = RegistryEngine(tmp_path, executable, served_providers(major)[1], major=major)
    aws = {"source": "hashicorp/aws", "version": constraint}
    asked = {"terraform": {"required_providers": {"aws": aws}}} if constraint else {}
    engine.write("main.tf.json", TOPIC | asked)
    engine.init()
    assert required_providers(engine) == [("hashicorp/aws", PINNED[major])]
    assert changes(engine.plan()) == {"aws_sns_topic.alarms": ("create",)}


@pytest.mark.parametrize(
    ("named", "expected"),
    [(None, PINNED), (" ", PINNED), ("5.46.0 6.0.0", {5: "5.46.0", 6: "6.0.0"}), ("6.1.0", {6: "6.1.0"})],
)
def test_versions_can_be_named(named: str | None, expected: dict[int, str]) -> None:
    """Instead of those of the schemas."""
    environment = {"AWS_PROVIDER": "registry"} | ({} if named is None else {"AWS_PROVIDER_VERSIONS": named})
    assert versions(environment) == expected


@pytest.mark.parametrize("named", ["5", "5.46", "v5.46.0", "5.46.0,6.0.0", "5.46.0 5.47.0", "4.67.0", "~> 5.0"])
def test_a_wrong_version_is_a_usage_error(named: str) -> None:
    """It says what is allowed and what was given."""
    with pytest.raises(ValueError, match=r"must be full versions .* as in '5\.46\.0 6\.0\.0'\. Given: ") as error:
        versions({"AWS_PROVIDER": "registry", "AWS_PROVIDER_VERSIONS": named})
    assert repr(named) in str(error.value)


def test_versions_of_the_stand_in_cannot_be_named() -> None:
    """Its schemas are of two versions."""
    with pytest.raises(ValueError, match="AWS_PROVIDER_VERSIONS needs AWS_PROVIDER=registry"):
        versions({"AWS_PROVIDER_VERSIONS": "5.46.0"})


def test_a_fact_of_another_version_skips_its_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason; on the versions of the schemas nothing skips."""
    for major in PINNED:
        skip_without(major)
        of_the_schema(major)
    since("5.73.0", "Valkey")
    monkeypatch.setattr(registry, "VERSIONS", {5: "5.46.0"})
    since("5.9.0", "What is older")
    with pytest.raises(
        pytest.skip.Exception, match=r"Valkey came with 5\.73\.0 of the provider; this run is on 5\.46\.0"
    ):
        since("5.73.0", "Valkey")
    with pytest.raises(pytest.skip.Exception, match=r"This is about 5\.99\.1 of the provider; this run is on 5\.46\.0"):
        of_the_schema(5)
    for skips in (skip_without, of_the_schema):
        with pytest.raises(pytest.skip.Exception, match="AWS_PROVIDER_VERSIONS names no version of 6"):
            skips(6)


@pytest.mark.parametrize("form", ["native", "json", "none"])
def test_each_configuration_of_the_provider_does_without_an_account(
    tmp_path: Path, executable: Executable, served_providers: Callable[[int], Served], form: str
) -> None:
    """One of them alone would ask AWS for the account of the others."""
    engine = RegistryEngine(tmp_path, executable, served_providers(5)[1])
    aliases: set[str | None] = {None, "frankfurt", "west"} if form != "none" else set()
    blocks = [{"region": "eu-central-1"} | ({"alias": alias} if alias else {}) for alias in aliases]
    engine.write("main.tf.json", TOPIC | ({"provider": {"aws": blocks}} if form == "json" else {}))
    if form == "native":
        engine.write("provider.tf", ALIASED)
    engine.init()
    engine.init()
    assert changes(engine.plan()) == {"aws_sns_topic.alarms": ("create",)}
    written = [json.loads(path.read_text()) for path in tmp_path.glob("without_account*")]
    configured = [each for file in written for each in file["provider"]["aws"]]
    assert {each.get("alias") for each in configured} == aliases | {None}
    assert all(each["skip_requesting_account_id"] for each in configured)


def test_a_block_is_found_as_an_engine_finds_it(tmp_path: Path) -> None:
    """Of this provider alone, and not in a comment."""
    path = tmp_path / "main.tf"
    path.write_text('# provider "aws" {}\nprovider "awscc" { alias = "a" }\n  provider "aws" { alias = "b" }\n')
    assert list(provider_aliases(path)) == ["b"]
    path = tmp_path / "main.tf.json"
    path.write_text(json.dumps({"provider": [{"aws": {"alias": "c"}}, {"awscc": {}}]}))
    assert list(provider_aliases(path)) == ["c"]


@pytest.fixture
def mirror(tmp_path: Path) -> str:
    """A CLI configuration that names a mirror with a file in the provider's place: an `init` does not start it."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    system = f"{platform.system().lower()}_{machine}"
    for host in ("registry.terraform.io", "registry.opentofu.org"):
        folder = tmp_path / "mirror" / host / "hashicorp/aws" / PINNED[5] / system
        folder.mkdir(parents=True)
        (folder / f"terraform-provider-aws_v{PINNED[5]}").write_text("#!/bin/sh\n")
        (folder / f"terraform-provider-aws_v{PINNED[5]}").chmod(0o755)
    return f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tmp_path}/mirror"\n  }}\n}}\n'


@pytest.mark.parametrize("place", ["TF_CLI_CONFIG_FILE", ".terraformrc"])
def test_the_users_configuration_counts(
    tmp_path: Path, executable: Executable, mirror: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named by the variable, or at its place in the user's home: the provider comes from the mirror that it names."""
    home = tmp_path / "home"
    home.mkdir()
    config = home / (".terraformrc" if place == ".terraformrc" else "company.tfrc")
    config.write_text(mirror)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("TF_CLI_CONFIG_FILE", raising=False)
    if place == "TF_CLI_CONFIG_FILE":
        monkeypatch.setenv(place, str(config))
    engine = RegistryEngine(tmp_path / "root", executable, None)
    engine.write("main.tf.json", TOPIC)
    engine.init()
    assert list(engine.folder.glob(f".terraform/providers/*/hashicorp/aws/{PINNED[5]}"))


@pytest.fixture
def handed(tmp_path: Path) -> Callable[[type[Engine]], dict[str, str]]:
    """The environment in which an engine of a kind runs its program."""
    program = tmp_path / "engine"
    program.write_text("#!/bin/sh\nenv\n")
    program.chmod(0o755)

    def handed(kind: type[Engine]) -> dict[str, str]:
        engine = kind(tmp_path, Executable(str(program), "Terraform", (1, 11, 4)), None)
        return dict(line.split("=", 1) for line in engine.run("version").splitlines() if "=" in line)

    return handed


def test_only_what_finds_the_provider_is_handed_on(
    handed: Callable[[type[Engine]], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration, a token of a mirror and a proxy, but no variable, argument or credential of the user."""
    finds = {"TF_CLI_CONFIG_FILE", "TF_TOKEN_mirror_example", "HTTPS_PROXY"}
    for name in (*finds, "TF_VAR_environment", "TF_CLI_ARGS", "AWS_PROFILE"):
        monkeypatch.setenv(name, "the user's")
    assert {name for name, value in handed(RegistryEngine).items() if value == "the user's"} == finds


def test_the_stand_in_takes_no_configuration_of_the_user(
    handed: Callable[[type[Engine]], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor a token: it needs no way to a provider."""
    for name in ("TF_CLI_CONFIG_FILE", "TF_TOKEN_mirror_example"):
        monkeypatch.setenv(name, "the user's")
    environment = handed(Engine)
    assert environment["TF_CLI_CONFIG_FILE"] == os.devnull
    assert "the user's" not in environment.values()

"""The provider of the registry in the stand-in's place: `AWS_PROVIDER=registry make test-engine`.

AWS_PROVIDER_VERSIONS names its versions, at most one of each major. The default is those of the stand-in's schemas.
"""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from product_import.engine import Engine
from product_import.stand_in.schema import MAJORS, provider_schema

import pytest

PROVIDER_OF_REGISTRY = os.environ.get("AWS_PROVIDER") == "registry"
_WITHOUT_ACCOUNT = {
    "skip_credentials_validation": True,
    "skip_metadata_api_check": "true",
    "skip_region_validation": True,
    "skip_requesting_account_id": True,
}


def versions(environment: Mapping[str, str]) -> dict[int, str]:
    """The versions of the provider that the tests run on, by major.

    Raises:
        ValueError: AWS_PROVIDER_VERSIONS is malformed, or used without AWS_PROVIDER=registry.
    """
    named = environment.get("AWS_PROVIDER_VERSIONS", "").split()
    if not named:
        return {major: provider_schema(major).version for major in MAJORS}
    majors = [int(version.partition(".")[0]) for version in named if re.fullmatch(r"\d+\.\d+\.\d+", version)]
    if environment.get("AWS_PROVIDER") != "registry":
        raise ValueError("AWS_PROVIDER_VERSIONS needs AWS_PROVIDER=registry: the stand-in has versions of its own.")
    if len(majors) != len(named) or len(set(majors)) != len(majors) or not set(majors) <= set(MAJORS):
        raise ValueError(
            "AWS_PROVIDER_VERSIONS must be full versions separated by blanks, at most one of each major version of "
            f"{' and '.join(map(str, MAJORS))}, as in '5.46.0 6.0.0'. Given: {' '.join(named)!r}."
        )
    return dict(zip(majors, named, strict=True))


try:
    VERSIONS = versions(os.environ)
except ValueError as error:
    # pytest would show where it imports this.
    print(f"error: {error}", file=sys.stderr)
    sys.exit(2)


def skip_without(major: int) -> None:
    """Skip a test on a major version that AWS_PROVIDER_VERSIONS leaves out."""
    if major not in VERSIONS:
        pytest.skip(f"AWS_PROVIDER_VERSIONS names no version of {major}.")


def since(version: str, fact: str, major: int = 5) -> None:
    """Skip a test of what the provider has from a version on, where the run is on an older one."""
    skip_without(major)
    if _numbers(VERSIONS[major]) < _numbers(version):
        pytest.skip(f"{fact} came with {version} of the provider; this run is on {VERSIONS[major]}.")


def of_the_schema(major: int) -> None:
    """Skip a test of what one version alone has, where the run is on another."""
    skip_without(major)
    if VERSIONS[major] != provider_schema(major).version:
        pytest.skip(
            f"This is about {provider_schema(major).version} of the provider; this run is on {VERSIONS[major]}."
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@dataclass
class RegistryEngine(Engine):
    """An engine that plans on the real provider, without an account."""

    major: int = 5

    def init(self) -> None:
        self._do_without_account()
        pin = {"source": "hashicorp/aws", "version": VERSIONS[self.major]}
        self.write("version_override.tf.json", {"terraform": {"required_providers": {"aws": pin}}})
        super().init()

    def apply(self, *_options: str) -> None:
        """Skips the test: an apply would want an account."""
        pytest.skip("The provider of the registry applies to an account: only plans run on it here.")

    def deploy(self, *_options: str) -> None:
        self.apply()

    def _attachment(self) -> dict[str, str]:
        """The user's own way to the provider: a mirror, a proxy, and their tokens.

        An empty TF_CLI_CONFIG_FILE is as none: the engine then reads ~/.terraformrc
        (internal/command/cliconfig/cliconfig.go of Terraform).
        """
        tokens = {name: value for name, value in os.environ.items() if name.startswith("TF_TOKEN_")}
        config = os.environ.get("TF_CLI_CONFIG_FILE", "")
        return super()._attachment() | tokens | {"TF_CLI_CONFIG_FILE": config}

    def _do_without_account(self) -> None:
        """Let the provider plan in each of its configurations: it would ask AWS who its user is."""
        files = (path for path in self.folder.glob("*.tf*") if path.name.endswith((".tf", ".tf.json")))
        aliases = {alias for path in files for alias in provider_aliases(path)}
        if None not in aliases:
            self.write("without_account.tf.json", _provider(_WITHOUT_ACCOUNT | {"region": "us-east-1"}))
        if aliases:
            named = [{} if alias is None else {"alias": alias} for alias in sorted(aliases, key=str)]
            self.write("without_account_override.tf.json", _provider(*(_WITHOUT_ACCOUNT | alias for alias in named)))


def _provider(*configurations: Mapping[str, Any]) -> dict[str, Any]:
    return {"provider": {"aws": list(configurations)}}


def provider_aliases(path: Path) -> Iterator[str | None]:
    """The alias of each `provider "aws"` block of a file, None for the one without."""
    if path.name.startswith("without_account"):
        return
    if path.suffix == ".json":
        blocks = (
            block for each in _list(json.loads(path.read_text()).get("provider")) for block in _list(each.get("aws"))
        )
        yield from (block.get("alias") for block in blocks)
        return
    text = path.read_text()
    for match in re.finditer(r'^\s*provider\s+"aws"\s*\{', text, re.MULTILINE):
        depth, body = 1, ""
        for character in text[match.end() :]:
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth == 0:
                break
            # Not what stands in a block or a map inside.
            body += character if depth == 1 else ""
        alias = re.search(r'\balias\s*=\s*"(\w+)"', body)
        yield alias[1] if alias else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]

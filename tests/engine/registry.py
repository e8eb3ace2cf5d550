"""The provider of the registry in the stand-in's place: `AWS_PROVIDER=registry make test-engine`."""

import os
import re
from dataclasses import dataclass

from product_import.engine import Engine
from product_import.stand_in.schema import provider_schema

import pytest

PROVIDER_OF_REGISTRY = os.environ.get("AWS_PROVIDER") == "registry"


@dataclass
class RegistryEngine(Engine):
    """An engine that plans on the real provider, without an account."""

    major: int = 5
    """The provider is of the version whose schema the stand-in has."""

    def init(self) -> None:
        self._do_without_account()
        pin = {"source": "hashicorp/aws", "version": provider_schema(self.major).version}
        self.write("version_override.tf.json", {"terraform": {"required_providers": {"aws": pin}}})
        super().init()

    def apply(self, *_options: str) -> None:
        """Skips the test: an apply would want an account."""
        pytest.skip("The provider of the registry applies to an account: only plans run on it here.")

    def deploy(self, *_options: str) -> None:
        self.apply()

    def _do_without_account(self) -> None:
        """Let the provider of the registry plan: it would ask AWS who its user is."""
        settings = {
            "skip_credentials_validation": True,
            "skip_metadata_api_check": "true",
            "skip_region_validation": True,
            "skip_requesting_account_id": True,
        }
        root = "".join(path.read_text() for path in sorted(self.folder.glob("*.tf*")))
        if re.search(r'provider\s+"aws"\s*\{|"provider":\s*\{\s*"aws"', root):
            self.write("without_account_override.tf.json", {"provider": {"aws": settings}})
        else:
            self.write("without_account.tf.json", {"provider": {"aws": settings | {"region": "us-east-1"}}})

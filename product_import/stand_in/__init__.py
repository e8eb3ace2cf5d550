"""A stand-in for the provider hashicorp/aws: it knows the provider's schema and no cloud.

Terraform and OpenTofu plan and apply on it without an account, a registry or a network (provider.py says how).
README.md says what it knows, from where, and what it cannot show.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from product_import.engine import Executable
from product_import.stand_in.provider import Judge, Named, Provider, served
from product_import.stand_in.schema import provider_schema


@contextmanager
def stand_in(
    executable: Executable, judge: Judge | None = None, major: int = 5, named: Named = tuple
) -> Iterator[tuple[Provider, str]]:
    """Serve a stand-in for an engine, of a major version of the provider (schema.py has them).

    Yields it and the value of TF_REATTACH_PROVIDERS that attaches it.
    """
    provider = Provider(provider_schema(major), judge, named)
    provider.sdk_types = executable.has_sdk_types
    with served(provider) as reattach:
        yield provider, reattach

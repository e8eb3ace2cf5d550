"""The stand-in for the AWS provider, ready for an engine."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.engine.aws import judge
from tests.engine.engine import Executable
from tests.engine.provider import Provider, served


@contextmanager
def stand_in(executable: Executable) -> Iterator[tuple[Provider, str]]:
    """Serves a provider that judges arguments as AWS does; also yields the value of TF_REATTACH_PROVIDERS."""
    provider = Provider(judge)
    provider.sdk_types = executable.has_sdk_types
    with served(provider) as reattach:
        yield provider, reattach

"""The stand-in for the AWS provider, with a judge of what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from product_import import stand_in as stand_ins
from product_import.engine import Executable
from product_import.stand_in.provider import Named, Provider
from tests.engine.aws import judge


@contextmanager
def stand_in(executable: Executable, major: int = 5, named: Named = tuple) -> Iterator[tuple[Provider, str]]:
    """Serves a provider that judges arguments as AWS does; also yields the value of TF_REATTACH_PROVIDERS."""
    with stand_ins.stand_in(executable, partial(judge, major=major), major, named) as served:
        yield served

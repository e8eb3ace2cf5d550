"""Fixtures of the engine tests."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from product_import import stand_in as stand_ins
from product_import.engine import Engine, Executable
from product_import.own_state.providers import names
from product_import.stand_in.provider import Provider
from product_import.stand_in.schema import MAJORS
from tests.engine import deployment
from tests.engine.aws_cli import aws_cli
from tests.engine.deployment import Deployment
from tests.engine.emulator import Emulator, emulated
from tests.engine.registry import PROVIDER_OF_REGISTRY, RegistryEngine, skip_without
from tests.engine.stand_in import stand_in

import pytest

Served = tuple[Provider, str]
Attached = Callable[..., Engine]
"""Of a folder and, unless it is 5, the provider's major version."""
both_majors = pytest.mark.parametrize("major", MAJORS, scope="session")
"""Runs a test on the schema of provider 5 and on that of provider 6."""


@pytest.fixture(scope="session")
def major() -> int:
    """The provider's major version, which `both_majors` sets."""
    return 5


@pytest.fixture(scope="session")
def served_providers(executable: Executable) -> Iterator[Callable[[int], Served]]:
    """A stand-in for each major version, and the value of TF_REATTACH_PROVIDERS that attaches it."""
    with ExitStack() as stack:
        yield cache(lambda major: stack.enter_context(stand_in(executable, major)))


@pytest.fixture(scope="session")
def plans_defaults(executable: Executable) -> None:
    """Without defaults a plan shows more lines than the provider's own."""
    if not executable.has_sdk_types:
        pytest.skip("Terraform before 1.1.5 does not allow a provider of this protocol to plan defaults.")


@pytest.fixture
def provider(served_providers: Callable[[int], Served], major: int) -> Iterator[Provider]:
    """The stand-in itself, for what happens behind Terraform's back."""
    if PROVIDER_OF_REGISTRY:
        pytest.skip("This test is about the stand-in for the provider.")
    provider, _ = served_providers(major)
    yield provider
    provider.reset()


@pytest.fixture
def emulator(provider: Provider, major: int) -> Iterator[Emulator]:
    """AWS in memory, eu-central-1: what an apply creates exists there too."""
    with emulated("eu-central-1", major) as emulator:
        provider.cloud = emulator
        yield emulator


@pytest.fixture(scope="session")
def aws_program() -> Iterator[Path]:
    """A folder for the PATH, with AWS's command line in it."""
    with aws_cli() as folder:
        yield folder


@pytest.fixture(scope="session")
def attached(
    tmp_path_factory: pytest.TempPathFactory, executable: Executable, served_providers: Callable[[int], Served]
) -> Attached:
    """Makes engines, with the stand-in attached, or with what AWS_PROVIDER=registry asks for."""
    if not PROVIDER_OF_REGISTRY:
        return lambda folder, major=5: Engine(folder, executable, served_providers(major)[1])
    plugins = {"TF_PLUGIN_CACHE_DIR": str(tmp_path_factory.mktemp("providers"))}

    def attached(folder: Path, major: int = 5) -> Engine:
        skip_without(major)
        return RegistryEngine(folder, executable, None, plugins, major=major)

    return attached


@pytest.fixture
def engine(tmp_path: Path, attached: Attached, major: int) -> Engine:
    """An engine in an empty folder."""
    return attached(tmp_path, major)


@pytest.fixture
def named(tmp_path: Path, executable: Executable) -> Iterator[Engine]:
    """An engine that is told of the types in its folder, as `product-import stand-in` does."""
    if PROVIDER_OF_REGISTRY:
        pytest.skip("This test is about the stand-in for the provider.")
    with stand_ins.stand_in(executable, named=lambda: names(tmp_path)) as (_, reattach):
        yield Engine(tmp_path, executable, reattach)


@pytest.fixture(scope="session")
def deployments(
    tmp_path_factory: pytest.TempPathFactory, attached: Attached, synthesized: Path
) -> Callable[[int], Deployment]:
    """A deployment of the documented inputs for each major version, made when it is asked for first."""

    @cache
    def deployed(major: int) -> Deployment:
        made = deployment.consumer(attached(tmp_path_factory.mktemp("applied"), major), synthesized)
        made.init()
        made.apply()
        return made

    return deployed


# Of a test: one of the session would stay that of the first test's version.
@pytest.fixture
def applied(deployments: Callable[[int], Deployment], major: int) -> Deployment:
    """A deployment of the documented inputs that is there; tests only read it and plan with it."""
    return deployments(major)

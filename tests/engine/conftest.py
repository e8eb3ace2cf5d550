"""Fixtures of the engine tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

from product_import import engine as engines
from product_import.engine import Engine, Executable
from product_import.stand_in.provider import Provider
from tests.engine import deployment
from tests.engine.deployment import Deployment
from tests.engine.emulator import Emulator, emulated
from tests.engine.registry import PROVIDER_OF_REGISTRY, RegistryEngine
from tests.engine.stand_in import stand_in

import pytest

Attached = Callable[[Path], Engine]


@pytest.fixture(scope="session")
def executable() -> Executable:
    """The engine of this run; without one a test is skipped."""
    found = engines.executable()
    if found is None:
        pytest.skip(engines.NO_ENGINE)
    return found


@pytest.fixture(scope="session")
def served_provider(executable: Executable) -> Iterator[tuple[Provider, str]]:
    """The stand-in, and the value of TF_REATTACH_PROVIDERS that attaches it."""
    with stand_in(executable) as served:
        yield served


@pytest.fixture
def provider(served_provider: tuple[Provider, str]) -> Iterator[Provider]:
    """The stand-in itself, for what happens behind Terraform's back."""
    if PROVIDER_OF_REGISTRY:
        pytest.skip("This test is about the stand-in for the provider.")
    provider, _ = served_provider
    yield provider
    provider.reset()


@pytest.fixture
def emulator(provider: Provider) -> Iterator[Emulator]:
    """AWS in memory, eu-central-1: what an apply creates exists there too."""
    with emulated("eu-central-1") as emulator:
        provider.cloud = emulator
        yield emulator


@pytest.fixture(scope="session")
def attached(
    tmp_path_factory: pytest.TempPathFactory, executable: Executable, served_provider: tuple[Provider, str]
) -> Attached:
    """Makes engines, with the stand-in attached, or with what AWS_PROVIDER=registry asks for."""
    if not PROVIDER_OF_REGISTRY:
        return lambda folder: Engine(folder, executable, served_provider[1])
    cache = tmp_path_factory.mktemp("providers")
    return lambda folder: RegistryEngine(folder, executable, None, {"TF_PLUGIN_CACHE_DIR": str(cache)})


@pytest.fixture
def engine(tmp_path: Path, attached: Attached) -> Engine:
    """An engine in an empty folder."""
    return attached(tmp_path)


@pytest.fixture(scope="session")
def applied(tmp_path_factory: pytest.TempPathFactory, attached: Attached, synthesized: Path) -> Deployment:
    """A deployment of the documented inputs that is there; tests only read it and plan with it."""
    deployed = deployment.consumer(attached(tmp_path_factory.mktemp("applied")), synthesized)
    deployed.init()
    deployed.apply()
    return deployed

import shutil
from pathlib import Path

from product_import.engine import Engine
from tests.engine.requirements import allows, required_providers, required_versions

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("constraints", "version", "allowed"),
    [
        ("~> 5.0", "5.0.0", True),
        ("~> 5.0", "5.99.1", True),
        ("~> 5.0", "4.67.0", False),
        ("~> 5.0", "6.0.0", False),
        ("~> 5.27.1", "5.27.0", False),
        ("~> 5.27.1", "5.27.9", True),
        ("~> 5.27.1", "5.28.0", False),
        (">= 1.0", "1.0.0", True),
        (">= 1.0", "0.15.5", False),
        (">= 1.0, < 2.0", "1.11.4", True),
        (">= 1.0, < 2.0", "2.0.0", False),
        ("1.5.7", "1.5.7", True),
        ("!= 1.5.7", "1.5.7", False),
    ],
)
def test_constraint(constraints: str, version: str, allowed: bool) -> None:
    """A constraint allows the versions that Terraform's documentation says it allows."""
    assert allows(constraints, version) is allowed


def test_no_constraint() -> None:
    """What is no constraint is named in the error."""
    with pytest.raises(ValueError, match="'latest' is no version constraint"):
        allows("latest", "1.0.0")


@pytest.mark.usefixtures("provider")  # the engine of the registry's pins its version
def test_required_providers_of_modules(engine: Engine) -> None:
    """The providers of a root and of the modules that it uses are found, with their constraints."""
    shutil.copy(HERE / "all_types.tf", engine.folder)
    aws = {"aws": {"source": "hashicorp/aws", "version": "< 6.0.0"}}
    engine.write("module/main.tf.json", {"terraform": {"required_providers": aws}})
    engine.write("modules.tf.json", {"module": {"inner": {"source": "./module"}}})
    engine.init()
    assert set(required_providers(engine)) == {("hashicorp/aws", "~> 5.0"), ("hashicorp/aws", "< 6.0.0")}


def test_required_versions(tmp_path: Path) -> None:
    """The engine's versions that a module's files ask for are found."""
    (tmp_path / "versions.tf.json").write_text('{"terraform": {"required_version": ">= 1.0"}}')
    (tmp_path / "outputs.tf.json").write_text('{"output": {}}')
    assert required_versions(tmp_path) == {"versions.tf.json": ">= 1.0"}

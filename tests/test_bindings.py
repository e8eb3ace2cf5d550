"""The lean bindings: cut out of a wheel, complete for the listed types, with a clear word for all others."""

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

from imports.cut import cut
from imports.resource_types import PROVIDER, RESOURCE_TYPES
from tests.project import PROJECT, Copy

import pytest

PACKAGE = "cdktf_cdktf_provider_aws"
ASSEMBLY = {
    "name": "@cdktf/provider-aws",
    "types": {
        "@cdktf/provider-aws.ecsService.EcsService": {"kind": "class"},
        "@cdktf/provider-aws.ecsServiceMesh.EcsServiceMesh": {"kind": "class"},
        "@cdktf/provider-aws.vpc.Vpc": {"kind": "class"},
    },
    "submodules": {"@cdktf/provider-aws.ecsService": {}, "@cdktf/provider-aws.vpc": {}},
}
JAVASCRIPT = {
    "package/.jsii": json.dumps(ASSEMBLY),
    "package/package.json": '{"name": "@cdktf/provider-aws"}',
    "package/README.md": "Long.",
    "package/lib/index.js": "all of it",
    "package/lib/index.d.ts": "",
    "package/lib/ecs-service/index.js": 'fqn: "@cdktf/provider-aws.ecsService.EcsService"',
    "package/lib/ecs-service/index.d.ts": "",
    "package/lib/ecs-service-mesh/index.js": "",
    "package/lib/vpc/index.js": "",
}
PYTHON = {
    "__init__.py": "everything",
    "_jsii/__init__.py": "assembly = 1\n",
    "ecs_service/__init__.py": '"""Docs."""\nfrom pkgutil import extend_path\n'
    'jsii_type: Unknown = "@cdktf/provider-aws.ecsService.EcsService"\n',
    "ecs_service_mesh/__init__.py": "",
    "vpc/__init__.py": "class Vpc: ...\n",
}


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel of the stock package's shape, with three types."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as packed:
        for name, text in JAVASCRIPT.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            packed.addfile(member, io.BytesIO(text.encode()))
    path = tmp_path / "stock.whl"
    with ZipFile(path, "w") as zipped:
        for name, text in PYTHON.items():
            zipped.writestr(f"{PACKAGE}/{name}", text)
        zipped.writestr(f"{PACKAGE}/_jsii/provider-aws@1.0.0.jsii.tgz", archive.getvalue())
    return path


def test_the_cut_holds_the_listed_types_under_its_own_name(wheel: Path, tmp_path: Path) -> None:
    """Python and JavaScript of one type, without its neighbours; nothing has the stock package's name.

    Annotations are not evaluated, which would cost time at each start.
    """
    bindings = tmp_path / "aws"
    cut(wheel, bindings, ("ecs_service",))
    assert {str(path.relative_to(bindings)) for path in bindings.rglob("*") if path.suffix != ".pyc"} == {
        "__init__.py",
        "py.typed",
        "_jsii",
        "_jsii/__init__.py",
        "_jsii/__pycache__",
        "_jsii/provider-aws@1.0.0.jsii.tgz",
        "__pycache__",
        "ecs_service",
        "ecs_service/__init__.py",
        "ecs_service/__pycache__",
    }
    renamed = "@product-import/provider-aws"
    python = (bindings / "ecs_service/__init__.py").read_text()
    assert python == (
        '"""Docs."""\nfrom __future__ import annotations\nfrom pkgutil import extend_path\n'
        f'jsii_type: Unknown = "{renamed}.ecsService.EcsService"\n'
    )
    with tarfile.open(bindings / "_jsii/provider-aws@1.0.0.jsii.tgz") as packed:
        files = {member.name: packed.extractfile(member).read().decode() for member in packed}  # type: ignore[union-attr]
    assert set(files) == {
        "package/.jsii",
        "package/package.json",
        "package/lib/index.js",
        "package/lib/ecs-service/index.js",
    }
    assert files["package/lib/index.js"] == '"use strict";\nexports.ecsService = require("./ecs-service");\n'
    assert files["package/lib/ecs-service/index.js"] == f'fqn: "{renamed}.ecsService.EcsService"'
    assert json.loads(files["package/package.json"]) == {"name": renamed}
    assert json.loads(files["package/.jsii"]) == {
        "name": renamed,
        "types": {f"{renamed}.ecsService.EcsService": {"kind": "class"}},
        "submodules": {f"{renamed}.ecsService": {}},
    }


def test_a_new_cut_takes_the_place_of_the_old_one(wheel: Path, tmp_path: Path) -> None:
    """A type that left the list leaves the bindings."""
    bindings = tmp_path / "aws"
    cut(wheel, bindings, ("vpc", "ecs_service"))
    cut(wheel, bindings, ("ecs_service",))
    assert not (bindings / "vpc").exists()


def test_a_type_that_the_wheel_lacks_is_named_and_the_old_cut_stays(wheel: Path, tmp_path: Path) -> None:
    """The error names the list's file and the type; nothing is half made."""
    bindings = tmp_path / "aws"
    cut(wheel, bindings, ("vpc",))
    with pytest.raises(ValueError, match=r"^imports/resource_types\.py: stock\.whl has no type aws_ecs_servise\.$"):
        cut(wheel, bindings, ("vpc", "ecs_servise"))
    assert (bindings / "vpc/__init__.py").read_text() == "class Vpc: ...\n"
    assert {path.name for path in tmp_path.iterdir()} == {"aws", "stock.whl"}


def test_what_is_no_wheel_is_an_error_in_one_line() -> None:
    """As a user would see it who names a wrong file."""
    command = (sys.executable, "-m", "imports.cut", "cdktf.json")
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr == "error: cdktf.json: File is not a zip file\n"


def test_wrong_usage_of_the_cutter_is_status_2() -> None:
    """The wheel is the one argument."""
    command = (sys.executable, "-m", "imports.cut")
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (2, "usage: python -m imports.cut WHEEL\n")


def test_a_type_outside_the_list_is_named_with_the_remedy(project: Copy) -> None:
    """Who uses a new type learns what to do."""
    (project.folder / "product_import/module/metrics.py").write_text(
        "from product_import.aws.sqs_queue import SqsQueue\n"
    )
    result = project.main()
    assert result.returncode == 1
    assert result.stderr == (
        "error: The type aws_sqs_queue is not in the bindings: list 'sqs_queue' in RESOURCE_TYPES of "
        "imports/resource_types.py and run `make imports`.\n"
    )


def test_the_list_holds_what_the_code_uses(module: dict[str, dict[str, object]]) -> None:
    """No type too many: each one costs time at every start."""
    assert {f"aws_{name}" for name in RESOURCE_TYPES} == set(module["resource"])
    assert list(RESOURCE_TYPES) == sorted(RESOURCE_TYPES)
    assert PROVIDER == "provider"


def test_the_bindings_are_of_the_pinned_version() -> None:
    """cdktf-cdktf-provider-aws 19.65.1 is made of provider 5.99.1."""
    assert "cdktf-cdktf-provider-aws==19.65.1 " in (PROJECT / "requirements/bindings.txt").read_text()
    archives = [path.name for path in (PROJECT / "product_import/aws/_jsii").glob("*.tgz")]
    assert archives == ["provider-aws@19.65.1.jsii.tgz"]
    assert re.search(r"hashicorp/aws/5\.99\.1/", (PROJECT / "product_import/aws/ecs_service/__init__.py").read_text())


def test_a_clone_on_the_path_leaves_the_imports_of_an_app_alone(tmp_path: Path) -> None:
    """`cdktf get` writes no `__init__.py` into a folder `imports`: a package of that name would hide the folder."""
    (tmp_path / "imports/aws").mkdir(parents=True)
    (tmp_path / "imports/aws/__init__.py").write_text("MINE = True\n")
    command = [sys.executable, "-c", "import product_import; from imports.aws import MINE; print(MINE)"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True\n", "")

"""The package installed from its wheel, in an app that lies in another folder and has other bindings too."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from product_import import version
from product_import.bindings import BINDINGS
from product_import.engine import Executable
from tests.project import PROJECT

import pytest

# As the wheel of the stock bindings has it, and as `cdktf get` makes it: the folder, jsii's name, and the archive.
OTHER_BINDINGS = {
    "cdktf_cdktf_provider_aws": ("@cdktf/provider-aws", "provider-aws@19.65.1.jsii.tgz"),
    "imports/aws": ("hashicorp_aws", "hashicorp_aws@19.65.1.jsii.tgz"),
}
IMPORTS = (
    "from product_import import Inputs, ProductImport",
    "from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup as Stock",
    "from imports.aws.iam_role import IamRole as Own",
)
APP = """
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from product_import.plan_diff.environments import REQUIRED
from pathlib import Path
app = App(outdir=Path(__file__).stem)
other = TerraformStack(app, "other")
AwsProvider(other, "aws", region="us-east-1")
topic, cluster = Stock(other, "topic", name="topic").arn, Own(other, "cluster", name="main", assume_role_policy="").name
values = {"sns_alarm_topic_arn": topic, "ecs_cluster_id": cluster, "ecs_cluster_name": cluster}
ProductImport(app, "product-import", Inputs(**{**REQUIRED, **values}))
app.synth()
"""


def other_bindings(folder: Path, assembly: str, archive: str) -> None:
    """A few types under another name: our own cut has the shape of what it is cut from."""

    def rename(content: bytes) -> bytes:
        return content.replace(b"@product-import/provider-aws", assembly.encode())

    for name in ("_jsii", "cloudwatch_log_group", "iam_role", "provider"):
        (folder / name).mkdir(parents=True)
        text = rename((BINDINGS / name / "__init__.py").read_bytes())
        (folder / name / "__init__.py").write_bytes(text.replace(b"provider-aws@19.65.1.jsii.tgz", archive.encode()))
    (source,) = (BINDINGS / "_jsii").glob("*.tgz")
    with tarfile.open(source) as ours, tarfile.open(folder / "_jsii" / archive, "w:gz") as theirs:
        for member in ours:
            file = ours.extractfile(member)
            assert file is not None
            content = rename(file.read())
            member.size = len(content)
            theirs.addfile(member, BytesIO(content))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built of the working tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
    (wheel,) = folder.iterdir()
    return wheel


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A Python of its own with the wheel in it; what that requires is the project's, so that nothing is downloaded."""
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run((sys.executable, "-m", "venv", "--without-pip", environment), check=True)
    site_packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(environment)}))
    with ZipFile(wheel) as archive:
        archive.extractall(site_packages)
    (site_packages / "requirements.pth").write_text(sysconfig.get_path("purelib"))
    return environment / "bin/python"


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for apps, with the other bindings in it."""
    folder = tmp_path_factory.mktemp("apps")
    for name, (assembly, archive) in OTHER_BINDINGS.items():
        other_bindings(folder / name, assembly, archive)
    return folder


def run(python: Path, folder: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        (python, *arguments), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_what_users_run_and_nothing_else(wheel: Path) -> None:
    """The package with its bindings, its templates and its types; neither tests nor the folder that makes bindings."""
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {re.sub(r"-.*(?=\.dist-info)", "", name.split("/")[0]) for name in names} == {
        "product_import",
        "product_import.dist-info",
    }
    assert not [name for name in names if name.endswith(".pyc")]
    assert {
        "product_import/py.typed",
        "product_import/aws/_jsii/provider-aws@19.65.1.jsii.tgz",
        "product_import/aws/ecs_service/__init__.py",
        "product_import/documentation/templates/README.md.j2",
        "product_import/documentation/templates/docs/scaling.md.j2",
        "product_import/plan_diff/write/templates/report.md.j2",
        "product_import/shipped/examples/consumer/production.tfvars",
        "product_import/shipped/modules/product-import/main.tf.json",
    } <= names


@pytest.mark.parametrize("first", range(len(IMPORTS)), ids=["product_import", "stock", "own"])
def test_it_lives_beside_the_stock_bindings_and_those_of_cdktf_get(apps: Path, python: Path, first: int) -> None:
    """Whichever comes first; values of the others' resources are inputs, and each type stays its own."""
    imports = [IMPORTS[first], *(line for line in IMPORTS if line != IMPORTS[first])]
    node = "import os; os.environ['PATH'] = {!r}\n".format(str(PROJECT / ".venv/bin"))
    app = apps / f"main_{first}.py"
    app.write_text(node + "\n".join(imports) + APP)
    run(python, apps, app.name)
    stacks = apps / app.stem / "stacks"
    resources = json.loads((stacks / "product-import/cdk.tf.json").read_text())["resource"]
    state = "${data.terraform_remote_state.cross-stack-reference-input-other.outputs.cross-stack-output-"
    alarm = resources["aws_cloudwatch_metric_alarm"]["redis_cpu_high"]
    assert alarm["alarm_actions"] == [f"{state}aws_cloudwatch_log_grouptopicarn}}"]
    assert resources["aws_ecs_service"]["import_worker"]["cluster"] == f"{state}aws_iam_roleclustername}}"
    other = json.loads((stacks / "other/cdk.tf.json").read_text())["resource"]
    assert {kind: list(named) for kind, named in other.items()} == {
        "aws_cloudwatch_log_group": ["topic"],
        "aws_iam_role": ["cluster"],
    }


def test_the_example_passes_the_strict_type_check(tmp_path: Path, python: Path) -> None:
    """The package and its bindings are typed, seen from an app in another folder."""
    shutil.copy(PROJECT / "examples/python/main.py", tmp_path)
    (tmp_path / "wrong.py").write_text(
        "from product_import import ProductImport\n"
        "def port(stack: ProductImport) -> str:\n"
        "    return stack.outputs.redis_port\n"
    )
    # What the check of the project found of all other packages.
    with suppress(FileNotFoundError, shutil.Error):
        shutil.copytree(PROJECT / ".mypy_cache", tmp_path / ".cache")
    mypy = ("-m", "mypy", "--strict", "--python-executable", str(python), "--cache-dir", str(tmp_path / ".cache"))
    command = (sys.executable, *mypy, "main.py", "wrong.py")
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout.splitlines()
    assert told == [
        'wrong.py:3: error: Incompatible return value type (got "float", expected "str")  [return-value]',
        "Found 1 error in 1 file (checked 2 source files)",
    ]


def test_the_command_line_tells_its_version(tmp_path: Path, wheel: Path, python: Path) -> None:
    """That of the wheel, which is that of the clone."""
    told = run(python, tmp_path, "-m", "product_import", "--version")
    assert told == f"product-import {version.of_clone() or version.UNKNOWN}\n"
    assert told.split()[1] == wheel.name.split("-")[1]


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (("cost",), "total "),
        (("simulate", "--burst", "100"), "wait, 95th percentile"),
        (("doctor", "--policy"), '"elasticache:DescribeReplicationGroups"'),
        (
            ("plan-diff", str(PROJECT / "tests/plan_diff/reports/real_nothing_changed/nothing-changed.json")),
            "no changes",
        ),
        (("stand-in", "--", "ENGINE", "version"), "v"),
        (("demo",), "25 resources destroyed, 0 left."),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_command_runs_outside_a_clone(
    tmp_path: Path, python: Path, executable: Executable, arguments: tuple[str, ...], printed: str
) -> None:
    """In a folder that has nothing of the project."""
    engine = Path(executable.path)
    typed = [engine.name if argument == "ENGINE" else argument for argument in arguments]
    path = f"{engine.parent}:/usr/bin:/bin"
    assert printed in run(python, tmp_path, "-m", "product_import", *typed, PATH=path, TF_BIN=str(engine))


@pytest.mark.parametrize(
    "arguments",
    [
        ("synth",),
        ("pictures",),
        ("audit",),
        ("acceptance", "--confirm=1", "--clean"),
        ("release", "1.0.0"),
        ("plan-diff", "--base"),
    ],
    ids=lambda value: value[0],
)
def test_a_command_that_needs_a_clone_says_so(tmp_path: Path, python: Path, arguments: tuple[str, ...]) -> None:
    """With what to do, and before it asks for anything else."""
    command = (str(python), "-m", "product_import", *arguments)
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        "error: this command needs a clone of the repository. Clone it, run `make synth` there, and use its "
        ".venv/bin/product-import. The installed package is in "
    )


def test_a_build_backend_is_pinned_once() -> None:
    """The one that `pip install` takes is the one that makes a release."""
    pyproject = (PROJECT / "pyproject.toml").read_text()
    assert pyproject.count('"hatchling==1.33.0"') == 2

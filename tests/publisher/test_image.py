"""The publisher's image: built and started where a container engine is at hand, and its steps run without one."""

import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from .cloudwatch_server import CloudWatch
from .redis_server import RedisServer, waiting

PUBLISHER = Path(__file__).parents[2] / "publisher"
DOCKERFILE = PUBLISHER / "Dockerfile"


def run(command: Sequence[str | Path], **options: object) -> str:
    """Run to its end, which has to be a good one; its output."""
    done = subprocess.run(  # type: ignore[call-overload]
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return str(done.stdout)


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile with its arguments, lines joined, comments left out."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", "")
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in text.splitlines() if line)]


def test_hadolint_finds_nothing() -> None:
    """The Dockerfile is one, and has none of the usual faults."""
    assert run([Path(sys.executable).with_name("hadolint"), DOCKERFILE]) == ""


def test_the_user_is_nobody_and_the_program_gets_the_signals() -> None:
    """No root, and no shell between ECS and the program."""
    last = dict(instructions())
    assert last["USER"] == "65534:65534"
    assert last["ENTRYPOINT"] == '["python", "-m", "queue_depth"]'


def test_the_steps_make_a_program_that_publishes(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Mapping[str, str], tmp_path: Path
) -> None:
    """Run one after the other in an empty folder and environment; what is left of botocore's data is enough."""
    python = tmp_path / "python"
    venv.create(python)
    # The pip of this environment installs into that one, which so needs none of its own.
    path = f"{python / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PIP_PYTHON": str(python / "bin" / "python")}
    folder = tmp_path / "root"
    for name, rest in instructions():
        if name == "WORKDIR":
            folder = tmp_path / "root" / rest.removeprefix("/")
            folder.mkdir(parents=True)
        elif name == "COPY":
            source, target = rest.split()
            copy = shutil.copytree if (PUBLISHER / source).is_dir() else shutil.copy
            copy(PUBLISHER / source, folder / target)
        elif name == "RUN":
            run(["sh", "-ec", rest], cwd=folder, env=environment)
        else:
            assert name in {"ARG", "FROM", "USER", "ENTRYPOINT"}
    [data] = python.glob("lib/python*/site-packages/botocore/data")
    assert {entry.name for entry in data.iterdir() if entry.is_dir()} == {"cloudwatch", "sts", "sso", "sso-oidc"}
    waiting(redis, 7, "steps")
    variables = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "steps"}
    run([python / "bin" / "python", "-m", "queue_depth", "--once"], cwd=folder, env=variables)
    assert [point.value for point in cloudwatch.data] == [7]


@pytest.mark.parametrize("platform", os.environ.get("IMAGE_PLATFORMS", "").split(","))
def test_the_image_publishes(
    redis: RedisServer, cloudwatch: CloudWatch, variables: Mapping[str, str], tmp_path: Path, platform: str
) -> None:
    """Built for the machine's platform, or those that `make test-image` names, and started read-only."""
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
        pytest.skip("no container engine: start Docker, with QEMU for platforms that are not the machine's own")
    waiting(redis, 7, "image")
    variables = {**variables, "REDIS_URL": redis.url, "QUEUE_NAME": "image"}
    file = tmp_path / "variables"
    file.write_text("".join(f"{name}={value}\n" for name, value in variables.items() if name not in {"PATH", "HOME"}))
    on: list[str | Path] = ["--platform", platform] if platform else []
    run(["docker", "buildx", "build", *on, "--tag", "queue-depth:test", "--load", PUBLISHER])
    options = [*on, "--rm", "--read-only", "--network", "host", "--env-file", file]
    run(["docker", "run", *options, "queue-depth:test", "--once"])
    assert [point.value for point in cloudwatch.data] == [7]

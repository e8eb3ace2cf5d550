"""A runner in a pipeline, for the scripts of the action and of the include: what they would find there."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.project import write_program

# In the place of `python -m venv` and of `pip install`, which asks a package index: the packages that are pinned, out
# of the environment of the tests, and no others.
PYTHON = """
import sys, venv
from pathlib import Path
assert sys.argv[1:-1] in (["-m", "venv", "--clear"], ["-m", "venv"]), sys.argv
environment = Path(sys.argv[-1])
venv.create(environment, symlinks=True)
(environment / "bin/pip").symlink_to(Path(__file__).with_name("pip"))
"""
PIP = """
import re, sys, sysconfig
from importlib.metadata import distribution
from pathlib import Path
assert {"install", "--require-hashes", "--only-binary", ":all:"} <= set(sys.argv), sys.argv
pins = re.findall(r"^(\\S+)==(\\S+)", Path(sys.argv[-1]).read_text(), re.MULTILINE)
into = Path(sysconfig.get_path("purelib", "venv", {"base": str(Path(sys.argv[0]).parents[1])}))
for name, version in pins:
    package = distribution(name)
    assert package.version == version, (name, package.version)
    for top in {file.parts[0] for file in package.files if file.parts[0] not in ("..", "__pycache__")}:
        (into / top).symlink_to(package.locate_file(top))
"""


@dataclass
class Runner:
    """A folder with the repository that is planned, and a folder for what is temporary."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("programs", "repository", "temporary"):
            (self.folder / name).mkdir()
        write_program(self.folder / "programs/python3", PYTHON)
        write_program(self.folder / "programs/pip", PIP)
        self.environment |= {
            "PATH": f"{self.folder / 'programs'}:{os.environ['PATH']}",
            "TMPDIR": str(self.folder / "temporary"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        # Python must not take these for what the report needs.
        for name in ("product_import.py", "jinja2.py", "json.py"):
            (self.repository / name).write_text("raise SystemExit('imported from the repository')\n")

    @property
    def repository(self) -> Path:
        return self.folder / "repository"

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """As both hosts run scripts: in bash, which stops at the first failure."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.repository,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

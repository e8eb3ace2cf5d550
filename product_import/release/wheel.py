"""Make the wheel of a release: the Python package with the bindings in it.

Nothing of the clone gets into it. imports/build_hook.py cuts the bindings out of their pinned wheel, whose hash is
checked: those that lie in the clone are not committed and may differ.
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

from product_import.errors import UserError

# What a clone calls itself; a release says which one it is.
UNRELEASED = 'version = "0.0.0"'


class WheelError(UserError):
    """The wheel cannot be built; the text says why."""


def wheel_files(commit: Mapping[str, bytes], version: str) -> tuple[str, dict[str, bytes]]:
    """Build the wheel of what is committed.

    Args:
        commit: the files of the commit by their path.
        version: three numbers, as in 1.4.0.

    Returns:
        The wheel's name, and its files by their path in it.

    Raises:
        WheelError: the build fails.
    """
    with tempfile.TemporaryDirectory() as temporary:
        source, built = Path(temporary, "source"), Path(temporary, "built")
        for name, content in commit.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(content)
        pyproject = source / "pyproject.toml"
        text = pyproject.read_text(encoding="utf-8")
        if text.count(UNRELEASED) != 1:
            raise WheelError(f"pyproject.toml must have one line {UNRELEASED}, which the release replaces")
        pyproject.write_text(text.replace(UNRELEASED, f'version = "{version}"'), encoding="utf-8")
        command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built))
        run = subprocess.run(command, cwd=source, capture_output=True, check=False)
        if run.returncode:
            raise WheelError(f"hatchling: {run.stderr.decode(errors='replace').strip()}")
        (wheel,) = built.iterdir()
        with ZipFile(wheel) as packed:
            return wheel.name, {name: packed.read(name) for name in packed.namelist()}

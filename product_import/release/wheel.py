"""Make the wheel of a release: the Python package with the bindings in it."""

import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from product_import.bindings import BINDINGS
from product_import.checkout import PROJECT
from product_import.errors import UserError

# What a clone calls itself; a release says which one it is.
UNRELEASED = 'version = "0.0.0"'


class WheelError(UserError):
    """The wheel cannot be built; the text says why."""


def wheel_files(root: Path, commit: bytes, version: str) -> tuple[str, dict[str, bytes]]:
    """Build the wheel of what is committed.

    Args:
        root: the repository, whose bindings are taken where they are cut.
        commit: the files of the commit as a zip.
        version: three numbers, as in 1.4.0.

    Returns:
        The wheel's name, and its files by their path in it.

    Raises:
        WheelError: the build fails.
    """
    with tempfile.TemporaryDirectory() as temporary:
        source, built = Path(temporary, "source"), Path(temporary, "built")
        with ZipFile(BytesIO(commit)) as archive:
            archive.extractall(source)
        bindings = BINDINGS.relative_to(PROJECT)
        if (root / bindings).is_dir():
            shutil.copytree(root / bindings, source / bindings)
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

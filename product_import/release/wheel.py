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
        # The tag is set after the release was tried. hatchling prefers this file of a source distribution to git.
        (source / "PKG-INFO").write_text(f"Metadata-Version: 2.4\nName: product-import\nVersion: {version}\n")
        command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built))
        run = subprocess.run(command, cwd=source, capture_output=True, check=False)
        if run.returncode:
            raise WheelError(f"hatchling: {run.stderr.decode(errors='replace').strip()}")
        (wheel,) = built.iterdir()
        with ZipFile(wheel) as packed:
            return wheel.name, {name: packed.read(name) for name in packed.namelist()}

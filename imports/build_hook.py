"""How a wheel of the project gets the bindings, the module and the example: hatchling, which builds it, runs this.

Bindings that are cut are taken, as they lie in a clone after `make imports`. Where there are none, as in a clone that
`pip install git+...` makes, they are cut out of the pinned stock wheel, a download of 54 MB whose hash is checked.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PIP = "pip==26.3"
# What `demo`, `cost`, `simulate` and `doctor` read (product_import/checkout.py).
SHIPPED = ("modules/product-import/*.tf.json", "examples/consumer/*.tf", "examples/consumer/production.tfvars")


class BindingsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds product_import/aws and product_import/shipped to the wheel."""

    def dependencies(self) -> list[str]:
        """What a build needs besides hatchling."""
        return [] if self._are_cut() else [PIP]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files. An editable installation uses the clone's own."""
        if version == "editable":
            return
        cut = self._sources()
        folder = cut.BINDINGS
        if not self._are_cut():
            self._temporary = tempfile.TemporaryDirectory()
            folder = Path(self._temporary.name) / cut.BINDINGS.name
            cut.cut(self._download(), folder, (cut.PROVIDER, *cut.RESOURCE_TYPES))
        packages = ("_jsii", cut.PROVIDER, *cut.RESOURCE_TYPES)
        # By name: anything else in the folder is git-ignored and was not cut.
        names = ("__init__.py", "py.typed", f"_jsii/{self._archive()}", *(f"{each}/__init__.py" for each in packages))
        for name in sorted(names):
            build_data["force_include"][str(folder / name)] = f"product_import/aws/{name}"
        for pattern in SHIPPED:
            for path in sorted(Path(self.root).glob(pattern)):
                name = path.relative_to(self.root).as_posix()
                build_data["force_include"][str(path)] = f"product_import/shipped/{name}"

    def _sources(self) -> Any:
        """The cutter of the project that is built, whichever folder the build runs in."""
        if self.root not in sys.path:
            sys.path.insert(0, self.root)
        from imports import cut  # noqa: PLC0415

        return cut

    def _are_cut(self) -> bool:
        """Whether the bindings of the listed types and of the pinned version are there."""
        cut = self._sources()
        types = {path.parent.name for path in cut.BINDINGS.glob("[a-z]*/__init__.py")}
        archives = [path.name for path in cut.BINDINGS.glob("_jsii/*.tgz")]
        return types == {cut.PROVIDER, *cut.RESOURCE_TYPES} and archives == [self._archive()]

    def _archive(self) -> str:
        """jsii's, of the pinned version."""
        pins = re.findall(r"==(\S+)", (Path(self.root) / "requirements/bindings.txt").read_text(encoding="utf-8"))
        return f"provider-aws@{pins[0]}.jsii.tgz"

    def _download(self) -> Path:
        folder = Path(self._temporary.name)
        requirements = Path(self.root) / "requirements/bindings.txt"
        command = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps")
        subprocess.run((*command, "--require-hashes", "-r", requirements, "-d", folder), check=True)
        (wheel,) = folder.glob("*.whl")
        return wheel

"""The command that installs what a wheel leaves out."""

import json
import shlex
import sys
from dataclasses import dataclass, field

from product_import import installation

import pytest

PYTHON = sys.executable
WHEEL = "product_import-1.4.0-py3-none-any.whl"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Package:
    """An installed package, as its metadata describes it."""

    files: dict[str, str] = field(default_factory=dict)
    version: str = "1.4.0"

    def read_text(self, name: str) -> str | None:
        return self.files.get(name)


@pytest.mark.parametrize(
    ("origin", "installer", "command"),
    [
        (
            {"url": f"https://example.org/{WHEEL}", "archive_info": {}},
            "pip\n",
            f"{PYTHON} -m pip install 'product-import[doctor] @ https://example.org/{WHEEL}'",
        ),
        (
            {"url": f"file:///home/me/{WHEEL}", "archive_info": {}},
            "uv",
            f"uv pip install --python {PYTHON} 'product-import[doctor] @ file:///home/me/{WHEEL}'",
        ),
        (
            {"url": "https://example.org/it.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            "pip\n",
            f"{PYTHON} -m pip install 'product-import[doctor] @ git+https://example.org/it.git@{COMMIT}'",
        ),
        (None, "pip\n", f"{PYTHON} -m pip install '{WHEEL}[doctor]'"),
    ],
    ids=["wheel by URL", "wheel by path", "git", "by name"],
)
def test_it_names_where_the_package_came_from(
    monkeypatch: pytest.MonkeyPatch, origin: object, installer: str, command: str
) -> None:
    """Never the bare name, which an index may give to anybody."""
    package = Package({"INSTALLER": installer, **({"direct_url.json": json.dumps(origin)} if origin else {})})
    monkeypatch.setattr("importlib.metadata.distribution", {"product-import": package}.__getitem__)
    monkeypatch.setattr(installation, "is_clone", lambda: False)
    assert installation.remedy("doctor", "doctor") == f"Install it:\n  {command}"
    without_extra = installation.remedy("cost", "")
    assert shlex.split(without_extra) == ["Install", "it:", *shlex.split(command.replace("[doctor]", ""))]

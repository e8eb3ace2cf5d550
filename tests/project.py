"""Copies of the project, to change and to run."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
# Set up once, then shared by all copies.
SET_UP = (".venv", "product_import/aws", "node_modules")
# What `make` makes of it and keeps: no target of a copy may make that anew, since all copies share it.
MADE = (
    *(f".venv/ready{what}" for what in ("", "-stand-in", "-pictures", "-doctor", "-dev")),
    *(".venv/compiled", ".venv/collected"),
    *(f"{folder}/ready" for folder in (*SET_UP[1:], "tests/publisher/.redis")),
)


@dataclass(frozen=True)
class Copy:
    """A copy of the project."""

    folder: Path

    def main(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run main.py as a user does."""
        return subprocess.run(
            [sys.executable, "main.py", *arguments],
            cwd=self.folder,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def artefacts(self) -> dict[str, bytes]:
        """All that main.py writes, by path."""
        return artefacts(self.folder)


def artefacts(folder: Path) -> dict[str, bytes]:
    """The content of cdktf.out/ and of the module's generated files, by path."""
    module = folder / "modules/product-import"
    files = [*(folder / "cdktf.out").rglob("*"), *module.glob("*.tf.json"), *module.rglob("*.md")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(files) if path.is_file()}


def module_pages_of(folder: Path) -> dict[str, str]:
    """The module's README and the pages in its docs/, by path in the module."""
    module = folder / "modules/product-import"
    return {str(path.relative_to(module)): path.read_text() for path in sorted(module.rglob("*.md"))}


def commands(pages: Mapping[str, str]) -> list[str]:
    """The blocks of shell commands in the order in which one would read the pages.

    Those of the token's rotation are steps that follow each other: tests/engine/test_guide.py runs them.
    """
    order = ("README.md", "docs/scaling.md", "docs/changes.md", "docs/troubleshooting.md")
    others = sorted(set(pages) - {*order, "docs/token-rotation.md"})
    return re.findall(
        r"^```sh\n(.*?)^```", "\n".join(pages[name] for name in (*order, *others)), re.MULTILINE | re.DOTALL
    )


def anchors(page: str) -> set[str]:
    """Those of its headings, as GitHub makes them, and those that are written out."""
    headings = re.findall(r"^#+ (.*)", page, flags=re.MULTILINE)
    made = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'<a id="([^"]+)">', page))


def root_tree(folder: Path) -> Any:
    """The tree of the synthesized root."""
    return json.loads((folder / "cdktf.out/stacks/product-import/cdk.tf.json").read_text())


def module_tree(folder: Path) -> dict[str, Any]:
    """The trees of the module's files, merged; without the comment at their top."""
    merged: dict[str, Any] = {}
    for path in sorted((folder / "modules/product-import").glob("*.tf.json")):
        merged |= json.loads(path.read_text())
    del merged["//"]
    return merged


def write_program(path: Path, code: str, *options: str) -> None:
    """Write a program in Python; the path of this one may have blanks, which `#!` does not take."""
    run = " ".join(f'"{argument}"' for argument in (sys.executable, *options, "$0", "$@"))
    path.write_text(f"#!/bin/sh\n'''exec' {run}\n' '''\n{code}")
    path.chmod(0o755)


def copy_project(folder: Path) -> Copy:
    """Copy what is committed, and link what `make` sets up."""
    folders = (".git", ".venv", "aws", "node_modules", ".redis", "cdktf.out", "dist", "*_cache", ".terraform*")
    made = shutil.ignore_patterns(*folders, "*.tfstate*", "*-pytest-*.pyc")
    shutil.copytree(PROJECT, folder, ignore=made)
    for name in SET_UP:
        if (PROJECT / name).exists():
            (folder / name).symlink_to(PROJECT / name)
    return Copy(folder)

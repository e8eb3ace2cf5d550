"""Known vulnerabilities of what is pinned: pip-audit and npm audit, which ask services.

Both can exit with 0 though nothing was answered: pip-audit skips a package that its service does not know, and says so
in a column. Here that is an error.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from product_import.errors import UserError


def python_vulnerabilities(program: Path, requirements: Sequence[Path]) -> tuple[int, list[str]]:
    """How many packages pip-audit was asked about, and what it knows of them, a sentence for each vulnerability.

    Each file is asked about by itself: pip-audit refuses files together that pin a package at two versions, as those of
    environments that are apart do.

    Args:
        program: pip-audit.
        requirements: files whose pins have hashes.

    Raises:
        UserError: a package could not be asked about.
    """
    packages = {
        (package["name"], package.get("version")): package for file in requirements for package in _asked(program, file)
    }
    skipped = [package for package in packages.values() if "skip_reason" in package]
    if skipped:
        raise UserError(
            f"pip-audit: {len(skipped)} of {len(packages)} packages could not be asked about, {skipped[0]['name']} for "
            f"one: {skipped[0]['skip_reason']}"
        )
    return len(packages), [
        f"{package['name']} {package['version']}: {found['id']}, fixed in "
        f"{', '.join(found['fix_versions']) or 'no version yet'}"
        for package in packages.values()
        for found in package["vulns"]
    ]


def _asked(program: Path, file: Path) -> list[dict[str, Any]]:
    """What pip-audit says of the packages that a file pins."""
    options = ("--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off")
    done = subprocess.run([program, *options, "--requirement", file], capture_output=True, text=True, check=False)
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        raise UserError(f"pip-audit: {file.name}: {_last_line(done.stderr)}") from None
    if not packages:
        raise UserError(f"pip-audit: {file.name}: it found no package to ask about.")
    return packages


def npm_vulnerabilities(npm: Path, folder: Path) -> tuple[int, list[str]]:
    """How many packages of a package-lock.json npm's registry was asked about, and what it knows of them.

    Raises:
        UserError: the registry does not answer.
    """
    environment = {**os.environ, "PATH": f"{npm.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    done = subprocess.run(
        [npm, "audit", "--package-lock-only", "--json"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise UserError(f"npm audit: {_last_line(done.stderr)}") from None
    if "vulnerabilities" not in report:
        raise UserError(f"npm audit: the registry has no answer: {report.get('message', 'it does not say why')}")
    packages, vulnerable = report["metadata"]["dependencies"]["total"], report["vulnerabilities"]
    return packages, [f"{name} {found['range']}: {found['severity']}" for name, found in sorted(vulnerable.items())]


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it said nothing")

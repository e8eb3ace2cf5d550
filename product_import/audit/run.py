"""The whole audit, part by part."""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from product_import import engine as engines
from product_import.audit import licences, scanners, vulnerabilities
from product_import.audit.posture import TARGETS, Check, differences, options, read_posture
from product_import.checkout import MODULE
from product_import.engine import Engine
from product_import.errors import UserError
from product_import.plan_diff.environments import ENVIRONMENTS
from product_import.plan_diff.working_tree import write_root
from product_import.stand_in import stand_in
from product_import.terminal import progress
from product_import.words import counted

SOURCES = {"module": MODULE, "root": Path("cdktf.out/stacks/product-import")}
EXAMPLE_INPUTS = Path("examples/consumer/production.tfvars")
LOCKS = tuple(
    Path(folder, "package-lock.json")
    for folder in (".", "tests/publisher", "tests/simulation/browser", "tests/workflows", "examples/worker")
)


@dataclass(frozen=True)
class Part:
    """What became of a part of the audit.

    Attributes:
        said: what it counted.
        problems: what is wrong, a sentence each; also that it could not run.
    """

    name: str
    said: str
    problems: Sequence[str] = ()


def audit(project: Path, *, offline: bool) -> Iterator[Part]:
    """Run the parts one after the other.

    Args:
        project: the clone, synthesized, with `.venv/audit` set up.
        offline: leave out those that ask services.
    """
    yield from _posture(project)
    yield _part("licences", partial(_licences, project))
    for name, ask in (("pip-audit", _pip_audit), ("npm audit", _npm_audit)):
        yield Part(name, "left out: it asks a service") if offline else _part(name, partial(ask, project))


def _part(name: str, run: Callable[[], tuple[int, Sequence[str]]]) -> Part:
    try:
        with progress(name):
            packages, problems = run()
    except UserError as error:
        return _did_not_run(name, error)
    return Part(name, f"{counted(packages, 'package')}, {counted(len(problems), 'problem')}", problems)


def _did_not_run(name: str, error: UserError) -> Part:
    return Part(name, "did not run", [str(error)])


def _posture(project: Path) -> Iterator[Part]:
    """Each scanner on each target, then what they found against posture.toml."""
    scans: list[tuple[str, Callable[[], list[Check]]]] = [
        *((f"checkov, {target}", partial(_checkov, project, target)) for target in TARGETS),
        *((f"tfsec, {target}", partial(_tfsec, project, target)) for target in SOURCES),
    ]
    checks: list[Check] = []
    complete = True
    for name, scan in scans:
        try:
            with progress(name):
                found = scan()
        except UserError as error:
            complete = False
            yield _did_not_run(name, error)
            continue
        checks += found
        passed = sum(check.passed for check in found)
        yield Part(name, f"{passed} passed, {len(found) - passed} failed")
    answers = read_posture()
    if complete:
        yield Part("posture", f"{len(answers)} rows", sorted(differences(answers, checks)))
    else:
        yield Part("posture", "did not run", ["posture.toml can be compared with the results of all scans alone."])


def _checkov(project: Path, target: str) -> list[Check]:
    with tempfile.TemporaryDirectory() as folder:
        return scanners.checkov(
            project / ".venv/audit/bin/checkov", target, _document(project, target, Path(folder)), Path(folder)
        )


def _tfsec(project: Path, target: str) -> list[Check]:
    return scanners.tfsec_checks(scanners.tfsec(), target, project / SOURCES[target], project / EXAMPLE_INPUTS)


def _document(project: Path, target: str, folder: Path) -> dict[str, Any]:
    """What checkov reads of a target."""
    if target in SOURCES:
        tree: dict[str, Any] = {}
        for path in sorted((project / SOURCES[target]).glob("*.tf.json")):
            tree |= json.loads(path.read_text(encoding="utf-8"))
        return scanners.readable(tree)
    if target == "plan":
        return _plan(project, project / EXAMPLE_INPUTS)
    variables = folder / "options.tfvars.json"
    variables.write_text(json.dumps({**ENVIRONMENTS["everything"], **options(read_posture())}), encoding="utf-8")
    return _plan(project, variables)


def _plan(project: Path, variables: Path) -> dict[str, Any]:
    """The plan of what is deployed already: with all values known, for a check passes on what it does not know."""
    executable = engines.required()
    with tempfile.TemporaryDirectory() as folder, stand_in(executable) as (_, reattach):
        engine = Engine(Path(folder), executable, reattach)
        write_root(engine, project / MODULE)
        engine.deploy(f"-var-file={variables}")
        return engine.plan(f"-var-file={variables}")


def _requirements(project: Path) -> list[Path]:
    return [*sorted((project / "requirements").glob("*.txt")), project / "publisher/requirements.txt"]


def _licences(project: Path) -> tuple[int, list[str]]:
    required = licences.pinned(_requirements(project))
    found: dict[str, str] = {}
    for python in (project / ".venv/bin/python", project / ".venv/audit/bin/python"):
        installed = licences.python_licences(project / ".venv/audit/bin/pip-licenses", python)
        found |= {name: licence for name, licence in installed.items() if name in required}
    for lock in LOCKS:
        found |= licences.npm_licences(project / lock)
    problems = licences.problems(found, required, licences.read_licences())
    return len({*found, *required}), list(problems)


def _pip_audit(project: Path) -> tuple[int, list[str]]:
    return vulnerabilities.python_vulnerabilities(project / ".venv/audit/bin/pip-audit", _requirements(project))


def _npm_audit(project: Path) -> tuple[int, list[str]]:
    answers = [
        vulnerabilities.npm_vulnerabilities(project / ".venv/bin/npm", (project / lock).parent) for lock in LOCKS
    ]
    return sum(packages for packages, _ in answers), [problem for _, problems in answers for problem in problems]

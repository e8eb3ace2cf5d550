"""The audit as a whole: what it says of each part, and its status."""

from collections.abc import Callable

from product_import.audit.posture import TARGETS, Check, read_posture
from product_import.command_line import main
from product_import.errors import UserError

import pytest

LEFT_OUT = "left out: it asks a service"


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """All parts as they are where all is well, without the programs."""
    answers = read_posture()
    failures = [Check(*failure, passed=False) for answer in answers for failure in answer.failures()]
    on = [
        Check("plan", id_, "aws_x.x", passed=True) for answer in answers if answer.state == "on" for id_ in answer.ids
    ]

    def checkov(_: object, target: str) -> list[Check]:
        return [check for check in failures + on if check.target == target]

    monkeypatch.setattr("product_import.audit.run._checkov", checkov)
    monkeypatch.setattr("product_import.audit.run._tfsec", lambda *_: [])
    for name in ("licences", "pip_audit", "npm_audit"):
        monkeypatch.setattr(f"product_import.audit.run._{name}", lambda *_: (7, []))


def broken(message: str) -> Callable[..., object]:
    def run(*_: object) -> object:
        raise UserError(message)

    return run


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, str], str]:
    """The status, what is said of each part, and the problems."""
    status = main(["audit", *arguments])
    captured = capsys.readouterr()
    lines = (line.split("  ", 1) for line in captured.out.splitlines())
    return status, {name: text.strip() for name, text in lines}, captured.err


def test_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    """Each part says what it counted."""
    status, found, problems = said(capsys)
    assert (status, problems) == (0, "")
    assert list(found) == [
        *(f"checkov, {target}" for target in TARGETS),
        *("tfsec, module", "tfsec, root", "posture", "licences", "pip-audit", "npm audit"),
    ]
    assert found["posture"] == f"{len(read_posture())} rows"
    assert {found[name] for name in ("licences", "pip-audit", "npm audit")} == {"7 packages, 0 problems"}


def test_offline_leaves_out_what_asks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """And says so."""
    for name in ("pip_audit", "npm_audit"):
        monkeypatch.setattr(f"product_import.audit.run._{name}", broken("asked"))
    status, found, problems = said(capsys, "--offline")
    assert (status, problems, found["pip-audit"], found["npm audit"]) == (0, "", LEFT_OUT, LEFT_OUT)


def test_a_problem_of_any_part_fails_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where the last one is well."""
    monkeypatch.setattr("product_import.audit.run._licences", lambda *_: (7, ["x: 'GPL-3.0' is not allowed"]))
    status, found, problems = said(capsys)
    assert (status, found["licences"], problems) == (1, "7 packages, 1 problem", "  x: 'GPL-3.0' is not allowed\n")


def test_a_part_that_did_not_run_fails_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The posture is compared with all scans or with none, for what nobody scanned would be a row too many."""
    monkeypatch.setattr("product_import.audit.run._tfsec", broken("tfsec: put `tfsec` or `go` on the PATH"))
    status, found, problems = said(capsys)
    assert (status, found["tfsec, module"], found["posture"]) == (1, "did not run", "did not run")
    assert found["pip-audit"] == "7 packages, 0 problems"
    assert problems.splitlines() == [
        *["  tfsec: put `tfsec` or `go` on the PATH"] * 2,
        "  posture.toml can be compared with the results of all scans alone.",
    ]

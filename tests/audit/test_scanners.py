"""What becomes of what the scanners say. `make audit` runs the real ones, which take too long to install here."""

import json
from pathlib import Path
from typing import Any

from product_import.audit.posture import Check
from product_import.audit.scanners import checkov, readable, tfsec_checks
from product_import.errors import UserError

import pytest

CHECK = {"check_id": "CKV_1", "resource": "module.product_import.aws_redis.redis"}


def program(folder: Path, output: Any, errors: str = "", status: int = 0) -> Path:
    """One that prints the same, whatever it is asked."""
    (folder / "output").write_text(output if isinstance(output, str) else json.dumps(output))
    (folder / "errors").write_text(errors)
    path = folder / "scanner"
    path.write_text(f"#!/bin/sh\ncat {folder}/output\ncat {folder}/errors >&2\nexit {status}\n")
    path.chmod(0o755)
    return path


def report(passed: list[Any], failed: list[Any], parsing_errors: int = 0) -> dict[str, Any]:
    return {
        "summary": {"parsing_errors": parsing_errors},
        "results": {"passed_checks": passed, "failed_checks": failed},
    }


def test_checkov_is_believed_in_what_it_checked(tmp_path: Path) -> None:
    """An address of a plan is that of the module."""
    indexed = {"check_id": "CKV_2", "resource": "aws_cloudwatch_dashboard.import_worker[0]"}
    scanner = program(tmp_path, report([CHECK], [indexed]), status=1)
    assert checkov(scanner, "plan", {"planned_values": {}}, tmp_path) == [
        Check("plan", "CKV_1", "aws_redis.redis", True),
        Check("plan", "CKV_2", "aws_cloudwatch_dashboard.import_worker", False),
    ]


@pytest.mark.parametrize(
    ("output", "errors", "message"),
    [
        (report([], []), "", "checkov made no check of the root: it read nothing that it knows."),
        ({"passed": 0, "failed": 0, "resource_count": 0}, "", 'checkov made no check of the root: {"passed": 0'),
        (
            "",
            "Exception: this method receives only dicts\n",
            "checkov made no check of the root: Exception: this method",
        ),
        (report([CHECK], [], 1), "Cannot read it\n", "checkov could not check all of the root: Cannot read it"),
        (report([CHECK], []), "Traceback ...\nTypeError: x\n", "checkov could not check all of the root: TypeError: x"),
    ],
    ids=["no check", "nothing read", "crash", "parsing error", "check that broke off"],
)
def test_a_scan_that_checked_nothing_is_an_error(tmp_path: Path, output: Any, errors: str, message: str) -> None:
    """Though it exits with 0, as checkov does when it reads nothing."""
    with pytest.raises(UserError) as raised:
        checkov(program(tmp_path, output, errors), "root", {}, tmp_path)
    assert str(raised.value).startswith(message)


def test_checkov_reads_what_it_can_read(tmp_path: Path) -> None:
    """Nothing that it drops the file for; dynamic blocks are blocks."""
    tree: dict[str, Any] = {
        "terraform": {"required_version": ">= 1.0"},
        "resource": {
            "aws_alarm": {"a": {"query": [{"id": "x"}], "dynamic": {"query": {"for_each": [], "content": {"id": "y"}}}}}
        },
    }
    assert readable(tree) == {"resource": {"aws_alarm": {"a": {"query": [{"id": "x"}, {"id": "y"}]}}}}
    assert tree["resource"]["aws_alarm"]["a"].keys() == {"query", "dynamic"}
    checkov(program(tmp_path, report([CHECK], [])), "root", readable(tree), tmp_path)
    assert json.loads((tmp_path / "main.tf.json").read_text()) == readable(tree)


def test_tfsec_fails_by_its_status(tmp_path: Path) -> None:
    """It counts from 0, which is a failure."""
    results = [
        {"long_id": "aws-a", "resource": "aws_redis.redis", "status": 0},
        {"long_id": "aws-b", "resource": "aws_redis.redis", "status": 1},
        {"long_id": "aws-c", "resource": "aws_redis.redis", "status": 2},
    ]
    scanner = program(tmp_path, {"results": results}, status=1)
    assert tfsec_checks([str(scanner)], "module", tmp_path, tmp_path) == [
        Check("module", "aws-a", "aws_redis.redis", False),
        Check("module", "aws-b", "aws_redis.redis", True),
        # Ignored by a comment, which no row explains.
        Check("module", "aws-c", "aws_redis.redis", False),
    ]


@pytest.mark.parametrize(("output", "said"), [({"results": None}, "it read nothing"), ("", "no such file")])
def test_tfsec_that_checked_nothing_is_an_error(tmp_path: Path, output: Any, said: str) -> None:
    """Its results are null then."""
    with pytest.raises(UserError, match=f"^tfsec made no check of the module: {said}"):
        tfsec_checks([str(program(tmp_path, output, "no such file"))], "module", tmp_path, tmp_path)

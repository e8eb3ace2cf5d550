"""Reports on plans of a real engine, as committed: reports/CASE/*.json, a plan per environment, and what comes of them.

Three cases are pull requests on the module, made up, planned on the stand-in for AWS; their plans are cut to what
changes. The fourth has everything that Terraform can do without a provider. The others, real_*, are plans of the real
provider 5.46 on states that hold what AWS returns; they are cut to what a report reads, and their values are made up.

After a wanted change of the report, make them anew and review the difference:
`python -m product_import plan-diff tests/plan_diff/reports/CASE/*.json > tests/plan_diff/reports/CASE/report.txt`, and
the same with `--format markdown` for report.md.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from product_import import engine as engines
from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.read.plan import read_plan
from product_import.plan_diff.write.json import json as as_json
from product_import.plan_diff.write.markdown import markdown
from product_import.plan_diff.write.text import text

import pytest

REPORTS = Path(__file__).with_name("reports")
ENGINE = engines.executable()


def diffs(case: str) -> dict[str, PlanDiff]:
    files = sorted((REPORTS / case).glob("*.json"))
    return {file.stem: plan_diff(read_plan(file.read_bytes(), file.name)) for file in files}


@pytest.mark.parametrize("case", sorted(folder.name for folder in REPORTS.iterdir()))
def test_reports_are_as_committed(case: str) -> None:
    """The plans of each case give its committed Markdown and text."""
    assert markdown(diffs(case)) == (REPORTS / case / "report.md").read_text(encoding="utf-8")
    assert text(diffs(case)) == (REPORTS / case / "report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("secret", ["the-old-token-1", "the-new-token-2"])
def test_no_secret_is_in_a_report(secret: str) -> None:
    """Terraform writes sensitive values into a plan's JSON; the reports hold none of them."""
    case = REPORTS / "terraform_data"
    assert secret in (case / "plan.json").read_text(encoding="utf-8")
    assert secret not in markdown(diffs(case.name)) + text(diffs(case.name))


def test_no_secret_of_a_real_plan_is_in_a_report() -> None:
    """Of the plan that rotates the token: neither the old nor the new one, nor the URLs that hold them."""
    plan = json.loads((REPORTS / "real_token" / "token.json").read_text(encoding="utf-8"))
    secrets = {
        text
        for resource in plan["resource_changes"]
        for side in ("before", "after")
        for name, value in resource["change"][side].items()
        if name in ("auth_token", "secret_string") and value
        for text in ([value] if name == "auth_token" else json.loads(value).values())
    }
    assert len(secrets) >= 3
    reports = markdown(diffs("real_token")) + text(diffs("real_token")) + as_json(diffs("real_token"))
    assert not [secret for secret in secrets if secret in reports]


@pytest.mark.skipif(ENGINE is None, reason=engines.NO_ENGINE)
def test_the_engine_at_hand_gives_the_same_report(tmp_path: Path) -> None:
    """A plan that the installed engine makes of the case's two configurations gives the committed report."""
    assert ENGINE is not None
    executable = ENGINE.path
    case = REPORTS / "terraform_data"
    env = {**os.environ, "CHECKPOINT_DISABLE": "1"}

    def terraform(*arguments: str) -> bytes:
        command = [executable, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, check=True).stdout

    if ENGINE.version < (1, 7, 0):
        pytest.skip(f"{ENGINE} has no `removed` blocks; 1.7 and later have")
    shutil.copy(case / "before" / "main.tf", tmp_path)
    terraform("init", "-input=false")
    terraform("apply", "-input=false", "-auto-approve")
    shutil.copy(case / "after" / "main.tf", tmp_path)
    terraform("plan", "-input=false", "-out=plan")
    found = plan_diff(read_plan(terraform("show", "-json", "plan"), "plan"))
    assert text({"plan": found}) == (case / "report.txt").read_text(encoding="utf-8")

"""The scanners: checkov, and tfsec where there is one.

Both exit with 0 when they could read nothing, so what counts is what they say that they checked.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import.audit.posture import Check
from product_import.errors import UserError

TFSEC = "github.com/aquasecurity/tfsec/cmd/tfsec@v1.26.0"


def checkov(program: Path, target: str, document: Mapping[str, Any], folder: Path) -> list[Check]:
    """What checkov says of a target.

    Args:
        program: checkov's own.
        target: its name.
        document: a plan as `terraform show -json` has it, or a configuration that `readable` returned.
        folder: an empty one to work in.

    Raises:
        UserError: checkov could not read it, made no check, or one of its checks broke off.
    """
    framework = "terraform_plan" if "planned_values" in document else "terraform_json"
    file = folder / ("plan.json" if framework == "terraform_plan" else "main.tf.json")
    file.write_text(json.dumps(document, indent=1), encoding="utf-8")
    # Without --skip-download it asks a service for the pages that explain its checks.
    command = [
        str(program),
        "--file",
        str(file),
        "--framework",
        framework,
        "--output",
        "json",
        "--skip-download",
        "--compact",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    try:
        report = json.loads(done.stdout)
        results = report["results"]
    except (ValueError, KeyError, TypeError):
        raise UserError(f"checkov made no check of the {target}: {_last_line(done.stdout + done.stderr)}") from None
    if report["summary"]["parsing_errors"] or "Traceback" in done.stderr:
        raise UserError(f"checkov could not check all of the {target}: {_last_line(done.stderr)}")
    checks = [
        Check(target, each["check_id"], _in_module(each["resource"]), outcome == "passed_checks")
        for outcome in ("passed_checks", "failed_checks")
        for each in results[outcome]
    ]
    if not checks:
        raise UserError(f"checkov made no check of the {target}: it read nothing that it knows.")
    return checks


def readable(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration in Terraform's JSON as checkov can read it.

    Two things are valid JSON for Terraform and stop checkov 3.3 without a failure: a `required_version`, on which it
    drops the file (its issue 7454), and a `dynamic` block, on which the checks of that resource break off. The first
    goes with its block, which no check asks for; the second becomes the block that it makes.
    """
    tree: dict[str, Any] = json.loads(
        json.dumps({key: configuration[key] for key in configuration if key != "terraform"})
    )
    for named in tree.get("resource", {}).values():
        for attributes in named.values():
            for name, dynamic in attributes.pop("dynamic", {}).items():
                static = attributes.get(name, [])
                attributes[name] = [*(static if isinstance(static, list) else [static]), dynamic["content"]]
    return tree


def tfsec() -> list[str]:
    """The command of tfsec: the one on the PATH, else the pinned one, built by Go.

    Raises:
        UserError: there is neither.
    """
    if program := shutil.which("tfsec"):
        return [program]
    if go := shutil.which("go"):
        return [go, "run", TFSEC]
    raise UserError("tfsec: put `tfsec` or `go` on the PATH")


def tfsec_checks(command: list[str], target: str, folder: Path, variables: Path) -> list[Check]:
    """What tfsec says of the configuration of a folder, with the inputs of a .tfvars file.

    Raises:
        UserError: tfsec does not run, or made no check.
    """
    options = (
        "--format",
        "json",
        "--include-passed",
        "--no-color",
        "--no-module-downloads",
        "--tfvars-file",
        variables,
    )
    done = subprocess.run([*command, folder, *options], capture_output=True, text=True, check=False)
    try:
        results = json.loads(done.stdout)["results"]
    except (ValueError, KeyError):
        raise UserError(f"tfsec made no check of the {target}: {_last_line(done.stdout + done.stderr)}") from None
    if not results:
        raise UserError(f"tfsec made no check of the {target}: it read nothing that it knows.")
    # Its status: 0 failed, 1 passed, 2 ignored, which is no answer: those stand in posture.toml.
    return [Check(target, each["long_id"], _in_module(each["resource"]), each["status"] == 1) for each in results]


def _in_module(address: str) -> str:
    """An address as the module itself has it: its last two names, and no index."""
    return ".".join(address.partition("[")[0].split(".")[-2:])


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it said nothing")

"""An examination as text for people and as JSON for programs."""

import json
import textwrap
from collections.abc import Iterator

from product_import.doctor.deployment import Deployment
from product_import.doctor.examination import Examination
from product_import.doctor.faults import DIFFERS, FAULTS, Fault
from product_import.doctor.findings import Finding

WIDTH_IN_CHARACTERS = 110
# More differences than these stand at the end of the text when nobody gave the inputs.
FEW_DIFFERENCES = 5
HEADINGS = {
    "now": "Look at this now",
    "before the next apply": "Before the next apply",
    "soon": "Soon, and not at night",
}


def text(examination: Examination) -> str:
    """The verdict, the findings with what to do, what could not be looked at, and how things stand."""
    deployment = examination.deployment
    account = examination.account or "unknown"
    place = f"{deployment.environment} in {deployment.account.region}, account {account}, cluster {deployment.cluster}"
    lines = [f"{place}, {deployment.now:%Y-%m-%d %H:%M} UTC", "", _verdict(examination)]
    number = 0
    for urgency, heading in HEADINGS.items():
        found = [finding for finding in examination.findings if finding.fault.urgency == urgency]
        if found:
            lines += ["", f"{heading}:"]
        for finding in found:
            number += 1
            lines += ["", *_found(number, finding, deployment)]
    if examination.gaps:
        lines += ["", "Not looked at:", ""]
        by_reason: dict[str, list[str]] = {}
        for gap in examination.gaps:
            by_reason.setdefault(gap.why, []).append(gap.check)
        for why, checks in by_reason.items():
            lines += _wrapped("- ", f"{', '.join(checks)}: {why}.")
        if any(gap.permission for gap in examination.gaps):
            lines += ["", "`product-import doctor --policy` prints all permissions that the checks need."]
    if examination.facts:
        width = max(len(fact.name) for fact in examination.facts)
        lines += ["", "How things stand:", ""]
        for fact in examination.facts:
            lines += _wrapped(f"  {fact.name.ljust(width)}  ", fact.text)
    for finding in examination.findings:
        if _is_long(finding, deployment):
            lines += ["", "Differences from the module's defaults:", ""]
            for detail in finding.details:
                lines += _wrapped("- ", detail)
    return "\n".join(lines)


def json_text(examination: Examination) -> str:
    """The same for programs."""
    deployment = examination.deployment
    document = {
        "environment": deployment.environment,
        "region": deployment.account.region,
        "account": examination.account,
        "cluster": deployment.cluster,
        "time": deployment.now.isoformat(timespec="seconds"),
        "status": examination.status,
        "findings": [
            {**_row(finding.fault), "command": _command(finding.fault, deployment), "details": finding.details}
            for finding in examination.findings
        ],
        "not_looked_at": [vars(gap) for gap in examination.gaps],
        "facts": {fact.name: fact.text for fact in examination.facts},
    }
    return json.dumps(document, indent=2)


def _verdict(examination: Examination) -> str:
    all_, gaps, found = len(examination.checks), len(examination.gaps), len(examination.findings)
    if gaps == all_:
        return f"None of {all_} checks could be made: nothing is known."
    checks = f"{all_ - gaps} of {all_} checks" if gaps else f"{all_} checks"
    if not found and gaps:
        return f"Not all is known: nothing was found in {checks}, and {gaps} could not be made."
    if not found:
        return f"Nothing found in {checks}."
    urgencies = [finding.fault.urgency for finding in examination.findings]
    now, before = (urgencies.count(urgency) for urgency in ("now", "before the next apply"))
    # What is to be done now may be to apply.
    last = f" to {now + before}" if before > 1 else ""
    first = f" Before you apply anything, read {now + 1}{last}." if before else ""
    return f"{found} found in {checks}, {now or 'none'} of them to look at now.{first}"


def _found(number: int, finding: Finding, deployment: Deployment) -> Iterator[str]:
    """A finding with its details, and what to do."""
    fault = finding.fault
    yield from _wrapped(f"{number}. ", f"{fault.seen} [{fault.name}]")
    for detail in _summary(finding) if _is_long(finding, deployment) else finding.details:
        yield from _wrapped("   - ", detail)
    yield from _wrapped("   Means: ", fault.means)
    yield from _wrapped("   Do: ", fault.do)
    # In one line, to be pasted.
    yield f"   Run: {_command(fault, deployment)}"


def _is_long(finding: Finding, deployment: Deployment) -> bool:
    """Whether a finding would bury the others. Without inputs, most differences are those from the defaults."""
    return finding.fault is DIFFERS and deployment.by_default and len(finding.details) > FEW_DIFFERENCES


def _summary(finding: Finding) -> tuple[str]:
    return (
        f"{len(finding.details)} differences from the module's defaults, at the end of this report. Pass --vars with "
        "your inputs to see only those from your configuration.",
    )


def _command(fault: Fault, deployment: Deployment) -> str:
    """The fault's command for a deployment."""
    cluster, environment = deployment.cluster, deployment.environment
    return fault.command.replace("$ECS_CLUSTER_NAME", cluster).replace("$ENVIRONMENT", environment)


def _row(fault: Fault) -> dict[str, object]:
    return {"rank": FAULTS.index(fault) + 1, **vars(fault)}


def _wrapped(first: str, content: str) -> Iterator[str]:
    indent = " " * len(first)
    yield from textwrap.wrap(
        content,
        WIDTH_IN_CHARACTERS,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first]

"""The module's alarms: there, with data, not on, not muted."""

from collections.abc import Iterator

from product_import.doctor.deployment import Deployment, shown
from product_import.doctor.faults import ALARM_MISSING, ALARM_MUTED, ALARM_ON, ALARM_WITHOUT_DATA
from product_import.doctor.findings import Fact, Finding


def alarms(deployment: Deployment) -> Iterator[Finding | Fact]:
    """Each as it should be."""
    expected = {
        alarm["alarm_name"]: key
        for key, alarm in deployment.configuration.resources("aws_cloudwatch_metric_alarm").items()
    }
    found = deployment.account.pages("cloudwatch:DescribeAlarms", "MetricAlarms", AlarmNames=sorted(expected))
    by_state: dict[str, list[str]] = {}
    for alarm in found:
        by_state.setdefault(alarm["StateValue"], []).append(alarm["AlarmName"])
        # One that calls a scaling policy is on whenever that has something to do.
        if alarm["StateValue"] == "ALARM" and not any(":autoscaling:" in action for action in alarm["AlarmActions"]):
            since = f"{alarm['AlarmName']}, since {shown(alarm['StateUpdatedTimestamp'])}."
            section = f"In the module's README: #{expected[alarm['AlarmName']]}."
            yield Finding(ALARM_ON, (since, alarm.get("StateReason", ""), section))
    yield Fact("alarms", ", ".join(f"{len(names)} {state}" for state, names in sorted(by_state.items())) or "none")
    silent = by_state.get("INSUFFICIENT_DATA")
    if silent:
        yield Finding(ALARM_WITHOUT_DATA, (f"{', '.join(sorted(silent))}.",))
    missing = sorted(expected.keys() - {alarm["AlarmName"] for alarm in found})
    if missing:
        yield Finding(ALARM_MISSING, (f"{', '.join(missing)}.",))
    muted = [alarm["AlarmName"] for alarm in found if not (alarm["ActionsEnabled"] and alarm["AlarmActions"])]
    if muted:
        yield Finding(ALARM_MUTED, (f"{', '.join(sorted(muted))}.",))

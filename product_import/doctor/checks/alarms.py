"""The module's alarms, on or without data, and the topics that they notify. The comparison sees the rest of them."""

from collections.abc import Iterator

from product_import.doctor.account import NotLookedAtError
from product_import.doctor.deployment import Answer, Deployment, shown
from product_import.doctor.faults import ALARM_ON, ALARM_WITHOUT_DATA, TOPIC_MISSING, TOPIC_WITHOUT_SUBSCRIPTION
from product_import.doctor.findings import Fact, Finding


def alarms(deployment: Deployment) -> Iterator[Finding | Fact]:
    """Off, and with data."""
    keys = {
        alarm["alarm_name"]: key
        for key, alarm in deployment.configuration.resources("aws_cloudwatch_metric_alarm").items()
    }
    by_state: dict[str, list[str]] = {}
    for alarm in deployment.alarms:
        state, name = alarm.get("StateValue", "unknown"), alarm["AlarmName"]
        by_state.setdefault(state, []).append(name)
        # One that calls a scaling policy is on whenever scaling has something to do.
        if state == "ALARM" and not any(":autoscaling:" in action for action in alarm.get("AlarmActions", [])):
            since = shown(alarm.get("StateUpdatedTimestamp", deployment.now))
            why = alarm.get("StateReason") or "CloudWatch gives no reason"
            yield Finding(ALARM_ON, (f"{name}, since {since}: {why}. In the module's README: #{keys[name]}.",))
    yield Fact("alarms", ", ".join(f"{len(names)} {state}" for state, names in sorted(by_state.items())) or "none")
    silent = by_state.get("INSUFFICIENT_DATA")
    if silent:
        yield Finding(ALARM_WITHOUT_DATA, (f"{', '.join(sorted(silent))}.",))


def topics(deployment: Deployment) -> Iterator[Finding]:
    """There, with somebody who subscribes."""
    notified: dict[str, list[str]] = {}
    for alarm in deployment.alarms:
        for topic in _topics(alarm):
            notified.setdefault(topic, []).append(alarm["AlarmName"])
    unknown = []
    for topic, names in sorted(notified.items()):
        # The latter of an ARN that is none, or of another region.
        answer = deployment.account.read(
            "sns:GetTopicAttributes", absent=("NotFound", "InvalidParameter"), TopicArn=topic
        )
        said = f"{topic}, of {', '.join(sorted(names))}."
        if answer is None:
            yield Finding(TOPIC_MISSING, (said,))
        elif (confirmed := answer.get("Attributes", {}).get("SubscriptionsConfirmed")) == "0":
            yield Finding(TOPIC_WITHOUT_SUBSCRIPTION, (said,))
        elif not confirmed:
            unknown.append(topic)
    if unknown:
        raise NotLookedAtError(f"SNS gives no number of subscriptions of {', '.join(unknown)}")


def _topics(alarm: Answer) -> set[str]:
    actions = (alarm.get(f"{when}Actions", []) for when in ("Alarm", "OK", "InsufficientData"))
    return {action for of_state in actions for action in of_state if ":sns:" in action}

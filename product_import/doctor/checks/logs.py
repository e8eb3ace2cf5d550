"""What the workers logged of failures."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from product_import.doctor.deployment import Deployment
from product_import.doctor.faults import FAILURES_LOGGED
from product_import.doctor.findings import Finding

SINCE = timedelta(minutes=15)
LINES_READ, LINES_SHOWN = 1000, 3
# Only what CloudWatch's regular expressions know too (Amazon CloudWatch Logs user guide, "Filter pattern syntax").
# The words of Node.js, of Redis and of Bull may come without "Error".
FAILURE = (
    "ERROR|FATAL|Error|Exception|level....?error|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|OOM command|READONLY You"
    "|WRONGPASS|NOAUTH|MaxRetriesPerRequest|[Ss]talled more than|[Jj]ob failed|Unhandled|panic:"
)


def logged_failures(deployment: Deployment) -> Iterator[Finding]:
    """Lines of the workers and of the publishers beside them, the most frequent first."""
    group = deployment.expected("cloudwatch_log_group", "import_worker")["name"]
    found = deployment.account.pages(
        "logs:FilterLogEvents",
        "events",
        absent="ResourceNotFoundException",
        most=LINES_READ,
        logGroupName=group,
        startTime=_milliseconds(deployment, SINCE),
        endTime=_milliseconds(deployment, timedelta()),
        filterPattern=f"%{FAILURE}%",
    )
    if found is None:
        # The comparison says so.
        return
    # Times, ids and numbers make no other failure.
    kinds: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for event in found:
        line = " ".join(event["message"].split())
        if re.search(FAILURE, line):
            kind = event["logStreamName"].partition("/")[0], re.sub(r"[0-9a-f]*\d[0-9a-f-]*", "#", line)
            kinds[kind] += 1
            examples[kind] = line
    if kinds:
        yield Finding(
            FAILURES_LOGGED,
            tuple(f"{number} times, {kind[0]}: {examples[kind]}" for kind, number in kinds.most_common(LINES_SHOWN)),
        )


def _milliseconds(deployment: Deployment, back: timedelta) -> int:
    return int((deployment.now - back).timestamp() * 1000)

"""What a report lists of changes that were made outside of Terraform, beside what the engine itself lists."""

import json
import re
from typing import Any

from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.read.plan import read_plan
from product_import.stand_in.provider import Provider
from tests.engine.deployment import Deployment

import pytest


def planned(deployment: Deployment, *options: str) -> tuple[PlanDiff, set[str]]:
    """The report's content, and the addresses that the engine says have changed."""
    if deployment.engine.executable.version < (1, 2, 0):
        pytest.skip("Terraform before 1.2 does not say which changes a plan refers to.")
    found = plan_diff(read_plan(json.dumps(deployment.engine.plan(*options)).encode(), "plan"))
    return found, set(re.findall(r"# (\S+) has changed", deployment.engine.run("show", "planned")))


@pytest.mark.parametrize("options", [(), ("-refresh-only",)])
def test_the_report_lists_what_the_engine_lists(
    applied: Deployment, provider: Provider, options: tuple[str, ...]
) -> None:
    """An endpoint that the secret holds, but neither what the plan takes back nor what it leaves alone."""
    applied.plan()
    # What any first refresh finds, such as an empty list for null or the policies of a role.
    _, blank = planned(applied, *options)
    state = applied.state()
    changes: dict[str, dict[str, Any]] = {
        "aws_elasticache_replication_group.redis": {"primary_endpoint_address": "elsewhere.example"},
        "aws_cloudwatch_metric_alarm.queue_overload": {"threshold": 1},
        "aws_security_group.redis": {"ingress": []},
        "aws_ecs_service.import_worker": {"desired_count": 9},
    }
    for address, values in changes.items():
        provider.change_outside(address.partition(".")[0], state[address]["id"], **values)
    found, by_engine = planned(applied, *options)
    listed = {change.address for change in found.drift}
    expected = changes if options else ["aws_elasticache_replication_group.redis"]
    assert listed - blank == {f"{applied.prefix}{address}" for address in expected} - blank
    assert listed | blank == by_engine
    assert found.unlisted_drift == (0 if options else 3)
    updated = {change.address.removeprefix(applied.prefix) for change in found.resources}
    assert ("aws_security_group.redis" in updated) != bool(options)


def test_nothing_is_listed_beside_no_changes(applied: Deployment, provider: Provider) -> None:
    """The autoscaler's count is counted alone."""
    applied.plan()
    service = applied.state()["aws_ecs_service.import_worker"]
    provider.change_outside("aws_ecs_service", service["id"], desired_count=9)
    found, by_engine = planned(applied)
    assert (found.drift, found.unlisted_drift, by_engine) == ((), 1, set())

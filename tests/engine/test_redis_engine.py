"""From Redis to Valkey where the module is deployed, and what the way back would do."""

import json

from product_import.engine import Engine
from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.compare.danger import Severity
from product_import.plan_diff.read.plan import read_plan
from tests.engine import deployment
from tests.engine.conftest import both_majors
from tests.engine.deployment import Deployment

GROUP = "aws_elasticache_replication_group.redis"
PARAMETERS = "aws_elasticache_parameter_group.redis"
VALKEY = {"redis_engine": "valkey", "redis_engine_version": "8.1"}


@both_majors
def test_redis_becomes_valkey_in_place_and_never_redis_again(applied: Deployment, engine: Engine) -> None:
    """Its endpoint stays, and its new parameters are there before the old ones go; back would lose every job."""
    deployed = deployment.copy(applied, engine)
    before = deployed.state()[GROUP]
    plan = deployed.plan(**VALKEY)
    assert deployed.changes(plan) == {GROUP: ("update",), PARAMETERS: ("create", "delete")}
    (danger,) = plan_diff(read_plan(json.dumps(plan).encode(), "plan")).dangers
    assert (danger.addresses, danger.severity) == ((f"module.product_import.{PARAMETERS}",), Severity.REPLACED)
    assert danger.remedy is not None
    assert danger.remedy.advice.endswith("set redis_apply_immediately to true")

    deployed.engine.apply()
    after = deployed.state()[GROUP]
    assert (before["engine"], after["engine"]) == ("redis", "valkey")
    assert (before["engine_version"], after["engine_version"]) == ("7.0", "8.1")
    assert after["parameter_group_name"] == "production-product-import-redis-params-valkey8"
    assert after["primary_endpoint_address"] == before["primary_endpoint_address"]
    assert deployed.actions(**VALKEY) == {}

    danger, _ = plan_diff(read_plan(json.dumps(deployed.plan()).encode(), "plan")).dangers
    assert (danger.addresses, danger.severity) == ((f"module.product_import.{GROUP}",), Severity.DATA_LOST)
    assert set(danger.forced_by) == {"engine", "engine_version"}
    assert danger.remedy is not None
    assert danger.remedy.advice.startswith("Valkey does not become Redis in place.")

"""What AWS does to one resource when another one changes, keeps although it is taken back, and refuses at an apply."""

from typing import Any

from product_import.engine import Engine, EngineError, changes
from product_import.stand_in.provider import Provider
from tests.engine import deployment
from tests.engine.conftest import both_majors
from tests.engine.deployment import Deployment
from tests.engine.protocol import Asked

import pytest

SECRET = "aws_secretsmanager_secret"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
GROUP = "aws_elasticache_replication_group"
REDIS: dict[str, Any] = {"replication_group_id": "queue", "description": "Queue"}
FAILOVER: dict[str, Any] = {"automatic_failover_enabled": True}
SCALED = """
provider "aws" {
  region = "eu-central-1"
}
resource "aws_ecs_service" "workers" {
  name    = "workers"
  cluster = "arn:aws:ecs:eu-central-1:123456789012:cluster/main"
}
resource "aws_appautoscaling_target" "workers" {
  service_namespace  = "ecs"
  resource_id        = "service/main/workers"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = 2
  depends_on         = [aws_ecs_service.workers]
}
resource "aws_appautoscaling_policy" "workers" {
  name               = "cpu"
  service_namespace  = aws_appautoscaling_target.workers.service_namespace
  resource_id        = aws_appautoscaling_target.workers.resource_id
  scalable_dimension = aws_appautoscaling_target.workers.scalable_dimension
}
"""


@pytest.fixture
def scaled(engine: Engine) -> Engine:
    """A service with a scalable target, which has its name alone."""
    engine.write("main.tf", SCALED)
    engine.init()
    engine.deploy()
    assert changes(engine.plan()) == {}
    return engine


@pytest.mark.usefixtures("provider")
@both_majors
def test_what_scales_a_service_goes_with_it(scaled: Engine) -> None:
    """The plan that replaces the service says nothing of it, and the next one finds it gone."""
    plan = scaled.plan("-replace=aws_ecs_service.workers")
    assert changes(plan) == {"aws_ecs_service.workers": ("delete", "create")}
    scaled.apply()
    assert changes(scaled.plan()) == {
        "aws_appautoscaling_policy.workers": ("create",),
        "aws_appautoscaling_target.workers": ("create",),
    }
    scaled.apply()
    assert changes(scaled.plan()) == {}


@pytest.mark.usefixtures("provider")
def test_a_copy_of_a_state_keeps_its_own(scaled: Engine) -> None:
    """The state says which service a target belongs to, so another process knows it too."""
    kept = (scaled.folder / "terraform.tfstate").read_text()
    scaled.deploy("-replace=aws_ecs_service.workers")
    lost = (scaled.folder / "terraform.tfstate").read_text()
    scaled.write("terraform.tfstate", kept)
    assert changes(scaled.plan()) == {}
    scaled.write("terraform.tfstate", lost)
    assert len(changes(scaled.plan())) == 2


def test_a_service_that_somebody_deleted_takes_it_along(scaled: Engine, provider: Provider) -> None:
    """One plan creates all three."""
    provider.delete_outside("aws_ecs_service", "arn:aws:ecs:eu-central-1:123456789012:service/main/workers")
    assert set(changes(scaled.plan()).values()) == {("create",)}
    assert len(changes(scaled.plan())) == 3


@both_majors
def test_a_role_shows_the_policies_that_it_has(major: int) -> None:
    """A read of the role finds those that other resources attach, and no longer those that go."""
    asked = Asked(major)
    role = asked.applied("aws_iam_role", name="worker", assume_role_policy="{}")
    assert (role["inline_policy"], role["managed_policy_arns"]) == ([], [])
    asked.applied("aws_iam_role_policy", name="logs", role="worker", policy="{}")
    arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    asked.applied("aws_iam_role_policy_attachment", role="worker", policy_arn=arn)
    found = asked.read("aws_iam_role", role)
    assert (found["inline_policy"], found["managed_policy_arns"]) == ([{"name": "logs", "policy": "{}"}], [arn])
    assert asked.changed("aws_iam_role", found, name="worker", assume_role_policy="{}") == set()
    again = asked.applied("aws_iam_role", name="worker", assume_role_policy="{}")
    assert asked.read("aws_iam_role", again)["inline_policy"] == []


@both_majors
@pytest.mark.parametrize("sdk_types", [True, False])
def test_a_secret_keeps_its_key_when_it_is_taken_back(major: int, sdk_types: bool) -> None:
    """The update sends no key, so every later plan shows the line, until somebody gives the secret AWS's own key."""
    asked = Asked(major)
    asked.provider.sdk_types = sdk_types
    before = asked.applied(SECRET, name="url", kms_key_id=KEY)
    after = asked.applied(SECRET, before, name="url")
    assert after["kms_key_id"] == (KEY if sdk_types else None)
    found = asked.read(SECRET, after)
    assert asked.changed(SECRET, found, name="url") == {"kms_key_id"}
    again = asked.read(SECRET, asked.applied(SECRET, found, name="url"))
    assert asked.changed(SECRET, again, name="url") == {"kms_key_id"}
    asked.provider.change_outside(SECRET, again["id"], kms_key_id=None)
    assert asked.changed(SECRET, asked.read(SECRET, again), name="url") == set()


@both_majors
@pytest.mark.parametrize(
    ("on", "text"),
    [
        ({"multi_az_enabled": True, **FAILOVER}, "Must have at least 1 replica for Multi-AZ enabled"),
        (FAILOVER, "Must have at least 1 replica when cluster mode is disabled with auto failover enabled"),
    ],
)
def test_the_last_replica_stays_while_failover_is_on(major: int, on: dict[str, Any], text: str) -> None:
    """AWS goes by what is on before, unless the change is to be at once; more than one node is no matter."""
    asked = Asked(major)
    before = asked.applied(GROUP, **REDIS, num_cache_clusters=3, **on)
    with pytest.raises(ValueError, match=text):
        asked.applied(GROUP, before, **REDIS, num_cache_clusters=1)
    assert asked.applied(GROUP, before, **REDIS, num_cache_clusters=2, **on)["num_cache_clusters"] == 2
    at_once = asked.applied(GROUP, before, **REDIS, num_cache_clusters=1, apply_immediately=True)
    assert (at_once["num_cache_clusters"], at_once["replicas_per_node_group"]) == (1, 0)
    asked.provider.change_outside(GROUP, "queue", automatic_failover_enabled=False, multi_az_enabled=False)
    off = asked.read(GROUP, before)
    assert asked.applied(GROUP, off, **REDIS, num_cache_clusters=1)["num_cache_clusters"] == 1


@both_majors
def test_a_single_node_in_two_steps(applied: Deployment, engine: Engine, provider: Provider) -> None:
    """The module on one node: refused first, and then not, once failover is off."""
    deployed = deployment.copy(applied, engine)
    group = deployed.state()[f"{GROUP}.redis"]["id"]
    with pytest.raises(EngineError, match="Must have at least 1 replica"):
        deployed.apply(redis_num_replicas=1)
    # What `aws elasticache modify-replication-group` does of docs/operations.md.
    provider.change_outside(GROUP, group, automatic_failover_enabled=False, multi_az_enabled=False)
    deployed.apply(redis_num_replicas=1)
    assert len(deployed.state()[f"{GROUP}.redis"]["member_clusters"]) == 1
    assert deployed.actions(redis_num_replicas=1) == {}

"""Which changes are dangerous."""

import re
import tomllib
from pathlib import Path
from typing import Any

from product_import.plan_diff.compare.danger import Remedy, Severity, loss_tables
from tests.plan_diff.documents import diff, resource

import pytest

ROOT = Path(__file__).parents[2]
REDIS = "aws_elasticache_replication_group"


@pytest.mark.parametrize(
    "kind",
    [
        "aws_elasticache_replication_group",
        "aws_elasticache_subnet_group",
        "aws_elasticache_parameter_group",
        "aws_secretsmanager_secret",
        "aws_cloudwatch_log_group",
        "aws_ecs_service",
        "aws_db_instance",
        "aws_dynamodb_table",
        "aws_ebs_volume",
        "aws_efs_file_system",
        "aws_kms_key",
        "aws_rds_cluster",
        "aws_s3_bucket",
        "aws_sqs_queue",
    ],
)
@pytest.mark.parametrize(
    ("actions", "event"),
    [(["delete"], "is destroyed"), (["delete", "create"], "is replaced"), (["create", "delete"], "is replaced")],
)
def test_what_holds_state_must_not_go(kind: str, actions: list[str], event: str) -> None:
    """To destroy or replace what holds data or serves is dangerous, and the report says what follows."""
    (danger,) = diff(
        resource(f"module.m.{kind}.x", actions, {"a": 1}, {"a": 2} if "create" in actions else None)
    ).dangers
    assert (danger.addresses, danger.event) == ((f"module.m.{kind}.x",), event)
    assert danger.consequence


def test_says_what_forces_it() -> None:
    """A dangerous replacement names the arguments that force it."""
    (danger,) = diff(
        resource(f"{REDIS}.redis", ["delete", "create"], {"port": 1}, {"port": 2}, replace_paths=[["port"]])
    ).dangers
    assert danger.forced_by == ("port",)


def test_a_newer_redis_than_the_inputs_say_is_told_with_the_remedy() -> None:
    """Its replacement loses every job, and one input keeps it."""
    (danger,) = diff(
        resource(
            f"{REDIS}.redis",
            ["delete", "create"],
            {"engine_version": "7.1"},
            {"engine_version": "7.0"},
            replace_paths=[["engine_version"]],
        )
    ).dangers
    assert danger.consequence == "Redis is lost with every job in the queue"
    assert danger.remedy == Remedy("To keep Redis, set redis_engine_version to the version that runs")


def test_the_way_back_from_valkey_is_told_with_the_remedy() -> None:
    """The version goes down with the engine, and the engine is what to leave."""
    (danger,) = diff(
        resource(
            f"{REDIS}.redis",
            ["delete", "create"],
            {"engine": "valkey", "engine_version": "8.0"},
            {"engine": "redis", "engine_version": "7.1"},
            replace_paths=[["engine_version"], ["engine"]],
        )
    ).dangers
    assert danger.consequence == "Redis is lost with every job in the queue"
    assert danger.remedy == Remedy(
        "Valkey does not become Redis in place. To keep Redis, set redis_engine and redis_engine_version to what runs"
    )


@pytest.mark.parametrize(
    ("kind", "actions"),
    [
        (REDIS, ["update"]),
        (REDIS, ["create"]),
        ("aws_ecs_task_definition", ["delete", "create"]),
        ("aws_cloudwatch_metric_alarm", ["delete"]),
        ("aws_security_group", ["create", "delete"]),
    ],
)
def test_daily_changes_are_not_dangerous(kind: str, actions: list[str]) -> None:
    """Updates, creates, and the replacement of what holds nothing raise no alarm."""
    assert not diff(resource(f"{kind}.x", actions, {"a": 1}, {"a": 2})).dangers


@pytest.mark.parametrize(
    ("old", "before", "new", "after"),
    [
        ("aws_cloudwatch_metric_alarm.a", {"alarm_name": "x"}, "aws_cloudwatch_metric_alarm.b", {"alarm_name": "x"}),
        ("aws_iam_role.a", {"name": "x", "name_prefix": ""}, "aws_iam_role.b", {"name": "x"}),
        ("aws_iam_role.a", {"name": "x"}, "module.m.aws_iam_role.a", {"name": "x"}),
        ("aws_iam_role.a", {"name": "x"}, "aws_iam_role.a[0]", {"name": "x"}),
    ],
)
def test_a_changed_address_is_dangerous(old: str, before: Any, new: str, after: Any) -> None:
    """What is destroyed at one address and created at another, by its name in AWS or Terraform, stands out."""
    found = diff(resource(old, ["delete"], before), resource(new, ["create"], None, after))
    assert [(danger.addresses, danger.event) for danger in found.dangers] == [
        ((old, new), "is destroyed at one address and created at another")
    ]
    assert all(change.dangerous for change in found.resources)


def test_a_changed_address_of_redis_is_one_danger() -> None:
    """A renamed Redis is told once, as a changed address with what it costs."""
    (danger,) = diff(
        resource(f"{REDIS}.redis", ["delete"], {"replication_group_id": "p"}),
        resource(f"{REDIS}.cache", ["create"], None, {"replication_group_id": "p"}),
    ).dangers
    assert danger.addresses == (f"{REDIS}.redis", f"{REDIS}.cache")
    assert danger.consequence == "Redis is lost with every job in the queue"


def test_a_moved_block_is_dangerous() -> None:
    """An address that a `moved` block changes stands out, for other roots name the old one."""
    (danger,) = diff(resource("aws_iam_role.new", ["no-op"], {}, {}, previous_address="aws_iam_role.old")).dangers
    assert danger.addresses == ("aws_iam_role.old", "aws_iam_role.new")


def test_to_forget_is_dangerous() -> None:
    """A resource of any type that leaves the state stands out."""
    (danger,) = diff(resource("aws_iam_role.old", ["forget"], {"name": "x"})).dangers
    assert (danger.addresses, danger.event) == (("aws_iam_role.old",), "leaves the state")


@pytest.mark.parametrize(
    ("old", "new", "configuration"),
    [
        (
            {"address": "aws_iam_role.a"},
            {"address": "aws_iam_role.b"},
            "moved {\n  from = aws_iam_role.a\n  to   = aws_iam_role.b\n}",
        ),
        (
            {"address": "module.m[0].aws_iam_role.a", "module_address": "module.m[0]"},
            {"address": "module.m[0].aws_iam_role.b", "module_address": "module.m[0]"},
            "# in module.m[0]\nmoved {\n  from = aws_iam_role.a\n  to   = aws_iam_role.b\n}",
        ),
        (
            {"address": "aws_iam_role.a"},
            {"address": "module.m.aws_iam_role.a", "module_address": "module.m"},
            "moved {\n  from = aws_iam_role.a\n  to   = module.m.aws_iam_role.a\n}",
        ),
    ],
)
def test_a_changed_address_comes_with_the_block_that_avoids_it(old: Any, new: Any, configuration: str) -> None:
    """For the module that holds both addresses, else for the root."""
    (danger,) = diff(
        resource(actions=["delete"], before={"name": "x"}, **old),
        resource(actions=["create"], after={"name": "x"}, **new),
    ).dangers
    assert danger.remedy
    assert danger.remedy.configuration == configuration


@pytest.mark.parametrize(
    "kind",
    [
        "aws_docdb_cluster",
        "aws_opensearch_domain",
        "aws_ecr_repository",
        "aws_route53_zone",
        "aws_cognito_user_pool",
        "aws_kinesis_stream",
        "aws_msk_cluster",
        "aws_fsx_lustre_file_system",
        "aws_fsx_ontap_volume",
        "aws_efs_file_system",
        "aws_elasticache_cluster",
        "aws_memorydb_cluster",
        "aws_backup_vault",
        "aws_rds_global_cluster",
        "azurerm_storage_account",
        "cloudflare_r2_bucket",
        "digitalocean_volume",
        "google_sql_database_instance",
        "helm_release",
        "kubernetes_persistent_volume_claim_v1",
        "mongodbatlas_advanced_cluster",
        "random_password",
        "snowflake_table",
        "tls_private_key",
    ],
)
def test_what_else_holds_data_is_lost_with_it(kind: str) -> None:
    """The types are not the module's alone."""
    (danger,) = diff(resource(f"{kind}.x", ["delete", "create"], {"a": 1}, {"a": 2})).dangers
    assert danger.severity is Severity.DATA_LOST


@pytest.mark.parametrize(
    ("change", "event"),
    [
        (resource("aws_db_instance.x", ["delete"], {"identifier": "x"}), "is destroyed by a later plan"),
        (resource("aws_db_instance.x", ["delete", "create"], {}, {}), "is replaced by a later plan"),
        (resource("aws_iam_role.x", ["forget"], {}), "leaves the state by a later plan"),
    ],
)
def test_a_deferred_destructive_change_is_dangerous(change: Any, event: str) -> None:
    """The next plan does it, and the report marks it."""
    found = diff(deferred_changes=[{"reason": "deferred_prereq", "resource_change": change}])
    assert [danger.event for danger in found.dangers] == [event]
    assert [deferred.dangerous for deferred in found.deferred] == [True]
    assert not diff(deferred_changes=[{"reason": "x", "resource_change": {**change, "mode": "data"}}]).dangers


def test_dangers_come_by_what_they_cost() -> None:
    """Data lost, replaced, destroyed, unknown, forgotten, address changed, moved."""
    found = diff(
        resource("aws_iam_role.new", ["no-op"], {}, {}, previous_address="aws_iam_role.old"),
        resource("aws_iam_role.a", ["delete"], {"name": "x"}),
        resource("aws_iam_role.b", ["create"], None, {"name": "x"}),
        resource("aws_iam_role.f", ["forget"], {"name": "f"}),
        resource("aws_iam_role.u", ["melt"], {"name": "u"}),
        resource("aws_ecs_service.d", ["delete"], {"name": "d"}),
        resource("aws_ecs_service.r", ["delete", "create"], {"name": "r"}, {"name": "r"}),
        resource("aws_db_instance.x", ["delete"], {"identifier": "x"}),
    )
    assert [danger.severity.name for danger in found.dangers] == [
        "DATA_LOST", "REPLACED", "DESTROYED", "UNKNOWN", "FORGOTTEN", "ADDRESS_CHANGED", "MOVED",
    ]  # fmt: skip


@pytest.mark.parametrize("provider", sorted(loss_tables()))
def test_a_table_of_losses_has_a_source_and_short_texts(provider: str) -> None:
    """The first line names provider, release and documentation; whether the types exist needs a network."""
    text = loss_tables()[provider].read_text(encoding="utf-8")
    assert re.match(
        r"# [a-z-]+/[a-z-]+( and [a-z-]+/[a-z-]+)?( and)? \d+\.\d+\.\d+.*: https://registry\.terraform\.io/", text
    )
    sections = tomllib.loads(text)
    assert sections.keys() <= {"data", "service"}
    names = [name for types in sections.values() for name in types]
    assert len(names) == len(set(names))
    for types in sections.values():
        for name, reason in types.items():
            assert re.fullmatch(rf"{provider}_[a-z0-9_]+", name)
            assert re.fullmatch(r"[a-zA-Z](?!.*[.!]$).{9,109}", reason)
            (danger,) = diff(resource(f"{name}.x", ["delete"], {})).dangers
            assert danger.consequence == reason


def test_the_readme_names_the_providers_with_a_table() -> None:
    """The README names no other provider."""
    said = re.search(
        r"They cover types of these providers: ([^.]*)\.", (ROOT / "docs/plan-diffs.md").read_text(encoding="utf-8")
    )
    assert said
    assert re.split(r",\s+", said[1]) == sorted(loss_tables())


@pytest.mark.parametrize("kind", ["x", "_", "", "../losses/aws_s3_bucket", "a" * 5000, "aws"])
def test_a_type_without_a_table_is_not_dangerous(kind: str) -> None:
    """This holds for any text as a type."""
    assert not diff({**resource("a.x", ["delete"], {}), "type": kind}).dangers

"""Inputs about Redis."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from product_import.inputs.declaration import about
from product_import.inputs.effects import NOTHING, REPLACES_REDIS, Effect
from product_import.inputs.logs import retention
from product_import.inputs.rules import Rule, matches, one_of, or_null, paired_with, true_or_false, whole_number

# From the deployed one on. Source: the Amazon ElastiCache user guide, "Engine versions and upgrading in ElastiCache".
ENGINE_VERSIONS: Mapping[str, tuple[str, ...]] = {
    "redis": ("7.0", "7.1"),
    "valkey": ("7.2", "8.0", "8.1", "8.2", "9.0", "9.1"),
}


def _snapshot() -> Rule:
    """ElastiCache's rule for names that people give.

    Its own for the daily ones have a dot: these go with their group, which a restore replaces.
    """
    return matches(
        "[A-Za-z](-?[A-Za-z0-9])*",
        "be up to 255 letters, digits and single hyphens, start with a letter and end with a letter or digit",
        longest=255,
    )


@dataclass(frozen=True, kw_only=True)
class RedisInputs:
    redis_auth_token: str | None = field(
        default=None,
        metadata=about(
            "AUTH token of Redis",
            matches(
                "[A-Za-z0-9!&#$^<>-]{16,128}",
                "be 16 to 128 letters, digits and characters of ! & # $ ^ < > -",
            ),
            effect=Effect(
                "in place, with a new version of the secret: Redis takes both tokens, workers read the new one when "
                "they start",
                ("secretsmanager_secret_version",),
            ),
            sensitive=True,
        ),
    )
    redis_node_type: str = field(
        default="cache.r7g.large",
        metadata=about(
            "Node type of Redis",
            matches(
                "cache[.][a-z0-9]+[.][a-z0-9]+",
                'be an ElastiCache node type, such as "cache.r7g.large", and neither of the t1 nor of the r6gd family',
                excluded="cache[.](t1|r6gd)[.]",
            ),
            use="Redis runs out of memory or of CPU, or is to cost less",
        ),
    )
    redis_num_replicas: int = field(
        default=3,
        metadata=about(
            "Number of Redis nodes, the primary among them; failover and Multi-AZ from 2 on",
            whole_number(1, 6),
            use="1 where the jobs may be lost, 2 where one replica is enough",
        ),
    )
    redis_engine: str = field(
        default="redis",
        metadata=about(
            "Engine of Redis: it changes from redis to valkey in place; back would replace Redis with every job in it",
            one_of(ENGINE_VERSIONS),
            use="Valkey costs a fifth less; it needs a redis_engine_version of its own, and "
            "[some care](docs/changes.md#from-redis-to-valkey)",
            effect=Effect("in place; back it **replaces Redis**", ("elasticache_parameter_group",)),
            # The provider's changelog. What those from 5.73 to 5.84 and from 5.86 to 5.98 do to a Redis that is there
            # could not be read.
            provider="5.73.0",
        ),
    )
    redis_engine_version: str = field(
        default="7.0",
        metadata=about(
            "Version of Redis, not below the one that runs: a lower one would replace Redis with every job in it",
            paired_with(
                "redis_engine",
                ENGINE_VERSIONS,
                "go with the redis_engine: "
                + "; ".join(f"{engine}: {', '.join(versions)}" for engine, versions in ENGINE_VERSIONS.items()),
            ),
            use="An apply is to upgrade Redis",
            effect=Effect("in place; a lower one **replaces Redis**"),
        ),
    )
    redis_apply_immediately: bool | None = field(
        default=None,
        metadata=about(
            "Whether changes of Redis happen at once; null is as false, but does not take back an earlier true",
            or_null(true_or_false()),
            use="A change must not wait for the maintenance window, up to which each plan shows it again; it may "
            "interrupt Redis",
            effect=NOTHING,
        ),
    )
    redis_snapshot_name: str | None = field(
        default=None,
        metadata=about(
            "Name of the snapshot that Redis is restored from when it is created",
            or_null(_snapshot()),
            use="A new environment is to begin with the jobs of a lost one; [copy](#disaster-recovery) a daily "
            "snapshot first, and leave the name in place afterwards",
            effect=REPLACES_REDIS,
        ),
    )
    redis_final_snapshot_identifier: str | None = field(
        default=None,
        metadata=about(
            "Name of the snapshot that is taken when Redis is destroyed",
            or_null(_snapshot()),
            use="The jobs must outlive the environment; AWS takes a name once only",
            effect=NOTHING,
        ),
    )
    redis_log_retention_in_days: int = field(
        default=7,
        metadata=about("Days for which the logs of Redis are kept", retention(), use="Law or budget ask for it"),
    )

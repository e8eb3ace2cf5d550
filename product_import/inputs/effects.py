"""What a new value of an input does to a deployed module."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effect:
    """What a plan shows.

    Attributes:
        text: for the documentation, as Markdown.
        replaces: the types of the resources that are replaced, without `aws_`; EVERY_TYPE stands for all of them.
        replaces_with_6: the same with late releases of provider 6; None where these are no exception.
    """

    text: str
    replaces: tuple[str, ...] = ()
    replaces_with_6: tuple[str, ...] | None = None


# An update of what only the provider goes by. Source: the provider, resourceReplicationGroupUpdate of
# internal/service/elasticache/replication_group.go and resourceServiceUpdate of internal/service/ecs/service.go.
NOTHING = Effect("nothing in AWS")
ADDS = Effect("adds [resources](../README.md#resources-created)")
IN_PLACE = Effect("in place")
REVISION = Effect("a new revision", ("ecs_task_definition",))
EVERY_TYPE = ("*",)
# The secret holds its URL.
REPLACES_REDIS = Effect("**replaces Redis**", ("elasticache_replication_group", "secretsmanager_secret_version"))

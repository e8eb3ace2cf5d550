"""Redis: the queue's store, its logs, and the secret with its URL."""

from dataclasses import dataclass

from product_import.aws.cloudwatch_log_group import CloudwatchLogGroup
from product_import.aws.elasticache_parameter_group import ElasticacheParameterGroup, ElasticacheParameterGroupParameter
from product_import.aws.elasticache_replication_group import (
    ElasticacheReplicationGroup,
    ElasticacheReplicationGroupLogDeliveryConfiguration,
)
from product_import.aws.elasticache_subnet_group import ElasticacheSubnetGroup
from product_import.aws.secretsmanager_secret import SecretsmanagerSecret
from product_import.aws.secretsmanager_secret_version import SecretsmanagerSecretVersion
from product_import.inputs import Inputs
from product_import.module.expressions import call, jsonencode, operation
from product_import.module.network import REDIS_PORT, Network
from product_import.module.resources import Resources, attribute

from cdktf import Token

SNAPSHOT_RETENTION_DAYS = 5
SNAPSHOT_WINDOW_UTC = "03:00-05:00"
MAINTENANCE_WINDOW_UTC = "mon:05:00-mon:07:00"
PARAMETERS = {
    # The only policy that is safe for a queue: any other may drop jobs.
    "maxmemory-policy": "noeviction",
    "timeout": "300",
    "tcp-keepalive": "60",
}
# The one whose name does not tell it.
DEPLOYED_FAMILY = "redis7"


@dataclass(frozen=True)
class Redis:
    group: ElasticacheReplicationGroup
    url_secret: SecretsmanagerSecret
    url_secret_version: SecretsmanagerSecretVersion


def redis(resources: Resources, inputs: Inputs, network: Network) -> Redis:
    """The replication group with what it needs, and the secret."""
    name = f"{inputs.environment}-product-import"
    more_than_one = Token.as_any(str(operation(inputs.redis_num_replicas, ">", 1)))
    slow_log, engine_log = (
        resources.add(
            CloudwatchLogGroup,
            f"redis_{log.replace('-', '_')}",
            name=f"/aws/elasticache/{name}/{log}",
            retention_in_days=inputs.redis_log_retention_in_days,
            kms_key_id=inputs.kms_key_arn,
            tags=resources.tags(Name=f"{name}-redis-{log}"),
        )
        for log in ("slow-log", "engine-log")
    )
    subnets = resources.add(
        ElasticacheSubnetGroup,
        "redis",
        name=f"{name}-redis",
        subnet_ids=list(inputs.private_subnet_ids),
        tags=resources.tags(Name=f"{name}-redis-subnet-group"),
    )
    major = call("element", call("split", ".", inputs.redis_engine_version), 0)
    family = f"{inputs.redis_engine}{major}"
    parameters = resources.add(
        ElasticacheParameterGroup,
        "redis",
        # A group in use cannot go, and two of one name cannot be: another family has another name, and is made first.
        name=str(call("trimsuffix", f"{name}-redis-params-{family}", f"-{DEPLOYED_FAMILY}")),
        lifecycle={"create_before_destroy": True},
        # No description: the deployed group has the provider's, and another one would replace the group.
        family=family,
        parameter=[
            ElasticacheParameterGroupParameter(name=parameter, value=value) for parameter, value in PARAMETERS.items()
        ],
        tags=resources.tags(Name=f"{name}-redis-params"),
    )
    group = resources.add(
        ElasticacheReplicationGroup,
        "redis",
        replication_group_id=name,
        description="Redis cluster for Bull queue (product import)",
        engine=inputs.redis_engine,
        engine_version=inputs.redis_engine_version,
        # An upgrade behind Terraform's back would make the version of the inputs a downgrade: a replacement.
        auto_minor_version_upgrade="false",
        node_type=inputs.redis_node_type,
        num_cache_clusters=inputs.redis_num_replicas,
        port=REDIS_PORT,
        parameter_group_name=attribute(parameters, "name"),
        subnet_group_name=attribute(subnets, "name"),
        security_group_ids=[attribute(network.redis, "id")],
        automatic_failover_enabled=more_than_one,
        multi_az_enabled=more_than_one,
        at_rest_encryption_enabled="true",
        kms_key_id=inputs.redis_kms_key_arn,
        transit_encryption_enabled=True,
        auth_token=inputs.redis_auth_token,
        # The default of provider 5; 6 has none, and without it would send the token anew.
        auth_token_update_strategy="ROTATE",
        apply_immediately=inputs.redis_apply_immediately,
        snapshot_name=inputs.redis_snapshot_name,
        final_snapshot_identifier=inputs.redis_final_snapshot_identifier,
        snapshot_retention_limit=SNAPSHOT_RETENTION_DAYS,
        snapshot_window=SNAPSHOT_WINDOW_UTC,
        maintenance_window=MAINTENANCE_WINDOW_UTC,
        log_delivery_configuration=[
            ElasticacheReplicationGroupLogDeliveryConfiguration(
                log_type=log_type,
                log_format="json",
                destination_type="cloudwatch-logs",
                destination=attribute(log_group, "name"),
            )
            for log_type, log_group in (("slow-log", slow_log), ("engine-log", engine_log))
        ],
        tags=resources.tags(Name=f"{name}-redis", Service="product-import", Criticality="high"),
    )
    token = call("urlencode", inputs.redis_auth_token)
    url_secret = resources.add(
        SecretsmanagerSecret,
        "redis_url",
        name_prefix=f"{name}-redis-url-",
        kms_key_id=inputs.kms_key_arn,
        description="Redis connection URL for product import workers",
        tags=resources.tags(Name=f"{name}-redis-url"),
    )
    endpoint = attribute(group, "primary_endpoint_address")
    url_secret_version = resources.add(
        SecretsmanagerSecretVersion,
        "redis_url",
        secret_id=attribute(url_secret, "id"),
        secret_string=jsonencode({"url": f"rediss://:{token}@{endpoint}:{REDIS_PORT}"}),
    )
    return Redis(
        group=group,
        url_secret=url_secret,
        url_secret_version=url_secret_version,
    )

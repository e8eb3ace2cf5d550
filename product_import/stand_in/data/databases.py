"""RDS and ElastiCache. The files named here are below internal/service/ of the provider."""

import re
from collections.abc import Callable, Mapping

from product_import.stand_in.data.asked import Asked
from product_import.stand_in.data.known import Values
from product_import.stand_in.data.surroundings import zone_id

# Versions and ports of RDS's and ElastiCache's user guides, by what an engine's name begins with.
_ENGINES = {
    "aurora-mysql": ("8.0.mysql_aurora.3.08.2", 3306, "aurora-mysql8.0"),
    "aurora-postgresql": ("16.6", 5432, "aurora-postgresql16"),
    "db2": ("11.5.9.0.sb00000000.r1", 50000, "db2-se-11.5"),
    "mariadb": ("11.4.5", 3306, "mariadb11.4"),
    "mysql": ("8.0.42", 3306, "mysql8.0"),
    "oracle": ("19.0.0.0.ru-2025-04.rur-2025-04.r1", 1521, "oracle-ee-19"),
    "postgres": ("16.9", 5432, "postgres16"),
    "sqlserver": ("16.00.4185.3.v1", 1433, "sqlserver-ex-16.0"),
}


def _engine(name: str) -> tuple[str, int, str]:
    return next((found for prefix, found in _ENGINES.items() if name.startswith(prefix)), ("1.0", 3306, f"{name}1.0"))


def _first(given: str | None, preferred: list[str] | None, otherwise: str) -> str:
    return given or next(iter(preferred or []), otherwise)


def _engine_version(asked: Asked) -> Values:
    """rds/engine_version_data_source.go: the version that is given, the first preferred one, or the newest here."""
    config, engine = asked.config, asked.config["engine"]
    newest, _, newest_family = _engine(engine)
    version = _first(config["version"], config["preferred_versions"], newest)
    major = re.match(r"\d+\.\d+" if engine.startswith(("mysql", "mariadb", "aurora-mysql")) else r"\d+", version)
    if version == newest or major is None or not re.match("(aurora-)?(mariadb|mysql|postgres)", engine):
        family = newest_family
    else:
        family = f"{engine}{major[0]}"
    return {
        "default_character_set": "",
        "exportable_log_types": ["postgresql"] if "postgres" in engine else ["error", "general", "slowquery"],
        "id": version,
        "parameter_group_family": config["parameter_group_family"] or family,
        "supported_character_sets": [],
        "supported_feature_names": [],
        "supported_modes": ["provisioned"],
        "supported_timezones": [],
        "supports_log_exports_to_cloudwatch": True,
        "supports_read_replica": True,
        "valid_major_targets": [],
        "valid_minor_targets": [],
        "valid_upgrade_targets": [],
        "version": version,
        "version_actual": version,
    }


def _orderable_instance(asked: Asked) -> Values:
    """rds/orderable_instance_data_source.go: what is preferred can be had."""
    config = asked.config
    version = _first(config["engine_version"], config["preferred_engine_versions"], _engine(config["engine"])[0])
    instance = _first(config["instance_class"], config["preferred_instance_classes"], "db.t3.medium")
    supported = (name for name in config if name.startswith("supports_") or name.endswith("_capable"))
    return {
        **dict.fromkeys(supported, True),
        "availability_zone_group": asked.region,
        "availability_zones": [f"{asked.region}{letter}" for letter in "abc"],
        "engine_version": version,
        "id": instance,
        "instance_class": instance,
        "license_model": "general-public-license",
        "max_storage_size": 65536,
        "min_storage_size": 20,
        "outpost_capable": False,
        "storage_type": "gp3",
        "supported_engine_modes": ["provisioned"],
        "supported_network_types": ["IPV4"],
        "vpc": True,
    }


def _instance(asked: Asked) -> Values:
    """rds/instance_data_source.go."""
    version, port, _ = _engine("postgres")
    name, unique = asked.subject.called or asked.subject.unique, asked.subject.unique[:12]
    address = f"{name}.{unique}.{asked.region}.rds.{asked.partition.dns_suffix}"
    return {
        "address": address,
        "allocated_storage": 20,
        "backup_retention_period": 7,
        "ca_cert_identifier": "rds-ca-rsa2048-g1",
        "db_cluster_identifier": "",
        "db_instance_class": "db.t3.medium",
        "endpoint": f"{address}:{port}",
        "engine": "postgres",
        "engine_version": version,
        "license_model": "postgresql-license",
        "master_user_secret": [],
        "network_type": "IPV4",
        "port": port,
        "replicate_source_db": "",
        "storage_encrypted": True,
        "storage_type": "gp3",
        "timezone": "",
    }


def _cluster(asked: Asked) -> Values:
    """rds/cluster_data_source.go; Aurora's user guide, "Aurora endpoint connections"."""
    version, port, _ = _engine("aurora-postgresql")
    name, unique = asked.config["cluster_identifier"], asked.subject.unique[:12]
    end = f"{unique}.{asked.region}.rds.{asked.partition.dns_suffix}"
    return {
        "availability_zones": [f"{asked.region}{letter}" for letter in "abc"],
        "backup_retention_period": 7,
        "cluster_members": [f"{name}-1"],
        "endpoint": f"{name}.cluster-{end}",
        "engine": "aurora-postgresql",
        "engine_mode": "provisioned",
        "engine_version": version,
        "master_user_secret": [],
        "network_type": "IPV4",
        "port": port,
        "reader_endpoint": f"{name}.cluster-ro-{end}",
        "replication_source_identifier": "",
        "storage_encrypted": True,
    }


def _cache_cluster(asked: Asked) -> Values:
    """elasticache/cluster_data_source.go; ElastiCache's user guide, "Finding connection endpoints"."""
    name = asked.config["cluster_id"]
    address = f"{name}.{asked.subject.unique[:6]}.0001.{_short(asked)}.cache.{asked.partition.dns_suffix}"
    node = {"address": address, "availability_zone": f"{asked.region}a", "id": "0001", "outpost_arn": "", "port": 6379}
    return {
        "cache_nodes": [node],
        "cluster_address": "",
        "configuration_endpoint": "",
        "engine": "redis",
        "engine_version": "7.1",
        "ip_discovery": "ipv4",
        "log_delivery_configuration": [],
        "network_type": "ipv4",
        "node_type": "cache.t3.medium",
        "notification_topic_arn": "",
        "num_cache_nodes": 1,
        "port": 6379,
        "preferred_outpost_arn": "",
    }


def _replication_group(asked: Asked) -> Values:
    """elasticache/replication_group_data_source.go, for one without cluster mode."""
    name = asked.config["replication_group_id"]
    end = f"{asked.subject.unique[:6]}.ng.0001.{_short(asked)}.cache.{asked.partition.dns_suffix}"
    return {
        "automatic_failover_enabled": True,
        "cluster_mode": "disabled",
        "configuration_endpoint_address": "",
        "log_delivery_configuration": [],
        "member_clusters": [f"{name}-001", f"{name}-002"],
        "multi_az_enabled": True,
        "node_group_configuration": [],
        "node_type": "cache.t3.medium",
        "num_cache_clusters": 2,
        "num_node_groups": 1,
        "port": 6379,
        "primary_endpoint_address": f"{name}.{end}",
        "reader_endpoint_address": f"{name}-ro.{end}",
        "replicas_per_node_group": 1,
    }


def _serverless_cache(asked: Asked) -> Values:
    """elasticache/serverless_cache_data_source.go."""
    address = f"{asked.config['name']}-{asked.subject.unique[:6]}.serverless.{_short(asked)}.cache"
    return {
        "endpoint": {"address": f"{address}.{asked.partition.dns_suffix}", "port": 6379},
        "engine": "valkey",
        "full_engine_version": "8.0",
        "major_engine_version": "8",
        "reader_endpoint": {"address": f"{address}.{asked.partition.dns_suffix}", "port": 6380},
    }


def _short(asked: Asked) -> str:
    """`euc1` of eu-central-1, in names of caches."""
    return zone_id(f"{asked.region}a", asked.region).partition("-")[0]


EXACT: Mapping[str, Callable[[Asked], Values]] = {
    "aws_db_instance": _instance,
    "aws_elasticache_cluster": _cache_cluster,
    "aws_elasticache_replication_group": _replication_group,
    "aws_elasticache_serverless_cache": _serverless_cache,
    "aws_rds_cluster": _cluster,
    "aws_rds_engine_version": _engine_version,
    "aws_rds_orderable_db_instance": _orderable_instance,
}

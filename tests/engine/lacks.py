"""Where the emulator knows less than AWS; the report of a run says so, without it."""

from collections.abc import Mapping

LACKS: Mapping[str, str] = {
    "aws_elasticache_parameter_group": "moto has no cache parameter groups",
    "aws_elasticache_subnet_group": "moto cannot delete a cache subnet group",
    "aws_elasticache_replication_group": "created, but moto makes one node, whatever the number, and keeps what goes",
    "aws_ecs_service": "created, but moto keeps no deployment configuration",
    "aws_iam_role_policy": "created, but moto takes any action of any service",
    "aws_appautoscaling_policy": "created, but moto has no scaling activities",
}

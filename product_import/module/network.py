"""The security groups: the workers reach Redis, nothing else does, and nothing reaches the workers."""

from dataclasses import dataclass

from product_import.aws.security_group import SecurityGroup, SecurityGroupEgress, SecurityGroupIngress
from product_import.inputs import Inputs
from product_import.module.resources import Resources

REDIS_PORT = 6379
# AWS revokes a rule and authorizes it anew when its description changes: those that are deployed stay.
_OUTBOUND = SecurityGroupEgress(
    description="Allow all outbound", from_port=0, to_port=0, protocol="-1", cidr_blocks=["0.0.0.0/0"]
)


@dataclass(frozen=True)
class Network:
    redis: SecurityGroup
    worker: SecurityGroup


def network(resources: Resources, inputs: Inputs) -> Network:
    """The two groups, each replaced before the old one goes."""
    replaced_first = {"create_before_destroy": True}
    worker = resources.add(
        SecurityGroup,
        "import_worker",
        name_prefix=f"{inputs.environment}-product-import-worker-",
        description="Security group for Product Import worker tasks",
        vpc_id=inputs.vpc_id,
        # An empty list, where leaving it out would let rules stay that somebody added by hand.
        ingress=[],
        egress=[_OUTBOUND],
        tags=resources.tags(Name=f"{inputs.environment}-product-import-worker-sg"),
        lifecycle=replaced_first,
    )
    redis = resources.add(
        SecurityGroup,
        "redis",
        name_prefix=f"{inputs.environment}-product-import-redis-",
        description="Security group for Product Import Redis cluster",
        vpc_id=inputs.vpc_id,
        ingress=[
            SecurityGroupIngress(
                description="Redis from import workers",
                from_port=REDIS_PORT,
                to_port=REDIS_PORT,
                protocol="tcp",
                security_groups=[worker.id],
            )
        ],
        egress=[_OUTBOUND],
        tags=resources.tags(Name=f"{inputs.environment}-product-import-redis-sg"),
        lifecycle=replaced_first,
    )
    return Network(redis=redis, worker=worker)

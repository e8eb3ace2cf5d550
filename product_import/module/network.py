"""The security groups: the workers reach Redis, nothing else does, and nothing reaches the workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from product_import.aws.security_group import SecurityGroup, SecurityGroupEgress
from product_import.inputs import Inputs
from product_import.module.expressions import call, conditional, listed_if, operation
from product_import.module.resources import Resources, attribute

REDIS_PORT = 6379
ANYWHERE = "0.0.0.0/0"
# AWS revokes a rule and authorizes it anew when its description changes: those that are deployed stay.
ALL_OUTBOUND = "Allow all outbound"


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
        egress=[
            _outbound(
                str(
                    conditional(
                        operation(call("join", ",", inputs.worker_egress_cidr_blocks), "==", ANYWHERE),
                        ALL_OUTBOUND,
                        "Allow outbound to the given networks",
                    )
                ),
                inputs.worker_egress_cidr_blocks,
            )
        ],
        tags=resources.tags(Name=f"{inputs.environment}-product-import-worker-sg"),
        lifecycle=replaced_first,
    )
    redis = resources.add(
        SecurityGroup,
        "redis",
        name_prefix=f"{inputs.environment}-product-import-redis-",
        description="Security group for Product Import Redis cluster",
        vpc_id=inputs.vpc_id,
        egress=[_outbound(ALL_OUTBOUND, [ANYWHERE])],
        tags=resources.tags(Name=f"{inputs.environment}-product-import-redis-sg"),
        lifecycle=replaced_first,
    )
    # The bindings take no expression here.
    redis.add_override(
        "ingress",
        str(
            call(
                "concat",
                [_to_redis("Redis from import workers", [attribute(worker, "id")])],
                listed_if(
                    operation(call("length", inputs.redis_client_security_group_ids), ">=", 1),
                    _to_redis("Redis from its other clients", inputs.redis_client_security_group_ids),
                ),
            )
        ),
    )
    return Network(redis=redis, worker=worker)


def _outbound(description: str, cidr_blocks: Sequence[str]) -> SecurityGroupEgress:
    return SecurityGroupEgress(
        description=description, from_port=0, to_port=0, protocol="-1", cidr_blocks=list(cidr_blocks)
    )


def _to_redis(description: str, security_groups: Sequence[str]) -> dict[str, Any]:
    """A rule as an object, which has to name everything that a rule may have."""
    return {
        "description": description,
        "from_port": REDIS_PORT,
        "to_port": REDIS_PORT,
        "protocol": "tcp",
        "security_groups": security_groups,
        "cidr_blocks": [],
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "self": False,
    }

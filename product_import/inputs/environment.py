"""Inputs about where the module is deployed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from product_import.inputs.declaration import about
from product_import.inputs.effects import EVERY_TYPE, REVISION, Effect
from product_import.inputs.names import ID
from product_import.inputs.rules import each_matches, matches
from product_import.inputs.tags import tags as tag_rules


@dataclass(frozen=True, kw_only=True)
class EnvironmentInputs:
    environment: str = field(
        metadata=about(
            "Name of the environment, a part of every resource's name",
            matches(
                "[a-z](-?[a-z0-9])*",
                "be 1 to 25 lower-case letters, digits and single hyphens, start with a letter and end with a letter "
                "or digit",
                longest=25,
            ),
            effect=Effect(
                "**replaces every resource**, Redis with all its jobs too; deploy the new environment beside this one, "
                "move over, then destroy this one",
                EVERY_TYPE,
            ),
        )
    )
    vpc_id: str = field(
        metadata=about(
            "ID of the VPC",
            matches(f"vpc-{ID}", "be the ID of a VPC (vpc- and 8 or 17 hexadecimal digits)"),
            # ElastiCache API Reference, ModifyCacheSubnetGroup: SubnetInUse, and InvalidSubnet for a subnet of another
            # VPC.
            effect=Effect(
                "**fails**: the plan makes new security groups there, but AWS moves no Redis to another VPC†; deploy a "
                "new environment in it",
                ("security_group",),
            ),
        )
    )
    private_subnet_ids: Sequence[str] = field(
        metadata=about(
            "IDs of the private subnets of Redis and the workers",
            each_matches(
                f"subnet-{ID}",
                "be a list of at least one ID of a subnet (subnet- and 8 or 17 hexadecimal digits)",
            ),
            # ElastiCache API Reference, ModifyCacheSubnetGroup: SubnetInUse.
            effect=Effect("in place, with a new deployment; AWS refuses† to remove a subnet with a Redis node in it"),
        )
    )
    aws_region: str = field(
        default="us-east-1",
        metadata=about(
            "AWS region of the provider that the module gets; for the workers' logs and their AWS_REGION",
            matches("[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}", 'be the name of an AWS region, such as "us-east-1"'),
            use="The provider's region is another one",
            effect=REVISION,
        ),
    )
    tags: Mapping[str, str] = field(
        default_factory=dict,
        metadata=about(
            "Tags of the resources, the autoscaling target excepted, below those that the module sets itself",
            *tag_rules(),
            use="Costs or owners are told by tags",
        ),
    )

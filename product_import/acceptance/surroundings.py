"""What the module wants beside itself: a network, a cluster, topics, secrets and a bucket, made for one run.

They are made by calls and not by Terraform, so that the module's own state has the module alone, and that what is made
is known from the first moment on.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from product_import.acceptance.pace import Pace
from product_import.acceptance.signals import held

import boto3  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

TAG = "product-import-acceptance"
# While AWS takes network interfaces and stopped tasks away, what they lie in cannot go.
REMOVE_MINUTES = 10


@dataclass(frozen=True)
class Surroundings:
    """What the module's inputs name."""

    vpc_id: str
    subnet_ids: tuple[str, ...]
    cluster_arn: str
    cluster: str
    topic_arn: str
    secret_arn: str
    bucket_arn: str

    def inputs(self) -> dict[str, Any]:
        """The module's inputs of them."""
        return {
            "vpc_id": self.vpc_id,
            "private_subnet_ids": list(self.subnet_ids),
            "ecs_cluster_id": self.cluster_arn,
            "ecs_cluster_name": self.cluster,
            "database_secret_arn": self.secret_arn,
            "encryption_key_secret_arn": self.secret_arn,
            "s3_bucket_arn": self.bucket_arn,
            "sns_alarm_topic_arn": self.topic_arn,
            "sns_critical_topic_arn": self.topic_arn,
        }


class Things:
    """What was made, with how to remove each."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._made: list[tuple[str, Callable[[], object]]] = []

    def add(self, what: str, remove: Callable[[], object]) -> None:
        self._made.append((what, remove))

    def remove(self) -> list[str]:
        """Remove all, the last first. Returns what remains, each with why, and goes on after each."""
        remaining = []
        until = self._pace.seconds() + REMOVE_MINUTES * 60
        while self._made:
            what, remove = self._made.pop()
            reason = self._removed(remove, until)
            if reason:
                remaining.append(f"{what}: {reason}")
        return remaining

    def _removed(self, remove: Callable[[], object], until: float) -> str | None:
        while True:
            try:
                remove()
            except (ClientError, BotoCoreError) as error:
                if self._pace.seconds() >= until or not _may_pass(error):
                    return " ".join(str(error).split())
                self._pace.sleep(15)
            else:
                return None


def _may_pass(error: ClientError | BotoCoreError) -> bool:
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    return not code or any(part in code for part in ("DependencyViolation", "InUse", "ClusterContains"))


def surroundings(session: boto3.Session, name: str, things: Things) -> Surroundings:
    """Make them, each added to the things to remove before the next one is made."""
    vpc_id, subnet_ids = _network(session.client("ec2"), name, things)
    ecs, sns, s3 = (session.client(service) for service in ("ecs", "sns", "s3"))
    with held():
        cluster = ecs.create_cluster(clusterName=name, tags=[{"key": "Name", "value": TAG}])["cluster"]
        things.add(f"cluster {name}", lambda: ecs.delete_cluster(cluster=name))
    with held():
        topic = sns.create_topic(Name=name, Tags=_tags())["TopicArn"]
        things.add(f"topic {topic}", lambda: sns.delete_topic(TopicArn=topic))
    secrets = session.client("secretsmanager")
    with held():
        secret = secrets.create_secret(Name=name, SecretString=json.dumps("nothing"), Tags=_tags())["ARN"]
        things.add(f"secret {name}", lambda: secrets.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True))
    # The only region that has no name of its own there.
    place = {} if s3.meta.region_name == "us-east-1" else {"LocationConstraint": s3.meta.region_name}
    with held():
        s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": place} if place else {}))
        things.add(f"bucket {name}", lambda: s3.delete_bucket(Bucket=name))
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": _tags()})
    partition = topic.split(":")[1]
    return Surroundings(vpc_id, subnet_ids, cluster["clusterArn"], name, topic, secret, f"arn:{partition}:s3:::{name}")


def _network(ec2: Any, name: str, things: Things) -> tuple[str, tuple[str, ...]]:
    """A VPC with two private subnets, whose way out is a NAT gateway in a public one."""

    def made(
        kind: str, call: Callable[..., Any], key: str, member: str, remove: Callable[..., Any], **arguments: Any
    ) -> str:
        tagged = {"ResourceType": kind, "Tags": [*_tags(), {"Key": "Run", "Value": name}]}
        with held():
            made_id: str = call(TagSpecifications=[tagged], **arguments)[key][member]
            things.add(f"{kind} {made_id}", lambda: remove(**{member: made_id}))
        return made_id

    vpc = made("vpc", ec2.create_vpc, "Vpc", "VpcId", ec2.delete_vpc, CidrBlock="10.0.0.0/16")
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]][:2]
    public, *private = (
        made(
            *("subnet", ec2.create_subnet, "Subnet", "SubnetId", ec2.delete_subnet),
            VpcId=vpc,
            CidrBlock=f"10.0.{number}.0/24",
            AvailabilityZone=zone,
        )
        for number, zone in enumerate((zones[0], *zones))
    )
    gateway = made(
        *("internet-gateway", ec2.create_internet_gateway, "InternetGateway", "InternetGatewayId"),
        ec2.delete_internet_gateway,
    )
    ends = {"VpcId": vpc, "InternetGatewayId": gateway}
    with held():
        ec2.attach_internet_gateway(**ends)
        things.add(f"attachment of {gateway}", lambda: ec2.detach_internet_gateway(**ends))
    tagged = [{"ResourceType": "elastic-ip", "Tags": _tags()}]
    with held():
        address = ec2.allocate_address(Domain="vpc", TagSpecifications=tagged)["AllocationId"]
        things.add(f"address {address}", lambda: ec2.release_address(AllocationId=address))

    def routed(subnets: Sequence[str], **target: str) -> None:
        table = made(
            *("route-table", ec2.create_route_table, "RouteTable", "RouteTableId", ec2.delete_route_table), VpcId=vpc
        )
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **target)
        for subnet in subnets:
            with held():
                association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
                things.add(f"route of {subnet}", partial(ec2.disassociate_route_table, AssociationId=association))

    routed([public], GatewayId=gateway)
    routed(private, NatGatewayId=_nat(ec2, public, address, things))
    return vpc, tuple(private)


def _nat(ec2: Any, subnet: str, address: str, things: Things) -> str:
    with held():
        tagged = [{"ResourceType": "natgateway", "Tags": _tags()}]
        made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, TagSpecifications=tagged)
        gateway: str = made["NatGateway"]["NatGatewayId"]

        def remove() -> None:
            ec2.delete_nat_gateway(NatGatewayId=gateway)
            ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[gateway])

        things.add(f"NAT gateway {gateway}", remove)
    ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[gateway])
    return gateway


def _tags() -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": TAG}]

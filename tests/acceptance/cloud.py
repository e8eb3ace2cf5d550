"""AWS in memory for the root of the prerequisites too, whose types the emulator of the module's tests does not know."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from product_import.stand_in.planning import Values
from tests.engine.emulator import Emulator


class Cloud:
    """Provider.cloud: the emulator, with calls of its own for some types.

    Attributes:
        emulator: the one that tests read back from.
        after: what happens once a resource of a type was created, before the engine learns it.
        created: the types of the resources that were created.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._one_at_a_time = threading.Lock()
        self.after: dict[str, Callable[[], object]] = {}
        self.created: list[str] = []

    def create(self, resource_type: str, region: str, config: Values) -> Values:
        with self._one_at_a_time:
            known = _CREATE.get(resource_type)
            made = known(self.emulator, config) if known else self.emulator.create(resource_type, region, config)
        self.created.append(resource_type)
        self.after.get(resource_type, lambda: None)()
        return made

    def update(self, resource_type: str, region: str, config: Values, state: Values) -> None:
        with self._one_at_a_time:
            self.emulator.update(resource_type, region, config, state)

    def delete(self, resource_type: str, region: str, state: Values) -> None:
        with self._one_at_a_time:
            if resource_type in _DELETE:
                _DELETE[resource_type](self.emulator, state)
            elif resource_type not in _CREATE:
                self.emulator.delete(resource_type, region, state)


def _tags(config: Values, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in config["tags"].items()]


def _ec2(kind: str, operation: str, path: str, **arguments: str) -> Callable[[Emulator, Values], Values]:
    """A call of EC2 that takes tags: the kind of the resource, the place of its id, and the call's arguments."""

    def create(emulator: Emulator, config: Values) -> Values:
        answer: Any = getattr(emulator.client("ec2"), operation)(
            TagSpecifications=[{"ResourceType": kind, "Tags": _tags(config)}],
            **{member: config[attribute] for member, attribute in arguments.items()},
        )
        for member in path.split("."):
            answer = answer[member]
        return {"id": answer}

    return create


def _internet_gateway(emulator: Emulator, config: Values) -> Values:
    made = _ec2("internet-gateway", "create_internet_gateway", "InternetGateway.InternetGatewayId")(emulator, config)
    emulator.client("ec2").attach_internet_gateway(InternetGatewayId=made["id"], VpcId=config["vpc_id"])
    return made


def _route(emulator: Emulator, config: Values) -> Values:
    targets = {"GatewayId": config["gateway_id"], "NatGatewayId": config["nat_gateway_id"]}
    emulator.client("ec2").create_route(
        RouteTableId=config["route_table_id"],
        DestinationCidrBlock=config["destination_cidr_block"],
        **{member: value for member, value in targets.items() if value},
    )
    return {}


def _association(emulator: Emulator, config: Values) -> Values:
    ends = {"RouteTableId": config["route_table_id"], "SubnetId": config["subnet_id"]}
    return {"id": emulator.client("ec2").associate_route_table(**ends)["AssociationId"]}


def _cluster(emulator: Emulator, config: Values) -> Values:
    tags = _tags(config, "key", "value")
    made = emulator.client("ecs").create_cluster(clusterName=config["name"], tags=tags)["cluster"]
    return {"id": made["clusterArn"], "arn": made["clusterArn"]}


def _topic(emulator: Emulator, config: Values) -> Values:
    made = emulator.client("sns").create_topic(Name=config["name"], Tags=_tags(config))["TopicArn"]
    return {"id": made, "arn": made}


def _bucket(emulator: Emulator, config: Values) -> Values:
    client = emulator.client("s3")
    client.create_bucket(Bucket=config["bucket"])
    client.put_bucket_tagging(Bucket=config["bucket"], Tagging={"TagSet": _tags(config)})
    return {}


def _delete_internet_gateway(emulator: Emulator, state: Values) -> None:
    client = emulator.client("ec2")
    client.detach_internet_gateway(InternetGatewayId=state["id"], VpcId=state["vpc_id"])
    client.delete_internet_gateway(InternetGatewayId=state["id"])


def _gone(service: str, operation: str, member: str, attribute: str = "id") -> Callable[[Emulator, Values], object]:
    return lambda emulator, state: getattr(emulator.client(service), operation)(**{member: state[attribute]})


_CREATE: Mapping[str, Callable[[Emulator, Values], Values]] = {
    "aws_ecs_cluster": _cluster,
    "aws_eip": _ec2("elastic-ip", "allocate_address", "AllocationId"),
    "aws_internet_gateway": _internet_gateway,
    "aws_nat_gateway": _ec2(
        *("natgateway", "create_nat_gateway", "NatGateway.NatGatewayId"),
        SubnetId="subnet_id",
        AllocationId="allocation_id",
    ),
    "aws_route": _route,
    "aws_route_table": _ec2("route-table", "create_route_table", "RouteTable.RouteTableId", VpcId="vpc_id"),
    "aws_route_table_association": _association,
    "aws_s3_bucket": _bucket,
    "aws_sns_topic": _topic,
    "aws_subnet": _ec2(
        *("subnet", "create_subnet", "Subnet.SubnetId"),
        VpcId="vpc_id",
        CidrBlock="cidr_block",
        AvailabilityZone="availability_zone",
    ),
    "aws_vpc": _ec2("vpc", "create_vpc", "Vpc.VpcId", CidrBlock="cidr_block"),
}
# A route goes with its table.
_DELETE: Mapping[str, Callable[[Emulator, Values], object]] = {
    "aws_ecs_cluster": _gone("ecs", "delete_cluster", "cluster"),
    "aws_eip": _gone("ec2", "release_address", "AllocationId"),
    "aws_internet_gateway": _delete_internet_gateway,
    "aws_nat_gateway": _gone("ec2", "delete_nat_gateway", "NatGatewayId"),
    "aws_route_table": _gone("ec2", "delete_route_table", "RouteTableId"),
    "aws_route_table_association": _gone("ec2", "disassociate_route_table", "AssociationId"),
    "aws_s3_bucket": _gone("s3", "delete_bucket", "Bucket"),
    "aws_sns_topic": _gone("sns", "delete_topic", "TopicArn"),
    "aws_subnet": _gone("ec2", "delete_subnet", "SubnetId"),
    "aws_vpc": _gone("ec2", "delete_vpc", "VpcId"),
}

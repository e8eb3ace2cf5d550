"""VPCs and what is in them. The files named here are in internal/service/ec2/ of the provider."""

import ipaddress
from collections.abc import Callable, Mapping
from zlib import crc32

from product_import.stand_in.data.asked import Asked
from product_import.stand_in.data.known import Values

# What a name of a filter ends with that names a VPC, in the EC2 API Reference.
_OF_VPC = ("vpc-id", "attachment.vpc-id")


def _vpc(asked: Asked) -> Values:
    """vpc_data_source.go. The default VPC's block is that of the VPC user guide, "Default VPCs"."""
    cidr = "172.31.0.0/16" if asked.config["default"] else "10.0.0.0/16"
    found = asked.found()
    return {
        "cidr_block": cidr,
        "cidr_block_associations": [
            {
                "association_id": f"vpc-cidr-assoc-{asked.subject.unique}",
                "cidr_block": (found[0] if found else asked.config)["cidr_block"] or cidr,
                "state": "associated",
            }
        ],
        "default": bool(asked.config["default"]),
        "enable_dns_hostnames": True,
        "enable_dns_support": True,
        "instance_tenancy": "default",
        "ipv6_association_id": "",
        "ipv6_cidr_block": "",
    }


def _subnet(asked: Asked) -> Values:
    """vpc_subnet_data_source.go: a block of the VPC that another seed makes another one."""
    number = crc32(asked.subject.seed.encode()) % 256
    zone = asked.config["availability_zone"] or f"{asked.region}{'abc'[number % 3]}"
    found = asked.found()
    block = (found[0] if found else asked.config)["cidr_block"] or f"10.0.{number}.0/24"
    return {
        "availability_zone": zone,
        # VPC user guide, "Subnet sizing": AWS reserves five addresses.
        "available_ip_address_count": ipaddress.ip_network(block, strict=False).num_addresses - 5,
        "cidr_block": block,
        "customer_owned_ipv4_pool": "",
        "ipv6_cidr_block": "",
        "ipv6_cidr_block_association_id": "",
        "outpost_arn": "",
        "private_dns_hostname_type_on_launch": "ip-name",
    }


def _in_vpc(asked: Asked) -> Values:
    """vpc_subnets_data_source.go and its like: what the root lacks in a VPC of its own is not made up."""
    filters = [each for each in asked.config["filter"] or [] if each["name"] in _OF_VPC]
    known = {each["id"] for each in asked.known.found(asked.run, asked.region, ("aws_vpc", "aws_default_vpc"))}
    of_root = any(known & set(each["values"]) for each in filters)
    return {"ids": []} if of_root else {}


def _route_table(asked: Asked) -> Values:
    """vpc_route_table_data_source.go: by its association with a subnet too."""
    config = asked.config
    associations = asked.known.found(
        asked.run, asked.region, ("aws_route_table_association", "aws_main_route_table_association")
    )
    table = next(
        (
            each["route_table_id"]
            for each in associations
            if config["subnet_id"] and each.get("subnet_id") == config["subnet_id"]
        ),
        None,
    )
    identity = table or config["route_table_id"] or asked.subject.id
    there = asked.known.found(asked.run, asked.region, ("aws_route_table", "aws_default_route_table"))
    vpc = next((each["vpc_id"] for each in there if each["id"] == identity), None)
    return {
        "associations": [],
        "id": identity,
        "route_table_id": identity,
        "routes": [],
        **({"vpc_id": vpc} if vpc else {}),
    }


def _ami(asked: Asked) -> Values:
    """ec2_ami_data_source.go. What a filter says is so; its `*` stands for what is not known."""
    filters = asked.config["filter"] or []
    said = {each["name"]: min(each["values"]).replace("*", "1") for each in filters if each["values"]}
    image, root = asked.subject.id, said.get("root-device-name", "/dev/xvda")
    snapshot = f"snap-{asked.subject.unique}"
    disk = {
        "delete_on_termination": "true",
        "encrypted": "false",
        "iops": "0",
        "snapshot_id": snapshot,
        "throughput": "0",
        "volume_size": "8",
        "volume_type": "gp3",
    }
    owner = next((each for each in asked.config["owners"] or [] if each.isdigit()), asked.account)
    return {
        "architecture": said.get("architecture", "x86_64"),
        "arn": f"arn:{asked.partition.name}:ec2:{asked.region}::image/{image}",
        "block_device_mappings": [{"device_name": root, "ebs": disk, "no_device": "", "virtual_name": ""}],
        "boot_mode": "uefi-preferred",
        "ena_support": True,
        "hypervisor": "xen",
        "image_id": image,
        "image_owner_alias": next((each for each in asked.config["owners"] or [] if not each.isdigit()), ""),
        "image_type": "machine",
        "imds_support": "v2.0",
        "kernel_id": "",
        "name": said.get("name", f"image-{asked.subject.unique[:8]}"),
        "owner_id": owner,
        "platform": "",
        "platform_details": "Linux/UNIX",
        "product_codes": [],
        "public": True,
        "ramdisk_id": "",
        "root_device_name": root,
        "root_device_type": "ebs",
        "root_snapshot_id": snapshot,
        "sriov_net_support": "simple",
        "tpm_support": "",
        "usage_operation": "RunInstances",
        "virtualization_type": said.get("virtualization-type", "hvm"),
    }


def _managed_prefix_list(asked: Asked) -> Values:
    """vpc_managed_prefix_list_data_source.go; AWS's own belong to no account."""
    name = asked.config["name"] or next(
        (min(each["values"]) for each in asked.config["filter"] or [] if each["name"] == "prefix-list-name"), ""
    )
    of_aws = name.startswith(asked.partition.reverse_dns_prefix)
    owner = "aws" if of_aws else asked.account
    return {
        "address_family": "IPv6" if ".ipv6." in name else "IPv4",
        "arn": f"arn:{asked.partition.name}:ec2:{asked.region}:{owner}:prefix-list/{asked.subject.id}",
        "max_entries": 0 if of_aws else 1,
        "owner_id": "AWS" if of_aws else owner,
        **({"name": name} if name else {}),
    }


def _prefix_list(asked: Asked) -> Values:
    """vpc_prefix_list_data_source.go."""
    services = [min(each["values"]) for each in asked.config["filter"] or [] if each["name"] == "prefix-list-name"]
    name = asked.config["name"] or next(iter(services), f"{asked.partition.reverse_dns_prefix}.{asked.region}.s3")
    return {
        "cidr_blocks": ["198.51.100.0/24", "203.0.113.0/24"],
        "id": asked.config["prefix_list_id"] or asked.subject.id,
        "name": name,
    }


def _endpoint_service(asked: Asked) -> Values:
    """vpc_endpoint_service_data_source.go: a gateway for S3 and DynamoDB where that is asked for, else an interface."""
    config, region = asked.config, asked.region
    service = config["service"] or "s3"
    name = config["service_name"] or f"com.amazonaws.{region}.{service}"
    short, kind = name.rpartition(".")[2], config["service_type"] or "Interface"
    return {
        "acceptance_required": False,
        "availability_zones": [f"{region}{letter}" for letter in "abc"],
        "base_endpoint_dns_names": [f"{short}.{region}.vpce.{asked.partition.dns_suffix}"],
        "id": str(crc32(name.encode())),
        "manages_vpc_endpoints": False,
        "owner": "amazon",
        "private_dns_name": f"{short}.{region}.{asked.partition.dns_suffix}",
        "private_dns_names": [f"{short}.{region}.{asked.partition.dns_suffix}"],
        "service_id": f"vpce-svc-{asked.subject.unique}",
        "service_name": name,
        "service_region": region,
        "service_type": kind,
        "supported_ip_address_types": ["ipv4"],
        "vpc_endpoint_policy_supported": True,
    }


EXACT: Mapping[str, Callable[[Asked], Values]] = {
    "aws_ami": _ami,
    "aws_ec2_managed_prefix_list": _managed_prefix_list,
    "aws_prefix_list": _prefix_list,
    "aws_route_table": _route_table,
    "aws_subnet": _subnet,
    "aws_vpc": _vpc,
    "aws_vpc_endpoint_service": _endpoint_service,
    **dict.fromkeys(("aws_network_acls", "aws_route_tables", "aws_security_groups", "aws_subnets"), _in_vpc),
}

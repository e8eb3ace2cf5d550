"""Who calls, and where: the account, its partition, regions, zones, names of services.

The files named here are below internal/service/ of the provider.
"""

import hashlib
import re
from collections.abc import Callable, Mapping

from product_import.stand_in.data.asked import Asked
from product_import.stand_in.data.known import Values
from product_import.stand_in.partitions import PARTITIONS, Partition, partition_of

_ZONES = "abcdef"
# EC2's user guide, "AZ IDs": euc1-az1 is in eu-central-1.
_WORDS = {"central": "c", "east": "e", "gov": "g", "iso": "i", "isob": "ib", "isoe": "ie", "isof": "if", "north": "n"}
_WORDS |= {"south": "s", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw"}
# Elastic Load Balancing's user guide for Classic Load Balancers, "Attach a policy to your S3 bucket": the regions that
# have an account of their own; elb/service_account_data_source.go refuses others.
_ELB_ACCOUNTS = {
    "af-south-1": "098369216593", "ap-east-1": "754344448648", "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887", "ap-northeast-3": "383597477331", "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450", "ap-southeast-2": "783225319266", "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251", "cn-north-1": "638102146993", "cn-northwest-1": "037604701340",
    "eu-central-1": "054676820928", "eu-north-1": "897822967062", "eu-south-1": "635631232127",
    "eu-west-1": "156460612806", "eu-west-2": "652711504416", "eu-west-3": "009996457667",
    "me-south-1": "076674570225", "sa-east-1": "507241528517", "us-east-1": "127311923021",
    "us-east-2": "033677994240", "us-gov-east-1": "190560391635", "us-gov-west-1": "048591011584",
    "us-west-1": "027434742980", "us-west-2": "797873946194",
}  # fmt: skip
_LOG_DELIVERY = {
    "aws": "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0",
    "aws-cn": "a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56",
}
# meta/service_principal_data_source.go.
_OWN_SUFFIX = {
    "aws-cn": ("codedeploy", "elasticmapreduce", "logs"),
    "aws-iso": ("cloudhsm", "config", "logs", "workspaces"),
    "aws-iso-b": ("dms", "logs"),
}


def _arn(asked: Asked) -> Values:
    """meta/arn_data_source.go."""
    parts = asked.config["arn"].split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        raise ValueError(f"Invalid ARN Value: {asked.config['arn']}")
    _, partition, service, region, account, resource = parts
    return {
        "account": account,
        "id": asked.config["arn"],
        "partition": partition,
        "region": region,
        "resource": resource,
        "service": service,
    }


def _availability_zone(asked: Asked) -> Values:
    """ec2/ec2_availability_zone_data_source.go."""
    config, region = asked.config, asked.region
    number = config["zone_id"][-1] if config["zone_id"] else "1"
    name = config["name"] or f"{region}{_ZONES[int(number) - 1] if number in '123456' else _ZONES[0]}"
    return {
        "id": name,
        "name": name,
        "group_name": f"{region}-zg-1",
        "name_suffix": name.removeprefix(region).lstrip("-"),
        "network_border_group": region,
        "opt_in_status": "opt-in-not-required",
        "parent_zone_id": "",
        "parent_zone_name": "",
        "region": region,
        "state": "available",
        "zone_id": zone_id(name, region),
        "zone_type": "availability-zone",
    }


def _availability_zones(asked: Asked) -> Values:
    """ec2/ec2_availability_zones_data_source.go; three, as most regions have."""
    config, region = asked.config, asked.region
    excluded = {*(config["exclude_names"] or []), *(config["exclude_zone_ids"] or [])}
    types = [each["values"] for each in config["filter"] or [] if each["name"] == "zone-type"]
    every = [f"{region}{letter}" for letter in _ZONES] if all("availability-zone" in each for each in types) else []
    names = [name for name in every if not {name, zone_id(name, region)} & excluded][:3]
    return {
        "id": region,
        "group_names": [f"{region}-zg-1"],
        "names": names,
        "zone_ids": [zone_id(name, region) for name in names],
    }


def zone_id(name: str, region: str) -> str:
    """`euc1-az1` of eu-central-1a."""
    area, *words = region.split("-")
    letter = name.removeprefix(region)
    number = _ZONES.index(letter) + 1 if letter in _ZONES and letter else 1
    return f"{area}{''.join(_WORDS.get(word, word) for word in words)}-az{number}"


def _caller_identity(asked: Asked) -> Values:
    """sts/caller_identity_data_source.go."""
    return {
        "account_id": asked.account,
        "arn": f"arn:{asked.partition.name}:iam::{asked.account}:user/stand-in",
        "id": asked.account,
        "user_id": "AIDASTANDINSTANDINAAA",
    }


def _canonical_user_id(asked: Asked) -> Values:
    """s3/canonical_user_id_data_source.go."""
    return {"id": hashlib.sha256(asked.account.encode()).hexdigest(), "display_name": ""}


def _billing_service_account(asked: Asked) -> Values:
    """meta/billing_service_account_data_source.go."""
    return {"id": "386209384616", "arn": f"arn:{asked.partition.name}:iam::386209384616:root"}


def _log_delivery(asked: Asked) -> Values:
    """cloudfront/log_delivery_canonical_user_id_data_source.go: CloudFront's developer guide, "Access logs"."""
    china = asked.partition.name == "aws-cn"
    return {"id": _LOG_DELIVERY["aws-cn" if china else "aws"]}


def _service_account(asked: Asked) -> Values:
    """cloudtrail/service_account_data_source.go and its like: an account of AWS, made up here."""
    account = str(int(asked.subject.unique, 16))[:12]
    return {"id": account, "arn": f"arn:{asked.partition.name}:iam::{account}:root"}


def _default_tags(asked: Asked) -> Values:
    """meta/default_tags_data_source.go."""
    return {"id": asked.partition.name, "tags": dict(asked.default_tags)}


def _elb_service_account(asked: Asked) -> Values:
    """elb/service_account_data_source.go."""
    account = _ELB_ACCOUNTS.get(asked.region)
    if account is None:
        raise ValueError(f'Unknown region ("{asked.region}")')
    return {"id": account, "arn": f"arn:{asked.partition.name}:iam::{account}:root"}


def _ip_ranges(asked: Asked) -> Values:
    """meta/ip_ranges_data_source.go; the ranges are those for documentation (RFC 5737 and 3849)."""
    return {
        "cidr_blocks": ["198.51.100.0/24", "203.0.113.0/24"],
        "create_date": "2024-01-01-00-00-00",
        "id": "1704067200",
        "ipv6_cidr_blocks": ["2001:db8::/32"],
        "sync_token": 1704067200,
        "url": asked.config["url"] or "https://ip-ranges.amazonaws.com/ip-ranges.json",
    }


def _partition(asked: Asked) -> Values:
    """meta/partition_data_source.go."""
    partition = partition_of(asked.provider_region)
    return {
        "dns_suffix": partition.dns_suffix,
        "id": partition.name,
        "partition": partition.name,
        "reverse_dns_prefix": partition.reverse_dns_prefix,
    }


def _region(asked: Asked) -> Values:
    """meta/region_data_source.go; provider 6 says `region` for `name`."""
    config = asked.config
    name = config.get("region") or config["name"]
    if config["endpoint"] and not name:
        (name,) = re.findall(r"^ec2\.([^.]+)\.", config["endpoint"]) or [""]
    region = asked.provider_region if name is None else name
    description = partition_of(region).regions.get(region)
    if description is None:
        raise ValueError(f'region not found for name "{region}"')
    return {
        "description": description,
        "endpoint": f"ec2.{region}.{partition_of(region).dns_suffix}",
        "id": region,
        "name": region,
        "region": region,
    }


def _regions(asked: Asked) -> Values:
    """meta/regions_data_source.go: those of the partition; without `all_regions`, those that need no opt-in."""
    partition: Partition = partition_of(asked.provider_region)
    return {
        "id": partition.name,
        "names": list(partition.regions) if asked.config["all_regions"] else list(partition.enabled_regions),
    }


def _service(asked: Asked) -> Values:
    """meta/service_data_source.go."""
    config = asked.config
    reverse = config["reverse_dns_name"] or ".".join(reversed((config["dns_name"] or "").split(".")))
    if reverse and reverse.count(".") < 3:
        raise ValueError("service DNS names must have at least 4 parts")
    *prefix, region, service = reverse.split(".") if reverse else ("", "", "")
    service, region = config["service_id"] or service, (config.get("region") or region or asked.provider_region)
    if not service:
        raise ValueError("service ID not provided directly or through a DNS name")
    reverse_prefix = config["reverse_dns_prefix"] or ".".join(prefix) or asked.partition.reverse_dns_prefix
    name = f"{reverse_prefix}.{region}.{service}"
    return {
        "dns_name": ".".join(reversed(name.split("."))).lower(),
        "id": name,
        "partition": partition_of(region).name,
        "region": region,
        "reverse_dns_name": name,
        "reverse_dns_prefix": reverse_prefix,
        "service_id": service,
        "supported": True,
    }


def _service_principal(asked: Asked) -> Values:
    """meta/service_principal_data_source.go."""
    service, partition = asked.config["service_name"], asked.partition
    suffix = partition.dns_suffix if service in _OWN_SUFFIX.get(partition.name, ()) else PARTITIONS[0].dns_suffix
    return {
        "id": f"{service}.{asked.region}.{suffix}",
        "name": f"{service}.{suffix}",
        "region": asked.region,
        "suffix": suffix,
    }


EXACT: Mapping[str, Callable[[Asked], Values]] = {
    "aws_arn": _arn,
    "aws_availability_zone": _availability_zone,
    "aws_availability_zones": _availability_zones,
    "aws_billing_service_account": _billing_service_account,
    "aws_caller_identity": _caller_identity,
    "aws_canonical_user_id": _canonical_user_id,
    "aws_cloudfront_log_delivery_canonical_user_id": _log_delivery,
    "aws_default_tags": _default_tags,
    **dict.fromkeys(("aws_cloudtrail_service_account", "aws_redshift_service_account"), _service_account),
    "aws_elb_service_account": _elb_service_account,
    "aws_ip_ranges": _ip_ranges,
    "aws_partition": _partition,
    "aws_region": _region,
    "aws_regions": _regions,
    "aws_service": _service,
    "aws_service_principal": _service_principal,
}

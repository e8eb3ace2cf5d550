"""AWS's partitions: which regions each has, and the domain name of its services."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Partition:
    name: str
    """As ARNs have it."""
    prefixes: tuple[str, ...]
    """What the names of its regions begin with; those of `aws` have no prefix of their own."""
    dns_suffix: str
    regions: Mapping[str, str]
    """By name, with the description."""
    opt_in: frozenset[str] = frozenset()
    """The regions that an account has to enable."""

    @property
    def reverse_dns_prefix(self) -> str:
        """How names of endpoint services begin: `com.amazonaws`."""
        return ".".join(reversed(self.dns_suffix.split(".")))

    @property
    def enabled_regions(self) -> tuple[str, ...]:
        return tuple(name for name in self.regions if name not in self.opt_in)


# botocore 1.44, data/partitions.json and data/endpoints.json; the regions that need no opt-in are those that Account
# Management's reference guide, "Specify which AWS Regions your account can use", does not list.
PARTITIONS = (
    Partition(
        "aws",
        (),
        "amazonaws.com",
        {
            "af-south-1": "Africa (Cape Town)",
            "ap-east-1": "Asia Pacific (Hong Kong)",
            "ap-east-2": "Asia Pacific (Taipei)",
            "ap-northeast-1": "Asia Pacific (Tokyo)",
            "ap-northeast-2": "Asia Pacific (Seoul)",
            "ap-northeast-3": "Asia Pacific (Osaka)",
            "ap-south-1": "Asia Pacific (Mumbai)",
            "ap-south-2": "Asia Pacific (Hyderabad)",
            "ap-southeast-1": "Asia Pacific (Singapore)",
            "ap-southeast-2": "Asia Pacific (Sydney)",
            "ap-southeast-3": "Asia Pacific (Jakarta)",
            "ap-southeast-4": "Asia Pacific (Melbourne)",
            "ap-southeast-5": "Asia Pacific (Malaysia)",
            "ap-southeast-6": "Asia Pacific (New Zealand)",
            "ap-southeast-7": "Asia Pacific (Thailand)",
            "ca-central-1": "Canada (Central)",
            "ca-west-1": "Canada West (Calgary)",
            "eu-central-1": "Europe (Frankfurt)",
            "eu-central-2": "Europe (Zurich)",
            "eu-north-1": "Europe (Stockholm)",
            "eu-south-1": "Europe (Milan)",
            "eu-south-2": "Europe (Spain)",
            "eu-west-1": "Europe (Ireland)",
            "eu-west-2": "Europe (London)",
            "eu-west-3": "Europe (Paris)",
            "il-central-1": "Israel (Tel Aviv)",
            "me-central-1": "Middle East (UAE)",
            "me-south-1": "Middle East (Bahrain)",
            "mx-central-1": "Mexico (Central)",
            "sa-east-1": "South America (Sao Paulo)",
            "us-east-1": "US East (N. Virginia)",
            "us-east-2": "US East (Ohio)",
            "us-west-1": "US West (N. California)",
            "us-west-2": "US West (Oregon)",
        },
        frozenset(
            {
                "af-south-1",
                "ap-east-1",
                "ap-east-2",
                "ap-south-2",
                "ap-southeast-3",
                "ap-southeast-4",
                "ap-southeast-5",
                "ap-southeast-6",
                "ap-southeast-7",
                "ca-west-1",
                "eu-central-2",
                "eu-south-1",
                "eu-south-2",
                "il-central-1",
                "me-central-1",
                "me-south-1",
                "mx-central-1",
            }
        ),
    ),
    Partition(
        "aws-cn",
        ("cn-",),
        "amazonaws.com.cn",
        {
            "cn-north-1": "China (Beijing)",
            "cn-northwest-1": "China (Ningxia)",
        },
    ),
    Partition(
        "aws-us-gov",
        ("us-gov-",),
        "amazonaws.com",
        {
            "us-gov-east-1": "AWS GovCloud (US-East)",
            "us-gov-west-1": "AWS GovCloud (US-West)",
        },
    ),
    Partition(
        "aws-iso",
        ("us-iso-",),
        "c2s.ic.gov",
        {
            "us-iso-east-1": "US ISO East",
            "us-iso-west-1": "US ISO WEST",
        },
    ),
    Partition(
        "aws-iso-b",
        ("us-isob-",),
        "sc2s.sgov.gov",
        {
            "us-isob-east-1": "US ISOB East (Ohio)",
            "us-isob-west-1": "US ISOB West",
        },
    ),
    Partition(
        "aws-iso-e",
        ("eu-isoe-",),
        "cloud.adc-e.uk",
        {
            "eu-isoe-west-1": "EU ISOE West",
        },
    ),
    Partition(
        "aws-iso-f",
        ("us-isof-",),
        "csp.hci.ic.gov",
        {
            "us-isof-east-1": "US ISOF EAST",
            "us-isof-south-1": "US ISOF SOUTH",
        },
    ),
    Partition(
        "aws-eusc",
        ("eusc-",),
        "amazonaws.eu",
        {
            "eusc-de-east-1": "AWS European Sovereign Cloud (Germany)",
        },
    ),
)


def partition_of(region: str) -> Partition:
    """Return the partition of a region, by the beginning of its name as the AWS SDKs do."""
    return next((found for found in PARTITIONS if region.startswith(found.prefixes)), PARTITIONS[0])


def localized(made: Any, planned: Any, region: str) -> Any:
    """Return values that were made up for the partition `aws`, in the partition of a region.

    What a plan knew already stays as it is.
    """
    partition = partition_of(region)
    if made == planned or partition is PARTITIONS[0]:
        return made
    if isinstance(made, str):
        text = re.sub(r"\barn:aws:", f"arn:{partition.name}:", made)
        return re.sub(r"\.amazonaws\.com(?=$|[:/,])", f".{partition.dns_suffix}", text)
    if isinstance(made, dict):
        known = planned if isinstance(planned, dict) else {}
        return {key: localized(value, known.get(key), region) for key, value in made.items()}
    if isinstance(made, list):
        items = planned if isinstance(planned, list) and len(planned) == len(made) else [None] * len(made)
        return [localized(value, before, region) for value, before in zip(made, items, strict=True)]
    return made

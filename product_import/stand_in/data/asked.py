"""What a data source is asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from product_import.stand_in.data.identifiers import Subject
from product_import.stand_in.data.known import Known, Values
from product_import.stand_in.data.matching import has_criteria, matches
from product_import.stand_in.partitions import Partition, partition_of
from product_import.stand_in.schema import DataSource

# Data sources of a type that has another name.
_RESOURCE_TYPES: Mapping[str, tuple[str, ...]] = {
    **{f"aws_alb{end}": (f"aws_lb{end}",) for end in ("", "_listener", "_target_group")},
    **{f"aws_lb{end}": (f"aws_alb{end}",) for end in ("", "_listener", "_target_group")},
    "aws_ebs_snapshot_ids": ("aws_ebs_snapshot",),
    "aws_prefix_list": ("aws_ec2_managed_prefix_list",),
}

_ENDS = ("id", "name", "identifier")


@dataclass(frozen=True)
class Asked:
    """A data source with its arguments, and where it is read."""

    source: DataSource
    config: Values
    run: str
    """Of an engine, one for each `provider` block."""
    provider_region: str
    account: str
    default_tags: Mapping[str, str]
    known: Known

    @property
    def region(self) -> str:
        return self.config.get("region") or self.provider_region

    @property
    def partition(self) -> Partition:
        return partition_of(self.region)

    @property
    def is_plural(self) -> bool:
        """Whether it finds any number: aws_subnets."""
        return "ids" in self.source.block.attributes or self._type != self.source.name

    @property
    def _type(self) -> str:
        name = self.source.name.removesuffix("_ids")
        return name.removesuffix("s") if not name.endswith(("ss", "us")) else name

    @cached_property
    def subject(self) -> Subject:
        """What is made up where nothing is found: the same arguments give the same values."""
        given = {name: value for name, value in self.config.items() if value}
        seed = json.dumps(given, sort_keys=True) if given else ""
        called = self._called
        if called.startswith("arn:"):
            called = called.rpartition(":")[2].rpartition("/")[2]
        return Subject(self._type, self.region, self.account, seed, called)

    @property
    def _called(self) -> str:
        """Its name or id, among the arguments."""
        stems = (Subject(self._type, "", "", "").noun, self._type.removeprefix("aws_"))
        own = ("id", "name", "bucket", "identifier", *(f"{stem}_{end}" for stem in stems for end in _ENDS), "arn")
        required = [name for name, each in self.source.block.attributes.items() if each.required]
        return next((str(value) for name in (*own, *required) if isinstance(value := self.config.get(name), str)), "")

    def found(self, *resource_types: str) -> list[Values]:
        """Return the resources of the account that the arguments name.

        Args:
            resource_types: in full; without any, those that the name of the data source says.
        """
        source = Subject(self._type, "", "", "")
        own = (self._type, f"aws_default_{source.noun}", *_RESOURCE_TYPES.get(self._type, ()))
        there = self.known.found(self.run, self.region, resource_types or own)
        block = self.source.block
        if self.is_plural and not has_criteria(block, self.config):
            return there
        return [each for each in there if matches(source, block, self.config, each)]

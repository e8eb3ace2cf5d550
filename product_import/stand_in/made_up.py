"""Values for what the provider computes, where no facts tell them: by the name and the type of an attribute.

They have the form of AWS's: an ARN as in the Service Authorization Reference (facts/arns.txt), an id with its prefix, a
host name, a time. They are the same in each run.
"""

import base64
import hashlib
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from product_import.stand_in.schema import Attribute, Block

from msgpack import ExtType  # type: ignore[import-untyped]

ACCOUNT = "123456789012"
UNKNOWN = ExtType(0, b"\x00")
TIME = "2026-01-01T00:00:00Z"
_ARNS = Path(__file__).with_name("facts") / "arns.txt"

# Amazon EC2 API Reference, and those of EFS, EMR, Directory Service and Organizations.
_PREFIXES = {
    "allocation": "eipalloc",
    "ami": "ami",
    "ami_copy": "ami",
    "ami_from_instance": "ami",
    "attachment": "eni-attach",
    "capacity_reservation": "cr",
    "carrier_gateway": "cagw",
    "client_vpn_endpoint": "cvpn-endpoint",
    "customer_gateway": "cgw",
    "default_network_acl": "acl",
    "default_route_table": "rtb",
    "default_security_group": "sg",
    "default_subnet": "subnet",
    "default_vpc": "vpc",
    "default_vpc_dhcp_options": "dopt",
    "dhcp_options": "dopt",
    "directory": "d",
    "ebs_snapshot": "snap",
    "ebs_snapshot_copy": "snap",
    "ebs_volume": "vol",
    "efs_access_point": "fsap",
    "efs_file_system": "fs",
    "efs_mount_target": "fsmt",
    "egress_only_internet_gateway": "eigw",
    "emr_cluster": "j",
    "file_system": "fs",
    "fleet": "fleet",
    "flow_log": "fl",
    "host": "h",
    "image": "ami",
    "instance": "i",
    "instance_connect_endpoint": "eice",
    "internet_gateway": "igw",
    "ipam": "ipam",
    "ipam_pool": "ipam-pool",
    "ipam_resource_discovery": "ipam-res-disco",
    "ipam_scope": "ipam-scope",
    "key_pair": "key",
    "launch_template": "lt",
    "local_gateway_route_table": "lgw-rtb",
    "managed_prefix_list": "pl",
    "main_route_table": "rtb",
    "nat_gateway": "nat",
    "network_acl": "acl",
    "network_interface": "eni",
    "organizational_unit": "ou",
    "placement_group": "pg",
    "prefix_list": "pl",
    "primary_network_interface": "eni",
    "route_table": "rtb",
    "security_group": "sg",
    "snapshot": "snap",
    "spot_fleet_request": "sfr",
    "spot_instance_request": "sir",
    "subnet": "subnet",
    "transit_gateway": "tgw",
    "transit_gateway_attachment": "tgw-attach",
    "transit_gateway_peering_attachment": "tgw-attach",
    "transit_gateway_route_table": "tgw-rtb",
    "transit_gateway_vpc_attachment": "tgw-attach",
    "volume": "vol",
    "vpc": "vpc",
    "vpc_dhcp_options": "dopt",
    "vpc_endpoint": "vpce",
    "vpc_endpoint_service": "vpce-svc",
    "vpc_ipv4_cidr_block_association": "vpc-cidr-assoc",
    "vpc_peering_connection": "pcx",
    "vpn_connection": "vpn",
    "vpn_gateway": "vgw",
}
# Host names are not called as the services of ARNs are: AWS General Reference, "Service endpoints and quotas".
_HOSTS = {"elasticloadbalancing": "elb", "elasticfilesystem": "efs", "apigateway": "execute-api", "aoss": "aoss"}
_ENGINES: Mapping[str, tuple[int, str]] = {
    "aurora-mysql": (3306, "8.0.mysql_aurora.3.08.2"),
    "aurora-postgresql": (5432, "16.6"),
    "docdb": (27017, "5.0.0"),
    "mariadb": (3306, "11.4.4"),
    "memcached": (11211, "1.6.22"),
    "mysql": (3306, "8.0.40"),
    "neptune": (8182, "1.3.2.1"),
    "oracle": (1521, "19.0.0.0.ru-2025-01.rur-2025-01.r1"),
    "postgres": (5432, "16.6"),
    "redis": (6379, "7.1"),
    "sqlserver": (1433, "16.00.4165.4.v1"),
    "valkey": (6379, "8.0"),
}
_CERTIFICATE = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
Form = str | Callable[[Any], Any]
_Rules = tuple[tuple[str, str], ...]
"""Patterns with forms. They are compiled when they are used: few runs need them."""

_ALWAYS: _Rules = (
    (r"(.+_)?prefix|.*ipv6.*", ""),
    (r"(.+_)?account(_id)?|(.+_)?owner(_id)?|(registry|catalog)_id", "{account}"),
    (r"(home_)?region(_name)?|aws_region", "{region}"),
    (r"availability_zone", "{region}a"),
    (r"availability_zone_id", "use1-az1"),
    (r"(preferred_|weekly_)?maintenance_window", "sun:05:00-sun:06:00"),
    (r"(preferred_)?(backup|snapshot)_window", "03:00-04:00"),
    (r"(ip_address|network)_type", "ipv4"),
    (r"(storage|volume)_type", "gp2"),
    (r"tenancy", "default"),
    (r"protocol_version", "HTTP1"),
    (r"(.+_)?(parameter|option|subnet)_group_name", "default"),
    (r"private_ip(_address)?", "10.0.0.10"),
    (r"vpc_id|subnet_id|network_interface_id", "{prefixed}"),
    (r"engine_version(_actual)?", "{engine_version}"),
    (r"name|bucket|((db_)?cluster_|db_|db_instance_)?identifier", "{generated}"),
)
"""What AWS gives when the configuration is silent. The first pattern that fits counts."""
_COMPUTED: _Rules = (
    (r"(.+_)?outpost_arn|core_network_.*|instance_lifecycle|spot_instance_request_id|signing_.+|carrier_ip", ""),
    (r"customer_owned_ip|(.+_)?status_(reason|message|code)|(.+_)?(failure|error)_.+|warning_message", ""),
    (r"(.+_)?(hosted_)?zone_id|hosted_zone", "Z{UNIQUE}"),
    (r"(.+_)?kms_key(_id|_arn)?", "arn:aws:kms:{region}:{account}:key/{uuid}"),
    (r"(.+_)?(role|instance_profile)_arn", "arn:aws:iam::{account}:role/{label}-{unique}"),
    (r".+_arn|arns?", "{other_arn}"),
    (r"unique_id", "AIDA{UNIQUE}"),
    (r"(.+_)?(key_id|job_id|uuid|version_id|revision_id)", "{uuid}"),
    (r".+_id", "{prefixed}"),
    (r"(public|external)_ip|elastic_ip|(.+_)?public_ip(_address)?|tunnel\d_.*address", "203.0.113.{octet}"),
    (r"(.+_)?ip(_address)?", "10.0.0.{octet}"),
    (r"(.+_)?cidr(_block)?", "10.0.0.0/16"),
    (r"bootstrap_brokers(_.+)?", "b-1.{host}:9098,b-2.{host}:9098"),
    (r"zookeeper_connect_string(_.+)?", "z-1.{host}:2181"),
    (r"(.*_)?(invoke|api|endpoint|signin|request|response|oauth)?_?(url|uri)|issuer|api_endpoint", "https://{host}"),
    (
        r"(.+_)?(endpoint|address|fqdn|host|hostname|dns_name|domain|domain_name|private_dns|public_dns)(_name)?",
        "{host}",
    ),
    (
        r"(.*_)?(at|time|date|timestamp)|created(_.+)?|(date|time|last)_.+|not_(after|before)|expiration|valid_until",
        TIME,
    ),
    (r"(.+_)?(status|state)", "ACTIVE"),
    (r"(.+_)?(version|revision)(_number)?", "1"),
    (r"(.+_)?(fingerprint|etag|checksum|hash|sha256|md5|token)(_.+)?", "{unique}"),
    (r"(.+_)?(policy|document|json)", '{{"Statement":[],"Version":"2012-10-17"}}'),
    (r"(.+_)?(pem|certificate|certificate_(body|chain))", _CERTIFICATE),
    (r"data", base64.b64encode(_CERTIFICATE.encode()).decode()),
    (r"engine", "redis"),
    (r".*", "{label}-{unique}"),
)
"""What an attribute that nobody can set is then."""
_NUMBERS: _Rules = (
    (r"(.+_)?volume_size", "8"),
    (r"backup_retention_period|.*(version|revision)(_number)?|num_.+|.*_count|(min|max|desired)_(size|capacity)", "1"),
    (r"http_put_response_hop_limit", "1"),
)
_NO_LISTS = r"load_balancer_arns|validation_emails|.*ipv6.*|associated_.+|.*(error|failure).*|tags.*|renewal.*"
"""Lists that are empty at first, although computed."""


def name_of(values: Mapping[str, Any]) -> str | None:
    """What a resource is called, if it has a name."""
    keys: tuple[str, ...] = ("name", "identifier", "bucket", "family", "domain_name", "domain", "alias")
    keys += tuple(key for key in values if key.endswith(("_name", "_identifier")) and not key.startswith("source_"))
    return next((value for key in keys if isinstance(value := values.get(key), str) and value), None)


@cache
def _arns() -> Mapping[str, str]:
    """By resource type: the form of its ARN, without `arn:aws:`; @ is for region and account."""
    lines = _ARNS.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if not line.startswith("#"))


@cache
def _arn_form(resource_type: str) -> str:
    """Of a type that the table lacks: the service is that of types with which it shares the beginning of its name."""
    if resource_type in _arns():
        return _arns()[resource_type]
    words = resource_type.removeprefix("aws_").split("_")
    for count in range(len(words), 0, -1):
        beginning = "_".join(("aws", *words[:count]))
        for name, form in _arns().items():
            if name == beginning or name.startswith(f"{beginning}_"):
                kind = "-".join(words[count:]) or words[-1]
                return f"{form.partition(':')[0]}:@:{kind}/{{id}}"
    return f"{words[0]}:@:{'-'.join(words[1:]) or words[0]}/{{id}}"


@dataclass(frozen=True)
class Origin:
    """Whose values they are."""

    type: str
    """Of the resource or the data source: `aws_vpc_endpoint`."""
    unique: str
    """Hex digits, 17 at least."""
    region: str

    def below(self, *path: object) -> "Origin":
        """Of an object in it."""
        inner = hashlib.sha256(f"{self.unique}{path}".encode()).hexdigest()[:17]
        return Origin(self.type, inner, self.region)


class Made:
    """The values of a resource, those not yet known as they are made."""

    def __init__(
        self,
        origin: Origin,
        values: dict[str, Any],
        attributes: Mapping[str, Attribute],
        forms: Mapping[str, Form] = MappingProxyType({}),
        **others: Any,
    ) -> None:
        """`forms` tell values better than rules do: formats or functions of what a resource has, and of `others`."""
        self._origin, self._values, self._attributes, self._forms = origin, values, attributes, forms
        self._others = {"account": ACCOUNT, "region": origin.region, "unique": origin.unique, **others}
        self._open: set[str] = set()

    def complete(self) -> None:
        """Put values in the place of the unknown ones."""
        unknown = [name for name in self._attributes if isinstance(self._values.get(name), ExtType)]
        for name in sorted(unknown, key=[*self._forms, *unknown].index):
            self.known(name)

    def known(self, name: str) -> Any:
        """A value, made if need be; None while it is being made."""
        value = self._values.get(name)
        if not isinstance(value, ExtType):
            return value
        if name in self._open or name not in self._attributes:
            return None
        self._open.add(name)
        form, attribute = self._forms.get(name), self._attributes[name]
        if form is None:
            self._values[name] = self.of(name, attribute.type, optional=attribute.optional)
        else:
            self._values[name] = form(Resource(self)) if callable(form) else form.format_map(Texts(self))
        return self._values[name]

    def names(self) -> set[str]:
        """Of what is known."""
        known = {name for name, value in self._values.items() if not isinstance(value, ExtType)}
        return {*self._others, *known}

    def there(self, key: str) -> Any:
        """A value, or something that every resource has."""
        if key in self._others:
            return self._others[key]
        return self.uuid() if key == "uuid" else self.known(key)

    def part(self, key: str) -> str:
        """For a part of an ARN, which need not be an attribute: of `cluster_name` the `cluster`."""
        if key == "id" and self._forms.get("id") == "{arn}":
            return self._origin.unique
        value = self.there(key)
        if isinstance(value, str) and value:
            return _last(value)
        stem = re.sub("_(name|id|identifier|arn)$", "", key)
        for other in (stem, f"{stem}_name", f"{stem}_id", f"{stem}_arn"):
            value = self.known(other) if other != key else None
            if isinstance(value, str) and value:
                return _last(value)
        if key == "path":
            return "/"
        if key.endswith(("id", "identifier")):
            return self.part("id") if key != "id" and "id" in self._attributes else self._origin.unique
        return self.label() if key.endswith("name") or "_" not in key else self._origin.unique

    def label(self) -> str:
        """What it is called."""
        return name_of(self._values | {"name": self.known("name")}) or "terraform"

    def uuid(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self._origin.unique))

    def host(self) -> str:
        service = _arn_form(self._origin.type).partition(":")[0]
        label = re.sub("[^a-z0-9-]+", "-", self.label().lower()).strip("-")
        return f"{label}.{self._origin.unique[:12]}.{self._origin.region}.{_HOSTS.get(service, service)}.amazonaws.com"

    def engine(self) -> tuple[int, str]:
        named = self._values.get("engine")
        words = named if isinstance(named, str) else self._origin.type.replace("_", "-")
        fitting = (known for engine, known in sorted(_ENGINES.items(), reverse=True) if engine in words)
        return next(fitting, (443, "1.0"))

    def arn(self, resource_type: str) -> str:
        form = _arn_form(resource_type)
        parent, _, rest = form.removeprefix("{").partition("}")
        if form.startswith("{"):
            # Below the ARN of another resource.
            return f"{self.known(parent) or 'arn:aws'}{rest.format_map(Parts(self))}"
        return f"arn:aws:{form.replace('@', '{region}:{account}')}".format_map(Parts(self))

    def of(self, name: str, kind: Any, *, optional: bool = False) -> Any:
        """A value of a type.

        Args:
            name: of the attribute.
            kind: its type, as in a schema.
            optional: the configuration could have set it. AWS gives few of those by itself.
        """
        if isinstance(kind, str):
            return self._scalar(name, kind, optional=optional)
        if kind[0] == "object":
            return self._object(name, kind[1])
        return {} if kind[0] == "map" else self._collection(name, kind[1], optional=optional)

    def _scalar(self, name: str, kind: str, *, optional: bool) -> Any:
        if kind == "bool":
            return False
        return self._text(name, optional=optional) if kind == "string" else self._number(name, optional=optional)

    def _collection(self, name: str, kind: Any, *, optional: bool) -> list[Any]:
        if name == "availability_zones":
            return [f"{self._origin.region}{letter}" for letter in "abc"]
        if optional or re.fullmatch(_NO_LISTS, name):
            return []
        if name == "name_servers":
            suffixes = ("com", "net", "org", "co.uk")
            return [f"ns-{number}.awsdns-{number:02}.{suffix}" for number, suffix in enumerate(suffixes, 1)]
        return [self.of(re.sub("ies$", "y", name).removesuffix("s"), kind)]

    def _object(self, name: str, types: Mapping[str, Any]) -> dict[str, Any]:
        inner: dict[str, Any] = dict.fromkeys(types, UNKNOWN)
        Made(
            self._origin.below(name), inner, {each: Attribute(kind, computed=True) for each, kind in types.items()}
        ).complete()
        return inner

    def _text(self, name: str, *, optional: bool) -> str:
        if name == "arn":
            return self.arn(self._origin.type)
        if name == "id":
            return self._id()
        prefix = self._values.get(f"{name}_prefix")
        if isinstance(prefix, str) and prefix:
            return f"{prefix}{self._origin.unique}"
        rules = _ALWAYS if optional else (*_ALWAYS, *_COMPUTED)
        form = next((form for pattern, form in rules if re.fullmatch(pattern, name)), "")
        return form.format_map(_Named(self, name))

    def _number(self, name: str, *, optional: bool) -> int:
        if name == "port" or name.endswith("_port"):
            return self.engine()[0]
        form = next((form for pattern, form in _NUMBERS if re.fullmatch(pattern, name)), "0" if optional else "1")
        return int(form)

    def _id(self) -> str:
        stem = self._origin.type.removeprefix("aws_")
        for words in (stem, stem.partition("_")[2]):
            if words in _PREFIXES:
                return f"{_PREFIXES[words]}-{self._origin.unique}"
        if stem.startswith("s3_bucket_") and "bucket" in self._attributes:
            return str(self.known("bucket"))
        name = self.known("name")
        own = f"{stem.rpartition('_')[2]}_id"
        if own in self._values and own in self._attributes and not self._attributes[own].optional:
            return str(self.known(own) or self._origin.unique)
        return f"{name}-{self._origin.unique[:8]}" if isinstance(name, str) and name else self._origin.unique

    def prefixed(self, name: str) -> str:
        """An id of something else: of the longest known word at the end of its name."""
        words = name.removesuffix("_id").split("_")
        for start in range(len(words)):
            if (known := _PREFIXES.get("_".join(words[start:]))) is not None:
                return f"{known}-{self.of_name(name)}"
        return self.of_name(name)

    def of_name(self, name: str) -> str:
        return self._origin.below(name).unique

    def other_arn(self, name: str) -> str:
        """The ARN of something else: of the first known type that ends with its name."""
        stem = name.removesuffix("_arn").removesuffix("_arns")
        own, known = self._origin.type.split("_")[1], [each for each in _arns() if each.endswith(f"_{stem}")]
        ordered = sorted(known, key=lambda each: (not each.startswith(f"aws_{own}"), len(each), each))
        if ordered:
            other: dict[str, Any] = {"name": f"{self.label()}-{stem}", "id": UNKNOWN}
            return Made(self._origin.below(name), other, {"id": Attribute("string", computed=True)}).arn(ordered[0])
        service = _arn_form(self._origin.type).partition(":")[0]
        return f"arn:aws:{service}:{self._origin.region}:{ACCOUNT}:{stem.replace('_', '-')}/{self.of_name(name)}"


class Resource(Mapping[str, Any]):
    """What a resource has, for functions: it goes through what is known, and makes what is asked for."""

    def __init__(self, made: Made) -> None:
        self._made = made

    def __getitem__(self, key: str) -> Any:
        return self._made.there(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._made.names())

    def __len__(self) -> int:
        return len(self._made.names())


class Texts(Resource):
    """For a format: none of what is in it may be null."""

    def __getitem__(self, key: str) -> Any:
        value = self._made.there(key)
        return self._made.part(key) if value is None else value


class Parts(Resource):
    """For the form of an ARN."""

    def __getitem__(self, key: str) -> Any:
        return self._made.part(key)


class _Named(Resource):
    """For the form of one attribute."""

    def __init__(self, made: Made, name: str) -> None:
        super().__init__(made)
        self._name = name

    def __getitem__(self, key: str) -> Any:
        made, name = self._made, self._name
        unique = made.of_name(name)
        own: Mapping[str, Callable[[], str]] = {
            "UNIQUE": unique.upper,
            "engine_version": lambda: made.engine()[1],
            "generated": lambda: f"terraform-{unique}",
            "host": made.host,
            "label": made.label,
            "octet": lambda: str(int(unique[:2], 16)),
            "other_arn": lambda: made.other_arn(name),
            "prefixed": lambda: made.prefixed(name),
            "unique": lambda: unique,
        }
        return own[key]() if key in own else super().__getitem__(key)


def _last(value: str) -> str:
    """What an ARN ends with, without the type of the resource; any other text as it is."""
    if not value.startswith("arn:"):
        return value.removeprefix("https://")
    parts = re.split("[/:]", value.split(":", 5)[-1])
    return "/".join(parts[2:] if parts[0] in ("loadbalancer", "listener") and len(parts) > 2 else parts[1:] or parts)


def nested(block: Block, values: dict[str, Any], origin: Origin) -> Iterator[tuple[Block, dict[str, Any], Origin]]:
    """The blocks in a block with what they are filled with."""
    for name, inner in block.blocks.items():
        found = values.get(name)
        items = [found] if isinstance(found, dict) else found if isinstance(found, list) else []
        for index, item in enumerate(items):
            if isinstance(item, dict):
                yield inner.block, item, origin.below(name, index)


def fill(
    block: Block,
    values: dict[str, Any],
    origin: Origin,
    forms: Mapping[str, Form] = MappingProxyType({}),
    **others: Any,
) -> None:
    """Put values in the place of the unknown ones, in blocks of blocks too."""
    Made(origin, values, block.attributes, forms, **others).complete()
    for inner, item, below in nested(block, values, origin):
        fill(inner, item, below)

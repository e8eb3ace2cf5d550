"""What AWS says to the arguments of a resource: they become the requests that create it, held against AWS's own models.

The models are botocore's. botocore itself checks neither enums nor patterns nor upper limits before a call; here all of
them are checked, so that `validate` says what an apply would. An argument that no request takes is an error: what is
dropped in silence proves nothing. What the models do not say is in aws_rules.py.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from product_import.stand_in.made_up import UNKNOWN
from product_import.stand_in.planning import Values, set_defaults
from product_import.stand_in.schema import provider_schema
from tests.engine.aws_models import scalar, service_model, violations
from tests.engine.aws_requests import REQUESTS, Request
from tests.engine.aws_rules import rules

from botocore.model import Shape  # type: ignore[import-untyped]
from msgpack import ExtType  # type: ignore[import-untyped]

_PROVIDERS_OWN = {"id", "region", "tags_all", "timeouts"}
OWN_GROUP = "self"
"""The id of a security group in a rule of its own, which has none yet when it is created."""


@dataclass
class Requests:
    """The calls that create a resource, by operation, and what AWS would say to them: an argument and a text each."""

    calls: dict[str, Values]
    complaints: list[tuple[str, str]]


def requests(resource_type: str, values: Values, suffix: str = "0" * 26, major: int = 5) -> Requests:
    """Translate a resource's arguments; what is not known yet stays out of the calls.

    `suffix` is what the provider appends to a `name_prefix`: 26 digits. `major` is the provider's major version.
    """
    known = provider_schema(major).resource_types[resource_type]
    facts, values = known.facts, deepcopy(values)
    set_defaults(known.block, facts.defaults, values)
    translation = _Translation(REQUESTS[resource_type], facts.sensitive)
    translation.resource(_named(values, suffix))
    translation.complaints += rules(resource_type, values)
    return Requests({name: _known(call) for name, call in translation.calls.items()}, translation.complaints)


def judge(resource_type: str, values: Values, major: int = 5) -> list[tuple[str, str]]:
    """What AWS would say to the arguments of a resource: an argument and a text each (Provider.judge).

    What a root has beside the module is not judged.
    """
    return requests(resource_type, values, major=major).complaints if resource_type in REQUESTS else []


class _Translation:
    def __init__(self, request: Request, sensitive: frozenset[str]) -> None:
        self.calls: dict[str, Values] = defaultdict(dict)
        self.complaints: list[tuple[str, str]] = []
        self._request, self._sensitive = request, sensitive
        self._model = service_model(request.service)

    def resource(self, values: Values) -> None:
        operation = self._request.operation
        arguments = {name: value for name, value in values.items() if name not in _PROVIDERS_OWN}
        self._fill(self.calls[operation], arguments, self._model.operation_model(operation).input_shape, "")

    def _fill(self, parameters: Values, values: Values, shape: Shape, prefix: str, *, exact: bool = False) -> None:
        """`exact`: the values have AWS's own names already."""
        for argument, value in values.items():
            name = prefix + argument
            if value is None or value in ([], {}):
                continue
            place = self._request.places[name] if name in self._request.places else _same(shape, argument, exact)
            if place == "":
                known = f"{shape.name} has {', '.join(shape.members)}" if exact else "aws_requests.py gives it no place"
                self._complain(name, f"no member of a request takes it; {known}")
            elif place is not None:
                target, target_shape, member = self._target(parameters, shape, place)
                target[member] = self._convert(*self._document(name, value, exact), target_shape.members[member], name)
        for member in shape.required_members:
            if member not in parameters:
                self._complain(prefix.removesuffix("."), f"AWS wants {member} in {shape.name}")

    def _target(self, parameters: Values, shape: Shape, place: str) -> tuple[Values, Shape, str]:
        operation, _, path = place.rpartition(":")
        if operation:
            parameters, shape = self.calls[operation], self._model.operation_model(operation).input_shape
        *outer, member = path.split(".")
        for step in outer:
            parameters, shape = parameters.setdefault(step, {}), shape.members[step]
        return parameters, shape, member

    def _document(self, name: str, value: Any, exact: bool) -> tuple[Any, bool]:
        if name not in _DOCUMENTS or isinstance(value, ExtType):
            return value, exact
        try:
            return _DOCUMENTS[name](value), True
        except ValueError as error:
            self._complain(name, f"it is not JSON ({error})")
            return UNKNOWN, exact

    def _convert(self, value: Any, exact: bool, shape: Shape, name: str) -> Any:
        if shape.type_name == "structure" and isinstance(value, list) and not exact:
            (value,) = value  # a block that may stand once
        if isinstance(value, ExtType):
            return value
        if shape.type_name == "list" and isinstance(value, dict) and not exact:
            first, second = list(shape.member.members)[:2]  # a map for a list of keys and values
            value, exact = [{first: key, second: content} for key, content in value.items()], True
        value = value if exact else scalar(value, shape)
        for text in violations(value, shape):
            self._complain(name, text)
            return value
        if shape.type_name == "structure":
            parameters: Values = {}
            self._fill(parameters, value, shape, f"{name}.", exact=exact)
            return parameters
        if shape.type_name == "list":
            return [self._convert(item, exact, shape.member, name) for item in value]
        if shape.type_name == "map":
            return {key: self._convert(item, exact, shape.value, f"{name}.{key}") for key, item in value.items()}
        return value

    def _complain(self, name: str, text: str) -> None:
        argument = name.split(".", maxsplit=1)[0]
        if argument in self._sensitive:
            text = "AWS does not allow this value"
        self.complaints.append((argument, f"{name or self._request.operation}: {text}."))


def _same(shape: Shape, argument: str, exact: bool) -> str:
    """The member of an argument's own name, or nothing."""
    if exact:
        return argument if argument in shape.members else ""
    wanted = argument.replace("_", "").lower()
    return next((member for member in shape.members if member.lower() in (wanted, f"{wanted}s")), "")


def _named(values: Values, suffix: str) -> Values:
    """With the name that the provider makes of a prefix, in the prefix's place."""
    if "name_prefix" not in values:
        return values
    prefix = values["name_prefix"]
    made = UNKNOWN if isinstance(prefix, ExtType) else f"{prefix or 'terraform-'}{suffix}"
    unset = values["name"] is None or isinstance(values["name"], ExtType)
    named = {**values, "name": made if unset else values["name"]}
    del named["name_prefix"]
    return named


def _permissions(ingress: list[Values]) -> list[Any]:
    """The rules of a security group: AWS has a list for each kind of peer, and the description in each of them."""
    return [rule if isinstance(rule, ExtType) else _permission(rule) for rule in ingress]


def _permission(rule: Values) -> Values:
    described = {"Description": rule["description"]} if rule["description"] else {}
    peers = {
        "IpRanges": ("CidrIp", rule["cidr_blocks"]),
        "Ipv6Ranges": ("CidrIpv6", rule["ipv6_cidr_blocks"]),
        "PrefixListIds": ("PrefixListId", rule["prefix_list_ids"]),
        "UserIdGroupPairs": ("GroupId", [*_list(rule["security_groups"]), *([OWN_GROUP] if rule["self"] else [])]),
    }
    ports = {"IpProtocol": rule["protocol"], "FromPort": rule["from_port"], "ToPort": rule["to_port"]}
    return ports | {kind: [{key: peer, **described} for peer in _list(all_)] for kind, (key, all_) in peers.items()}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _known(value: Any) -> Any:
    """Without what is not known yet, at any depth."""
    if isinstance(value, dict):
        return {key: _known(inner) for key, inner in value.items() if not isinstance(inner, ExtType)}
    if isinstance(value, list):
        return [_known(inner) for inner in value if not isinstance(inner, ExtType)]
    return value


_DOCUMENTS: Mapping[str, Callable[[Any], Any]] = {
    "container_definitions": json.loads,
    "egress": _permissions,
    "ingress": _permissions,
}

"""Ephemeral resources of Terraform 1.10: their values are made up, the same in each run.

The stubs of the protocol end before them. What is missing is described here, with the numbers of tfplugin6.8.proto.
Source of the types: the provider's documentation, "Ephemeral Resources"; the bindings do not have them.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from product_import.stand_in.made_up import Origin, fill
from product_import.stand_in.messages import block, decode, encode
from product_import.stand_in.planning import Values, set_unknowns
from product_import.stand_in.schema import Attribute, Block

import grpc  # type: ignore[import-untyped]
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from tf.gen import tfplugin_pb2 as pb  # type: ignore[import-untyped]

_FIELD = descriptor_pb2.FieldDescriptorProto
_FIELDS: Mapping[str, tuple[tuple[str, int, Any, str], ...]] = {
    "Opened": (("type_name", 1, _FIELD.TYPE_STRING, ""), ("config", 2, _FIELD.TYPE_MESSAGE, "DynamicValue")),
    "Result": (
        ("diagnostics", 1, _FIELD.TYPE_MESSAGE, "Diagnostic"),
        ("result", 3, _FIELD.TYPE_MESSAGE, "DynamicValue"),
    ),
    "Named": (("key", 1, _FIELD.TYPE_STRING, ""), ("value", 2, _FIELD.TYPE_MESSAGE, "Schema")),
    "Schemas": (("ephemeral_resource_schemas", 8, _FIELD.TYPE_MESSAGE, "StandIn.Named"),),
}
_REPEATED = ("diagnostics", "ephemeral_resource_schemas")


def _messages() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(
        name="product_import/ephemeral.proto", package="tfplugin6", syntax="proto3", dependency=[pb.DESCRIPTOR.name]
    )
    outer = file.message_type.add(name="StandIn")
    for name, fields in _FIELDS.items():
        inner = outer.nested_type.add(name=name)
        for field, number, kind, of in fields:
            label = _FIELD.LABEL_REPEATED if field in _REPEATED else _FIELD.LABEL_OPTIONAL
            message = f".tfplugin6.{of}" if of else None
            inner.field.add(name=field, number=number, type=kind, label=label, type_name=message)
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"tfplugin6.StandIn.{name}"))
        for name in _FIELDS
    }


_MESSAGES = _messages()
_TEXT = Attribute("string", computed=True)
_SECRET = Attribute("string", computed=True, sensitive=True)
_ASKED = Attribute("string", optional=True, computed=True)
_SWITCH = Attribute("bool", optional=True)
_TYPES: Mapping[str, dict[str, Attribute]] = {
    "aws_secretsmanager_random_password": {
        "exclude_characters": Attribute("string", optional=True),
        "exclude_lowercase": _SWITCH,
        "exclude_numbers": _SWITCH,
        "exclude_punctuation": _SWITCH,
        "exclude_uppercase": _SWITCH,
        "include_space": _SWITCH,
        "password_length": Attribute("number", optional=True),
        "random_password": _SECRET,
        "require_each_included_type": _SWITCH,
    },
    "aws_secretsmanager_secret_version": {
        "arn": _TEXT,
        "created_date": _TEXT,
        "secret_binary": _SECRET,
        "secret_id": Attribute("string", required=True),
        "secret_string": _SECRET,
        "version_id": _ASKED,
        "version_stage": _ASKED,
        "version_stages": Attribute(["list", "string"], computed=True),
    },
    "aws_ssm_parameter": {
        "arn": Attribute("string", required=True),
        "name": _TEXT,
        "type": _TEXT,
        "value": _SECRET,
        "version": Attribute("number", computed=True),
        "with_decryption": Attribute("bool", optional=True, computed=True),
    },
}


def blocks_of(major: int) -> Mapping[str, Block]:
    """Return the ephemeral resources of a major version of the provider."""
    region = {"region": _ASKED} if major > 5 else {}
    return {name: Block(attributes | region, {}) for name, attributes in _TYPES.items()}


def add_schemas(response: Any, major: int) -> None:
    """Tell of them in an answer to GetProviderSchema."""
    schemas = _MESSAGES["Schemas"]()
    for name, known in blocks_of(major).items():
        schemas.ephemeral_resource_schemas.add(key=name, value=pb.Schema(block=block(known)))
    response.MergeFromString(schemas.SerializeToString())


def opened(resource_type: str, config: Values, region: str, major: int) -> Values:
    """Return the values of one."""
    known = blocks_of(major)[resource_type]
    values = dict(config)
    set_unknowns(known, values)
    unique = hashlib.sha256(f"{resource_type}{sorted(config.items(), key=str)}".encode()).hexdigest()
    length = int(config.get("password_length") or 32)
    forms: Mapping[str, Any] = {
        "arn": lambda found: found["secret_id"],
        "random_password": (unique * (length // len(unique) + 1))[:length],
        "secret_binary": "",
        "secret_string": "made-up-{unique}",
        "type": "SecureString",
        "value": "made-up-{unique}",
        "version_stage": "AWSCURRENT",
        "version_stages": lambda _: ["AWSCURRENT"],
        "with_decryption": lambda _: True,
    }
    fill(known, values, Origin(resource_type, unique, region), forms)
    return values


def handlers(open_one: Any) -> Any:
    """Return what a server has to serve besides the stubs; the function gets a type, a configuration and a context."""
    asked, result = _MESSAGES["Opened"], _MESSAGES["Result"]

    def nothing(_request: Any, _context: Any) -> Any:
        return result()

    def opening(request: Any, context: Any) -> Any:
        return result(result=encode(open_one(request.type_name, decode(request.config), context)))

    methods = {
        "CloseEphemeralResource": nothing,
        "OpenEphemeralResource": opening,
        "RenewEphemeralResource": nothing,
        "ValidateEphemeralResourceConfig": nothing,
    }
    return grpc.method_handlers_generic_handler(
        "tfplugin6.Provider",
        {
            name: grpc.unary_unary_rpc_method_handler(method, asked.FromString, result.SerializeToString)
            for name, method in methods.items()
        },
    )

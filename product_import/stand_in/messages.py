"""Values and schemas as messages of the plugin protocol."""

import json
from typing import Any

from product_import.stand_in.schema import Attribute, Block, NestedBlock

import msgpack  # type: ignore[import-untyped]
from tf.gen import tfplugin_pb2 as pb  # type: ignore[import-untyped]

_WRITE_ONLY = b"\x58\x01"
"""`write_only` of an attribute: field 11 since protocol 6.8. The stubs pass on what they do not know."""


def decode(value: Any) -> Any:
    """What is not known comes as an ExtType, with or without a refinement."""
    return msgpack.unpackb(value.msgpack) if value.msgpack else None


def encode(value: Any) -> Any:
    return pb.DynamicValue(msgpack=msgpack.packb(value))


def error(text: str, argument: str | None = None) -> Any:
    """An error of a resource, of one of its top-level arguments where that is named."""
    return pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary=text, attribute=path(argument) if argument else None)


def path(argument: str) -> Any:
    return pb.AttributePath(steps=[pb.AttributePath.Step(attribute_name=argument)])


def block(block: Block) -> Any:
    return pb.Schema.Block(
        attributes=[_attribute(name, attribute) for name, attribute in block.attributes.items()],
        block_types=[_nested_block(name, nested) for name, nested in block.blocks.items()],
    )


def _attribute(name: str, attribute: Attribute) -> Any:
    message = pb.Schema.Attribute(
        name=name,
        type=json.dumps(attribute.type).encode(),
        required=attribute.required,
        optional=attribute.optional,
        computed=attribute.computed,
        sensitive=attribute.sensitive,
    )
    if attribute.write_only:
        message.MergeFromString(_WRITE_ONLY)
    return message


def _nested_block(name: str, nested: NestedBlock) -> Any:
    return pb.Schema.NestedBlock(
        type_name=name,
        block=block(nested.block),
        nesting=pb.Schema.NestedBlock.NestingMode.Value(nested.nesting.upper()),
        min_items=nested.min_items,
        max_items=nested.max_items,
    )

"""Read which backend a saved plan is for.

The member `tfplan` of a plan file is a protocol buffers message `Plan`. Its fields are the same in Terraform 1.0, in
Terraform 1.11 and in OpenTofu: `planfile.proto` in internal/plans/.
"""

from collections.abc import Iterator
from typing import Any

_BACKEND, _TYPE, _CONFIG, _MSGPACK = 13, 1, 2, 1


def planned_backend(plan: bytes) -> tuple[str, dict[str, Any]]:
    """Return the type of the plan's backend, for example `s3`, and its configuration.

    Raises:
        ValueError, LookupError: this is no plan, or it has no single backend.
    """
    from msgpack import unpackb  # type: ignore[import-untyped]  # noqa: PLC0415, only a saved plan needs it

    backend = _field(plan, _BACKEND)
    return _field(backend, _TYPE).decode(), unpackb(_field(_field(backend, _CONFIG), _MSGPACK))


def _field(message: bytes, number: int) -> bytes:
    """The only field of this number: a second one would be merged with the first."""
    (value,) = (value for field, value in _fields(message) if field == number)
    return value


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Protocol Buffers' documentation, "Encoding": strings, bytes and messages; numbers are left out."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        match tag & 7:
            case 0:
                _, at = _varint(message, at)
            case 1:
                at += 8
            case 2:
                length, at = _varint(message, at)
                if at + length > len(message):
                    raise ValueError("The message is cut off.")
                yield tag >> 3, message[at : at + length]
                at += length
            case 5:
                at += 4
            case _:
                raise ValueError("No such type of a field.")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while message[at] & 0x80:
        value |= (message[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | message[at] << shift, at + 1

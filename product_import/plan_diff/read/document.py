"""Find the JSON of plans in the output of a pipeline, which may have log lines around it or several plans.

The forms come from public sources and issues. The wrapper of hashicorp/setup-terraform (wrapper/terraform.js)
writes workflow commands, which repeat the plan, and in older versions the command. Terragrunt writes log lines, and a
prefix in front of the plan (gruntwork-io/terragrunt, issues 3102 and 3367). With `run-all` it writes one plan per line
(issue 1525), which some versions cut after 65,536 characters (issue 3427).
"""

import json
import math
import re
from typing import Any

import msgspec

# Terraform's internal/command/jsonplan and OpenTofu's write this member first.
_START = re.compile(rb'\{\s*"format_version"\s*:')
# hclog, which writes the messages of `terraform plan -json`, sorts their members.
_LOG = re.compile(rb'^\s*\{"@level":', re.MULTILINE)
_WORKFLOW_COMMAND = b"::"
# msgspec counts from 1 here.
_TRAILING = re.compile(r"trailing characters \(byte (\d+)\)")
# A line that is not JSON may hold a secret. An error shows only its start, at most half of it.
_SHOWN = 12
# The longest integer that msgspec reads, in digits. Floats have no more digits before the point.
_LONGEST_INTEGER = 308
# The search for repeated keys takes 0.1 s for this size, 1.5 times as long as reading the plan.
_LARGEST_SEARCHED_IN_BYTES = 8_000_000
# Members that hold values. Their keys may be sensitive, so the path of a repeated key ends there.
_VALUES = re.compile(r"(before|after|values?$|default$|expressions$|constant_value|config_|sensitive_values|identity)")
_CUT = ".…"


class _Skipped(msgspec.Struct):
    """An object that is read only to find its end."""


class _RepeatedKeyError(Exception):
    pass


class BrokenDocumentError(Exception):
    """The content has the start of a plan that is not whole; the text says where and why."""


def documents(content: bytes) -> list[bytes]:
    """Return each distinct plan of the content, in order.

    Raises:
        BrokenDocumentError: one is cut or malformed.
    """
    found: dict[bytes, None] = {}
    position = 0
    while start := _START.search(content, position):
        first = start.start()
        if content.startswith(_WORKFLOW_COMMAND, content.rfind(b"\n", 0, first) + 1):
            position = content.find(b"\n", first)
            if position < 0:
                break
            continue
        position = _end(content, first)
        found[content[first:position].rstrip()] = None
    return list(found)


def _end(content: bytes, start: int) -> int:
    """Return the position after the object that starts there."""
    try:
        msgspec.json.decode(memoryview(content)[start:], type=_Skipped)
    except msgspec.DecodeError as error:
        if trailing := _TRAILING.search(str(error)):
            return start + int(trailing[1]) - 1
        line = content.count(b"\n", 0, start) + 1
        raise BrokenDocumentError(f"the plan in line {line} is not whole ({error})") from None
    return len(content)


def foreign_line(content: bytes) -> str | None:
    """Return the start of the first line if that line is not JSON."""
    line = content.strip().partition(b"\n")[0].strip()
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if not line.startswith(b"{"):
            shown = line.decode(errors="replace")
            return json.dumps(shown[: min(_SHOWN, len(shown) // 2)] + "…", ensure_ascii=False)
    return None


def is_log(content: bytes) -> bool:
    """Whether the content has messages of `terraform plan -json`."""
    return bool(_LOG.search(content))


def with_long_numbers(content: bytes) -> Any:
    """Return the JSON with each number that is too large for a float or an integer as a text.

    Raises:
        ValueError: the content is not JSON.
    """
    return json.loads(content, parse_float=_float, parse_int=_integer, parse_constant=_no_number)


def _float(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_INTEGER else text


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not a number in JSON")


def repeated_key(content: bytes) -> str | None:
    """Return the path of the first repeated key of an object; documents above 8 MB are not searched."""
    if len(content) > _LARGEST_SEARCHED_IN_BYTES:
        return None
    try:
        json.loads(content, object_pairs_hook=_refuse_repeated, parse_float=str, parse_int=str)
    except _RepeatedKeyError:
        return _path(json.loads(content, object_pairs_hook=tuple, parse_float=str, parse_int=str), "")
    return None


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise _RepeatedKeyError


def _path(value: Any, path: str) -> str | None:
    """Return the path of the first repeated key in a list or an object; an object is a tuple of pairs."""
    if isinstance(value, list):
        return next(
            filter(
                None,
                (_path(item, path if path.endswith(_CUT) else f"{path}[{index}]") for index, item in enumerate(value)),
            ),
            None,
        )
    if not isinstance(value, tuple):
        return None
    names: set[str] = set()
    for name, item in value:
        below = path if path.endswith(_CUT) else f"{path}.{name}".removeprefix(".")
        if name in names:
            return below
        names.add(name)
        if found := _path(item, below + _CUT if _VALUES.match(name) and below != path else below):
            return found
    return None

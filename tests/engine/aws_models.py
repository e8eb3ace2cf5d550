"""AWS's service models, as botocore has them, and what they say of one value.

botocore itself checks neither enums nor patterns nor upper limits before a call.
"""

import base64
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore import session as sessions  # type: ignore[import-untyped]
from botocore.model import ServiceModel, Shape  # type: ignore[import-untyped]

# To read the models of a service takes longer than most calls: all sessions of a process share them, moto's too.
sessions.create_loader = cache(sessions.create_loader)


@cache
def service_model(service: str) -> ServiceModel:
    return sessions.Session().get_service_model(service)


def session() -> boto3.Session:
    """A session whose clients take long to be made but once: it makes one of a kind."""
    session = boto3.Session("none", "none")
    session.client = cache(session.client)
    return session


_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "blob": (bytes,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}


def violations(value: Any, shape: Shape) -> Iterator[str]:
    """What the model of one value forbids: type, enum, pattern, length, range."""
    types = _PYTHON_TYPES[shape.type_name]
    if type(value) not in types:
        yield f"AWS wants the type {shape.type_name}, not {value!r}"
        return
    if (allowed := shape.metadata.get("enum")) and value not in allowed:
        yield f"AWS allows {', '.join(allowed)}, not {value!r}"
    pattern = shape.metadata.get("pattern")
    if pattern and not _python_pattern(pattern).fullmatch(value):
        yield f"AWS wants the form {pattern}, not {value!r}"
    if isinstance(value, bool):
        return
    size, unit = (value, "") if type(value) in (int, float) else (len(value), " characters or items")
    low, high = shape.metadata.get("min", -math.inf), shape.metadata.get("max", math.inf)
    if not low <= size <= high:
        yield f"AWS wants {low} to {high}{unit}, not {size}"


@cache
def _python_pattern(pattern: str) -> re.Pattern[str]:
    """The models' patterns are Java's: a word is ASCII there, letters of the world have a class of their own."""
    flags = re.RegexFlag(0) if r"\p" in pattern else re.ASCII
    for java, python in ((r"\p{L}", r"\w"), (r"\p{N}", ""), (r"\p{Z}", r"\s"), (r"\p{Print}", r"[^\x00-\x1f\x7f]")):
        pattern = pattern.replace(java, python)
    return re.compile(pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"), flags)


def scalar(value: Any, shape: Shape) -> Any:
    """Terraform's idea of a value as AWS's: bytes are base64 there, a nullable bool is a string, a switch is a bool."""
    if shape.type_name == "blob":
        with suppress(ValueError, TypeError):
            return base64.b64decode(value, validate=True)
    if shape.type_name == "boolean" and value in ("true", "false"):
        return value == "true"
    if shape.type_name == "string" and isinstance(value, bool):
        return "ENABLED" if value else "DISABLED"
    if shape.type_name in ("float", "double") and isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value)
    return value

"""The provider's functions, for `provider::aws::arn_parse(...)` of Terraform 1.8 and later.

Source: the provider's documentation, "Functions", and aws/arn of AWS's SDK for Go for the errors.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tf.gen import tfplugin_pb2 as pb  # type: ignore[import-untyped]

_SECTIONS = ("partition", "service", "region", "account_id", "resource")


@dataclass(frozen=True)
class Function:
    summary: str
    parameters: tuple[str, ...]
    """Their names: all are texts."""
    call: Callable[..., Any]
    """Raises ValueError where the first argument is wrong."""
    result: Any = "string"

    def message(self) -> Any:
        """As the protocol has it."""
        text, result = json.dumps("string").encode(), json.dumps(self.result).encode()
        return pb.Function(
            parameters=[pb.Function.Parameter(name=name, type=text) for name in self.parameters],
            summary=self.summary,
            **{"return": pb.Function.Return(type=result)},
        )


def _parsed(arn: str) -> dict[str, str]:
    prefix, *sections = arn.split(":", 5)
    if prefix != "arn":
        raise ValueError(f"arn: invalid prefix. Given: {arn}")
    if len(sections) != len(_SECTIONS):
        raise ValueError(f"arn: not enough sections. Given: {arn}")
    return dict(zip(_SECTIONS, sections, strict=True))


def _built(*sections: str) -> str:
    return ":".join(("arn", *sections))


def _without_path(arn: str) -> str:
    sections = _parsed(arn)
    if sections["service"] != "iam" or not sections["resource"].startswith("role/"):
        raise ValueError(f"the ARN has to be that of an IAM role. Given: {arn}")
    return _built(*(sections | {"resource": f"role/{arn.rpartition('/')[2]}"}).values())


def _product(name: str, version: str, comment: str) -> str:
    product = f"{name}/{version}" if version else name
    return f"{product} ({comment})" if comment else product


_FUNCTIONS: Mapping[str, Function] = {
    "arn_build": Function("Build an ARN", _SECTIONS, _built),
    "arn_parse": Function("Parse an ARN", ("arn",), _parsed, ["object", dict.fromkeys(_SECTIONS, "string")]),
    "trim_iam_role_path": Function("Remove the path from an IAM role's ARN", ("arn",), _without_path),
}
_USER_AGENT = Function("Write a product of a user agent", ("product_name", "product_version", "comment"), _product)


def functions_of(major: int) -> Mapping[str, Function]:
    """Return the functions of a major version of the provider, by name."""
    return _FUNCTIONS if major < 6 else {**_FUNCTIONS, "user_agent": _USER_AGENT}

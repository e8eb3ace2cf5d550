"""The rules on tags: what the strictest of the services takes that the module's resources belong to."""

import json
from collections.abc import Mapping
from typing import Any
from unicodedata import category, normalize

from product_import.inputs.rules import Rule
from product_import.inputs.tokens import Later

# What the module sets itself, over a tag of the same key. All three are on Redis.
OWN_TAGS = ("Name", "Service", "Criticality")
# IAM, ECS and CloudWatch Logs have this pattern for keys and values (botocore: tagKeyType, TagKey, TagValue, ...).
_LETTERS, _CHARACTERS = "LZN", "_.:/=+@-"
_PATTERN = rf"[\p{{L}}\p{{Z}}\p{{N}}{_CHARACTERS}]"
# 127: Amazon EC2 API Reference, Tag, for the security groups; the others take 128. They count characters.
_LONGEST_KEY, _LONGEST_VALUE = 127, 256
# Amazon ECS API Reference, Tag: neither keys nor values may begin so, in upper or lower case.
_RESERVED = "[aA][wW][sS]:"
_MOST = 50


def tags() -> tuple[Rule, ...]:
    """The rules on tags.

    The module does not see the `default_tags` of the provider, which count too.
    """
    return _characters(), _apart_by_more_than_case(), _number()


def _characters() -> Rule:
    def accepts(value: object) -> bool:
        return isinstance(value, Mapping) and all(
            _fits(key, 1, _LONGEST_KEY) and _fits(item, 0, _LONGEST_VALUE) for key, item in value.items()
        )

    def condition(reference: str) -> str:
        key, item = (
            f"can(regex({json.dumps(f'^{_PATTERN}{times}$')}, {name}))"
            f" && !can(regex({json.dumps(f'^{_RESERVED}')}, {name}))"
            f' && length(split("", {name})) <= {longest}'
            for name, times, longest in (("key", "+", _LONGEST_KEY), ("item", "*", _LONGEST_VALUE))
        )
        # Of a string length() counts graphemes: Thai and Korean have some of several characters. A pattern that counts
        # characters makes the plan slow.
        # The provider leaves a tag out whose value is null.
        each = f"[for key, item in {reference} : {key} && (item == null || {item})]"
        return _unless_null(reference, f"alltrue({each})")

    return Rule(
        f"be a map of strings, the keys of 1 to {_LONGEST_KEY} and the values of up to {_LONGEST_VALUE} letters, "
        f"digits, spaces and characters of {' '.join(_CHARACTERS)}, neither beginning with aws:",
        accepts,
        condition,
    )


def _fits(text: object, least: int, most: int) -> bool:
    if isinstance(text, Later):
        return True
    if not isinstance(text, str):
        return False
    # As Terraform has all strings.
    composed = normalize("NFC", text)
    return (
        least <= len(composed) <= most
        and all(category(each)[0] in _LETTERS or each in _CHARACTERS for each in composed)
        and composed[:4].lower() != "aws:"
    )


def _apart_by_more_than_case() -> Rule:
    def accepts(value: Mapping[Any, Any]) -> bool:
        keys = [*dict.fromkeys([*OWN_TAGS, *(normalize("NFC", key) for key in value if not isinstance(key, Later))])]
        return len({_lower(key) for key in keys}) == len(keys)

    def condition(reference: str) -> str:
        keys = f"distinct(concat({json.dumps(OWN_TAGS)}, keys({reference})))"
        return _unless_null(reference, f"length(distinct([for key in {keys} : lower(key)])) == length({keys})")

    return Rule(
        "have no two keys that differ only by upper and lower case, which IAM takes for one; "
        f"{', '.join(OWN_TAGS)} are keys too",
        accepts,
        condition,
    )


def _lower(text: str) -> str:
    """As Terraform's lower(), which knows no sequences: of these only the dotted capital I has one."""
    return "".join(each.lower()[0] for each in text)


def _number() -> Rule:
    own = json.dumps(OWN_TAGS)
    return Rule(
        f"have no more than {_MOST - len(OWN_TAGS)} keys beside {', '.join(OWN_TAGS)}, for AWS takes {_MOST} tags",
        lambda value: len({*value, *OWN_TAGS}) <= _MOST,
        lambda reference: _unless_null(reference, f"length(distinct(concat({own}, keys({reference})))) <= {_MOST}"),
    )


def _unless_null(reference: str, condition: str) -> str:
    return f"{reference} == null || try({condition}, false)"

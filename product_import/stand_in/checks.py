"""The checks that the provider's schemas make of single values, each with the provider's text.

The texts of the general ones are those of terraform-plugin-sdk 2.33, helper/validation. The others name their file of
hashicorp/terraform-provider-aws, read as of 5.46. Only what a JSON parser says differs, as Python's is not Go's.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

Complaints = Iterator[str]
Check = Callable[[Any, str], Complaints]
"""Of a value and its key: `metric_query.0.metric.0.period`."""


def anything(_value: Any, _key: str) -> Complaints:
    """The provider validates nothing."""
    yield from ()


def quoted(value: str) -> str:
    """As Go's %q."""
    return json.dumps(value, ensure_ascii=False)


def all_of(*checks: Check) -> Check:
    return lambda value, key: (text for check in checks for text in check(value, key))


def any_of(*checks: Check) -> Check:
    def check(value: Any, key: str) -> Complaints:
        said = [list(each(value, key)) for each in checks]
        yield from (text for texts in said if all(said) for text in texts)

    return check


def last_name(check: Check) -> Check:
    """As `ToDiagFunc` of the SDK, which names the argument alone."""
    return lambda value, key: check(value, key.rpartition(".")[2])


def in_lower_case(check: Check) -> Check:
    return lambda value, key: check(value.lower(), key)


def length(low: int, high: int) -> Check:
    """In bytes, as Go counts."""

    def check(value: str, key: str) -> Complaints:
        if not low <= len(value.encode()) <= high:
            yield f"expected length of {key} to be in the range ({low} - {high}), got {value}"

    return check


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern as Go reads it: the classes are ASCII, and a final $ is the end of the text."""
    return re.compile(re.sub(r"\$$", r"\\Z", pattern), re.ASCII)


def matches(pattern: str, message: str, *, does: bool = True) -> Check:
    def check(value: str, key: str) -> Complaints:
        if bool(_compiled(pattern).search(value)) != does:
            yield f"invalid value for {key} ({message})"

    return check


def fits(pattern: str, text: str) -> Check:
    """A check of the provider's own; in its text are the `key`, `value` and `pattern`."""

    def check(value: str, key: str) -> Complaints:
        if not _compiled(pattern).search(value):
            yield text.format(key=quoted(key), bare_key=key, value=quoted(value), bare=value, pattern=quoted(pattern))

    return check


def at_most_long(limit: int, text: str) -> Check:
    def check(value: str, key: str) -> Complaints:
        if len(value.encode()) > limit:
            yield text.format(key=quoted(key), value=quoted(value), limit=limit)

    return check


def one_of(allowed: Sequence[str], *, ignore_case: bool = False) -> Check:
    def check(value: str, key: str) -> Complaints:
        if value not in allowed and not (ignore_case and value.lower() in map(str.lower, allowed)):
            yield f"expected {key} to be one of [{' '.join(map(quoted, allowed))}], got {value}"

    return check


def is_not_empty(value: str, key: str) -> Complaints:
    if value == "":
        yield f"expected {quoted(key)} to not be an empty string, got {value}"


def whole(value: Any, _key: str) -> Complaints:
    """An argument of the SDK's type `TypeInt`."""
    if isinstance(value, float) and not value.is_integer():
        yield f"Attribute must be a whole number, got {value}"


def _number(holds: Callable[[Any], bool], text: str) -> Check:
    def check(value: Any, key: str) -> Complaints:
        fraction = list(whole(value, key))
        yield from fraction or ([] if holds(value) else [f"expected {key} to be {text}{value}"])

    return check


def between(low: int, high: int) -> Check:
    return _number(lambda value: low <= value <= high, f"in the range ({low} - {high}), got ")


def at_least(low: int) -> Check:
    return _number(lambda value: value >= low, f"at least ({low}), got ")


def at_most(high: int) -> Check:
    return _number(lambda value: value <= high, f"at most ({high}), got ")


def divisible_by(divisor: int) -> Check:
    return _number(lambda value: value % divisor == 0, f"divisible by {divisor}, got: ")


def number_in(allowed: Iterable[int]) -> Check:
    numbers = tuple(allowed)
    return _number(lambda value: value in numbers, f"one of [{' '.join(map(str, numbers))}], got ")


_PARTITION = "^aws(-[a-z]+)*$"
_REGION = r"^[a-z]{2}(-[a-z]+)+-\d$"
_ACCOUNT = r"^(aws|aws-managed|third-party|\d{12}|cw.{10})$"


def arn(value: str, key: str) -> Complaints:
    """`ValidARN` of internal/verify/validate.go, and `Parse` of aws-sdk-go, aws/arn/arn.go."""
    if value == "":
        return
    parts = value.split(":", 5)
    if not value.startswith("arn:") or len(parts) < 6:
        reason = "not enough sections" if value.startswith("arn:") else "invalid prefix"
        yield f"{quoted(key)} ({value}) is an invalid ARN: arn: {reason}"
        return
    _, partition, _, region, account, resource = parts
    wrong = f"{quoted(key)} ({value}) is an invalid ARN: "
    if not partition:
        yield f"{wrong}missing partition value"
    for name, part, pattern in (
        ("partition", partition, _PARTITION),
        ("region", region, _REGION),
        ("account ID", account, _ACCOUNT),
    ):
        if part and not _compiled(pattern).search(part):
            yield f"{wrong}invalid {name} value (expecting to match regular expression: {pattern})"
    if not resource:
        yield f"{wrong}missing resource value"


def _parsed(text: str, **options: Any) -> Any:
    """As Go reads JSON, which knows no NaN."""

    def constant(name: str) -> None:
        raise ValueError(f"{name} is no JSON value")

    return json.loads(text, parse_constant=constant, **options)


def json_text(value: str, key: str) -> Complaints:
    """`StringIsJSON` of the SDK."""
    try:
        _parsed(value)
    except ValueError as error:
        yield f"{quoted(key)} contains an invalid JSON: {error}"


def policy_text(value: str, key: str) -> Complaints:
    """`ValidIAMPolicyJSON` of internal/verify/validate.go."""
    text = value.strip()
    wrong = f"{quoted(key)} contains an invalid JSON policy: "
    if not text:
        yield f"{quoted(key)} is an empty string, which is not a valid JSON value"
    elif not text.startswith("{"):
        kinds = {
            '"': "contains a JSON-encoded string, not a JSON-encoded object",
            "[": "contains a JSON array, not a JSON object",
        }
        yield wrong + kinds.get(text[0], "not a JSON object") + (_hint(text) if text[0] == '"' else "")
    else:
        twice: list[str] = []

        def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            names = [name for name, _ in pairs]
            twice.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
            return dict(pairs)

        try:
            _parsed(text, object_pairs_hook=once)
        except ValueError as error:
            yield f"{wrong}{error}"
        yield from (f'{quoted(key)} contains duplicate JSON keys: duplicate key "{name}"' for name in twice)


def _hint(text: str) -> str:
    try:
        content = _parsed(text)
        if content.endswith(".json"):
            return " (have you passed a JSON-encoded filename instead of the content of that file?)"
        _parsed(content)
    except ValueError:
        return ""
    return " (have you double-encoded your JSON data?)"


_KINDS = {dict: "object", list: "array", str: "string", bool: "bool", int: "number", float: "number"}


def container_definitions(value: str, _key: str) -> Complaints:
    """`expandContainerDefinitions` of ecs/task_definition.go, without the types of a container's own keys."""
    wrong = "ECS Task Definition container_definitions is invalid: "
    try:
        containers = _parsed(value)
    except ValueError as error:
        yield f"{wrong}decoding JSON: {error}"
        return
    if containers is not None and not isinstance(containers, list):
        yield f"{wrong}{_not_of('[]*ecs.ContainerDefinition', containers)}"
        return
    for position, container in enumerate(containers or []):
        if container is None:
            yield f"{wrong}invalid container definition supplied at index ({position})"
        elif not isinstance(container, dict):
            yield f"{wrong}{_not_of('ecs.ContainerDefinition', container)}"


def _not_of(go_type: str, value: Any) -> str:
    return f"decoding JSON: json: cannot unmarshal {_KINDS[type(value)]} into Go value of type {go_type}"


def cidr(version: int) -> Check:
    """`ValidateIPv4CIDRBlock` and `ValidateIPv6CIDRBlock` of internal/verify/validate.go."""

    def check(value: str, _key: str) -> Complaints:
        try:
            # Unlike Go, Python takes an address alone and a mask in the place of its length.
            interface = ipaddress.ip_interface(value if re.search(r"/\d+\Z", value) else "")
        except ValueError:
            yield f"{quoted(value)} is not a valid CIDR block: invalid CIDR address: {value}"
            return
        if interface.version != version:
            yield f"{quoted(value)} is not a valid IPv{version} CIDR block"
        elif interface.ip != interface.network.network_address:
            network = quoted(str(interface.network))
            yield f"{quoted(value)} is not a valid IPv{version} CIDR block; did you mean {network}?"

    return check


def yes_or_no(value: str, key: str) -> Complaints:
    """`ValidateTypeStringNullableBool` of internal/types/nullable/bool.go, and `ParseBool` of Go's strconv."""
    if value not in ("", *("1", "t", "T", "TRUE", "true", "True"), *("0", "f", "F", "FALSE", "false", "False")):
        yield f"{key}: cannot parse '{value}' as boolean: strconv.ParseBool: parsing {quoted(value)}: invalid syntax"


def token(value: str, key: str) -> Complaints:
    """`validReplicationGroupAuthToken` of elasticache/validate.go: the value stays out of the text."""
    allowed = 'alphanumeric characters or symbols (excluding @, ", and /)'
    if not 16 <= len(value.encode()) <= 128:
        yield f"{quoted(key)} must contain from 16 to 128 {allowed}"
    if not _compiled(r'^[^@"\/]+$').search(value):
        yield f"only {allowed} allowed in {quoted(key)}"


def role_name_not_arn(value: str, key: str) -> Complaints:
    if not list(arn(value, key)):
        yield f"{quoted(key)} must be the role's name not its ARN"

"""The strings that a plan marks as sensitive somewhere, to hide them where a provider lost the mark."""

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote, unquote_plus

from product_import.plan_diff.compare.values import below, document
from product_import.plan_diff.read.plan import Change, Module, Plan, Resource

# A shorter one ("eu", "8080") would hide every value that happens to contain it.
SHORTEST_SECRET_IN_CHARACTERS = 8
# So many encodings may lie round each other, such as JSON in base64 in JSON.
DEEPEST_ENCODING = 3
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}")
# Several together: two may be one character.
_JSON_ESCAPES = re.compile(r'(?:\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt]))+')
_INSTANCE_KEY = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]')


class Secrets:
    """Finds secrets in texts, as they are and in the encodings that keep them readable."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        found = {_encodable(value) for value in values if len(value) >= SHORTEST_SECRET_IN_CHARACTERS}
        self._search = None
        if found:
            from ahocorasick_rs import AhoCorasick  # noqa: PLC0415 - most plans hold no secret

            self._search = AhoCorasick(found, store_patterns=False)

    def occur_in(self, text: str) -> bool:
        """Whether a secret is in the text."""
        return self._search is not None and self._occur_in(text, DEEPEST_ENCODING)

    def _occur_in(self, text: str, depth: int) -> bool:
        assert self._search is not None
        if len(text) < SHORTEST_SECRET_IN_CHARACTERS:
            return False
        text = _encodable(text)
        if self._search.find_matches_as_indexes(text):
            return True
        return depth > 0 and self._occur_in("\n".join(_decoded(text)), depth - 1)


def _decoded(text: str) -> Iterator[str]:
    """What the text says to who decodes it as a URL, HTML, JSON or base64, where that says something else."""
    if "%" in text:
        yield unquote(text)
    if "%" in text or "+" in text:
        yield unquote_plus(text)
    if "&" in text and (plain := html.unescape(text)) != text:
        yield plain
    if "\\" in text and (plain := _JSON_ESCAPES.sub(_unescaped, text)) != text:
        yield plain
    for run in _BASE64.findall(text):
        standard = run.replace("-", "+").replace("_", "/")
        # Letters, or the slash of a path, may stand right before it.
        for start in range(4):
            # Most of what a wrong start gives is no text.
            pieces = _of_base64(standard[start:]).split("\N{REPLACEMENT CHARACTER}")
            yield from (piece for piece in pieces if len(piece) >= SHORTEST_SECRET_IN_CHARACTERS)


def _of_base64(run: str) -> str:
    try:
        return base64.b64decode(run[: len(run) // 4 * 4] + _rest(run)).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def _rest(run: str) -> str:
    """The last characters of a run of base64, padded; a single one says nothing."""
    rest = run[len(run) // 4 * 4 :]
    return rest + "=" * (4 - len(rest)) if len(rest) > 1 else ""


def _unescaped(escapes: re.Match[str]) -> str:
    return str(json.loads(f'"{escapes[0]}"'))


def _encodable(text: str) -> str:
    """Without halves of characters, which only JSON can write."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def secrets(plan: Plan) -> Secrets:
    """The secrets of a plan: what is marked in resources, actions and variables, and what only outputs mark.

    An output is marked as a whole, such as all of a module's. What of it stands unmarked in an argument that the
    configuration sets is no secret: there, Terraform itself would have carried the mark.
    """
    marked: set[str] = set()
    for value in plan.sensitive_variables():
        marked.update(_strings(value, True))
    for resource in _resources(plan):
        marked.update(_marked_strings(resource.change))
    for invocation in plan.action_invocations or []:
        marked.update(_strings(invocation.config_values, invocation.config_sensitive))
    exposed = {text for change in (plan.output_changes or {}).values() for text in _marked_strings(change)} - marked
    return Secrets(marked | (exposed - _open_strings(plan) if exposed else exposed))


def _resources(plan: Plan) -> Iterator[Resource]:
    yield from plan.resource_changes or []
    yield from plan.resource_drift or []
    for deferred in plan.deferred_changes or []:
        yield deferred.resource_change


def _marked_strings(change: Change) -> Iterator[str]:
    yield from _strings(change.before, change.before_sensitive)
    yield from _strings(change.after, change.after_sensitive)


def _strings(value: Any, mask: Any, *, sensitive: bool = True) -> Iterator[str]:
    """The strings at any depth that are marked, or those that are not, with the strings of JSON documents in them."""
    pairs = [(value, mask)]
    while pairs:
        value, mask = pairs.pop()
        if (sensitive and not mask) or (not sensitive and mask is True):
            continue
        if isinstance(value, str):
            yield value
            if not isinstance(inner := document(value), str):
                pairs.append((inner, mask))
        elif isinstance(value, dict):
            pairs += [(item, mask is True or below(mask, name)) for name, item in value.items()]
        elif isinstance(value, list):
            pairs += [(item, mask is True or below(mask, index)) for index, item in enumerate(value)]


def _open_strings(plan: Plan) -> set[str]:
    """The strings that stand unmarked in an argument that the configuration sets."""
    configured = configured_arguments(plan)
    found: set[str] = set()
    for resource in plan.resource_changes or []:
        expressions = configured(resource)
        if resource.change.after_sensitive is not True:
            values, masks = resource.change.after, resource.change.after_sensitive
            for value, mask in _set_values(expressions, values, masks):
                found.update(_strings(value, mask, sensitive=False))
    return found


def configured_arguments(plan: Plan) -> Callable[[Resource], Any]:
    """What gives a resource's arguments that its configuration sets, by name, with their expressions."""
    root = plan.configuration and plan.configuration.root_module
    found = dict(_expressions(root, "")) if root else {}

    def configured(resource: Resource) -> Any:
        module = _INSTANCE_KEY.sub("", resource.module_address)
        return found.get((module, resource.mode, resource.type, resource.name)) or {}

    return configured


def _set_values(expression: Any, value: Any, mask: Any) -> Iterator[tuple[Any, Any]]:
    """The values, with their masks, that a block's expressions set; what a provider fills in is not among them."""
    if mask is True:
        return
    if isinstance(expression, list) and isinstance(value, list):
        for index, (block, item) in enumerate(zip(expression, value, strict=False)):
            yield from _set_values(block, item, below(mask, index))
    elif isinstance(expression, dict) and expression.keys() & {"constant_value", "references"}:
        yield value, mask
    elif isinstance(expression, dict) and isinstance(value, dict):
        for name, inner in expression.items():
            yield from _set_values(inner, value.get(name), below(mask, name))


def _expressions(module: Module, address: str) -> Iterator[tuple[tuple[str, str, str, str], Any]]:
    for resource in module.resources or []:
        yield (address, resource.mode, resource.type, resource.name), resource.expressions
    for name, call in (module.module_calls or {}).items():
        if call.module:
            yield from _expressions(call.module, f"{address}.module.{name}" if address else f"module.{name}")

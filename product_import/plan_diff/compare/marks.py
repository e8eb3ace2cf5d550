"""Values of a plan with their marks: what is sensitive, what is unknown, and documents inside strings."""

from typing import Any

from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.compare.values import (
    Document,
    Missing,
    Sensitive,
    below,
    document,
    is_marked,
    may_hold_documents,
)

_NONE = Secrets()


def marked(value: Any, unknown: Any = None, sensitive: Any = None, secrets: Secrets = _NONE) -> Any:
    """The value with `Sensitive` and `Missing.UNKNOWN` where Terraform's masks say so, and JSON texts as `Document`.

    A mask is true for all of a value, or has the value's own shape; one of another shape marks all. A sensitive string
    stays one: its document is not looked into. A string that contains a secret is sensitive without a mask too, in
    documents as well. Names stay, since two of them must not become one.
    """
    if sensitive is True or _does_not_fit(sensitive, value):
        hidden = marked(value, unknown)
        return hidden if hidden is None else Sensitive(hidden)  # null is no secret
    if unknown is True:
        return Missing.UNKNOWN
    if not unknown and not sensitive:
        return _unmasked(value, secrets)
    if isinstance(value, dict) or (value is None and isinstance(unknown, dict)):
        members = value or {}
        names = {**members, **unknown} if isinstance(unknown, dict) else members
        return {
            name: marked(members.get(name), below(unknown, name), below(sensitive, name), secrets) for name in names
        }
    if isinstance(value, list):
        return [
            marked(item, below(unknown, index), below(sensitive, index), secrets) for index, item in enumerate(value)
        ]
    return _unmasked(value, secrets)


def _does_not_fit(sensitive: Any, value: Any) -> bool:
    """Whether a mask marks a part that its value does not have: what is marked is not known then."""
    fits = isinstance(value, type(sensitive)) or (value is None and isinstance(sensitive, dict))
    return bool(sensitive) and not fits and is_marked(sensitive)


def _unmasked(value: Any, secrets: Secrets) -> Any:
    if isinstance(value, str):
        return _text(value, secrets)
    if isinstance(value, dict):
        return {name: _unmasked(item, secrets) for name, item in value.items()}
    if isinstance(value, list):
        return [_unmasked(item, secrets) for item in value]
    return value


def _text(text: str, secrets: Secrets) -> Any:
    inner = document(text)
    if not secrets.occur_in(text):
        if isinstance(inner, str):
            return inner
        holds_more = may_hold_documents(text.lstrip().encode(errors="replace"))
        return Document(_unmasked(inner, _NONE) if holds_more else inner)
    if isinstance(inner, str):
        return Sensitive(text, found=True)
    parsed = _unmasked(inner, secrets)
    # A secret that is a whole document, or that spans several leaves of one, is in no single leaf.
    return Document(parsed) if _hides(parsed, secrets) else Sensitive(text, found=True)


def _hides(value: Any, secrets: Secrets) -> bool:
    """Whether a part of a document is a secret, or a name that is hidden when it is shown."""
    if isinstance(value, Document):
        return _hides(value.value, secrets)
    if isinstance(value, dict):
        return any(secrets.occur_in(name) or _hides(item, secrets) for name, item in value.items())
    if isinstance(value, list):
        return any(_hides(item, secrets) for item in value)
    return isinstance(value, Sensitive)

"""Hides passwords in texts from outside: lines of the log, reasons, live values."""

import json
import re
from collections.abc import Collection
from html import escape
from urllib.parse import quote, unquote

# A shorter one would hide every number or word that happens to contain it. A token of Redis has 16 characters or more.
SHORTEST_SECRET = 8
# A user and a password in a URL, up to the last @ of the word: both may contain one. JSON may escape the slashes, and
# another URL may encode the whole.
_SLASHES = r"(?:\\*/|%2F){2}"
_CREDENTIALS = re.compile(rf"((?::|%3A){_SLASHES})\S*(?:@|%40)", re.IGNORECASE)
# A URL that lost its end, and with it the @. A number behind the colon is a port.
_CUT = re.compile(
    rf"((?::|%3A){_SLASHES})(?!\*\*\*@)[^\s:/?#]*(?::|%3A)(?!\d{{1,5}}(?!\w))[^\s/?#,;\"']+", re.IGNORECASE
)


def hide(text: str, known: Collection[str]) -> str:
    """Replace known secrets, however they are written, and the user and password of every URL.

    Args:
        text: from outside.
        known: secrets, or URLs that contain one.
    """
    passwords = {unquote(each.partition("://")[2].rpartition("@")[0].rpartition(":")[2]) for each in known}
    secrets = {each for each in {*known, *passwords} if len(each) >= SHORTEST_SECRET}
    for form in sorted((form for each in secrets for form in _writings(each)), key=len, reverse=True):
        text = text.replace(form, "***")
    return _CUT.sub(r"\1***", _CREDENTIALS.sub(r"\1***@", text))


def texts(secret: str) -> set[str]:
    """The text of a secret, and those of its JSON."""
    try:
        values = json.loads(secret).values()
    except (ValueError, AttributeError):
        values = ()
    return {secret, *(value for value in values if isinstance(value, str))}


def _writings(secret: str) -> set[str]:
    """A secret as it may be written: as it is, in a URL, in JSON, in JSON that is safe in HTML, and in HTML."""
    in_json = json.dumps(secret)[1:-1]
    safe = "".join(f"\\u{ord(each):04x}" if each in "&<>" else each for each in in_json)
    return {secret, quote(secret, safe=""), quote(secret, safe="!$"), in_json, safe, escape(secret)}

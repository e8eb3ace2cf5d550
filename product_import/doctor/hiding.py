"""Hides passwords in texts from outside: lines of the log, reasons, live values."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Collection
from html import escape
from urllib.parse import quote, unquote

# A shorter one would hide every number or word that happens to contain it. A token of Redis has 16 characters or more.
SHORTEST_SECRET = 8
# JSON may escape the slashes of a URL, and other URLs may encode the whole.
_COLON, _AT = r"(?::|%(?:25)*3A)", r"(?:@|%(?:25)*40)"
_BEGIN = rf"{_COLON}(?:\\*/|\\+u002f|%(?:25)*2F){{2}}"
# A number behind the colon is a port.
_USER = rf"(?!\*\*\*@)[^\s:/?#]*{_COLON}(?!\d{{1,5}}(?!\w))"
# What an attribute or a variable with a telling name holds, in a log line, JSON, a query or a connection string.
_NAME = (
    r"(?:password|passwd|passphrase|pwd|pass|secret|token|credentials?|signature|cookie|authorization"
    r"|(?:api|access|private|encryption|secret|account)[_-]?key(?:[_-]?id)?)"
)
_RULES: tuple[tuple[str, str], ...] = (
    # The user and the password of a URL, up to the last @ of the word: both may contain one.
    (rf"({_BEGIN})\S*{_AT}", r"\1***@"),
    # A password with spaces, as a line break becomes one; and a URL that lost its end, and with it the @.
    (rf"({_BEGIN}){_USER}[^@\"'<>]{{0,100}}?@", r"\1***@"),
    (rf"({_BEGIN}){_USER}[^\s/?#,;\"']+", r"\1***"),
    # Without a scheme. An image may have a tag and a digest.
    (r"(?<![\w/.:@-])[\w.+-]+:[^\s@/\"']+@(?!sha\d+:)(?=\w)", "***@"),
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|$)", "***"),
    (r"\b((?:bearer|basic)\s+)(?=\S*\d)[\w+/=.~-]{8,}", r"\1***"),
    # In an ARN, :secret: is no such name. A quoted value ends with its quote.
    (
        rf"((?<![:\w.-])(?:[\w-]*[_-])?{_NAME}\\*[\"']?\s*[:=]\s*|(?<=[\"'_a-z]){_NAME}\\*[\"']?\s*[:=]\s*)"
        r"(?!\*\*\*|\(hidden\)|(?:true|false|null|none|nothing|bearer|basic)\b)"
        r"(?:\\*\"[^\"]*\"?|\\*'[^']*'?|[^\s,;&}\"']+)",
        r"\1***",
    ),
    (r"(\bauth\b['\"]?,\s*['\"]?args['\"]?:\s*\[)[^\]]*", r"\1***"),
    (r"(\bAUTH(?:\s+\w+)?\s+)(?=\S*\d)\S{8,}", r"\1***"),
    # Keys of AWS, JSON web tokens, tokens of GitHub and Slack.
    (r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}", "***"),
    (r"\beyJ[\w-]{8,}\.[\w.-]+", "***"),
    (r"\b(?:gh[pousr]_|xox[abprs]-)[\w-]{10,}", "***"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), by) for pattern, by in _RULES)
_URL_SAFE = str.maketrans("+/", "-_")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")


def hide(text: str, known: Collection[str]) -> str:
    """Replace known secrets, however they are written, and what looks like one: `_RULES` lists the forms.

    Args:
        text: from outside.
        known: secrets, or URLs that contain one.
    """
    passwords = {unquote(each.partition("://")[2].rpartition("@")[0].rpartition(":")[2]) for each in known}
    secrets = {each for each in {*known, *passwords} if len(each) >= SHORTEST_SECRET}
    # A line of JSON often holds JSON, and a URL another one.
    forms = {twice for each in secrets for once in _writings(each) for twice in _writings(once)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "***")
    for pattern, by in _PATTERNS:
        text = pattern.sub(by, text)
    return _BASE64.sub(lambda found: "***" if _encodes_secret(found[0], known) else found[0], text)


def _encodes_secret(encoded: str, known: Collection[str]) -> bool:
    """Whether a text is base64 of one in which something is to be hidden."""
    try:
        # An end that was cut is left out.
        text = urlsafe_b64decode(encoded.rstrip("=").translate(_URL_SAFE)[: len(encoded.rstrip("=")) // 4 * 4])
        decoded = text.decode()
    except ValueError:
        return False
    return hide(decoded, known) != decoded


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

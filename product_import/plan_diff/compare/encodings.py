"""Decode a text as a URL, HTML, JSON, base64 or hex."""

import base64
import binascii
import html
import json
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

# Shorter pieces are not searched for secrets.
SHORTEST_IN_CHARACTERS = 8
# Base64 may be wrapped. The whitespace classes exclude line breaks, so that a search takes linear time.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}(?:[ \t\r]*\n[ \t]*[A-Za-z0-9+/_-]+)*")
_URL_SAFE = str.maketrans("-_", "+/", " \t\r\n")
_HEX = re.compile(r"[0-9a-fA-F]{16,}")
# Adjacent escapes are decoded together: two of them may be one character.
_JSON_ESCAPES = re.compile(r'(?:\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt]))+')
# Base64 that is decoded from a wrong start gives mostly bytes that are not text.
_LEGIBLE = re.compile(rf"[^\N{{REPLACEMENT CHARACTER}}]{{{SHORTEST_IN_CHARACTERS},}}")
_GZIP = b"\x1f\x8b"


def decoded(text: str, limit: int) -> Iterator[str]:
    """Yield each decoded form of the text that differs from it; decompressed data is cut to `limit` bytes."""
    if "%" in text and (plain := unquote(text)) != text:
        yield plain
    if "&" in text and (plain := html.unescape(text)) != text:
        yield plain
    if "\\" in text and (plain := _JSON_ESCAPES.sub(_unescaped, text)) != text:
        yield plain
    for run in _HEX.findall(text):
        for start in range(2):
            yield from _legible(bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2]))
    for run in _BASE64.findall(text):
        standard = run.translate(_URL_SAFE)
        # Letters, or the slash of a path, may come right before the base64.
        for start in range(4):
            content = _of_base64(standard[start:])
            yield from _legible(content)
            if content.startswith(_GZIP):
                yield from _legible(_decompressed(content, limit))


def _legible(content: bytes) -> list[str]:
    """Return the parts of the content that are text. Without its zero bytes, UTF-16 reads as UTF-8 for most secrets."""
    return _LEGIBLE.findall(content.replace(b"\0", b"").decode("utf-8", "replace"))


def _of_base64(run: str) -> bytes:
    """Return the bytes of a run of base64 that may lack its padding; a single last character holds no byte."""
    rest = len(run) % 4
    try:
        return base64.b64decode(run[: len(run) - rest] if rest < 2 else run + "=" * (4 - rest))
    except binascii.Error:
        return b""


def _decompressed(content: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, limit)
    except zlib.error:
        return b""


def _unescaped(escapes: re.Match[str]) -> str:
    return str(json.loads(f'"{escapes[0]}"'))

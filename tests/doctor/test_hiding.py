"""What the doctor hides in texts from outside."""

import json
from html import escape
from urllib.parse import quote

from product_import.doctor.hiding import hide, texts

import pytest

TOKEN = "tok-&<>!#$^-0123456789"


@pytest.mark.parametrize(
    "text",
    [
        "postgres://app:s3same@db.example/app",
        "postgres://app:s3@same@db.example/app",
        "postgres://app@corp:s3same@db.example/app",
        "postgres://app:s3/same@db.example/app",
        "redis://:s3same@cache.example:6379",
        r'{"url":"rediss:\/\/:s3same@cache.example:6379"}',
        r'{"line":"{\"url\":\"rediss:\\\/\\\/:s3same@cache.example:6379\"}"}',
        "https://proxy.example/?to=redis%3A%2F%2F%3As3same%40cache.example",
        "amqp://app:s3same-that-lost-its-end",
        "connect rediss://:s3same",
    ],
)
def test_the_credentials_of_urls_are_hidden(text: str) -> None:
    """With or without a user, with an @ in either, escaped, encoded or cut."""
    assert "s3same" in text.replace("s3@same", "s3same").replace("s3/same", "s3same")
    shown = hide(f"Error: {text} refused", ())
    assert "same" not in shown
    assert shown.startswith("Error: ")
    assert "***" in shown


@pytest.mark.parametrize("text", ["redis://cache.example:6379 refused", "see https://docs.example/a:b", "12:30 a@b.c"])
def test_what_is_no_credential_stays(text: str) -> None:
    """A port, a path, a time, an address."""
    assert hide(text, ()) == text


@pytest.mark.parametrize(
    "written", [TOKEN, quote(TOKEN, safe=""), json.dumps(TOKEN), escape(TOKEN), TOKEN.replace("&", r"\u0026")]
)
def test_a_known_secret_is_hidden_however_it_is_written(written: str) -> None:
    """As it is, in a URL, in JSON, in HTML; also where only a URL with it is known."""
    written = written.replace("<", r"\u003c").replace(">", r"\u003e") if r"\u0026" in written else written
    for known in (TOKEN, f"rediss://:{quote(TOKEN, safe='')}@cache.example:6379"):
        assert "0123456789" not in hide(f"AUTH {written} failed", {known})


def test_the_texts_of_a_secret() -> None:
    """Those of its JSON, and the whole where it is none."""
    assert texts('{"url": "rediss://x", "port": 1}') == {'{"url": "rediss://x", "port": 1}', "rediss://x"}
    assert texts("rediss://x") == {"rediss://x"}

"""What the doctor hides in texts from outside."""

import json
from base64 import b64encode, urlsafe_b64encode
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
        "https://proxy.example/?to=redis%253A%252F%252F%253As3same%2540cache.example",
        r'{"url":"rediss:\u002f\u002f:s3same@cache.example:6379"}',
        "postgres://app:s3 and s3same@db.example/app",
        "to app:s3same@db.example:5432",
    ],
)
def test_the_credentials_of_urls_are_hidden(text: str) -> None:
    """With or without a user, with an @ in either, escaped, encoded or cut."""
    assert "s3same" in text.replace("s3@same", "s3same").replace("s3/same", "s3same")
    shown = hide(f"Error: {text} refused", ())
    assert "same" not in shown
    assert shown.startswith("Error: ")
    assert "***" in shown


@pytest.mark.parametrize(
    "text",
    [
        "password=s3same9",
        '{"password": "s3same9 and s3same9"}',
        r"{\"password\": \"s3same9\"}",
        "PGPASSWORD='s3same9'",
        "Server=db;Pwd=s3same9;",
        '{"SecretAccessKey": "s3same9"}',
        "aws_session_token: s3same9",
        "https://s3.example/?X-Amz-Signature=s3same9&X-Amz-Security-Token=s3same9",
        '{"apiKey":"s3same9"}',
        "authorization: Bearer s3same9s3same9",
        "authorization: Basic s3same9s3same9",
        "ENCRYPTION_KEY=s3same9",
        "AUTH s3same9s3same9",
        "AUTH default s3same9s3same9",
        "{ command: { name: 'auth', args: [ 's3same9' ] } }",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.s3same9",
        "-----BEGIN RSA PRIVATE KEY----- MIIs3same9 -----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY----- MIIs3same9",
        "ghp_s3same9s3same9",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    """By the name before it, or by its own form; whole or cut."""
    shown = hide(f"Error: {text}", ())
    assert "same9" not in shown
    assert shown.startswith("Error: ")


def test_the_id_of_a_key_of_aws_is_hidden() -> None:
    """It names an account's user or session."""
    assert hide("key AKIA" + "IOSFODNN7EXAMPLE refused", ()) == "key *** refused"


@pytest.mark.parametrize("text", [f"redis://:{TOKEN}@cache.example", "password=s3same", f"AUTH is {TOKEN}"])
def test_base64_of_what_is_hidden_is_hidden(text: str) -> None:
    """In either alphabet, and without its end."""
    for encode in (b64encode, urlsafe_b64encode):
        encoded = encode(text.encode()).decode()
        for written in (encoded, encoded.rstrip("="), encoded[: len(encoded) - 3]):
            assert hide(f"got {written}", {TOKEN}) == "got ***"


@pytest.mark.parametrize(
    "text",
    [
        "redis://cache.example:6379 refused",
        "see https://docs.example/a:b",
        "12:30 a@b.c",
        "arn:aws:secretsmanager:eu-central-1:1:secret:name-AbCdEf",
        "image repository:1.2@sha256:0123abcd",
        "auth_token: false, where true is configured.",
        "secret_string: (hidden), where another text is configured.",
        "NOAUTH Authentication required.",
    ],
)
def test_what_is_no_credential_stays(text: str) -> None:
    """A port, a path, a time, an address."""
    assert hide(text, ()) == text


@pytest.mark.parametrize(
    "written",
    [
        TOKEN,
        quote(TOKEN, safe=""),
        json.dumps(TOKEN),
        quote(quote(TOKEN)),
        escape(TOKEN),
        TOKEN.replace("&", r"\u0026"),
    ],
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

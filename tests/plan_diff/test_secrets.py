"""Finding what a plan marks as sensitive where the mark was lost."""

import base64
import html
import json
import time
from urllib.parse import quote, quote_plus

from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.write.markdown import markdown
from tests.plan_diff.documents import diff, resource, rows, update

import pytest


@pytest.mark.parametrize(
    ("text", "occurs"),
    [
        ("rediss://:s3cret!token#1@host:6379", True),
        ("rediss://:s3cret%21token%231@host:6379", True),
        ("s3cret!token#1", True),
        ("s3cret!token", False),
        ("", False),
        ("short", False),
    ],
)
def test_finds_a_secret_inside_other_text(text: str, occurs: bool) -> None:
    """A secret of eight characters or more is found within a text, also in the percent-encoding of URLs."""
    secrets = Secrets(["s3cret!token#1", "short"])
    assert secrets.occur_in(text) is occurs


TOKEN = 's3cret <token> "one" / two'


@pytest.mark.parametrize(
    "text",
    [
        f"x {TOKEN} y",
        json.dumps({"a": TOKEN}),
        json.dumps(json.dumps({"a": TOKEN})),
        quote(TOKEN),
        quote_plus(TOKEN),
        html.escape(TOKEN),
        base64.b64encode(TOKEN.encode()).decode(),
        base64.urlsafe_b64encode(TOKEN.encode()).decode().rstrip("="),
        "Basic " + base64.b64encode(f"user:{TOKEN}".encode()).decode(),
        base64.b64encode(json.dumps({"a": quote(TOKEN)}).encode()).decode(),
        *("https://host/path"[:-letters] + "/" + base64.b64encode(TOKEN.encode()).decode() for letters in range(1, 5)),
    ],
)
def test_finds_a_secret_in_the_encodings_that_keep_it_readable(text: str) -> None:
    """JSON, URL, HTML and base64, and up to three of them round each other."""
    assert Secrets([TOKEN]).occur_in(text)
    assert not Secrets(["another secret"]).occur_in(text)


SMILING = "pa\N{GRINNING FACE}ssword"


@pytest.mark.parametrize("text", [json.dumps(SMILING), json.dumps(json.dumps([SMILING])), SMILING])
def test_finds_a_character_that_json_writes_as_two(text: str) -> None:
    """As Python's does with all that is not ASCII."""
    assert Secrets([SMILING]).occur_in(text)


@pytest.mark.parametrize("value", [r'{"\ud83d": "\udcff"}', r"one half: \ud83d"])
def test_half_a_character_is_no_fault(value: str) -> None:
    """Only JSON can write one; beside a secret, as a secret, and in one."""
    found = diff(
        resource("a.b", ["no-op"], {"s": value * 8}, {"s": value * 8}, after_sensitive={"s": True}),
        update({"s": "x"}, {"s": value}),
    )
    assert "\\ud83d" in markdown({"plan": found}, "")


def test_a_secret_of_several_lines_is_hidden_whole() -> None:
    """A key that is compared line by line would show in parts."""
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQ\n-----END KEY-----\n"
    found = diff(
        resource("a.b", ["no-op"], {"key": key}, {"key": key}, after_sensitive={"key": True}),
        update({"user_data": "#!/bin/sh\n"}, {"user_data": f"#!/bin/sh\n{key}"}),
    )
    assert "kqhkiG9w0BAQ" not in repr(found)


def test_a_secret_document_is_hidden_in_parts_too() -> None:
    """What is sensitive as a document stays so where a provider takes it apart."""
    secret = json.dumps({"user": "admin-user", "password": "hunter2-hunter2"})
    found = diff(
        resource("a.b", ["no-op"], {"s": secret}, {"s": secret}, after_sensitive={"s": True}),
        update({}, {"password": "hunter2-hunter2", "whole": secret}),
    )
    assert "hunter2-hunter2" not in repr(found)


def whole_module_output(**after: object) -> dict[str, object]:
    return {
        "module": {
            "actions": ["update"],
            "before": None,
            "after": after,
            "before_sensitive": True,
            "after_sensitive": True,
        }
    }


SERVICE = "production-import-worker"
CONFIGURATION = {
    "root_module": {
        "module_calls": {
            "m": {
                "module": {
                    "resources": [
                        {
                            "mode": "managed",
                            "type": "aws_ecs_service",
                            "name": "w",
                            "expressions": {"name": {"references": ["var.environment"]}, "token": {"references": []}},
                        }
                    ]
                }
            }
        }
    }
}


def test_what_stands_unmarked_in_a_configured_argument_is_no_secret() -> None:
    """A sensitive output of a whole module does not hide the service's name; what a provider filled in stays hidden."""
    service = resource(
        "module.m[0].aws_ecs_service.w",
        ["create"],
        None,
        {"name": SERVICE, "endpoint": "endpoint-of-it", "token": "marked-token"},
        after_sensitive={"token": True},
        module_address="module.m[0]",
    )
    (change,) = diff(
        service,
        output_changes=whole_module_output(name=SERVICE, endpoint="endpoint-of-it", token="marked-token"),
        configuration=CONFIGURATION,
    ).resources
    assert rows(change) == [
        ("endpoint", "", "(sensitive value)"),
        ("name", "", f'"{SERVICE}"'),
        ("token", "", "(sensitive value)"),
    ]


def test_many_secrets_with_one_beginning_cost_no_more_than_others() -> None:
    """The search does not slow down where thousands of secrets begin alike."""
    texts = [f"arn:aws:iam::123456789012:role/{index:05}" * 2 for index in range(4000)]

    def seconds(secrets: Secrets) -> float:
        start = time.process_time()
        assert not any(map(secrets.occur_in, texts))
        return time.process_time() - start

    alike = Secrets([f"arn:aws:iam::123456789012:role/of-{index}" for index in range(4000)])
    apart = Secrets([f"{index:012}-secret-of-its-own" for index in range(4000)])
    assert seconds(alike) < 5 * seconds(apart)

"""Finding what a plan marks as sensitive where the mark was lost."""

import base64
import gzip
import html
import json
import re
import time
from random import Random
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
        quote_plus(json.dumps({"a": TOKEN, "b c": 1})),
        base64.encodebytes(f"{'x' * 50} {TOKEN}".encode()).decode(),
        base64.encodebytes(f"{'x' * 50} {TOKEN}".encode()).decode().replace("\n", "\r\n      "),
        base64.b64encode(f"password={TOKEN}".encode("utf-16-le")).decode(),
        base64.b64encode(gzip.compress(f"password={TOKEN}".encode(), mtime=0)).decode(),
        f"id-{TOKEN.encode().hex()}",
        f"0{TOKEN.encode().hex().upper()}",
        *("https://host/path"[:-letters] + "/" + base64.b64encode(TOKEN.encode()).decode() for letters in range(1, 5)),
    ],
)
def test_finds_a_secret_in_the_encodings_that_keep_it_readable(text: str) -> None:
    """JSON, URL, HTML, hex and base64, wrapped or of compressed data too, and up to three of them nested."""
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


KEY = """\
-----BEGIN RSA PRIVATE KEY-----
MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MhgHcTz6sE2I2yPB
aFDrBz9vFqU4zfqtWB3IfX0WqIkM6yJbFgd1mOoCdQAmTzFK1g9cJAjmKkQX0gYS
abc==
-----END RSA PRIVATE KEY-----
"""


@pytest.mark.parametrize(
    ("text", "occurs"),
    [
        (KEY, True),
        (KEY.strip().replace("\n", "\r\n"), True),
        ("key: |\n" + "".join(f"    {line}\n" for line in KEY.splitlines()), True),
        ("".join(KEY.splitlines()[1:4]), True),
        (KEY.splitlines()[2], True),
        (KEY.replace("\n", "\\n"), True),
        ("-----BEGIN RSA PRIVATE KEY-----\nanother key\n-----END RSA PRIVATE KEY-----\n", False),
        ("abc== and more", False),
    ],
)
def test_a_secret_of_several_lines_is_found_line_by_line(text: str, occurs: bool) -> None:
    """Also where it is indented or joined; what every key begins with, or a short line, is no secret."""
    assert Secrets([KEY]).occur_in(text) is occurs


def test_lines_of_several_short_ones_are_found_together() -> None:
    """Each of them alone may be anywhere."""
    secrets = Secrets(["horse\nbattery\nstaple\n"])
    assert secrets.occur_in("words:\n  horse\n  battery\n  staple\n")
    assert not secrets.occur_in("horse, battery, staple")


def test_members_of_a_secret_document_are_secret_and_its_lines_are_not() -> None:
    """A policy that is printed on several lines has lines that all policies have."""
    secrets = Secrets([json.dumps({"Version": "2012-10-17", "a": "b"}, indent=2)])
    assert not secrets.occur_in('  "Version": "2012-10-17",\n')


@pytest.mark.parametrize("ends", ["{}\n", "\t {} ", "{}"])
def test_whitespace_round_a_secret_is_no_part_of_it(ends: str) -> None:
    """As of a file that ends with a line break."""
    found = diff(
        resource("a.b", ["no-op"], {"s": ends.format(TOKEN)}, {"s": ends.format(TOKEN)}, after_sensitive={"s": True}),
        update({}, {"url": f"https://{TOKEN}@host"}),
    )
    assert [rows(change) for change in found.resources] == [[("url", "", "(sensitive value)")]]


@pytest.mark.parametrize(("number", "written"), [(1234567890, "1234567890"), (12345678.0, "12345678"), (8080, None)])
def test_a_long_number_may_be_secret(number: float, written: str | None) -> None:
    """As itself and in texts; a short one would hide too much."""
    found = diff(
        resource("a.b", ["no-op"], {"pin": number}, {"pin": number}, after_sensitive={"pin": True}),
        update({}, {"number": number, "text": f"pin {number:.0f}", "flag": True}),
    )
    values = {argument.path: argument.new for argument in found.resources[0].arguments}
    assert (str(written) in repr(values)) is False
    assert ("8080" in values["text"]) is (written is None)
    assert values["flag"] == "true"


def test_what_is_too_long_to_be_decoded_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search has a bound, and what is beyond it may be secret."""
    text = base64.b64encode(b"no secret at all. " * 100).decode()
    assert not Secrets([TOKEN]).occur_in(text)
    monkeypatch.setattr("product_import.plan_diff.compare.secrets.MOST_DECODED_CHARACTERS", 1000)
    assert Secrets([TOKEN]).occur_in(text)
    bomb = base64.b64encode(gzip.compress(b" " * 10**6, mtime=0)).decode()
    assert Secrets([TOKEN]).occur_in(bomb)


def test_binary_data_is_searched_in_full() -> None:
    """Most of it is no text, which is not decoded further: a megabyte stays far below the bound."""
    content = Random(1).randbytes(750_000)
    assert not Secrets([TOKEN]).occur_in(base64.b64encode(content).decode())
    assert Secrets([TOKEN]).occur_in(base64.b64encode(content + TOKEN.encode() + content).decode())


def test_keys_of_a_map_that_is_marked_as_a_whole_are_not_shown() -> None:
    """Neither where the plan says what forces a replacement, nor where a key is unknown; another map's are."""
    found = diff(
        resource(
            "aws_db_instance.x",
            ["delete", "create"],
            {"m": {"k-of-m": 1}, "s": ["k-of-s"], "open": {"k-of-open": 1}},
            {"m": {"k-of-m": 2}, "s": [], "open": {"k-of-open": 2}},
            before_sensitive={"m": True, "s": [True], "open": {"k-of-open": True}},
            replace_paths=[["m", "k-of-m"], ["s", "k-of-s"], ["open", "k-of-open"], ["gone", 0, {"k": "k-of-gone"}]],
        ),
        resource("a.b", ["update"], {}, {}, after_unknown={"m": {"k-of-m": True}}, after_sensitive=True),
        resource_drift=[
            resource("a.b", ["update"], {"m": {"k-of-m": 1}}, {"m": {"k-of-m": 2}}, before_sensitive={"m": True})
        ],
        relevant_attributes=[{"resource": "a.b", "attribute": ["m", "k-of-m"]}],
    )
    (danger,) = found.dangers
    assert danger.forced_by == ("m", "s", "open.k-of-open", 'gone[0][{"k": "k-of-gone"}]')
    assert not {"k-of-m", "k-of-s"} & set(re.findall(r"k-of-\w+", repr(found)))
    assert [argument.path for argument in found.resources[1].arguments] == ["m"]
    assert [[argument.path for argument in change.arguments] for change in found.drift] == [["m"]]


def test_a_mark_that_is_no_object_s_own_hides_all_of_the_object() -> None:
    """A resource is an object: what else marks a part of one says nothing of which part."""
    (change,) = diff(update({"a": "short"}, {"a": "other"}, before_sensitive=[True])).resources
    assert rows(change) == [("a", "(sensitive value)", "(sensitive value, changed)")]


def test_names_that_are_secret_stay_apart() -> None:
    """Two members of a map with secret names are two changes."""
    first, second = "first-secret", "second-secret"
    found = diff(
        resource("a.b", ["no-op"], {"s": [first, second]}, {"s": [first, second]}, before_sensitive={"s": True}),
        update({"m": {first: 1, second: 1}}, {"m": {first: 2, second: 3}}),
    )
    assert [argument[1:3] for argument in found.resources[0].arguments] == [("1", "2"), ("1", "3")]
    assert "-secret" not in repr(found)


def test_a_secret_is_hidden_before_a_value_is_cut() -> None:
    """No beginning of one is left where an excerpt ends."""
    found = diff(
        resource("a.b", ["no-op"], {"s": "k" * 40}, {"s": "k" * 40}, before_sensitive={"s": True}),
        update({"m": {"a": "x"}}, {"m": {"a": "x" * 285, "k" * 40: 1, "z": 1}}),
        update({"l": None}, {"l": {"x" * 260: 1, "k" * 40: 1}}),
    )
    assert "kkkkkkkk" not in repr(found)


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
        output_changes=whole_module_output(name=f"{SERVICE}\n", endpoint="endpoint-of-it", token="marked-token"),
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

"""No place of a mark and no path of a value leads a secret into any output: generated plans, all formats."""

import base64
import gc
import gzip
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, quote_plus

from product_import.command_line import main
from tests.plan_diff.documents import document, resource
from tests.plan_diff.test_costs import ALARM, GROUP, planned

import pytest

Members = dict[str, Any]
SYMBOLS = "!#$&<>'\"\\/+=%? :@~"
PIECE_IN_CHARACTERS = 12
ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def _token(random: Random) -> str:
    """Return a token whose characters differ in each encoding."""
    symbols = random.sample(SYMBOLS, 6)
    words = ["".join(random.choices(ALPHABET, k=8)) for _ in range(7)]
    return "".join(word + symbol for word, symbol in zip(words, [*symbols, ""], strict=True))


def _key(random: Random) -> str:
    lines = ["".join(random.choices(ALPHABET + "+/", k=64)) for _ in range(4)]
    return "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])


SHAPES: Mapping[str, Callable[[Random], Any]] = {
    "token": _token,
    "token and line break": lambda random: f"{_token(random)}\n",
    "key": _key,
    "number": lambda random: random.randrange(10**11, 10**12),
    "document": lambda random: json.dumps({"user": "admin", "password": _token(random)}),
    "object": lambda random: {"user": "admin", "passwords": [_token(random)]},
}


def _texts(secret: Any) -> Iterator[str]:
    """Yield the texts of a secret that no output may have, and that other places may repeat."""
    if isinstance(secret, dict):
        yield from secret["passwords"]
    elif isinstance(secret, str) and secret.startswith("{"):
        yield json.loads(secret)["password"]
    elif isinstance(secret, str) and secret.startswith("-----"):
        yield "\n".join(secret.split("\n")[1:-2])
    else:
        yield str(secret).strip()


def _marked(address: str, secret: Any, **more: Any) -> Members:
    values = {"secret": secret}
    return resource(address, ["no-op"], values, values, before_sensitive={"secret": True}, **more)


def _state(secret: Any, *, nested: bool = False) -> Members:
    entry = {
        "address": "data.a.b", "mode": "data", "type": "a", "name": "b",
        "values": {"id": "x", "block": [{"secret": secret}]},
        "sensitive_values": {"block": [{"secret": True}]},
    }  # fmt: skip
    module = {"resources": [entry]}
    return {"root_module": {"child_modules": [{"child_modules": [module]}]} if nested else module}


def _output_state(secret: Any) -> Members:
    return {"root_module": {}, "outputs": {"o": {"sensitive": True, "value": secret}}}


def _invocation(secret: Any) -> Members:
    return {"address": "action.a.b", "config_values": {"secret": secret}, "config_sensitive": {"secret": True}}


def _child(module: Members, **expressions: Any) -> Members:
    """The configuration of a module in a module."""
    inner = {"module_calls": {"inner": {"module": module, "expressions": {"v": {"references": ["var.v"]}}}}}
    return {"module_calls": {"outer": {"module": {**inner, "variables": {"v": {}}}, "expressions": expressions}}}


SENSITIVE_VARIABLE = {"variables": {"v": {"sensitive": True}}}
# What a plan has where it marks a secret: members of the plan, and further resource changes.
PLACES: Mapping[str, Callable[[Any], tuple[Members, list[Members]]]] = {
    "resource_changes, before": lambda secret: ({}, [_marked("a.b", secret)]),
    "resource_changes, after": lambda secret: (
        {}, [resource("a.b", ["create"], None, {"secret": secret}, after_sensitive={"secret": True})]
    ),
    "resource_changes, whole": lambda secret: (
        {}, [resource("a.b", ["create"], None, {"secret": secret}, after_sensitive=True)]
    ),
    "resource_changes, data": lambda secret: ({}, [_marked("data.a.b", secret) | {"mode": "data"}]),
    "resource_drift": lambda secret: ({"resource_drift": [_marked("a.b", secret)]}, []),
    "output_changes": lambda secret: (
        {"output_changes": {"o": {"actions": ["create"], "after": secret, "after_sensitive": True}}}, []
    ),
    "prior_state": lambda secret: ({"prior_state": {"values": _state(secret)}}, []),
    "prior_state, nested": lambda secret: ({"prior_state": {"values": _state(secret, nested=True)}}, []),
    "prior_state, outputs": lambda secret: ({"prior_state": {"values": _output_state(secret)}}, []),
    "planned_values": lambda secret: ({"planned_values": _state(secret)}, []),
    "planned_values, nested": lambda secret: ({"planned_values": _state(secret, nested=True)}, []),
    "planned_values, outputs": lambda secret: ({"planned_values": _output_state(secret)}, []),
    "deferred_changes": lambda secret: (
        {"deferred_changes": [{"reason": "unknown", "resource_change": _marked("a.b", secret)}]}, []
    ),
    "action_invocations": lambda secret: ({"action_invocations": [_invocation(secret)]}, []),
    "deferred_action_invocations": lambda secret: (
        {"deferred_action_invocations": [{"reason": "unknown", "action_invocation": _invocation(secret)}]}, []
    ),
    "variables": lambda secret: (
        {"variables": {"v": {"value": secret}}, "configuration": {"root_module": SENSITIVE_VARIABLE}}, []
    ),
    "configuration, default": lambda secret: (
        {"configuration": {"root_module": _child({"variables": {"v": {"sensitive": True, "default": secret}}})}}, []
    ),
    "configuration, constant of a module call": lambda secret: (
        {"configuration": {"root_module": _child(SENSITIVE_VARIABLE, v={"constant_value": secret})}}, []
    ),
    "configuration, variable of a module call": lambda secret: (
        {
            "variables": {"open": {"value": {"part": secret}}},
            "configuration": {
                "root_module": {
                    "variables": {"open": {}},
                    **_child(SENSITIVE_VARIABLE, v={"references": ["var.open.part", "var.open"]}),
                }
            },
        },
        [],
    ),
    "configuration, output": lambda secret: (
        {
            "configuration": {
                "root_module": _child({"outputs": {"o": {"sensitive": True, "expression": {"constant_value": secret}}}})
            }
        },
        [],
    ),
    "configuration, write-only argument": lambda secret: (
        {
            "configuration": {
                "root_module": {
                    "resources": [
                        {
                            "mode": "managed", "type": "a", "name": "b",
                            "expressions": {"block": [{"secret_wo": {"constant_value": secret}}]},
                        }
                    ]
                }
            }
        },
        [resource("a.b", ["create"], None, {}, after_sensitive={"block": [{"secret_wo": True}]})],
    ),
}  # fmt: skip

ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "base64": lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
    "base64, URL": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64, 76 columns": lambda text: base64.encodebytes(f"some text before {text} and after it".encode()).decode(),
    "base64, 64 columns": lambda text: "\n".join(re.findall(".{1,64}", ENCODINGS["base64"](text))),
    "base64, UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "base64, gzip": lambda text: base64.b64encode(gzip.compress(f"a: {text}".encode(), mtime=0)).decode(),
    "URL": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "HTML": html.escape,
    "JSON": json.dumps,
    "hex": lambda text: text.encode().hex(),
    "indented": lambda text: text.replace("\n", "\n      "),
    "JSON in base64 in URL": lambda text: quote(base64.b64encode(json.dumps({"a": text}).encode()).decode(), safe=""),
}


def _leaks(texts: list[str], encodings: list[str]) -> tuple[Members, list[Members]]:
    """Members and resource changes that repeat a secret without a mark, wherever a report prints something."""
    forms = [ENCODINGS[name](text) for text in texts for name in encodings]
    first = forms[0]
    key = json.dumps(first)
    values = {f"argument_{index}": form for index, form in enumerate(forms)}
    long = {name: f"{'filler ' * 80}{form} {'filler ' * 80}" for name, form in values.items()}
    changes = [
        resource("a.create", ["create"], None, values),
        resource("a.update", ["update"], long, {name: f"{value} changed" for name, value in long.items()}),
        resource("a.keys", ["update"], {"map": {first: 1}}, {"map": {first: 2}}),
        resource("a.documents", ["update"], {"policy": "{}"}, {"policy": json.dumps({"Statement": [values]})}),
        resource("a.names", ["update"], {"l": [{"name": first, "v": 1}]}, {"l": [{"name": first, "v": 2}]}),
        resource(
            f"aws_db_instance.d[{key}]", ["delete", "create"], {"m": {first: 1}}, {"m": {first: 2}},
            replace_paths=[["m", first]], before_sensitive={"m": True},
        ),
        resource(f"aws_s3_bucket.b[{key}]", ["delete"], {"bucket": first}),
        resource(f"a.moved[{key}]", ["no-op"], {}, {}, previous_address=f"a.before[{key}]"),
        resource("a.imported", ["update"], {"a": 1}, {"a": 2}, importing={"id": first}, generated_config=f"a = {key}"),
        resource(f"module.m[{key}].a.b", ["create"], None, {"x": 1}, module_address=f"module.m[{key}]"),
        *planned(
            {GROUP: {"node_type": first}, ALARM: {"alarm_actions": [f"arn:aws:sns:{first}:1:t"]}},
            module=f"module.costs[{key}]",
        ),
        *planned({GROUP: {"node_type": first}}, module="module.costs"),
    ]  # fmt: skip
    drift = [
        resource(f"a.drift[{key}]", ["update"], {"m": {first: 1}}, {"m": {first: 2}}),
        resource("aws_iam_role.r", ["update"], values, {}),
    ]
    invocation = {
        "address": f"action.a.b[{key}]",
        "config_values": values,
        "lifecycle_action_trigger": {
            "triggering_resource_address": f"a.x[{key}]",
            "action_trigger_event": "AfterCreate",
        },
    }
    members = {
        "resource_drift": drift,
        "relevant_attributes": [
            {"resource": f"a.drift[{key}]", "attribute": ["m"]},
            {"resource": "aws_iam_role.r", "attribute": ["argument_0"]},
        ],
        "output_changes": {"open": {"actions": ["update"], "before": None, "after": {**values, first: 1}}},
        "action_invocations": [invocation],
        "deferred_changes": [{"reason": "unknown", "resource_change": changes[0]}],
        "deferred_action_invocations": [{"reason": "unknown", "action_invocation": invocation}],
        "checks": [
            {
                "address": {"to_display": "check.c"},
                "status": "fail",
                "instances": [
                    {
                        "address": {"to_display": f"check.c[{key}]"},
                        "status": "fail",
                        "problems": [{"message": f"Is {form}."} for form in forms],
                    }
                ],
            }
        ],
    }
    return members, changes


def _plan(place: str, secret: Any, encodings: list[str], *, errored: bool) -> bytes:
    members, changes = PLACES[place](secret)
    repeated, repeating = _leaks(list(_texts(secret)), encodings)
    merged = dict(members)
    for name, value in repeated.items():
        if isinstance(value, dict):
            merged[name] = {**members.get(name, {}), **value}
        else:
            merged[name] = [*members.get(name, []), *value]
    return document(*changes, *repeating, **merged, errored=errored)


def _read(output: str) -> str:
    """All that may be read in an output: as it is, in HTML and in JSON."""
    output = output.replace("<wbr>", "")
    plain = html.unescape(output)
    unescaped = re.sub(r'\\(["\\/])', r"\1", plain.replace(r"\n", "\n"))
    return "\n".join((output, plain, unescaped, re.sub(r'\\(["\\/])', r"\1", unescaped)))


def _pieces(texts: list[str]) -> Iterator[str]:
    """Beginnings and ends of each line of each form, which a cut would leave."""
    for text in texts:
        for encoded in ENCODINGS.values():
            for line in encoded(text).split("\n"):
                if len(line) >= PIECE_IN_CHARACTERS:
                    yield from (line[:PIECE_IN_CHARACTERS], line[-PIECE_IN_CHARACTERS:])


FORMATS = ("text", "markdown", "json")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMATS)
def test_no_secret_leaks(place: str, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever a plan marks a secret and wherever it repeats it, in whatever encoding, no output has it."""
    for seed, (shape, made) in enumerate(SHAPES.items()):
        random = Random(f"{place} {seed}")
        secret = made(random)
        names = random.sample(sorted(ENCODINGS), 5)
        encodings = ["plain", *names]
        file = tmp_path / "plan.json"
        file.write_bytes(_plan(place, secret, encodings, errored=seed % 2 == 1))
        status = main(["plan-diff", str(file), "--format", form, "--costs", "--fail-on-danger"])
        gc.enable()
        captured = capsys.readouterr()
        assert status == 1
        assert "(sensitive value)" in captured.out
        output = _read(captured.out + captured.err)
        found = [piece for piece in _pieces(list(_texts(secret))) if piece in output]
        assert not found, (shape, encodings)

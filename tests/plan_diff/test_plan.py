"""What is read as a plan, and the errors of what is not."""

import json
from typing import Any

from product_import.plan_diff.compare import sides
from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.read import plan
from product_import.plan_diff.read.plan import PlanError, read_plan, read_plans
from tests.plan_diff.documents import diff, document, resource, rows, update

import msgspec
import pytest

HOW_TO = "make one with `terraform plan -out=plan` and `terraform show -json plan`."


def wrong(what: str) -> str:
    return f"p.json: is JSON but not a Terraform plan ({what}); {HOW_TO}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", f"p.json: is empty; {HOW_TO}"),
        (b" \n", f"p.json: is empty; {HOW_TO}"),
        (b"PK\x03\x04tfplan", f"p.json: is a saved plan, not its JSON; {HOW_TO}"),
        (b"Plan: 1 to add", f'p.json: starts with "Plan: 1…", which is not JSON, and holds no plan; {HOW_TO}'),
        (b"[INFO]\x1b\n{}", 'p.json: starts with "[IN…", which is not JSON, and holds no plan; '),
        (b'{"a": 1}\n{}', f"p.json: is not JSON (JSON is malformed: trailing characters (byte 10)); {HOW_TO}"),
        (b'{"x": ' + b"[" * 200_000, "p.json: is nested too deeply to be a plan."),
        (b"[]", f"p.json: is JSON but not a Terraform plan (Expected `object`, got `array`); {HOW_TO}"),
        (b"{}", f"p.json: is JSON but not a Terraform plan (no format_version); {HOW_TO}"),
        (b'{"a": 1}', f"p.json: is JSON but not a Terraform plan (no format_version); {HOW_TO}"),
        (
            b'{"format_version": "1.0", "provider_schemas": {}}',
            f"p.json: is JSON but not a Terraform plan (no planned_values); {HOW_TO}",
        ),
        (b'{"format_version": "1.0"}', f"p.json: is a Terraform state, not a plan; {HOW_TO}"),
        (b'{"format_version": "1.0", "values": {}}', f"p.json: is a Terraform state, not a plan; {HOW_TO}"),
        (b'{"version": 4, "lineage": "1b", "resources": []}', f"p.json: is a Terraform state, not a plan; {HOW_TO}"),
        (
            document(format_version="2.0"),
            "p.json: has format_version '2.0' of Terraform 1.11.4; "
            "what Terraform 1.x and OpenTofu 1.x write can be read.",
        ),
        (
            document(format_version="0.1", terraform_version="0.14.11"),
            "p.json: has format_version '0.1' of Terraform 0.14.11; what Terraform 1.x and OpenTofu 1.x write",
        ),
        (document(resource_changes="x"), wrong("Expected `array | null`, got `str` - at `$.resource_changes`")),
        (document(resource_changes=["x"]), wrong("Expected `object`, got `str` - at `$.resource_changes[0]`")),
        (document({"address": "a.b"}), wrong("Object missing required field `mode` - at `$.resource_changes[0]`")),
        (
            document({**resource("a.b", []), "change": {}}),
            wrong("Object missing required field `actions` - at `$.resource_changes[0].change`"),
        ),
        (
            document(resource("a.b", ["create"], None, "x")),
            wrong("Expected `object | null` in `after` - at `$.resource_changes[0].change`"),
        ),
        (
            document(resource("a.b", [7])),  # type: ignore[list-item]
            wrong("Expected `str`, got `int` - at `$.resource_changes[0].change.actions[0]`"),
        ),
        (document(output_changes=["x"]), wrong("Expected `object | null`, got `array` - at `$.output_changes`")),
        (document(output_changes={"o": None}), wrong("Expected `object`, got `null` - at `$.output_changes[...]`")),
        (document(checks={"a": 1}), wrong("Expected `array | null`, got `object` - at `$.checks`")),
        (document(configuration=7), wrong("Expected `object | null`, got `int` - at `$.configuration`")),
        (document(complete="yes"), wrong("Expected `bool | null`, got `str` - at `$.complete`")),
    ],
)
def test_refuses_what_is_not_a_whole_plan(content: bytes, message: str) -> None:
    """Each input that is no plan of format version 1 gets one line that names it and says why."""
    with pytest.raises(PlanError) as raised:
        read_plan(content, "p.json")
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_reads_what_a_shell_redirected(encoding: str) -> None:
    """A plan is read in the encodings that shells write, byte order mark or not."""
    content = json.dumps(json.loads(document(resource("a.b", ["create"]))), ensure_ascii=False).encode(encoding)
    assert [change.address for change in read_plan(content, "p.json").resource_changes or ()] == ["a.b"]


def test_reads_a_newer_minor_version() -> None:
    """A newer minor version of the format, which Terraform keeps compatible, is read."""
    assert read_plan(document(format_version="1.99"), "p.json").format_version == "1.99"


@pytest.mark.parametrize(("version", "form"), [("1.0.0", "0.1"), ("1.0.1", "0.2"), ("1.0.11", "0.2")])
def test_reads_the_formats_of_terraform_1_0(version: str, form: str) -> None:
    """Terraform 1.0 wrote formats 0.1 and 0.2, without `errored`, `complete`, `applyable` and checks.

    The members are those of its internal/command/jsonplan/plan.go at the tags v1.0.0 and v1.0.11.
    """
    members = json.loads(
        document(update({"token": "s-old-12"}, {"token": "s-new-12"}, after_sensitive={"token": True}))
    )
    del members["errored"]
    members |= {"format_version": form, "terraform_version": version}
    found = plan_diff(read_plan(json.dumps(members).encode(), "p.json"))
    assert [rows(change) for change in found.resources] == [
        [("token", "(sensitive value)", "(sensitive value, changed)")]
    ]
    assert (found.complete, found.has_changes) == (True, True)


PLAN = document(resource("a.b", ["create"]))
OTHER = document(resource("a.c", ["create"]))
COMMANDS = b"::debug::stdout: %s%%0A\n::set-output name=stdout::%s%%0A\n::debug::exitcode: 0\n" % (PLAN, PLAN)


def addresses(content: bytes) -> list[list[str]]:
    plans = read_plans(content, "p.json")
    return [[change.address for change in plan.resource_changes or ()] for plan in plans]


@pytest.mark.parametrize(
    "content",
    [
        b"[command]/actions-runner/_work/_temp/1b/terraform-bin show -json plan\n" + PLAN + b"\n" + COMMANDS,
        PLAN + b"\n\n" + COMMANDS,
        PLAN + b"\n" + PLAN + b"\n",
        b"\xe2\x95\xb7\n\xe2\x94\x82 Warning: Provider development overrides are in effect\n\xe2\x95\xb5\n" + PLAN,
        b"time=2024-05-02T10:00:00Z level=info msg=Downloading\n" + PLAN,
        b"[/srv/live/app1] " + PLAN,
        b"\x1b[90m16:12:23.091\x1b[0m STDOUT terraform: " + PLAN + b"\n16:12:24.100 INFO   Done\n",
        b"INFO\r\n" + json.dumps(json.loads(PLAN), indent=2).replace("\n", "\r\n").encode() + b"\r\nINFO",
        b'{"@level":"info","@message":"Terraform 1.11.4"}\n' + PLAN,
    ],
)
def test_reads_a_plan_between_log_lines(content: bytes) -> None:
    """Lines of setup-terraform's wrapper, of warnings and of Terragrunt are skipped, and a plan counts once."""
    assert addresses(content) == [["a.b"]]


@pytest.mark.parametrize("between", [b"\n", b"\n[app2] ", b"\n10:00:00.000 STDOUT [app2] tofu: ", b""])
def test_reads_several_plans(between: bytes) -> None:
    """`terragrunt run-all show -json` prints one plan after the other."""
    assert addresses(PLAN + between + OTHER + b"\n") == [["a.b"], ["a.c"]]


def test_several_plans_are_no_single_one() -> None:
    """Where one is expected, the number is given."""
    with pytest.raises(PlanError, match=r"^p\.json: must be one plan\. Given: 2\.$"):
        read_plan(PLAN + OTHER, "p.json")


@pytest.mark.parametrize("lines", [b"INFO\n", PLAN + b"\n"])
def test_a_cut_plan_is_not_skipped(lines: bytes) -> None:
    """Some versions of Terragrunt cut a line: the report would miss that plan."""
    with pytest.raises(
        PlanError, match=r"^p\.json: the plan in line 2 is not whole \(Input data was truncated\); make"
    ):
        read_plans(lines + OTHER[:-9], "p.json")


def test_the_log_of_a_plan_is_named() -> None:
    """`terraform plan -json` prints messages, one a line, also behind other lines."""
    message = b'{"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui","type":"version","ui":"1.2"}\n'
    for content in (message, message * 2, b"[command]terraform-bin plan -json\n" + message):
        with pytest.raises(PlanError) as raised:
            read_plan(content, "p.json")
        assert str(raised.value) == (
            f"p.json: is the log of `terraform plan -json`, which holds no whole plan; {HOW_TO}"
        )


def test_a_line_that_is_not_json_is_not_printed() -> None:
    """It may be a secret: its start and the remedies are."""
    with pytest.raises(PlanError) as raised:
        read_plan(b"  password=hunter2-and-more\n" + COMMANDS, "p.json")
    assert str(raised.value) == (
        f'p.json: starts with "password=hun…", which is not JSON, and holds no plan; {HOW_TO} '
        "With GitHub's action setup-terraform, set `terraform_wrapper: false`."
    )


DRIFT = '"resource_drift": [{"mode": "", "type": "", "name": "", "change": {"actions": [], "after": {"map": %s}}}]'


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ('"errored": true', "errored"),
        ('"a": [{"b": 1}, {"b": {"c": 1, "c": 2}}]', "a[1].b.c"),
        (DRIFT % '[{"s3cret": 1, "s3cret": 2}]', "resource_drift[0].change.after.…"),
        ('"v": {"default": {"s3cret": 1, "s3cret": 2}}', "v.default.…"),
        ('"a": {"expressions": {"m": {"s3cret": 1, "s3cret": 2}}}', "a.expressions.…"),
        ('"variables": {"v": {"value": [{"s3cret": 1, "s3cret": 2}]}}', "variables.v.value.…"),
    ],
)
def test_a_repeated_key_is_named(members: str, path: str) -> None:
    """By its path, which ends where values start: their keys may be sensitive."""
    with pytest.raises(PlanError) as raised:
        read_plan(PLAN[:-1] + f", {members}}}".encode(), "p.json")
    assert str(raised.value) == f"p.json: has a key twice in one object, at {path}; {HOW_TO}"


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400, "9" * 5000, "-" + "9" * 5000])
def test_reads_numbers_of_any_size(number: str) -> None:
    """Those that no float and no integer of Python's limit holds are shown by their digits."""
    content = document(update({"a": 1, "b": 1.5}, {"a": "NUMBER", "b": 2.5})).replace(b'"NUMBER"', number.encode())
    (change,) = plan_diff(read_plan(content, "p.json")).resources
    (path, old, new), other = rows(change)
    assert (path, old, other) == ("a", "1", ("b", "1.5", "2.5"))
    assert new.strip('"').startswith(number[:20])
    assert len(new) < 600


def test_a_large_number_beside_a_secret_of_the_state() -> None:
    """Both are read: the number as text, and what the state marks."""
    state = {"values": {"n": 7, "s": "s3cret-token"}, "sensitive_values": {"n": True, "s": True}}
    prior = {"values": {"root_module": {"resources": [state]}}}
    content = document(update({"a": 1}, {"a": "s3cret-token", "b": 7.5}), prior_state=prior)
    for number in (b"1e400", b"9" * 400):
        (change,) = plan_diff(read_plan(content.replace(b'"n": 7', b'"n": ' + number), "p.json")).resources
        assert rows(change)[0] == ("a", "(sensitive value)", "(sensitive value, changed)")


def test_a_malformed_document_with_a_large_number_is_refused() -> None:
    """Behind the number, which another reader takes, it has to be JSON all the same."""
    for wrong_end in (b'{"a": 1e400, "b": NaN}', b'{"a": 1e400, "b": }', b'{"format_version": 1e400'):
        with pytest.raises(PlanError, match=r"is not (JSON|whole)"):
            read_plan(PLAN[:-1] + b', "variables": {"v": {"value": 1e400}}, "x": ' + wrong_end + b"}", "p.json")


@pytest.mark.parametrize(
    ("members", "address"),
    [
        ({}, "a.b"),
        ({"index": 0}, "a.b[0]"),
        ({"index": 'x"y', "module_address": "module.m"}, 'module.m.a.b["x\\"y"]'),
        ({"mode": "data"}, "data.a.b"),
    ],
)
def test_reads_drift_without_an_address(members: dict[str, object], address: str) -> None:
    """Terraform 1.0.0 and 1.0.1 leave the address out; it is put together from the other members."""
    drifted = {**resource("a.b", ["update"], {"x": 1}, {"x": 2}), **members}
    del drifted["address"]
    found = read_plan(document(resource_drift=[drifted]), "p.json").resource_drift or ()
    assert [each.address for each in found] == [address]


def test_decodes_only_the_parts_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """What both sides of a change have alike stays JSON, and so does a resource that does not change."""
    decoded = []

    def record(raw: msgspec.Raw) -> Any:
        decoded.append(bytes(raw))
        return msgspec.json.decode(raw)

    for module in (plan, sides):
        monkeypatch.setattr(module, "value_of", record)
    same = {"a": "same", "rules": [{"port": 1}]}
    read = diff(
        resource("aws_x.same", ["no-op"], same, same),
        resource("aws_x.changed", ["update"], {**same, "b": 1}, {**same, "b": 2}),
    )
    assert len(read.resources) == 1
    assert sorted(decoded) == [b"1", b"2"]


@pytest.mark.parametrize("place", [b'"variables": {"v": {"value": "\xff"}}', b'"resource_drift": [], "x": "\xc3"'])
def test_refuses_what_is_not_utf_8_anywhere(place: bytes) -> None:
    """Also in a part that is decoded late or never."""
    with pytest.raises(PlanError, match=r"p\.json: is not JSON \('utf-8' codec"):
        read_plan(document()[:-1] + b", " + place + b"}", "p.json")

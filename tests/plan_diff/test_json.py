"""Plan diffs as JSON for other programs."""

from importlib.resources import files
from json import loads

from product_import.plan_diff.write.json import FORMAT_VERSION, json
from tests.plan_diff.documents import diff, resource, update

SCHEMA = loads(files("product_import.plan_diff.write").joinpath("report.schema.json").read_text(encoding="utf-8"))


def test_says_what_a_plan_does() -> None:
    """With counts as in the last line of `terraform plan`."""
    database = resource("aws_db_instance.x", ["delete", "create"], {"a": 1}, {"a": 2}, replace_paths=[["a"]])
    content = loads(json({"production": diff(database, update({"b": 1}, {"b": 2}, importing={"id": "i"}))}))
    environment = content["environments"]["production"]
    assert content["format_version"] == "1.3"
    assert environment["has_changes"] is True
    assert environment["counts"] == {
        "import": 1, "add": 1, "change": 1, "destroy": 1, "move": 0, "forget": 0, "invoke": 0,
    }  # fmt: skip
    assert environment["dangers"] == [
        {
            "severity": "data_lost",
            "addresses": ["aws_db_instance.x"],
            "event": "is replaced",
            "consequence": "its databases are lost, and its automated backups with them",
            "forced_by": ["a"],
            "remedy": None,
        }
    ]
    assert environment["resources"][0] == {
        "address": "aws_db_instance.x",
        "module": "",
        "action": "replace",
        "also": [],
        "dangerous": True,
        "identity": {},
        "notes": [],
        "arguments": [{"path": "a", "old": "1", "new": "2", "forces_replacement": True}],
    }


def test_a_replacement_that_forgets_destroys_nothing() -> None:
    """As Terraform counts it."""
    content = loads(json({"e": diff(resource("a.b", ["create", "forget"], {"a": 1}, {"a": 2}))}))
    counts = content["environments"]["e"]["counts"]
    assert (counts["add"], counts["destroy"], counts["forget"]) == (1, 0, 1)


def test_the_schema_names_every_member() -> None:
    """What the program writes and what the schema requires are the same members, and the version is the same."""
    alarm = resource("a.b", ["delete"], {"name": "x"})
    moved = resource("aws_iam_role.new", ["no-op"], {}, {}, previous_address="aws_iam_role.old")
    pair = resource("a.c", ["create"], None, {"name": "x"})
    content = loads(json({"e": diff(alarm, moved, pair)}))
    environment = content["environments"]["e"]
    definitions = SCHEMA["$defs"]
    assert SCHEMA["properties"]["format_version"]["const"] == FORMAT_VERSION == content["format_version"]
    assert set(environment) == set(definitions["environment"]["required"])
    assert set(environment) == set(definitions["environment"]["properties"])
    for danger in environment["dangers"]:
        assert set(danger) == set(definitions["danger"]["properties"])
        assert danger["severity"] in definitions["danger"]["properties"]["severity"]["enum"]
    for change in environment["resources"]:
        assert set(change) == set(definitions["change"]["properties"])
        assert change["action"] in definitions["action"]["enum"]

"""aws_iam_policy_document, whose JSON is to be the provider's own to the letter."""

import json
from functools import cache
from typing import Any

from tests.engine.protocol import Asked

import pytest


@cache
def asked() -> Asked:
    return Asked(5)


def document(**arguments: Any) -> str:
    found: str = asked().data("aws_iam_policy_document", **arguments)["json"]
    return found


def text(*statements: Any, **others: Any) -> str:
    return json.dumps({"Version": "2012-10-17", **others, "Statement": list(statements)})


def statement(**arguments: Any) -> Any:
    """What a document makes of one `statement` block."""
    (made,) = json.loads(document(statement=[arguments]))["Statement"]
    return made


def test_the_whole_text() -> None:
    """Two spaces, the order of the keys, one action as a text, several in descending order, `<` and `&` escaped."""
    blocks = [
        {
            "sid": "Read",
            "actions": ["s3:Get*"],
            "resources": ["arn:aws:s3:::a/&{aws:username}/*", "arn:aws:s3:::b"],
        },
        {
            "effect": "Deny",
            "not_actions": ["iam:*", "sts:*"],
            "principals": [{"type": "AWS", "identifiers": ["*"]}],
            "condition": [{"test": "StringNotLike", "variable": "aws:PrincipalTag/x", "values": ["<a&b>"]}],
        },
    ]
    assert (
        document(policy_id="one", statement=blocks)
        == """\
{
  "Version": "2012-10-17",
  "Id": "one",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": "s3:Get*",
      "Resource": [
        "arn:aws:s3:::b",
        "arn:aws:s3:::a/${aws:username}/*"
      ]
    },
    {
      "Effect": "Deny",
      "NotAction": [
        "sts:*",
        "iam:*"
      ],
      "Principal": {
        "AWS": "*"
      },
      "Condition": {
        "StringNotLike": {
          "aws:PrincipalTag/x": "\\u003ca\\u0026b\\u003e"
        }
      }
    }
  ]
}"""
    )


def test_without_statements() -> None:
    found = asked().data("aws_iam_policy_document")
    assert found["json"] == '{\n  "Version": "2012-10-17"\n}'
    assert (found["minified_json"], found["version"]) == ('{"Version":"2012-10-17"}', "2012-10-17")
    # `StringHashcode` of internal/create/hashcode.go: the CRC-32 of the text.
    assert found["id"] == "1132004489"


@pytest.mark.parametrize(
    ("principals", "made"),
    [
        ([("*", ["*"])], "*"),
        ([("AWS", ["*"])], {"AWS": "*"}),
        ([("Service", ["b.com", "a.com", "c.com"])], {"Service": ["c.com", "b.com", "a.com"]}),
        ([("Service", ["a.com"]), ("AWS", ["1"])], {"AWS": "1", "Service": "a.com"}),
    ],
)
def test_principals(principals: list[tuple[str, list[str]]], made: Any) -> None:
    blocks = [{"type": kind, "identifiers": identifiers} for kind, identifiers in principals]
    assert statement(principals=blocks) == {"Effect": "Allow", "Principal": made}
    assert statement(not_principals=blocks) == {"Effect": "Allow", "NotPrincipal": made}


@pytest.mark.parametrize(
    ("partition", "order"),
    [
        ("aws", ["333333333333", "444444444444", "222222222222", "111111111111"]),
        ("aws-us-gov", ["333333333333", "222222222222", "111111111111", "444444444444"]),
    ],
)
def test_order_of_blocks(partition: str, order: list[str]) -> None:
    """That of their hashes, as iam/policy_document_data_source_test.go of the provider has it for these principals."""
    accounts = [["111111111111", "222222222222"], ["333333333333"], ["444444444444"]]
    arns = [[f"arn:{partition}:iam::{account}:root" for account in block] for block in accounts]
    made = statement(principals=[{"type": "AWS", "identifiers": identifiers} for identifiers in arns])
    assert made["Principal"]["AWS"] == [f"arn:{partition}:iam::{account}:root" for account in order]


def test_conditions() -> None:
    """Sorted by test and variable; values keep their order, and one alone is no list."""
    conditions = [("StringLike", "b", ["z", "a"]), ("StringLike", "a", ["&{aws:userid}"]), ("Bool", "c", [""])]
    blocks = [{"test": test, "variable": variable, "values": values} for test, variable, values in conditions]
    made = statement(condition=blocks)["Condition"]
    assert json.dumps(made) == json.dumps({"Bool": {"c": ""}, "StringLike": {"a": "${aws:userid}", "b": ["z", "a"]}})


def test_two_conditions_of_one_variable() -> None:
    """Their values are added up."""
    blocks = [{"test": "StringLike", "variable": "a", "values": [value]} for value in ("1", "2")]
    assert sorted(statement(condition=blocks)["Condition"]["StringLike"]["a"]) == ["1", "2"]


def test_merging() -> None:
    """Sources come first, then statements, then overrides; the same Sid takes the place of the earlier statement."""
    first = text({"Sid": "a", "Effect": "Allow", "Action": ["s3:*"]}, {"Effect": "Deny", "Action": "x:*"}, Id="first")
    second = text({"Sid": "b", "Effect": "Allow", "Action": ["s3:*"], "Resource": []})
    own = [{"sid": "b", "actions": ["own:*"]}, {"actions": ["last:*"]}]
    override = text({"Sid": "a", "Effect": "Deny", "Action": "a:*"}, {"Sid": "c", "Effect": "Deny", "Action": "c:*"})
    made = json.loads(
        document(source_policy_documents=[first, "", second], statement=own, override_policy_documents=[override])
    )
    assert made["Id"] == "first"
    assert [(each.get("Sid"), each["Action"]) for each in made["Statement"]] == [
        ("a", "a:*"),
        (None, "x:*"),
        ("b", "own:*"),
        (None, "last:*"),
        ("c", "c:*"),
    ]


def test_what_is_read_of_a_document() -> None:
    """Lists of actions stay as they are, principals are ordered, conditions flattened, unknown keys dropped."""
    given = {
        "Sid": "",
        "effect": "Allow",
        "Action": ["b:*", "c:*", "a:*"],
        "Resource": ["*"],
        "Principal": {"Service": ["a.com"], "AWS": ["1", "2"]},
        "Condition": {"Bool": {"d": False, "c": ["true"]}, "NumericLessThan": {"e": 5}},
        "Comment": "dropped",
    }
    (made,) = json.loads(document(source_policy_documents=[text(given)]))["Statement"]
    assert json.dumps(made) == json.dumps(
        {
            "Effect": "Allow",
            "Action": ["b:*", "c:*", "a:*"],
            "Resource": ["*"],
            "Principal": {"AWS": ["2", "1"], "Service": ["a.com"]},
            "Condition": {"Bool": {"c": "true", "d": "false"}},
        }
    )


def test_a_principal_that_is_a_text() -> None:
    given = {"Effect": "Allow", "Action": "a:*", "Principal": "*"}
    assert json.loads(document(source_policy_documents=[text(given)]))["Statement"] == [given]


def test_version() -> None:
    """The newer one of those that are merged."""
    old = json.dumps({"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Action": "a:*"}]})
    assert json.loads(document(version="2008-10-17", override_policy_documents=[old]))["Version"] == "2008-10-17"
    assert json.loads(document(version="2008-10-17", override_policy_documents=[text()]))["Version"] == "2012-10-17"
    assert json.loads(document(override_policy_documents=[old]))["Version"] == "2012-10-17"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"statement": [{"sid": "a"}, {"sid": "a"}]},
            r"writing IAM Policy Document: duplicate Sid \(a\)\. Remove the Sid or ensure the Sid is unique\.",
        ),
        (
            {"source_policy_documents": [text({"Sid": "a"}), text({"Sid": "b"}, {"Sid": "a"})]},
            r"writing IAM Policy Document: merging source document 1: duplicate Sid \(a\) in source_policy_documents "
            r"\(statement 1\)\. Remove the Sid or ensure Sids are unique\.",
        ),
        ({"override_policy_documents": ["{"]}, "writing IAM Policy Document: merging override document 0: "),
        ({"source_policy_documents": ["[]"]}, "writing IAM Policy Document: merging source document 0: "),
        ({"version": "2012"}, r'expected version to be one of \["2008-10-17" "2012-10-17"\], got 2012'),
        (
            {"version": "2008-10-17", "statement": [{"resources": ["&{x}"]}]},
            r"writing IAM Policy Document: reading resources: found &\{ sequence in \(&\{x\}\), which is not supported",
        ),
    ],
)
def test_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        document(**arguments)

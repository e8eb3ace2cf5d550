"""Terraform's expressions, by values written out."""

from typing import Any

from product_import.configuration import ExpressionError, Unknown
from product_import.configuration.expressions import arguments, template

import pytest


class Scope:
    """Two variables, a resource and a loop's name."""

    def variable(self, name: str) -> Any:
        return {"n": 3, "tags": {"a": "x"}}.get(name, Unknown(f"var.{name}"))

    def local(self, name: str) -> Any:
        return f"local {name}"

    def attribute(self, resource_type: str, name: str, attribute: str) -> Any:
        return f"{resource_type}/{name}/{attribute}"

    def symbol(self, name: str) -> Any:
        return {"metric_query": {"value": 7}}[name]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${var.n}", 3),
        ("a ${var.n} b", "a 3 b"),
        ("$${var.n} %%{x}", "${var.n} %{x}"),
        ("${local.x}", "local x"),
        ("${aws_x.y.name}", "aws_x/y/name"),
        ("${aws_x.y[0].name}", "aws_x/y/name"),
        ("node_${metric_query.value}", "node_7"),
        ("${1 + 2 * 3 - 4 / 2}", 5),
        ("${(1 + 2) * -3}", -9),
        ("${var.n > 2 && !(var.n == 4) || false}", True),
        ('${var.n >= 4 ? "big" : "small"}', "small"),
        ('${[1, "two", true, null]}', [1, "two", True, None]),
        ('${{"a" = 1, b = var.n}}', {"a": 1, "b": 3}),
        ('${{ "2" = [5, 6] }[tostring(2)]}', [5, 6]),
        ("${range(1, var.n + 1)}", [1, 2, 3]),
        ("${range(3, 0, -1)}", [3, 2, 1]),
        ("${range(2, 2)}", []),
        ("${[for i in range(3) : i * 2 if i > 0]}", [2, 4]),
        ("${{for k, v in var.tags : v => k}}", {"x": "a"}),
        ("${var.tags.a}", "x"),
        ('${merge(var.tags, {"b" = "y"})}', {"a": "x", "b": "y"}),
        ('${can(tonumber("x"))}', False),
        ('${try(tonumber("x"), 5)}', 5),
        ('${jsonencode({"b" = var.n, "a" = "q\\""})}', '{"a":"q\\"","b":3}'),
        ("${slice([1, 2, 3], 0, (var.n == 3) ? 1 : 2)}", [1]),
        ('${join("-", ["a", var.n])}', "a-3"),
        ('${regex("^(?:[^:]+:){2}[^:]+", "a:b:c:d")}', "a:b:c"),
        ('${urlencode("a b#")}', "a+b%23"),
        ("${10 / 4}", 2.5),
    ],
)
def test_an_expression_has_terraforms_value(text: str, value: object) -> None:
    """Numbers are of one type, strings keep what surrounds an expression."""
    assert template(text)(Scope()) == value


@pytest.mark.parametrize(
    "text", ["${var.other}", "a ${var.other}", "${var.other + 1}", "${var.other ? 1 : 2}", "${tostring([var.other])}"]
)
def test_what_depends_on_the_unknown_is_unknown(text: str) -> None:
    """By the address that an apply would make known."""
    assert template(text)(Scope()) == Unknown("var.other")


def test_a_list_with_an_unknown_part_keeps_the_rest() -> None:
    """So that the containers of a task can be read before its ARNs exist."""
    assert template('${jsonencode([{"a" = 1, "b" = var.other}])}')(Scope()) == (
        '[{"a":1,"b":"(known after apply: var.other)"}]'
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('${cidrhost("10.0.0.0/8", 8, 1)}', "cidrhost"),
        ("%{ if true }x%{ endif }", "%{ if true }"),
        ("${aws_x.y[*].name}", r"\*"),
        ("${aws_x.y[1].name}", "1]"),
        ("${path.module}", "path"),
        ("${1 +}", "}"),
        ('${"open}', "quote"),
        ("${try(cidrhost(1), 2)}", "cidrhost"),
        ("${can(no_such_name)}", "no_such_name"),
        ("${try(1 / 0, 2)}", "division by zero"),
        ('${try(tonumber("inf"), 2)}', "inf"),
        ("${try(1e999999999, 2)}", "1e999999999"),
        ("${try(1e999 + 0.5, 2)}", "number of this size"),
        ('${try(regex("a(?=b)", "ab"), 2)}', "pattern"),
    ],
)
def test_what_is_not_known_is_refused_by_name(text: str, names: str) -> None:
    """Never guessed: not even inside try(), which hides failures."""
    with pytest.raises(ExpressionError, match=names):
        template(text)(Scope())


@pytest.mark.parametrize(
    "text", ['${tonumber("A sentence.")}', "${1 / 0}", "${[1][3]}", '${"a" + 1}', "${1 ? 2 : 3}", "${slice(1, 2)}"]
)
def test_what_fails_is_an_error(text: str) -> None:
    """Of the kind that the user sees."""
    with pytest.raises(ExpressionError):
        template(text)(Scope())


def test_what_fails_with_the_text_of_a_limit_is_no_limit() -> None:
    """A value may have any text."""
    assert template('${try(tonumber("not known here"), 2)}')(Scope()) == 2


def test_an_error_in_a_heredoc_has_its_line() -> None:
    """That of the file."""
    with pytest.raises(ExpressionError, match="line 3: "):
        arguments("a = <<E\nx\n${+}\nE\n")


def test_a_tfvars_file() -> None:
    """Literals of every kind, comments, and lines of one's own choice."""
    text = '# all\na = 1 // one\nb = [\n  "x",\n  "y",\n]\n/* c */ c = { k = "v", "l" = true }\nd=null\ne = -2.5e1'
    assert {name: value(Scope()) for name, value in arguments(text).items()} == {
        "a": 1,
        "b": ["x", "y"],
        "c": {"k": "v", "l": True},
        "d": None,
        "e": -25,
    }

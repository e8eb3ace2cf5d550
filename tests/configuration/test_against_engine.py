"""What is evaluated here against `terraform console`: the same value, or refused by both."""

import json
import math
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from product_import.configuration.expressions import arguments, template
from product_import.configuration.values import ExpressionError, Names
from product_import.engine import Executable
from tests.configuration.generated import Expressions

import pytest

REFUSED = "refused"
# One of a thousand differs with other seeds: values here do not know whether a list is a tuple or a set.
SEED, COUNT = 21, 400
# A console takes lines of up to 64 KiB.
AT_ONCE = 100

BY_HAND = [
    *(
        '-"a"',
        '-"5"',
        "1e999 > 0",
        'tonumber("1_0")',
        'tonumber(" 5 ")',
        'tonumber("+5.0")',
        "[for x in 5 : x]",
        "[[1]][0][0]",
    ),
    *(
        "-5 % 3",
        "5 % -3",
        "5.5 % 2",
        "1 % 0",
        "1 == true",
        "1 == 1.0",
        '1 == "1"',
        '"a" < "b"',
        '"5" > 3',
        "0.1 + 0.2 == 0.3",
    ),
    *(
        "null == 1",
        "[1] == [1]",
        "{} == {}",
        '[1] == ["1"]',
        "[1][-1]",
        '[1]["0"]',
        "[1][true]",
        '"abc"[0]',
        '{"0" = 1}[0]',
    ),
    *('"1" ? 1 : 2', "null ? 1 : 2", 'true ? 1 : "a"', "true ? 1 : true", "true ? 1 : null", 'true ? [1] : ["a"]'),
    *(
        "true ? [1] : []",
        "true ? {a = 1} : {b = 2}",
        'true ? {a = 1, b = "x"} : {}',
        "true ? {a = 1} : []",
        'true ? [1, "a"] : [2]',
    ),
    *(
        "[for k, v in {b = 1, a = 2} : k]",
        "{for x in [1, 1] : x => x}",
        "{a = 1, a = 2}",
        "{(null) = 1}",
        '"a${null}"',
        '"${[1]}"',
    ),
    *(
        "length(5)",
        "length(null)",
        "max()",
        "upper(null)",
        "tobool(1)",
        'tobool("1")',
        "contains([1], null)",
        "one([1, 2])",
        "one(5)",
    ),
    *(
        "range(0, 3, 0)",
        "range(0, 3, -1)",
        "range(1025)",
        "slice([1], 0, 2)",
        "element([], 0)",
        'sort([2, 10, "a"])',
        "sort([null])",
    ),
    *(
        'regex("^a$", "a\\n")',
        'regex("^[\\\\p{L}\\\\p{Z}]+$", "ü é")',
        'regex("(?s:a.b)", "a\\nb")',
        'regex("[$]", "$")',
        'regex("[", "a")',
    ),
    *(
        "jsonencode(1.50)",
        'jsonencode("<&>ü")',
        'jsondecode("1.0")',
        'jsondecode("NaN")',
        "tostring(1e21)",
        "tostring(0.0000001)",
    ),
    *(
        '"\\u00e9"',
        '"\\U0001f600"',
        '"%%{ $${"',
        "1.5e3",
        "!true",
        '!"false"',
        "{true = 1}",
        '{"a": 1}.a',
        "{a = {b = 1}}.a.b",
    ),
    *(
        'cidrsubnet("10.0.0.0/8", 8, 256)',
        'cidrsubnet("10.0.0.0/8", 8, 255)',
        'lookup({a = 1}, "b")',
        "merge({a = 1}, null)",
        "merge()",
    ),
]

# Content of var files: their syntax is stricter than that of a module, and the console reads one line only.
FILES = [
    *(
        "n = 3.0",
        "n = 3 m = 2",
        "n = 3, m = 2",
        "n = 3 /* c */ # d\nm = 2 // e\n",
        "n =\n3",
        "n = 1 +\n2",
        "n = (1 +\n2)",
        'n = "1_0"',
    ),
    *(
        "n = 1_0",
        "n = 0x10",
        "n = .5",
        "n = 5.",
        "n = 1e3",
        "n = -5 % 3",
        "n = max(1, 2)",
        "n = x",
        "n = var.x",
        '"n" = 1',
        "n { }",
        "n",
    ),
    *(
        "n = [1,\n2,\n]",
        "n = [1\n2]",
        "n = [1 2]",
        "n = [\n]",
        "n = [,]",
        "n = [1,,2]",
        "n = {a = 1 b = 2}",
        "n = {a = 1, b = 2,}",
    ),
    *(
        "n = {a = 1\nb = 2\n\n# c\nc = 3}",
        "n = {\n}",
        "n = {a =\n1}",
        "n = {a\n= 1}",
        "n = {a = 1\n, b = 2}",
        "n = {a = 1 +\n2}",
    ),
    *(
        "n = {a = [1,\n2]}",
        'n = {"a": 1}',
        "n = {1 = 2}",
        'n = {("a") = 1}',
        "n = {a.b = 1}",
        "n = {for = 1}",
        "n = [for x in [1] : x]",
    ),
    *(
        "n = {for k, v in {a = 1} :\nk => v}",
        "n = [[1]].0.0",
        "n = [[1]].0[0]",
        'n = "a\nb"',
        'n = "\\t\\u00e9\\q"',
        'n = "\\t\\u00e9"',
        'n = "$${x}"',
    ),
    *(
        "n = <<EOT\na\n  b\nEOT\n",
        "n = <<-EOT\n    a\n      b\n    EOT\nm = 1\n",
        "n = <<-EOT\n  a\n\n  b\nEOT\n",
        "n = <<EOT\nEOT\n",
    ),
    *(
        'n = <<EOT\n"\\n" ${1 + 1} $${x}\nEOT\n',
        "n = [<<A\nx\nA\n, 2]",
        "n = <<EOT\na\n",
        "n = <<EOT\na\nEOT",
        "n = <<EOT a\nEOT\n",
    ),
    *(
        "n = {a = <<E\nx\nE\nb = 2}",
        "n = <<-E\n\ta\n\t b\n\tE\n",
        "n = <<-E\n  a\n   \n   b\nE\n",
        "n = <<-E\n \ta\n\t b\nE\n",
        "n = <<-E\n  a\n  ${1}\n b${2}\n  E\n",
        "n = <<E\r\na\r\nE\r\n",
        "n = <<E\na\n  E x\nE\n",
        "n = <<E\na\n  E  \n",
    ),
    *(
        "n = true ? 1 : 2",
        "n = true ?\n1 : 2",
        "n = - 5",
        "n = !true",
        "n = null\n",
        "",
        "# c",
        "n = 1\n\n\nm = 2",
        "n = 1;m = 2",
        "n = 5x",
    ),
    *(
        "n = é",
        "é = 1",
        "a-b = 1",
        "_a = 1",
        "1a = 1",
        "n = {a-b = 1}",
        'n = "a" "b"',
        "n = [1]\n[0]",
        "n = {a = 1}\n.a",
        "n = `a`",
    ),
]


def console(executable: Executable, folder: Path, expressions: Sequence[str]) -> list[Any]:
    """The value of each expression, or REFUSED."""
    found: list[Any] = []
    for first in range(0, len(expressions), AT_ONCE):
        tried = (f'try({{v = {each}}}, "{REFUSED}")' for each in expressions[first : first + AT_ONCE])
        # What cannot be JSON, such as an infinite number, is refused too.
        encoded = (f'try(jsonencode({each}), jsonencode("{REFUSED}"))' for each in tried)
        done = subprocess.run(
            [executable.path, "console", "-no-color"],
            input=f"jsonencode([{', '.join(encoded)}])",
            cwd=folder,
            env={**os.environ, "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        texts = [json.loads(each) for each in json.loads(json.loads(done.stdout))]
        found += [each if each == REFUSED else each["v"] for each in texts]
    return found


def evaluated(expression: str) -> Any:
    try:
        return template(f"${{{expression}}}")(Names({}, "a test"))
    except ExpressionError:
        return REFUSED


def read(file: str) -> Any:
    try:
        return {name: value(Names({}, "a file of inputs")) for name, value in arguments(file).items()}
    except ExpressionError:
        return REFUSED


def alike(left: Any, right: Any) -> bool:
    """Equal in type and value, except for digits of a number that 53 bits do not hold."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return math.isclose(left, right, rel_tol=1e-12)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(alike(left[key], right[key]) for key in left)
    return bool(left == right)


def test_expressions_have_the_engines_values(executable: Executable, tmp_path: Path) -> None:
    """Those that were wrong once, and generated ones; of these at least a third has a value, and a third none."""
    generator = Expressions(SEED)
    generated = [generator.any(3) for _ in range(COUNT)]
    told = console(executable, tmp_path, BY_HAND + generated)
    differ = [
        (expression, engine, ours)
        for expression, engine in zip(BY_HAND + generated, told, strict=True)
        if not alike(ours := evaluated(expression), engine)
    ]
    assert differ == []
    assert COUNT / 3 < told[len(BY_HAND) :].count(REFUSED) < 2 * COUNT / 3


def test_var_files_are_read_as_the_engine_reads_them(executable: Executable, tmp_path: Path) -> None:
    """Where a line ends, what needs a comma, heredocs, and what only a module may hold."""
    if executable.name != "Terraform" or executable.version < (1, 8, 0):
        pytest.skip("The function that reads var files is one of Terraform 1.8 and later.")
    builtin = {"terraform": {"required_providers": {"terraform": {"source": "terraform.io/builtin/terraform"}}}}
    (tmp_path / "main.tf.json").write_text(json.dumps(builtin))
    subprocess.run([executable.path, "init"], cwd=tmp_path, check=True, capture_output=True)
    literals = [json.dumps(file, ensure_ascii=False).replace("${", "$${") for file in FILES]
    told = console(executable, tmp_path, [f"provider::terraform::decode_tfvars({each})" for each in literals])
    differ = [
        (file, engine, ours) for file, engine in zip(FILES, told, strict=True) if not alike(ours := read(file), engine)
    ]
    assert differ == []

"""Tests of the last step of each writer, which hides secrets that earlier stages missed."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from json import loads
from pathlib import Path

import product_import.plan_diff
from product_import.plan_diff.compare.changes import plan_diffs
from product_import.plan_diff.compare.diff import PlanDiff
from product_import.plan_diff.compare.secrets import Secrets
from product_import.plan_diff.read.plan import read_plan
from product_import.plan_diff.write.json import json
from product_import.plan_diff.write.markdown import markdown
from product_import.plan_diff.write.printing import print_report
from product_import.plan_diff.write.text import text
from tests.plan_diff.documents import diff, document, resource, update

import pytest

SECRET = "s3cret/of-somebody:else"
WRITERS: Mapping[str, Callable[[Mapping[str, PlanDiff]], str]] = {"text": text, "markdown": markdown, "json": json}
every_writer = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


@every_writer
def test_a_secret_in_an_address_is_hidden_and_the_rest_is_shown(write: Callable[[Mapping[str, PlanDiff]], str]) -> None:
    """A key of `for_each` may be secret; the resource is still named."""
    found = diff(
        resource(f'aws_iam_user.u["{SECRET}"]', ["delete"], {"name": "u"}),
        update({"token": "a"}, {"token": SECRET}, after_sensitive={"token": True}),
    )
    content = write({"plan": found})
    assert SECRET not in content.replace("<wbr>", "")
    assert "aws_iam_user" in content
    assert "(sensitive value)" in content


@every_writer
def test_a_secret_in_the_name_of_an_environment_is_hidden(write: Callable[[Mapping[str, PlanDiff]], str]) -> None:
    """It is the name of a file; a secret of one environment is hidden in all."""
    hidden = replace(diff(update({"a": 1}, {"a": 2})), secrets=Secrets([SECRET]))
    content = write({"other": diff(), f"{SECRET} 2": diff(update({"a": 1}, {"a": 3})), SECRET: hidden})
    assert SECRET not in content.replace("<wbr>", "")
    assert "other" in content


@every_writer
def test_no_part_of_another_environments_secret_is_left_in_an_excerpt(
    write: Callable[[Mapping[str, PlanDiff]], str],
) -> None:
    """Long texts are cut near a difference, through a secret that only the other plan marks."""
    secret = f"{'many-letters-' * 5}the-end-of-it"
    marks = document(update({"token": "a"}, {"token": secret}, after_sensitive={"token": True}))
    around = "some words " * 20
    repeats = document(update({"text": f"{around}{secret} 1 {around}"}, {"text": f"{around}{secret} 2 {around}"}))
    content = write(plan_diffs({"one": read_plan(marks, "one"), "two": read_plan(repeats, "two")}))
    assert "the-end-of-it" not in content.replace("<wbr>", "")


def test_an_error_names_no_environment_that_is_secret(capsys: pytest.CaptureFixture[str]) -> None:
    """Text on standard error is hidden too."""
    failed = replace(diff(errored=True), secrets=Secrets([SECRET]))
    assert print_report({SECRET: failed}, "text", None, fail_on_danger=False) == 1
    assert capsys.readouterr().err == "error: Terraform failed while planning: (sensitive value)\n"


def test_environments_keep_names_of_their_own() -> None:
    """Two hidden names are two members of the JSON."""
    hidden = replace(diff(), secrets=Secrets(["first-secret", "second-secret"]))
    content = loads(json({"first-secret": hidden, "second-secret": hidden}))
    assert list(content["environments"]) == ["(sensitive value)", "(sensitive value) 2"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (f"before {SECRET} after", "before (sensitive value) after"),
        (f'a.b["{SECRET}"].c', 'a.b["(sensitive value)"].c'),
        (f'"{SECRET.replace("/", "%2F")}" and "more"', '"(sensitive value)" and "more"'),
        (f"{SECRET.replace('/', '%2F')} and more", "(sensitive value)"),
        ("overlapping-and-more", "(sensitive value)-more"),
        ("it-is-wholly-inside-of-it!", "(sensitive value)!"),
        ("nothing", "nothing"),
    ],
)
def test_hides_no_more_than_it_must(given: str, shown: str) -> None:
    """A quoted or plain secret is hidden alone; one in another encoding hides the whole text."""
    others = ("overlapping", "lapping-and", "it-is-wholly-inside-of-it", "wholly-inside")
    assert Secrets([SECRET, *others]).hide(given) == shown


@every_writer
def test_names_in_code_stay_readable(write: Callable[[Mapping[str, PlanDiff]], str]) -> None:
    """A user may be called as a resource, a module or an argument is; as a value and a key it is hidden."""
    values = ("postgres", "administrator", "password", "username")
    marked = {f"s{index}": value for index, value in enumerate(values)}
    found = diff(
        resource("a.secrets", ["no-op"], marked, marked, before_sensitive=True),
        resource(
            'module.administrator.random_password.postgres["postgres"]',
            ["update"],
            {"username": 1, "a": "", "b": "", "c": ""},
            {"username": 2, "a": "password", "b": "postgres", "c": "administrator"},
            module_address="module.administrator",
        ),
        configuration={"root_module": {"module_calls": {"administrator": {"module": {}}}}},
    )
    other = replace(diff(update({"a": 1}, {"a": "other-secret"})), secrets=Secrets(["other-secret"]))
    content = write({"plan": found, "other": other}).replace("<wbr>", "").replace("&#34;", '"').replace('\\"', '"')
    assert 'module.administrator.random_password.postgres["(sensitive value)"]' in content
    assert "username" in content
    for value in (*values, "other-secret"):
        assert f'"{value}"' not in content.replace('"path": "username"', "")


# What is written there is no plan: the report as a comment, a configuration and inputs to deploy with, and warnings
# about names of inputs.
OTHER_OUTPUT = {
    ("write/comment.py", "write"),
    ("working_tree.py", "print"),
    ("working_tree.py", "write"),
    ("environments.py", "write_text"),
}
PRINTING = {"print", "write", "writelines", "write_text", "write_bytes", "stdout", "stderr", "warn", "warning", "info"}


def test_nothing_is_printed_elsewhere() -> None:
    """What a writer returns is all that is printed, by one module."""
    folder = Path(product_import.plan_diff.__path__[0])
    found = {
        (file.relative_to(folder).as_posix(), name)
        for file in folder.rglob("*.py")
        for name in _printing(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert {(file, name) for file, name in found if file != "write/printing.py"} == OTHER_OUTPUT


def _printing(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in PRINTING:
                yield name


def test_the_template_marks_nothing_as_safe() -> None:
    """Only what the functions of the writer made of hidden texts is `Markup`."""
    folder = Path(product_import.plan_diff.__path__[0], "write")
    (template,) = folder.rglob("*.j2")
    assert "safe" not in template.read_text(encoding="utf-8")
    tree = ast.parse((folder / "markdown.py").read_text(encoding="utf-8"))
    makers = {
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and any(isinstance(node, ast.Name) and node.id == "Markup" for body in function.body for node in ast.walk(body))
    }
    assert makers == {"code", "codes", "_alike", "_heading"}

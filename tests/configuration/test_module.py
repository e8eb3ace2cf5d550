"""The module with an operator's inputs in it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import.configuration import Configuration, Unknown
from product_import.errors import UserError
from product_import.plan_diff.environments import ENVIRONMENTS

import pytest


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        ({"worker_cpu": 3}, "The worker_cpu must be one of 256, 512, 1024, 2048, 4096, 8192, 16384. Given: 3."),
        ({"worker_cpu": "many"}, 'The worker_cpu must be a number. Given: "many".'),
        ({"worker_max_count": 1}, "The worker_max_count must not be below the worker_min_count."),
        ({"private_subnet_ids": "x"}, 'The private_subnet_ids must be a list(string). Given: "x".'),
        ({"worker_min": 3}, "The module has no input worker_min (similar: "),
        ({"redis_auth_token": "s3cret"}, "The redis_auth_token must be 16 to 128 letters"),
        ({"redis_auth_token": ["s3cret"]}, "The redis_auth_token must be a string. Given: (sensitive value)."),
    ],
)
def test_a_wrong_input_is_refused_by_the_modules_own_rules(
    module: Mapping[str, Any], inputs: Mapping[str, Any], text: str
) -> None:
    """With the texts that an engine would show; a sensitive value does not."""
    with pytest.raises(UserError) as caught:
        Configuration(module, inputs)
    assert str(caught.value).startswith(text)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_rule_and_every_argument_can_be_evaluated(module: Mapping[str, Any], environment: str) -> None:
    """An input whose rule uses a function that is not known here would be refused though it is right."""
    configuration = Configuration(module, ENVIRONMENTS[environment])
    for resource_type, named in module["resource"].items():
        for name in configuration.resources(resource_type):
            for argument in named[name]:
                if argument != "dynamic":
                    configuration.resource(resource_type, name).get(argument)


def test_a_value_is_converted_as_terraform_does(module: Mapping[str, Any]) -> None:
    """A number in quotes is a number."""
    configuration = Configuration(module, {"worker_min_count": "4"})
    assert configuration.resource("aws_appautoscaling_target", "import_worker")["min_capacity"] == 4


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.tfvars", 'worker_cpu = 1024.0\nworker_max_count = 1.2e1\nredis_num_replicas = "2.0"'),
        ("x.tfvars.json", '{"worker_cpu": 1024.0, "worker_max_count": 1.2e1, "redis_num_replicas": "2.0"}'),
    ],
)
def test_a_whole_number_may_be_written_with_a_fraction(
    synthesized: Path, tmp_path: Path, name: str, content: str
) -> None:
    """Terraform has one type of number: what depends on it is as of the whole one."""
    (tmp_path / name).write_text(content)
    read = Configuration.read(synthesized / "modules/product-import", tmp_path / name)
    values = [read.variable(each) for each in ("worker_cpu", "worker_max_count", "redis_num_replicas")]
    assert [str(value) for value in values] == ["1024", "12", "2"]
    assert read.resource("aws_ecs_task_definition", "import_worker")["cpu"] == "1024"


def test_a_wrong_input_may_have_any_text(module: Mapping[str, Any]) -> None:
    """That of an error of ours, too: the rule's own text is shown."""
    with pytest.raises(UserError, match=r"^The environment must"):
        Configuration(module, {"environment": "not known here"})


def test_what_no_input_tells_is_unknown(module: Mapping[str, Any]) -> None:
    """A required input may be left out: sizes and limits do not depend on it."""
    configuration = Configuration(module, {})
    assert configuration.resource("aws_ecs_service", "import_worker")["name"] == Unknown("var.environment")
    assert configuration.resource("aws_ecs_task_definition", "import_worker")["cpu"] == "2048"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.tfvars", 'worker_min_count = 4\ntags = {a = "b"}'),
        ("x.tfvars.json", json.dumps({"worker_min_count": 4, "tags": {"a": "b"}})),
    ],
)
def test_both_forms_of_files_are_read(synthesized: Path, tmp_path: Path, name: str, content: str) -> None:
    """HCL and JSON."""
    (tmp_path / name).write_text(content)
    configuration = Configuration.read(synthesized / "modules/product-import", tmp_path / name)
    assert configuration.variable("worker_min_count") == 4
    assert configuration.variable("tags") == {"a": "b"}


def test_a_file_of_windows_is_read(synthesized: Path, tmp_path: Path) -> None:
    """With a byte order mark and its ends of lines, as Terraform reads it."""
    (tmp_path / "x.tfvars").write_bytes(b"\xef\xbb\xbfworker_min_count = 4\r\nworker_max_count = 9\r\n")
    configuration = Configuration.read(synthesized / "modules/product-import", tmp_path / "x.tfvars")
    assert (configuration.variable("worker_min_count"), configuration.variable("worker_max_count")) == (4, 9)


def test_a_file_in_another_encoding_is_named(synthesized: Path, tmp_path: Path) -> None:
    """As PowerShell writes one."""
    (tmp_path / "x.tfvars").write_text("worker_min_count = 4", encoding="utf-16")
    with pytest.raises(UserError, match=r"x\.tfvars: must be text in UTF-8\.$"):
        Configuration.read(synthesized / "modules/product-import", tmp_path / "x.tfvars")


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("x.tfvars", "worker_min_count = var.x", "var.x: a file of inputs cannot refer to the module."),
        ("x.tfvars", "a = 1\nworker_min_count 4", "line 2"),
        ("x.tfvars", "worker_min_count =  # to come\nworker_max_count = 9", "worker_min_count has no value"),
        ("x.tfvars", "worker_max_count =", "worker_max_count has no value"),
        ("x.tfvars.json", "[1]", "must be a JSON object"),
        ("x.tfvars", "worker_max_count = 8\nworker_max_count = 9", "worker_max_count has two values"),
        ("x.tfvars", f"tags = {'[' * 9999}", "nested too deeply"),
        ("x.tfvars", "tags = {", "not known here: the end of the text"),
        ("x.tfvars.json", "{", "no JSON"),
        ("x.tfvars.json", '{"worker_max_count": 8, "worker_max_count": 9}', "worker_max_count has two values"),
        ("x.tfvars.json", "[" * 9999, "nested too deeply"),
        ("x.tfvars", "worker_cpu = 3", "The worker_cpu must be one of"),
    ],
)
def test_a_wrong_file_is_named(synthesized: Path, tmp_path: Path, name: str, content: str, text: str) -> None:
    """With what is wrong in it."""
    (tmp_path / name).write_text(content)
    with pytest.raises(UserError) as caught:
        Configuration.read(synthesized / "modules/product-import", tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert text in str(caught.value)


def test_a_resource_that_is_not_made_is_left_out() -> None:
    """One with a count of 0; one with a count of 1 is there."""
    tree = {
        "variable": {"on": {"type": "bool", "default": False}},
        "resource": {"aws_x": {"y": {"count": "${var.on ? 1 : 0}"}}},
    }
    assert list(Configuration(tree, {}).resources("aws_x")) == []
    assert list(Configuration(tree, {"on": True}).resources("aws_x")) == ["y"]


def test_a_dynamic_block_has_what_its_iterator_holds() -> None:
    """The key, the value, and an attribute of the value, which looks like that of a resource."""
    content = {"key": "${each_part.key}", "whole": "${each_part.value}", "name": "${each_part.value.name}"}
    dynamic = {"each_part": {"for_each": '${[{"name" = "a"}, {"name" = "b"}]}', "content": content}}
    tree = {"variable": {}, "resource": {"aws_x": {"y": {"dynamic": dynamic}}}}
    assert Configuration(tree, {}).resource("aws_x", "y").blocks("each_part") == [
        {"key": 0, "whole": {"name": "a"}, "name": "a"},
        {"key": 1, "whole": {"name": "b"}, "name": "b"},
    ]


def test_what_a_dynamic_block_ranges_over_may_be_unknown() -> None:
    """Then it has no blocks, and says on what it depends."""
    tree = {
        "variable": {},
        "resource": {
            "aws_a": {"b": {}},
            "aws_x": {"y": {"dynamic": {"part": {"for_each": "${aws_a.b.members}", "content": {}}}}},
        },
    }
    resource = Configuration(tree, {}).resource("aws_x", "y")
    assert resource.blocks("part") == []
    assert resource.dynamic("part") == Unknown("aws_a.b.members")

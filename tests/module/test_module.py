"""The synthesized module against the contract with its users."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from product_import.configuration import Configuration
from product_import.inputs.tags import OWN_TAGS
from product_import.plan_diff.environments import REQUIRED
from tests.contract import CONTRACT, NEW_INPUTS, OPTIONAL_ADDRESSES
from tests.project import artefacts, root_tree


def test_the_addresses_are_those_of_the_contract(module: Mapping[str, Any]) -> None:
    """No resource is missing, renamed or added; those of an option count by it, and are none by default."""
    resources = {f"{kind}.{name}": each for kind, named in module["resource"].items() for name, each in named.items()}
    assert {address for address, each in resources.items() if "count" not in each} == set(CONTRACT["resources"])
    assert len(CONTRACT["resources"]) == 25
    assert {f"{address}[0]": each["count"] for address, each in resources.items() if "count" in each} == {
        address: f"${{var.{option} ? 1 : 0}}"
        for option, addresses in OPTIONAL_ADDRESSES.items()
        for address in addresses
    }


def test_the_names_are_those_of_the_contract(module: Mapping[str, Any]) -> None:
    """The arguments whose change would replace a resource are as they were, with later inputs at their defaults."""
    service = "arn:aws:ecs:us-east-1:123456789012:service/main/production-product-import-worker"
    configuration = Configuration(module, REQUIRED, {"aws_ecs_service.import_worker.id": service})
    for address, arguments in CONTRACT["resources"].items():
        kind, name = address.split(".")
        resource = configuration.resources(kind)[name]
        for argument, value in arguments.items():
            expected = re.sub(r"\$\{(\w+)\}", lambda match: str(REQUIRED[match[1]]), str(value))
            assert str(resource[argument]).lower() == expected.lower(), f"{address}.{argument}"


def test_the_texts_are_those_that_are_deployed(module: Mapping[str, Any]) -> None:
    """A changed description would be a line in the first plan, and of a rule a moment without it."""
    configuration = Configuration(module, REQUIRED)
    for address, texts in CONTRACT["texts"].items():
        if address == "_":
            continue
        kind, name = address.split(".")
        resource = configuration.resources(kind)[name]
        for path, text in texts.items():
            *rules, attribute = path.split(".")
            found = [rule[attribute] for rule in resource[rules[0]]] if rules else [resource[attribute]]
            assert found == [text], f"{address}.{path}"


def test_the_tags_are_those_of_the_contract(module: Mapping[str, Any]) -> None:
    """The user's tags are merged under each resource's own."""
    for address, tags in CONTRACT["tags"].items():
        kind, name = address.split(".")
        own = ", ".join(f'"{key}" = "{_plain(module, value)}"' for key, value in tags.items())
        expected = f"${{merge(var.tags, {{{own}}})}}"
        assert module["resource"][kind][name]["tags"] == expected, address
    untagged = set(CONTRACT["resources"]) - set(CONTRACT["tags"])
    assert not [a for a in untagged if "tags" in module["resource"][a.split(".")[0]][a.split(".")[1]]]


def test_the_rules_on_tags_know_the_modules_own(module: Mapping[str, Any]) -> None:
    """Its own keys count among the 50, and IAM takes none beside them that differs only by case."""
    merged = {
        tuple(re.findall(r'"(\w+)" = ', each["tags"]))
        for named in module["resource"].values()
        for each in named.values()
        if "tags" in each
    }
    assert {key for keys in merged for key in keys} == set(OWN_TAGS)
    assert OWN_TAGS in merged


def test_the_inputs_are_those_of_the_contract(module: Mapping[str, Any]) -> None:
    """Each input keeps its name, type and default; what is required stays required."""
    variables = {
        name: {key: variable.get(key) for key in ("type", "default", "sensitive")}
        for name, variable in module["variable"].items()
    }
    assert variables == {
        item["name"]: {key: item.get(key) for key in ("type", "default", "sensitive")}
        for item in CONTRACT["inputs"] + NEW_INPUTS
    }
    assert {name for name, variable in module["variable"].items() if "default" not in variable} == {
        item["name"] for item in CONTRACT["inputs"] if item.get("required")
    }


def test_the_outputs_are_those_of_the_contract(module: Mapping[str, Any]) -> None:
    """Each output keeps its name, value and sensitivity."""

    def reference(value: Any) -> Any:
        return {key: f"${{{part}}}" for key, part in value.items()} if isinstance(value, dict) else f"${{{value}}}"

    assert {name: (output["value"], output.get("sensitive", False)) for name, output in module["output"].items()} == {
        item["name"]: (reference(item["value"]), item.get("sensitive", False)) for item in CONTRACT["outputs"]
    }


def test_every_input_and_output_is_described(module: Mapping[str, Any]) -> None:
    """A description is a sentence."""
    for variable in module["variable"].values():
        assert re.fullmatch(r"[A-Z].+\.", variable["description"])
    assert all(output["description"] for output in module["output"].values())


def test_each_task_sends_one_sample_a_minute(module: Mapping[str, Any]) -> None:
    """With metrics every 20 seconds, which a service's `monitoring` turns on, each worker would count as three."""
    assert "monitoring" not in module["resource"]["aws_ecs_service"]["import_worker"]
    alarm = Configuration(module, {}).resource("aws_cloudwatch_metric_alarm", "worker_count_low")
    assert (alarm["statistic"], alarm["period"]) == ("SampleCount", 60)


def test_every_reference_names_something_declared(module: Mapping[str, Any], synthesized: Path) -> None:
    """No expression of the module, nor of the root, points nowhere."""
    for tree in (module, root_tree(synthesized)):
        declared = (
            {f"var.{name}" for name in tree["variable"]}
            | {f"local.{name}" for name in tree["locals"]}
            | {f"{kind}.{name}" for kind, resources in tree["resource"].items() for name in resources}
        )
        references = {
            reference
            for text in _strings({key: value for key, value in tree.items() if key != "//"})
            for expression in _expressions(text)
            for reference in re.findall(r"\b(?:var|local|aws_\w+)\.\w+", expression)
        }
        assert references
        assert references <= declared
        assert {reference for reference in declared if reference.startswith("var.")} <= references


# References to an attribute that a plan knows while it replaces the resource. AWS deletes nothing with these.
KNOWN_WHILE_REPLACED = {
    # CloudWatch keeps metrics by name.
    "aws_ecs_service.import_worker.name",
    # ElastiCache refuses to delete a group that is in use.
    "aws_elasticache_parameter_group.redis.name",
    "aws_elasticache_subnet_group.redis.name",
    # ElastiCache, no task of ours, writes to the group of that name.
    "aws_cloudwatch_log_group.redis_engine_log.name",
    "aws_cloudwatch_log_group.redis_slow_log.name",
    # The same for every target; its id is beside them.
    "aws_appautoscaling_target.import_worker.scalable_dimension",
    "aws_appautoscaling_target.import_worker.service_namespace",
}


def test_a_replacement_reaches_what_depends_on_it(module: Mapping[str, Any]) -> None:
    """A resource refers to another by what is unknown until that one is created, so that its plan learns of it."""
    resources = {f"{kind}.{name}": each for kind, named in module["resource"].items() for name, each in named.items()}
    references = {
        match
        for kind, named in module["resource"].items()
        # A dashboard shows names.
        if kind != "aws_cloudwatch_dashboard"
        for text in _strings(named)
        for expression in _expressions(text)
        for match in re.findall(r"\b(aws_\w+\.\w+)(?:\[0\])?\.(\w+)", expression)
    }
    assert ("aws_ecs_service.import_worker", "id") in references
    known = {f"{address}.{name}" for address, name in references if name in resources[address]}
    assert known == KNOWN_WHILE_REPLACED


def test_no_token_of_cdktf_is_left(synthesized: Path) -> None:
    """Neither a token's text nor the number that stands for one reaches a file."""
    for path, content in artefacts(synthesized).items():
        assert b"TfToken" not in content, path
        assert b"TOKEN." not in content, path
        assert b"$${" not in content, path
        assert not re.search(rb"e\+\d{2,}", content), path


def test_the_module_has_no_provider_backend_or_metadata(module: Mapping[str, Any]) -> None:
    """The root that consumes the module brings those."""
    assert set(module) == {"terraform", "variable", "locals", "resource", "output"}
    assert module["terraform"] == {
        "required_version": ">= 1.0",
        "required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.28, < 7"}},
    }


def test_the_module_is_written_in_the_language_of_terraform_1_0(module: Mapping[str, Any]) -> None:
    """Nothing that Terraform 1.0 lacks: nullable, optional(), conditions, validations on other variables."""
    text = json.dumps(module)
    for newer in (
        "nullable",
        "optional(",
        "precondition",
        "postcondition",
        "moved",
        "replace_triggered_by",
        "ephemeral",
    ):
        assert newer not in text
    for name, variable in module["variable"].items():
        for validation in variable.get("validation", []):
            assert set(re.findall(r"var\.\w+", validation["condition"])) == {f"var.{name}"}
            assert re.fullmatch(r"[A-Z][^$%]*\.", validation["error_message"])


def test_the_root_brings_the_provider_and_a_backend_that_outlives_a_clean(synthesized: Path) -> None:
    """The state lies in the project, beside cdktf.out/."""
    root = root_tree(synthesized)
    assert root["provider"] == {"aws": [{"region": "${var.aws_region}"}]}
    backend = root["terraform"]["backend"]
    assert backend == {"local": {"path": "../../../terraform.product-import.tfstate"}}
    folder = synthesized / "cdktf.out/stacks/product-import"
    assert (folder / backend["local"]["path"]).resolve().parent == synthesized.resolve()


def test_the_root_is_the_module_with_a_provider(synthesized: Path, module: Mapping[str, Any]) -> None:
    """Both artefacts come from one stack."""
    root = _without_comments(root_tree(synthesized))
    del root["provider"]
    del root["terraform"]["backend"]
    assert root == module


def _plain(module: Mapping[str, Any], value: Any) -> Any:
    """A name with references to inputs written as the contract does, and to resources followed."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return value
    value = re.sub(
        r"\$\{(aws_\w+)\.(\w+)\.(\w+)\}", lambda match: module["resource"][match[1]][match[2]][match[3]], value
    )
    return re.sub(r"\$\{(\w+)\}", r"${var.\1}", value)


def _strings(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from _strings(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _strings(value)


def _expressions(text: str) -> list[str]:
    """The text of all templates in a string, in one piece where they nest; literals go, for a pattern may look so."""
    start = text.find("${")
    return [] if start < 0 else [text[start:]]


def _without_comments(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _without_comments(value) for key, value in tree.items() if key != "//"}
    return [_without_comments(item) for item in tree] if isinstance(tree, list) else tree

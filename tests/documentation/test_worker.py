"""The page on the worker against the synthesized task definition."""

import json
import re
from pathlib import Path
from typing import Any

from product_import.configuration import Configuration
from product_import.documentation import worker
from product_import.documentation.worker import worker_values

import pytest


@pytest.fixture(scope="module")
def page(synthesized: Path) -> str:
    return (synthesized / "modules/product-import/docs/worker.md").read_text()


def container(module: dict[str, Any], **inputs: object) -> dict[str, Any]:
    task = Configuration(module, inputs).resource("aws_ecs_task_definition", "import_worker")
    (found,) = json.loads(task["container_definitions"])
    return dict(found)


def table(page: str, headings: str) -> list[list[str]]:
    """The cells of the table whose headings match."""
    (rows,) = re.findall(rf"^\| {headings}\n\|-.*\n((?:\|.*\n)+)", page, flags=re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows.splitlines()]


def test_the_table_has_what_the_task_definition_gives(page: str, module: dict[str, Any]) -> None:
    """Every variable and every secret, those of options too, and an example that is a value of it."""
    named = {name.strip("`"): (kind, example.strip("`")) for name, kind, _, example in table(page, r"Name .*")}
    usual = container(module)
    given = container(module, queue_name="other", queue_prefix="other")
    assert {name for name, (kind, _) in named.items() if kind == "variable"} == {
        each["name"] for each in given["environment"]
    }
    assert {name for name, (kind, _) in named.items() if kind == "secret"} == {
        each["name"] for each in given["secrets"]
    }
    for each in usual["environment"]:
        if "known after apply" not in each["value"]:
            assert named[each["name"]][1] == each["value"]


def test_the_health_check_is_that_of_the_task_definition(page: str, module: dict[str, Any]) -> None:
    settings = dict(table(page, r"Setting \| Value \|"))
    health = container(module)["healthCheck"]
    assert settings["command"].replace("\\|", "|").startswith(f"`{health['command'][1]}`")
    numbers = [int(re.search(r"\d+", settings[name])[0]) for name in list(settings)[1:]]  # type: ignore[index]
    assert numbers == [health["interval"], health["timeout"], health["retries"], health["startPeriod"]]


def test_a_variable_without_a_meaning_fails_the_synthesis(
    module: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no new one is forgotten."""
    meanings = {name: meaning for name, meaning in worker.MEANINGS.items() if name != "ENABLE_API"}
    monkeypatch.setattr(worker, "MEANINGS", meanings)
    with pytest.raises(KeyError, match="ENABLE_API"):
        worker_values(module)


def test_every_link_leads_somewhere(page: str, synthesized: Path) -> None:
    """To a heading of this page or of the README."""
    readme = (synthesized / "modules/product-import/README.md").read_text()
    links = re.findall(r"\]\(([^)#]*)#([^)]+)\)", page)
    assert len(links) >= 7
    for target, anchor in links:
        headings = re.findall(r"^#+ (.*)", {"": page, "../README.md": readme}[target], flags=re.MULTILINE)
        assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
    assert "](docs/worker.md)" in readme

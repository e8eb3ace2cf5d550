"""`product-import cost`, as a user runs it."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from product_import.command_line import main
from product_import.costs.document import FORMAT_VERSION
from tests.project import PROJECT
from tests.test_command_line import product_import

import pytest

SCHEMA = json.loads(files("product_import.costs").joinpath("cost.schema.json").read_text(encoding="utf-8"))
EXAMPLE = str(PROJECT / "examples/consumer/production.tfvars")


def violations(document: Any) -> list[str]:
    """Where a document is against the schema; what of JSON Schema it does not use is left out."""
    return list(_violations(document, SCHEMA, "$"))


_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def _violations(value: Any, schema: Any, where: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(isinstance(value, _TYPES[kind]) for kind in kinds):
        yield f"{where}: is no {' or '.join(kinds)}"
        return
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{where}: is not {schema.get('const') or schema['enum']}"
    if "anyOf" in schema and all(list(_violations(value, each, where)) for each in schema["anyOf"]):
        yield f"{where}: is none of these"
    for each in schema.get("allOf", []):
        yield from _violations(value, each, where)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        yield from (f"{where}: lacks {name}" for name in schema.get("required", []) if name not in value)
        if schema.get("additionalProperties") is False:
            yield from (f"{where}: has {name}" for name in value if name not in known)
        for name, member in value.items():
            below = known.get(name, schema.get("additionalProperties"))
            if isinstance(below, dict):
                yield from _violations(member, below, f"{where}.{name}")
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _violations(each, schema.get("items", {}), f"{where}[{number}]")


def test_the_estimate_is_a_table() -> None:
    """With its total, the limits, what is left out and where the prices are from."""
    result = product_import("cost")
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[12].split() == ["total", "1,213.49"]
    assert "Workers that run all month, USD: 2 (the minimum) 144.16, 50 (the maximum) 3,604.01." in lines
    assert "Left out: data transfer, NAT, API requests, and the logs of Container Insights." in lines
    assert any(line.startswith("Free per account and month, not subtracted: 10 alarm metrics") for line in lines)
    sources = lines[lines.index("Prices:") + 1 :]
    assert "  AWS's page on ElastiCache prices (2026-10-02, confidence medium)" in sources


def test_the_estimate_as_json(tmp_path: Path) -> None:
    """By the resource, with the usage that it assumes and the prices."""
    inputs = tmp_path / "x.tfvars"
    inputs.write_text("worker_cpu = 1024\nworker_memory = 2048")
    result = product_import("cost", str(inputs), "--mean-workers", "4", "--format=json")
    document = json.loads(result.stdout)
    assert violations(document) == []
    assert document["usage"]["mean_workers"] == 4
    assert {"amount": 10, "of": "alarm metrics"} in document["free_tiers"]
    estimate = document["estimates"][str(inputs)]
    assert (document["difference"], estimate["complete"], estimate["region"]) == (None, True, "us-east-1")
    (workers,) = (item for item in estimate["items"] if item["item"] == "Workers")
    assert workers["monthly_usd"] == 144.16  # 4 * 730 * (0.04048 + 2 * 0.004445)
    assert estimate["workers_all_month"] == {
        "minimum": {"workers": 2, "monthly_usd": 72.08},
        "maximum": {"workers": 50, "monthly_usd": 1802.0},
    }
    (service,) = (each for each in estimate["resources"] if each["address"] == "aws_ecs_service.import_worker")
    assert service["components"] == [
        {
            "item": "Workers",
            "name": "FARGATE X86_64 vcpu",
            "quantity": 2920.0,
            "unit": "vCPU-hour",
            "price": "fargate X86_64 vcpu",
            "price_usd": 0.04048,
            "hourly_usd": 0.16192,
            "monthly_usd": 118.2016,
        },
        {
            "item": "Workers",
            "name": "FARGATE X86_64 memory",
            "quantity": 5840.0,
            "unit": "GB-hour",
            "price": "fargate X86_64 memory",
            "price_usd": 0.004445,
            "hourly_usd": 0.03556,
            "monthly_usd": 25.9588,
        },
    ]
    assert (service["hourly_usd"], service["monthly_usd"]) == (0.19748, 144.1604)
    prices = {price["item"]: price for price in estimate["prices"]}
    assert (prices["snapshot"]["date"], prices["snapshot"]["confidence"]) == ("2026-10-02", "medium")
    used = {component["price"] for each in estimate["resources"] for component in each["components"]}
    assert used == set(prices)
    assert round(sum(each["monthly_usd"] for each in estimate["resources"]), 1) == round(estimate["monthly_usd"], 1)


def test_a_cost_that_is_not_known_says_why(tmp_path: Path) -> None:
    """In the table, in the limits and in JSON; the total says that it is one of a part."""
    inputs = tmp_path / "frankfurt.tfvars"
    inputs.write_text('aws_region = "eu-central-1"\nworker_fargate_spot_percent = 50\nworker_min_count = 2')
    lines = product_import("cost", str(inputs)).stdout.splitlines()
    assert ["Workers", "not", "known"] in [line.split() for line in lines]
    assert "  Workers: No price of fargate_spot X86_64 vcpu in eu-central-1." in lines
    fetch = "  `product-import prices --region eu-central-1 --output FILE` fetches AWS's, "
    assert sum(line.startswith(fetch) for line in lines) == 1
    assert "Workers that run all month, USD: 2 (the minimum) 165.80, 50 (the maximum) not known." in lines
    assert [line.split()[-1] for line in lines if line.startswith("total of what is known")] == ["13.23"]
    document = json.loads(product_import("cost", str(inputs), "--format=json").stdout)
    assert violations(document) == []
    estimate = document["estimates"][str(inputs)]
    assert (estimate["complete"], estimate["monthly_usd"]) == (False, 13.23)
    assert {
        "item": "Workers",
        "amount": None,
        "monthly_usd": None,
        "not_known": "No price of fargate_spot X86_64 vcpu in eu-central-1.",
    } in estimate["items"]
    assert estimate["workers_all_month"]["maximum"] == {"workers": 50, "monthly_usd": None}


def test_a_difference_that_is_not_known_is_none(tmp_path: Path) -> None:
    """The total is that of what is known in both."""
    here, there = tmp_path / "here.tfvars", tmp_path / "there.tfvars"
    here.write_text("")
    there.write_text('aws_region = "eu-central-1"')
    lines = product_import("cost", str(here), str(there)).stdout.splitlines()
    assert ["Redis", "479.61", "not", "known", "not", "known"] in [line.split() for line in lines]
    assert [line.split()[-3:] for line in lines if line.startswith("total of what is known")] == [
        ["731.30", "842.22", "+110.92"]
    ]
    assert "  Redis: No price of redis cache.r7g.large in eu-central-1." in lines
    both = json.loads(product_import("cost", str(here), str(there), "--format=json").stdout)
    assert violations(both) == []
    assert (both["difference"]["complete"], both["difference"]["difference_usd"]) == (False, 110.92)
    redis = {"item": "Redis", "before_usd": 479.61, "after_usd": None, "difference_usd": None}
    assert redis in both["difference"]["items"]


@pytest.mark.parametrize(
    ("most", "status", "told"),
    [
        ("162", 0, ""),
        ("161.21", 0, ""),
        (
            "161.20",
            1,
            "error: the costs rise by 161.21 USD a month, and 161.20 are allowed: "
            "Redis +158.41, Dashboards +3.00, Alarms -0.20.\n",
        ),
    ],
)
def test_a_rise_above_the_limit_is_status_1(tmp_path: Path, most: str, status: int, told: str) -> None:
    """One line names what makes it; what falls counts against what rises."""
    old, new = tmp_path / "old.tfvars", tmp_path / "new.tfvars"
    old.write_text("")
    new.write_text('redis_node_type = "cache.r7g.xlarge"\nredis_num_replicas = 2\ncreate_dashboard = true')
    result = product_import("cost", str(old), str(new), "--max-increase", most)
    assert (result.returncode, result.stderr) == (status, told)
    assert ["Dashboards", "0.00", "3.00", "+3.00"] in [line.split() for line in result.stdout.splitlines()]
    assert product_import("cost", str(new), str(old), "--max-increase", "0").returncode == 0


def test_a_rise_that_is_not_known_is_status_1(tmp_path: Path) -> None:
    """With the reasons, whatever the known part is."""
    old, new = tmp_path / "old.tfvars", tmp_path / "new.tfvars"
    old.write_text("")
    new.write_text('redis_node_type = "cache.x9g.large"')
    result = product_import("cost", str(old), str(new), "--max-increase", "1000000")
    assert (result.returncode, result.stderr) == (
        1,
        "error: the costs of Redis are not known, and may rise: No price of redis cache.x9g.large in us-east-1.\n",
    )


def test_the_schema_has_the_version_of_the_form() -> None:
    """And the check of these tests finds what is against it."""
    assert SCHEMA["properties"]["format_version"]["const"] == FORMAT_VERSION
    document = json.loads(product_import("cost", "--format=json").stdout)
    del document["usage"]
    document["more"] = document["currency"] = 1
    document["estimates"]["defaults"]["monthly_usd"] = "free"
    document["difference"] = {}
    assert violations(document) == [
        "$: lacks usage",
        "$: has more",
        "$.currency: is not USD",
        "$.estimates.defaults.monthly_usd: is no number",
        "$.difference: is none of these",
    ]


def test_two_files_are_compared(tmp_path: Path) -> None:
    """Item by item, with the difference."""
    old, new = tmp_path / "old.tfvars", tmp_path / "new.tfvars"
    old.write_text("redis_num_replicas = 3")
    new.write_text("redis_num_replicas = 2\nworker_max_count = 40")
    result = product_import("cost", str(old), str(new))
    lines = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()}
    assert [line.split()[-4:] for line in result.stdout.splitlines()[-2:]] == [
        ["minimum", "144.16", "144.16", "+0.00"],
        ["maximum", "3,604.01", "2,883.21", "-720.80"],
    ]
    both = json.loads(product_import("cost", str(old), str(new), "--format=json").stdout)
    assert violations(both) == []
    assert both["difference"]["difference_usd"] == -160.07
    redis = {"item": "Redis", "before_usd": 479.61, "after_usd": 319.74, "difference_usd": -159.87}
    assert redis in both["difference"]["items"]
    assert lines["Redis"] == ["479.61", "319.74", "-159.87"]
    assert lines["Workers"] == ["720.80", "720.80", "+0.00"]
    assert lines["total"] == ["1,213.49", "1,053.42", "-160.07"]


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (("a", "b", "c"), 2, "error: cost takes one file of inputs, or two to compare. Given: 3."),
        ((EXAMPLE, EXAMPLE), 2, f"error: cost compares two files with different names. Given: {EXAMPLE} twice."),
        (("no-such.tfvars",), 1, "error: no-such.tfvars: No such file or directory."),
        (("--module", "no-such"), 1, "error: no-such must have *.tf.json files that declare variables and resources."),
        (("--max-increase", "5"), 2, "error: --max-increase needs two files to compare. Given: 0."),
        (("--max-increase", "-5", "a", "b"), 2, "must be a number of at least 0. Given: -5"),
        (("--mean-workers", "nan"), 2, "must be a number of at least 0. Given: nan"),
    ],
)
def test_a_mistake_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], status: int, text: str
) -> None:
    """No traceback, and the status of a mistake."""
    try:
        returned: object = main(["cost", *arguments])
    except SystemExit as left:
        returned = left.code
    told = capsys.readouterr()
    assert (returned, told.out) == (status, "")
    assert text in told.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            "{",
            "main.tf.json must be JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1).",
        ),
        ("[1]", "main.tf.json must be a JSON object. Given: [1]"),
        ("\xff", "main.tf.json: must be text in UTF-8."),
        ('{"variable": {}}', " must have *.tf.json files that declare variables and resources. It has none."),
        (
            '{"variable": {}, "resource": {"aws_vpc": {"main": {}}}}',
            "The module must be product-import. It has no aws_elasticache_replication_group.redis.",
        ),
    ],
)
def test_a_folder_that_is_not_the_module_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, text: str
) -> None:
    """In one line that names what is wrong."""
    (tmp_path / "main.tf.json").write_bytes(content.encode("latin-1"))
    assert main(["cost", "--module", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(text)


def test_a_misspelt_input_is_named_with_similar_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each of them, and no list of all inputs."""
    file = tmp_path / "x.tfvars"
    file.write_text('worker_minimum_count = 1\nqwertz = "x"\n')
    assert main(["cost", str(file)]) == 1
    assert capsys.readouterr().err == (
        f"error: {file}: The module has no input qwertz, worker_minimum_count (similar: worker_min_count, "
        "worker_max_count). Its variables.tf.json lists all inputs.\n"
    )

"""`product-import cost`, as a user runs it."""

import json
from pathlib import Path

from product_import.command_line import main
from tests.project import PROJECT
from tests.test_command_line import product_import

import pytest

EXAMPLE = str(PROJECT / "examples/consumer/production.tfvars")


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
    """With the usage that it assumes."""
    inputs = tmp_path / "x.tfvars"
    inputs.write_text("worker_cpu = 1024\nworker_memory = 2048")
    result = product_import("cost", str(inputs), "--mean-workers", "4", "--json")
    document = json.loads(result.stdout)
    assert document["usage"]["mean_workers"] == 4
    (workers,) = (row for row in document["estimates"][str(inputs)]["costs"] if row["item"] == "Workers")
    assert workers["usd"] == 144.16  # 4 * 730 * (0.04048 + 2 * 0.004445)
    assert document["estimates"][str(inputs)]["workers_all_month"] == {
        "minimum": {"workers": 2, "usd": 72.08},
        "maximum": {"workers": 50, "usd": 1802.0},
    }
    assert {price["region"] for price in workers["prices"]} == {"us-east-1"}


def test_a_cost_that_is_not_known_says_why(tmp_path: Path) -> None:
    """In the table, in the limits and in JSON; the total says that it is one of a part."""
    inputs = tmp_path / "frankfurt.tfvars"
    inputs.write_text('aws_region = "eu-central-1"\nworker_fargate_spot_percent = 50\nworker_min_count = 2')
    lines = product_import("cost", str(inputs)).stdout.splitlines()
    assert ["Workers", "not", "known"] in [line.split() for line in lines]
    assert "  Workers: No price of fargate_spot X86_64 vcpu in eu-central-1." in lines
    assert "Workers that run all month, USD: 2 (the minimum) 165.80, 50 (the maximum) not known." in lines
    assert [line.split()[-1] for line in lines if line.startswith("total of what is known")] == ["13.23"]


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
    both = json.loads(product_import("cost", str(old), str(new), "--json").stdout)
    assert both["difference_usd"] == -160.07
    assert lines["Redis"] == ["479.61", "319.74", "-159.87"]
    assert lines["Workers"] == ["720.80", "720.80", "+0.00"]
    assert lines["total"] == ["1,213.49", "1,053.42", "-160.07"]


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (("a", "b", "c"), 2, "error: cost takes one file of inputs, or two to compare. Given: 3."),
        ((EXAMPLE, EXAMPLE), 2, f"error: cost compares two files with different names. Given: {EXAMPLE} twice."),
        (("no-such.tfvars",), 1, "error: no-such.tfvars: No such file or directory."),
        (("--module", "no-such"), 1, "error: no-such holds no module"),
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

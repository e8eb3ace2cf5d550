"""`product-import simulate`, as a user runs it."""

import json
from pathlib import Path

from product_import.command_line import main
from tests.test_command_line import product_import

import pytest


def test_the_figures_are_a_table() -> None:
    """Those of the hand calculation: see test_hand_calculations.py."""
    result = product_import("simulate", "--burst", "500", "--job-seconds", "30")
    assert (result.returncode, result.stderr) == (0, "")
    figures = dict(line.split("  ", 1) for line in result.stdout.splitlines()[2:])
    assert figures["workers, peak"].strip() == "44"
    assert figures["queued jobs, peak"].strip() == "500"
    assert figures["time to drain"].strip() == "7.5 min"
    assert figures["wait, 95th percentile"].strip() == "7.0 min"
    # 2 workers for 3,600 s and 42 for 1,070 s: 14.5 on average, for 2 * 0.04048 + 4 * 0.004445 an hour each.
    assert figures["cost of these workers in 1.0 h"].strip() == "1.43 USD"
    assert "a month" not in result.stdout


def test_a_day_is_extrapolated_to_a_month() -> None:
    """What `cost` says of 2 workers."""
    day = product_import("simulate", "--daily", "10", "--job-seconds", "1", "--json")
    month = product_import("cost", "--mean-workers", "2", "--format=json")
    (estimate,) = json.loads(month.stdout)["estimates"].values()
    assert json.loads(day.stdout)["cost"]["month_usd"] == estimate["monthly_usd"]


def test_the_usage_is_that_of_cost(tmp_path: Path) -> None:
    """A file of one's own."""
    usage = tmp_path / "usage.toml"
    usage.write_text("worker_log_gb_per_month = 0\nredis_log_gb_per_month = 0\n")
    command = ("simulate", "--daily", "10", "--job-seconds", "1", "--json")
    more, less = (json.loads(product_import(*command, *usage_of).stdout) for usage_of in ((), ("--usage", str(usage))))
    assert 2 < more["cost"]["month_usd"] - less["cost"]["month_usd"] < 5


def test_the_figures_as_json(tmp_path: Path) -> None:
    """Byte for byte the same from the same seed."""
    inputs = tmp_path / "x.tfvars"
    inputs.write_text("worker_max_count = 8")
    command = ("simulate", str(inputs), "--daily", "5000", "--job-seconds", "lognormal:30:200", "--seed", "7", "--json")
    first, second = product_import(*command), product_import(*command)
    assert first.stdout == second.stdout
    document = json.loads(first.stdout)
    assert (document["jobs"], document["peak_workers"] <= 8) == (5000, True)
    assert set(document["wait_seconds"]) == {"p50", "p95", "p99"}
    assert document["cost"]["month_usd"] > 479.61


def test_a_region_without_prices_has_figures_without_a_cost(tmp_path: Path) -> None:
    """Which says why; never 0."""
    inputs = tmp_path / "x.tfvars"
    inputs.write_text('aws_region = "af-south-1"')
    document = json.loads(product_import("simulate", str(inputs), "--json").stdout)
    assert document["cost"] == {"unknown": document["cost"]["unknown"]}
    assert document["cost"]["unknown"].startswith("No prices of the region af-south-1.")


def test_the_assumptions_are_told() -> None:
    """Each with its value, confidence and source."""
    result = product_import("simulate", "--assumptions", "--assume", "start_up_seconds=23")
    assert "start_up_seconds         23     low" in result.stdout
    assert "363 s to trigger, 386 s in all" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (("--burst", "0"), 2, "must be a whole number from 1 to 5,000,000. Given: 0"),
        (("--burst", "5", "--daily", "5"), 2, "not allowed with argument"),
        (("--outage", "9-3"), 2, "must be two minutes that rise, as in 10-40. Given: 9-3"),
        (("--schedule", "7:00=3"), 2, "A schedule must be a time and a minimum of workers, as in 07:00=10, or"),
        (("--schedule", "24:00=3"), 2, "Given: 24:00=3."),
        (("--schedule", "07:00=9-3"), 1, "Given: 9, with a maximum of 3."),
        (("--assume", "x"), 2, "must be of the form NAME=VALUE. Given: x"),
        (("--job-seconds", "x"), 2, "The seconds of a job must be a number above 0"),
        (("--jobs", "no-such.csv"), 1, "no-such.csv: No such file or directory."),
        (("--burst", "5", "--days", "2"), 2, "--days goes with --daily alone. Given: --days 2."),
        (("--daily", "5000000", "--days", "2"), 2, "At most 5,000,000 jobs are simulated. Given: 10,000,000."),
        (("--picture", "x.gif"), 2, "A picture must end in one of .svg, .png, .html. Given: x.gif."),
        (("no-such.tfvars",), 1, "no-such.tfvars: No such file or directory."),
    ],
)
def test_a_mistake_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], status: int, text: str
) -> None:
    """No traceback, and the status of a mistake."""
    try:
        returned: object = main(["simulate", *arguments])
    except SystemExit as left:
        returned = left.code
    told = capsys.readouterr()
    assert (returned, told.out) == (status, "")
    assert text in told.err.splitlines()[-1]


def test_a_schedule_is_played() -> None:
    """Ten workers for half of a day, and the module's two for the other half."""
    command = ("simulate", "--daily", "10", "--job-seconds", "1", "--json")
    with_schedule = json.loads(product_import(*command, "--schedule", "19:00=2", "--schedule", "07:00=10").stdout)
    assert json.loads(product_import(*command).stdout)["mean_workers"] == 2
    assert with_schedule["mean_workers"] == pytest.approx((12 * 10 + 12 * 2) / 24, abs=0.02)
    assert with_schedule["peak_workers"] == 10


def test_advice_names_a_setting_that_keeps_the_wait() -> None:
    """And leaves with 1 where none does."""
    common = ("simulate", "--burst", "60", "--job-seconds", "30", "--json", "--wait")
    good = product_import(*common, "300")
    assert good.returncode == 0
    document = json.loads(good.stdout)
    assert document["advice"]["wait"] <= 300
    enough = [choice["cost"] for choice in document["choices"] if choice["wait"] <= 300]
    assert document["advice"]["cost"] == min(enough)
    # 50 workers take 250 of 300 jobs at once: a sixth waits.
    none = product_import("simulate", "--burst", "300", "--job-seconds", "30", "--wait", "0")
    assert (none.returncode, none.stdout[:24]) == (1, "No target and minimum ke")

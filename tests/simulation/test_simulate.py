"""`product-import simulate`, as a user runs it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from product_import.command_line import main
from product_import.simulation.report import minutes, ranges, span
from tests.test_command_line import product_import

import pytest

FIXED = ("--assume", "start_up_spread=1", "--assume", "multiplied_workers=then")


def low(figure: Mapping[str, float]) -> float:
    """A figure that is the same in all simulations."""
    assert figure["low"] == figure["high"]
    return figure["low"]


def test_the_figures_are_a_table() -> None:
    """Those of the hand calculation: see test_hand_calculations.py."""
    result = product_import("simulate", "--burst", "500", "--job-seconds", "30", *FIXED)
    assert (result.returncode, result.stderr) == (0, "")
    _, table = result.stdout.split("\n\n")
    figures = {
        name.strip(): value.strip() for name, _, value in (line.partition("  ") for line in table.splitlines()[2:])
    }
    assert figures["workers, peak"] == "44"
    assert figures["queued jobs, peak"] == "500"
    assert figures["time to drain"] == "7.5 min"
    assert figures["wait, 95th percentile"] == "7.0 min"
    # 2 workers for 3,600 s and 42 for 1,070 s: 14.5 on average, for 2 * 0.04048 + 4 * 0.004445 an hour each.
    assert figures["cost of these workers in 1.0 h"] == "1.43 USD"
    assert "a month" not in result.stdout


def test_the_report_says_what_was_simulated(tmp_path: Path) -> None:
    """Workload, inputs, what was assumed, how often, and the file that was written."""
    inputs = tmp_path / "x.tfvars"
    inputs.write_text("worker_max_count = 8")
    command = ("simulate", str(inputs), "--burst", "500", "--outage", "2-3", "--schedule", "07:00=3-8")
    result = product_import(*command, "--assume", "start_up_seconds=23")
    head, table = result.stdout.split("\n\n")
    assert head.splitlines() == [
        "A burst of 500 jobs, 30 s each; the queue's depth is missing in the minutes 2-3; each day 07:00=3-8.",
        f"Inputs: {inputs} (worker_min_count 2, worker_max_count 8, target_jobs_per_worker 10, worker_concurrency 5, "
        'fast_scale_out false, worker_cpu 2048, worker_memory 4096, aws_region "us-east-1").',
        "20 simulations with the seeds 0 to 9, each with both rules that target tracking may follow "
        "(multiplied_workers); ranges are from the lowest to the highest. Assumed: start_up_seconds=23.0. "
        "`--assumptions` explains the model.",
    ]
    assert re.search(r"workers, mean +\d\.\d+ to \d\.\d+\nworkers, peak +8\n", table)


def test_a_range_is_of_both_rules() -> None:
    """A burst of 200: see test_play.py."""
    document = json.loads(product_import("simulate", "--burst", "200", "--json").stdout)
    assert document["peak_workers"] == {"low": 14, "high": 50}
    assert (document["simulations"], document["seeds"]) == (20, [*range(10)])
    one = json.loads(
        product_import("simulate", "--burst", "200", "--json", "--assume", "multiplied_workers=now").stdout
    )
    assert (one["peak_workers"], one["simulations"]) == ({"low": 50, "high": 50}, 10)


def test_a_queue_that_is_not_always_drained_has_no_highest_time() -> None:
    """It takes longer than any other; and what is not a range stays as it is."""
    both = ranges([{"jobs": 5, "drained_seconds": drained, "cost": {"unknown": "x"}} for drained in (7.0, None)])
    assert both == {"jobs": 5, "drained_seconds": {"low": 7, "high": None}, "cost": {"unknown": "x"}}
    assert span(both["drained_seconds"], minutes) == "7 s to never"


def test_a_day_is_extrapolated_to_a_month() -> None:
    """What `cost` says of 2 workers."""
    day = product_import("simulate", "--daily", "10", "--job-seconds", "1", "--json")
    month = product_import("cost", "--mean-workers", "2", "--format=json")
    (estimate,) = json.loads(month.stdout)["estimates"].values()
    assert low(json.loads(day.stdout)["cost"]["month_usd"]) == estimate["monthly_usd"]


def test_the_usage_is_that_of_cost(tmp_path: Path) -> None:
    """A file of one's own."""
    usage = tmp_path / "usage.toml"
    usage.write_text("worker_log_gb_per_month = 0\nredis_log_gb_per_month = 0\n")
    command = ("simulate", "--daily", "10", "--job-seconds", "1", "--json")
    more, less = (
        json.loads(product_import(*command, *given).stdout)["cost"] for given in ((), ("--usage", str(usage)))
    )
    assert 2 < low(more["month_usd"]) - low(less["month_usd"]) < 5


def test_the_figures_as_json(tmp_path: Path) -> None:
    """Byte for byte the same from the same seed."""
    inputs = tmp_path / "x.tfvars"
    inputs.write_text("worker_max_count = 8")
    command = ("simulate", str(inputs), "--daily", "5000", "--job-seconds", "lognormal:30:200", "--seed", "7", "--json")
    first, second = product_import(*command), product_import(*command)
    assert first.stdout == second.stdout
    document = json.loads(first.stdout)
    assert (document["jobs"], document["peak_workers"]["high"] <= 8) == (5000, True)
    assert document["inputs"]["worker_max_count"] == 8
    assert set(document["wait_seconds"]) == {"p50", "p95", "p99"}
    assert document["cost"]["month_usd"]["low"] > 479.61


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
        (("--assume", "multiplied_workers=x"), 1, "multiplied_workers must be one of then, now, both. Given: x."),
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
    assert low(json.loads(product_import(*command).stdout)["mean_workers"]) == 2
    assert with_schedule["mean_workers"]["high"] == pytest.approx((12 * 10 + 12 * 2) / 24, abs=0.02)
    assert low(with_schedule["peak_workers"]) == 10


def test_advice_names_a_setting_that_keeps_the_wait() -> None:
    """And leaves with 1 where none does."""
    common = ("simulate", "--burst", "60", "--job-seconds", "30", "--json", "--wait")
    good = product_import(*common, "300")
    assert good.returncode == 0
    document = json.loads(good.stdout)
    assert document["advice"]["wait"] <= 300
    assert document["advice"]["ranges"]["wait_seconds"]["low"] <= document["advice"]["wait"]
    enough = [choice["cost"] for choice in document["choices"] if choice["wait"] <= 300]
    assert document["advice"]["cost"] == min(enough)
    # 50 workers take 250 of 300 jobs at once: a sixth waits.
    none = product_import("simulate", "--burst", "300", "--job-seconds", "30", "--wait", "0")
    assert (none.returncode, "\n\nNo target and minimum keep the wait" in none.stdout) == (1, True)

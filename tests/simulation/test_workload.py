"""Workloads, job seconds and assumptions, and what is wrong with them."""

import random
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

from product_import.errors import UserError
from product_import.simulation import Assumptions, Workload
from product_import.simulation.assumptions import with_values
from product_import.simulation.workload import burst, daily, job_seconds, read_workload

import pytest


def test_a_day_has_exactly_its_jobs() -> None:
    """Few at 03:00, most at 15:00, the same each day."""
    jobs = daily(10_001, 2).jobs
    assert (len(jobs), sum(jobs[:1440]), sum(jobs)) == (2880, 10_001, 20_002)
    assert sum(jobs[150:210]) < 60
    assert sum(jobs[870:930]) > 700


@pytest.mark.parametrize("content", [b"minute,jobs\n1,5\n4,2\n", b"\xef\xbb\xbfminute,jobs\r\n1,5\r\n4,2\r\n\r\n"])
def test_a_file_of_jobs(tmp_path: Path, content: bytes) -> None:
    """Minutes that are left out have none. The second is as Excel writes one."""
    file = tmp_path / "trace.csv"
    file.write_bytes(content)
    assert (read_workload(file).name, read_workload(file).jobs) == ("the jobs of trace.csv", (0, 5, 0, 0, 2))


def test_columns_have_names_and_no_order(tmp_path: Path) -> None:
    """Others are ignored, as in a trace with more in it."""
    file = tmp_path / "trace.csv"
    file.write_text("jobs, source,minute\n5,a,1\n2,b,4\n")
    assert read_workload(file).jobs == (0, 5, 0, 0, 2)


def test_one_is_no_plural() -> None:
    """In the names of workloads, which stand in titles."""
    assert (burst(1, 60).name, burst(2000, 60).name) == ("a burst of 1 job", "a burst of 2,000 jobs")
    assert (daily(10, 1).name, daily(1, 7).name) == ("10 jobs a day, 1 day", "1 job a day, 7 days")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            "minute,jobs,jobs\n0,1,2\n",
            "must be minute,jobs, in any order and with others or without. Given: minute,jobs,jobs",
        ),
        ("jobs,note\n", "the first line must be minute,jobs"),
        ("minute;jobs\n", "the first line must be minute,jobs"),
        ("", "the first line must be minute,jobs"),
        ("minute,jobs\n1,-5\n", "line 2: must be two whole numbers, of 9 digits at most. Given: 1,-5"),
        ("minute,jobs\n1,5,6\n", "line 2: must have 2 fields. Given: 1,5,6"),
        ('minute,jobs\n1,"5\n', "line 2: unexpected end of data."),
        ("minute,jobs\n3,5\n2,5\n", "line 3: minutes must rise"),
        ("minute,jobs\n3,5\n3,5\n", "line 3: minutes must rise"),
        ("minute,jobs\n999999999,5\n", "line 2: minutes must rise, to a year at most"),
        ("minute,jobs\n\n1,x\n", "line 3: must be two whole numbers"),
        ("minute,jobs\n1,'5\n", "line 2: must be two whole numbers"),
        ("minute,jobs\n1," + "5" * 10, "line 2: must be two whole numbers, of 9 digits at most"),
        ("minute,jobs\n1," + "5" * 200_000, "field larger than field limit"),
        ("minute,jobs\n1,9999999\n", "must hold 1 to 5,000,000 jobs"),
        ("minute,jobs\n", "must hold 1 to 5,000,000 jobs"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, content: str, text: str) -> None:
    """With its line."""
    file = tmp_path / "trace.csv"
    file.write_text(content)
    with pytest.raises(UserError, match=text):
        read_workload(file)


def test_the_distributions_have_their_figures() -> None:
    """Mean, median and 95th percentile, of many draws."""
    chance = random.Random(1)
    exponential, lognormal = (
        list(islice(job_seconds(text).draw(chance), 20_000)) for text in ("exponential:30", "lognormal:30:120")
    )
    assert sum(exponential) / 20_000 == pytest.approx(30, rel=0.03)
    assert median(lognormal) == pytest.approx(30, rel=0.03)
    assert quantiles(lognormal, n=20)[-1] == pytest.approx(120, rel=0.05)


def test_simulations_of_a_workload_take_the_same_jobs() -> None:
    """From the same seed, and after its jobs further ones, for those that are done again."""
    exponential = job_seconds("exponential:30")
    first, again, other = (list(islice(exponential.of(5, seed), 8)) for seed in (1, 1, 2))
    assert first == again
    assert len({*first, *other}) == 16


def test_the_jobs_of_a_minute_are_spread_over_it() -> None:
    """Or come all at a second of it."""
    assert list(Workload("two", (0, 2)).arrivals()) == [75, 105]
    assert list(Workload("two", (1, 2), second=7).arrivals()) == [7, 67, 67]


@pytest.mark.parametrize(
    "text", ["0", "-1", "x", "nan", "inf", "lognormal:30", "lognormal:30:20", "normal:3:4", "exponential:", "1:2"]
)
def test_wrong_job_seconds_are_refused(text: str) -> None:
    """With the forms that there are."""
    with pytest.raises(UserError, match=f"exponential:MEAN, or lognormal:MEDIAN:P95.*Given: {text}"):
        job_seconds(text)


def test_an_assumption_can_be_changed() -> None:
    """By its name."""
    assert with_values(Assumptions(), {"start_up_seconds": "23"}).start_up_seconds == 23


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("start_up", "3", "start_up is no assumption. Known: metric_period_seconds"),
        ("start_up_seconds", "-1", "start_up_seconds must be a number from 0 to 3600. Given: -1"),
        ("start_up_seconds", "nan", "start_up_seconds must be a number"),
        ("points_out", "0", "points_out must be a number from 1"),
        ("points_out", "2.5", "points_out must be a whole number"),
        ("metric_period_seconds", "7", "metric_period_seconds must divide a minute"),
    ],
)
def test_a_wrong_assumption_is_refused(name: str, value: str, text: str) -> None:
    """With what is known or allowed."""
    with pytest.raises(UserError, match=text):
        with_values(Assumptions(), {name: value})

"""What the documentation claims of the module's scaling, played."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from statistics import mean, median
from typing import Any

from product_import.errors import UserError
from product_import.simulation import Assumptions, Workload, play
from product_import.simulation.assumptions import variants
from product_import.simulation.play import Change
from product_import.simulation.scaling import StepScaling, raw_depth
from product_import.simulation.schedule import Schedule, ScheduledAction
from product_import.simulation.workload import burst, daily, job_seconds
from tests.simulation.scenarios import BUSY, FIXED, LONG, cpu_alone, every_minute, scaling_of, seconds

import pytest

sources = pytest.mark.parametrize("source", ["cpu_samples", "container_insights"])


@sources
@pytest.mark.parametrize(("queued", "workers"), [(10, 2), (100, 10), (500, 50), (5000, 50)])
def test_so_many_queued_jobs_get_so_many_workers(
    module: Mapping[str, Any], queued: int, workers: int, source: str
) -> None:
    """The table of the module's README: 100 get 10, 500 get 50, which is also the most; whatever counts the workers."""
    played = play(scaling_of(module, worker_count_source=source), burst(queued, 60), LONG)
    assert set(played.desired[10:60]) == {workers}


@sources
def test_when_the_queue_is_gone_the_minimum_is_back(module: Mapping[str, Any], source: str) -> None:
    """After 15 points, in one step; not one worker more than the minimum stays."""
    played = play(scaling_of(module, worker_count_source=source), burst(500, 60), seconds(10))
    gone = played.depth.index(0)
    most = max(played.desired)
    assert most > 30
    # The 15th point without a job is seen 150 s after its end, at the end of a minute.
    assert played.desired[gone + 10 : gone + 19] == [*[most] * 7, 2, 2]
    assert played.desired[-1] == played.running[-1] == 2


@sources
def test_without_the_metric_cpu_alone_scales(module: Mapping[str, Any], source: str) -> None:
    """Out by the CPU, and not in: the policy on the queue cannot agree."""
    scaling, forever = scaling_of(module, worker_count_source=source), range(100_000)
    by_cpu = play(scaling, burst(500, 90), LONG, BUSY, outage=forever)
    # 2 workers at 90 %: ceil(2 * 90 / 70) = 3, then ceil(3 * 90 / 70) = 4, 6, 8, 11, 15 ...
    assert [wanted for index, wanted in enumerate(by_cpu.desired) if wanted != by_cpu.desired[index - 1]][:4] == [
        2,
        3,
        4,
        6,
    ]
    idle = play(scaling, burst(500, 90), LONG, Assumptions(busy_cpu_percent=50), outage=forever)
    assert set(idle.desired) == {2}
    assert all(idle.alarms["queue_overload"][5:])


def test_an_outage_keeps_the_workers(module: Mapping[str, Any]) -> None:
    """Missing data is not an empty queue."""
    with_outage = play(scaling_of(module), burst(300, 120), seconds(30), outage=range(8, 60))
    without = play(scaling_of(module), burst(300, 120), seconds(30))
    assert min(with_outage.desired[10:60]) == 24  # ceil(240 / 10)
    assert without.desired[30] == 2


def test_on_the_raw_depth_the_service_stays_at_its_maximum(module: Mapping[str, Any]) -> None:
    """Why jobs per worker is the metric: 15 jobs that run at any time are above a target of 10 whatever runs."""
    flow = every_minute(15, 180)
    ours, raw = (play(each, flow, seconds(60)) for each in (scaling_of(module), raw_depth(scaling_of(module))))
    assert set(raw.desired[60:180]) == {50}
    assert max(ours.desired) == 6


def test_two_policies_the_larger_number_wins(module: Mapping[str, Any]) -> None:
    """With both asking, those on the queue ask for more."""
    scaling = scaling_of(module)
    both = play(scaling, burst(100, 60), LONG, BUSY)
    one = play(cpu_alone(scaling), burst(100, 60), LONG, BUSY)
    assert (both.desired[5], one.desired[5]) == (10, 3)


def test_the_cpu_policy_has_to_agree_before_workers_go(module: Mapping[str, Any]) -> None:
    """At 65 % of its 70 it does not, though the queue is short."""
    load = Workload("long jobs, few", (100, *[0] * 119), 0)
    busy = Assumptions(busy_cpu_percent=65)
    scaling = replace(scaling_of(module), concurrency=1)
    played = play(scaling, load, seconds(3000), busy)
    assert min(played.desired[10:45]) >= 10


def test_a_scale_in_interrupts_what_outlasts_the_stop_timeout(module: Mapping[str, Any]) -> None:
    """30 of 100 jobs of 50 minutes are still to do when 10 workers become 5: jobs are broken off and done again."""
    played = play(scaling_of(module), burst(100, 240), seconds(3000))
    short = play(scaling_of(module), burst(100, 240), seconds(50))
    assert played.interrupted > 0
    # What stopped workers still do is no load of those that run.
    assert max(played.cpu) <= Assumptions().busy_cpu_percent
    assert played.jobs == 100
    assert played.depth[-1] == 0
    assert short.interrupted == 0


def test_a_step_policy_comes_before_target_tracking(module: Mapping[str, Any]) -> None:
    """One point, and the largest step that the breach reaches."""
    scaling = scaling_of(module)
    queue = next(policy for policy in scaling.policies if policy.metric.reads("depth"))
    step = StepScaling("fast", queue.metric, 10, 1, ((0, 10, 50), (10, float("inf"), 300)), 60, 1)
    fast, slow = (play(each, burst(500, 60), seconds(30)) for each in (replace(scaling, steps=(step,)), scaling))
    assert (fast.desired.index(8), fast.desired[:3]) == (
        3,
        [2, 2, 2],
    )  # the point of 60 s is seen at 240 s: 2 and 300 %
    assert slow.desired[3] == 2
    assert fast.wait(50) < slow.wait(50)


def test_the_fast_scale_out_acts_on_the_first_point(module: Mapping[str, Any]) -> None:
    """240 a worker, 24 times the target: 700 % of 2 workers at 210 s, then the maximum."""
    fast, slow = (scaling_of(module, fast_scale_out=on) for on in (True, False))
    at_once = [play(each, burst(500, 30), seconds(30), FIXED) for each in (fast, slow)]
    assert [played.desired[:6] for played in at_once] == [[2, 2, 2, 16, 16, 50], [2, 2, 2, 2, 2, 44]]
    assert [played.wait(50, 95) for played in at_once] == [[300, 390], [390, 420]]


def test_the_fast_scale_out_is_for_bursts(module: Mapping[str, Any]) -> None:
    """What the module's README says of a flow, with random start-up times and both rules."""
    fast, slow = (scaling_of(module, fast_scale_out=on) for on in (True, False))
    for variant, seed in product(variants(Assumptions()), range(2)):
        flow = [
            play(each, daily(60_000, 2), job_seconds("exponential:60"), variant, seed=seed) for each in (fast, slow)
        ]
        waits = [played.wait(95)[0] for played in flow]
        assert 20 <= waits[1] - waits[0] <= 35
        assert 1.05 <= flow[0].billed_workers / flow[1].billed_workers <= 1.2


@pytest.mark.parametrize("start_up", [59, 60, 61])
def test_a_second_of_start_up_changes_little(module: Mapping[str, Any], start_up: float) -> None:
    """Not even with the fast scale-out, whose cooldown begins when all workers run."""
    scaling = scaling_of(module, fast_scale_out=True)
    means = [
        mean(
            play(scaling, burst(500, 60), seconds(30), Assumptions(start_up_seconds=each), seed=seed).mean_workers
            for seed in range(10)
        )
        for each in (start_up, start_up + 1)
    ]
    assert means[1] == pytest.approx(means[0], rel=0.02)


def test_workers_start_at_random_times(module: Mapping[str, Any]) -> None:
    """Half of them within the median, 95 % within 1.5 times of it; 998 workers from the first decision at 330 s on."""
    scaling = scaling_of(module, worker_max_count=1000)
    played = play(scaling, burst(20_000, 30), LONG)
    times = [change.time - 330 for change in played.changes[2:] if change.desired == 1000]
    ordered = sorted(times)
    assert len(ordered) == 998
    assert median(ordered) == pytest.approx(60, rel=0.05)
    assert ordered[948] == pytest.approx(90, rel=0.05)


def test_a_late_metric_is_multiplied_by_the_workers_of_then_or_of_now(module: Mapping[str, Any]) -> None:
    """200 jobs: 14 workers at 330 s, for 140 jobs in the third minute; they run from 390 s, the cooldown ends at 450 s.

    The point of 300 s is seen then: 100 jobs on 2 workers, 50 each. 2 workers of then need 10, 14 of now need 70.
    """
    then, now = (play(scaling_of(module), burst(200, 60), seconds(30), each) for each in variants(FIXED))
    assert [change.desired for change in then.changes] == [2, 14, 14, 2]
    assert [(change.time, change.desired) for change in now.changes[:4]] == [(0, 2), (330, 14), (390, 14), (450, 50)]


def test_within_a_cooldown_only_a_larger_step_adds_and_only_the_rest(module: Mapping[str, Any]) -> None:
    """AWS's example: 2 were added, then 3 are asked for, and 1 is added.

    30 long jobs on 2 workers are 5 above the threshold: half of 2 is 1. With 100 more they are 55 above it: 3 times 2
    is 6, of which 5 are left. Those are asked for at 360 s, run at 420 s, and the cooldown is over at 1,020 s: then 130
    jobs on 8 workers are 6.25 above it, and half of 8 is 4.
    """
    queue = next(policy for policy in scaling_of(module).policies if policy.metric.reads("depth"))
    step = StepScaling("fast", queue.metric, 10, 1, ((0, 10, 50), (10, float("inf"), 300)), 600, 1)
    scaling = replace(scaling_of(module), policies=(), steps=(step,))
    played = play(scaling, Workload("two bursts", (30, 0, 100, *[0] * 27), 0), LONG)
    assert played.desired[:17] == [2, 2, 2, 3, 3, *[8] * 11, 12]


def test_a_schedule_sets_limits_by_the_time_of_day(module: Mapping[str, Any]) -> None:
    """From the first minute on those of the evening before; out at once, in when there is nothing to do."""
    schedule = (ScheduledAction(120, 3, 4), ScheduledAction(60, 10, 50))
    played = play(
        scaling_of(module), Workload("nothing, then little", (*[0] * 199, 1)), seconds(1), FIXED, schedule=schedule
    )
    assert played.desired[:61] == [*[3] * 60, 10]
    assert played.changes[1:3] == [Change(3600, 10, 3, 10, 50), Change(3660, 10, 10, 10, 50)]
    assert played.desired[119:122] == [10, 3, 3]
    assert played.changes[3:] == [Change(7200, 4, 4, 3, 4), Change(7230, 3, 3, 3, 4)]


def test_a_schedule_takes_workers_away_above_its_maximum(module: Mapping[str, Any]) -> None:
    """At once, and although the queue asks for 10: 100 jobs at a target of 10."""
    schedule = (ScheduledAction(10, 2, 50), ScheduledAction(30, 2, 4))
    played = play(scaling_of(module), burst(100, 60), LONG, schedule=schedule)
    assert [played.desired[minute] for minute in (9, 11, 29, 30, 59)] == [4, 10, 10, 4, 4]


def test_a_schedule_keeps_the_maximum_that_it_does_not_name(module: Mapping[str, Any]) -> None:
    """The module's, or that of an earlier action, also of the day before."""
    limits = Schedule(scaling_of(module), [ScheduledAction(60, 10, None), ScheduledAction(30, 4, 20)])
    assert (limits.at_first, limits.at(1440 + 60), limits.at(31)) == ((10, 20), (10, 20), None)
    assert Schedule(scaling_of(module)).at_first == (2, 50)


@pytest.mark.parametrize(
    ("actions", "given"),
    [
        ([ScheduledAction(60, 51, None)], "Given: 51, with a maximum of 50"),
        ([ScheduledAction(60, 0, None)], "Given: 0, with a maximum of 50"),
        ([ScheduledAction(60, 10, None), ScheduledAction(120, 2, 4)], "Given: 10, with a maximum of 4"),
    ],
)
def test_a_schedule_whose_limits_do_not_go_together_is_refused(
    module: Mapping[str, Any], actions: list[ScheduledAction], given: str
) -> None:
    """Those of the day before count."""
    with pytest.raises(UserError, match=f"must be at least 1 and not above the maximum. {given}"):
        Schedule(scaling_of(module), actions)


def test_the_same_seed_is_the_same(module: Mapping[str, Any]) -> None:
    """And another one is another."""
    spread = job_seconds("lognormal:30:200")
    runs = [play(scaling_of(module), daily(30_000, 1), spread, seed=seed) for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert runs[0].waits != runs[2].waits


def test_a_queue_that_never_drains_ends_all_the_same(module: Mapping[str, Any]) -> None:
    """After a day more, and says so."""
    played = play(scaling_of(module, worker_max_count=2), burst(2000, 10), seconds(3600))
    assert played.drained is None
    assert len(played.running) == 10 + 24 * 60
    # 10 slots take 250 of the 2,000 jobs in 24 hours and 10 minutes; the others waited all the time.
    assert (played.jobs, played.wait(10, 50, 95)) == (2000, [19 * 3600, 87_000, 87_000])


def test_fewer_workers_than_the_minimum_alarm(module: Mapping[str, Any]) -> None:
    """By the module's own alarm on what runs; and a long queue by its threshold."""
    played = play(scaling_of(module), burst(20_000, 60), seconds(600))
    assert played.alarms["queue_overload"][4:20] == [True] * 16
    assert not any(played.alarms["worker_count_low"])

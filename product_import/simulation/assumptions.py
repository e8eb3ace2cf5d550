"""What the model takes for granted of AWS and of the application: each value with its source and confidence."""

from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from product_import.errors import UserError

TARGET_TRACKING = "AWS, Application Auto Scaling user guide, how target tracking works"
BENCHMARK = "AWS's benchmark of target tracking on CPU, June 2026: 363 s to trigger, 386 s in all; 86 and 109 s at 20 s"
APPLICATION = "your application: see its CPU in CloudWatch"


T = TypeVar("T", float, str)


def _assumed(default: T, about: str, confidence: str, source: str) -> T:
    value: T = field(default=default, metadata={"about": about, "confidence": confidence, "source": source})
    return value


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """The constants of the model: seconds, percentages, counts, and a rule that AWS does not document."""

    metric_period_seconds: float = _assumed(
        60,
        "a metric has a point each so many seconds",
        "high",
        "AWS, metric math of target tracking: one minute; 20 s is opt-in per service since June 2026",
    )
    metric_delay_seconds: float = _assumed(
        150,
        "a point is seen so long after its period: what is left of the benchmark's 363 s after half a period, "
        "and three points; 16 s where the points are 20 s apart",
        "medium",
        BENCHMARK,
    )
    points_out: float = _assumed(
        3, "points above the target before target tracking scales out", "medium", "the alarms that AWS makes: 3 of 3"
    )
    points_in: float = _assumed(
        15, "points below the margin before it scales in", "medium", "the alarms that AWS makes: 15 of 15"
    )
    scale_in_margin_percent: float = _assumed(
        90, "of the target: below it target tracking scales in", "medium", "the alarms that AWS makes"
    )
    start_up_seconds: float = _assumed(
        60,
        "median of the time from the decision until a worker takes its first job; log-normally distributed",
        "low",
        "your image's size and start decide; the benchmark's tasks took 23 s, a gigabyte of image takes minutes",
    )
    start_up_spread: float = _assumed(
        1.5,
        "95 % of the workers take at most so many times the median; 1: all take the same time",
        "low",
        "AWS documents none; your tasks' createdAt and startedAt show it (ECS API Reference, Task)",
    )
    scheduling_seconds: float = _assumed(
        10,
        "from the decision until Fargate pulls a new worker's image; AWS bills it from then on until it has stopped",
        "low",
        "AWS Fargate pricing: from the start of the image pull to the end of the task; a minute at least",
    )
    multiplied_workers: str = _assumed(
        "both",
        "target tracking multiplies a late metric by the workers that ran then, or by the desired count of now, which "
        "requests more while workers start; then, now, or both, which simulates either",
        "low",
        "AWS says proportionally, and no more. For now: the emulator Floci (docs/services/applicationautoscaling.md) "
        "takes the current count; Segment's engineers saw short cooldowns scale out too far (When AWS Autoscale "
        "Doesn't, 2019). For then: an answer on re:Post (slow down asg target tracking scale out) says of EC2 Auto "
        "Scaling that what still warms up is not part of the capacity that is counted from",
    )
    idle_cpu_percent: float = _assumed(
        2, "of a worker without jobs", "low", "your application: see its CPU in CloudWatch"
    )
    busy_cpu_percent: float = _assumed(50, "of a worker with all the jobs that it takes at once", "low", APPLICATION)
    stalled_seconds: float = _assumed(
        30,
        "until Bull gives an interrupted job to another worker",
        "medium",
        "Bull 4, REFERENCE.md: lockDuration and stalledInterval are 30,000 ms",
    )


# Rules of the model that are no number.
RULES = (
    (
        "The new number of workers is ceil(workers * metric / target), of the newest point: see multiplied_workers",
        "medium",
        TARGET_TRACKING,
    ),
    ("Of several policies the largest number wins on the way out; in only if all agree", "high", TARGET_TRACKING),
    ("Without data nothing is added, and no policy agrees to remove", "high", TARGET_TRACKING),
    (
        "A cooldown starts when the workers that were asked for run; until it is over, additions count from the number "
        "before, so that only a larger one adds, and only the rest",
        "medium",
        "AWS, Application Auto Scaling API Reference, Cooldown of StepScalingPolicyConfiguration, ScaleOutCooldown of "
        "TargetTrackingScalingPolicyConfiguration; re:Post, ECS service auto scaling on Fargate",
    ),
    (
        "A scheduled action sets the limits at once, and a number outside them follows",
        "high",
        "AWS, Application Auto Scaling user guide, scheduled scaling",
    ),
    ("A scale-in goes to the requested number in one step", "low", "AWS says that it is gradual, not how"),
    ("Which workers a scale-in stops is chance", "low", "AWS documents the balance of zones only"),
    (
        "A stopped worker takes no new job, and its jobs have the stop timeout to end; then they are done again",
        "medium",
        "AWS, stopTimeout; Bull's close()",
    ),
    (
        "The alarm of a step policy sees a point as late as those of target tracking, and acts on each one",
        "low",
        "the benchmark's delay; AWS, CloudWatch user guide, alarm actions of Auto Scaling are repeated each minute",
    ),
    (
        "A step in percent of the desired workers is rounded down, from 0 to 1 up to 1",
        "high",
        "AWS, Application Auto Scaling user guide, step scaling adjustment types",
    ),
)


def with_values(assumptions: Assumptions, values: dict[str, str]) -> Assumptions:
    """The assumptions with some changed, as NAME=VALUE on the command line.

    Raises:
        UserError: there is none of that name, or the value is no number that it may have.
    """
    names = [each.name for each in fields(Assumptions)]
    changed: dict[str, Any] = {}
    for name, text in values.items():
        if name not in names:
            raise UserError(f"{name} is no assumption. Known: {', '.join(names)}.")
        if name in CHOICES:
            if text not in CHOICES[name]:
                raise UserError(f"{name} must be one of {', '.join(CHOICES[name])}. Given: {text}.")
            changed[name] = text
            continue
        lowest = 0 if name in MAY_BE_ZERO else 1
        try:
            changed[name] = float(text)
        except ValueError:
            changed[name] = float("nan")
        if not lowest <= changed[name] <= HIGHEST:
            raise UserError(f"{name} must be a number from {lowest} to {HIGHEST}. Given: {text}.")
        if name in WHOLE and not changed[name].is_integer():
            raise UserError(f"{name} must be a whole number. Given: {text}.")
    if 60 % changed.get("metric_period_seconds", 60):
        raise UserError(
            f"metric_period_seconds must divide a minute, as 20 does. Given: {values['metric_period_seconds']}."
        )
    return replace(assumptions, **changed)


def variants(assumptions: Assumptions) -> list[Assumptions]:
    """The assumptions with each rule that they leave open."""
    rules = ("then", "now") if assumptions.multiplied_workers == "both" else (assumptions.multiplied_workers,)
    return [replace(assumptions, multiplied_workers=rule) for rule in rules]


CHOICES = {"multiplied_workers": ("then", "now", "both")}
MAY_BE_ZERO = ("metric_delay_seconds", "start_up_seconds", "scheduling_seconds", "idle_cpu_percent", "stalled_seconds")
WHOLE = ("points_out", "points_in", "metric_period_seconds")
HIGHEST = 3600

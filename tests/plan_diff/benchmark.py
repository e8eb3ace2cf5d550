"""Time and memory of `plan-diff` on large plans, beside another program on the PATH that summarizes plans."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.plan_diff.documents import document, update
from tests.plan_diff.large_plan import write_plan

CHANGES = 20_000
RUNS = 3
SMALL_RUNS = 9
PEER = "tf-summarize"
# The peer's options that go with a format of ours.
FORMATS = {"text": (), "markdown": ("-md",), "json": ("-json",)}


class Figures(NamedTuple):
    seconds: float
    """Processor time of all threads, which other programs on the machine strike least."""
    mebibytes: float
    """Peak memory."""


def figures() -> Iterator[str]:
    """Lines of a report: each measurement, and the bound that it is meant to keep."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        plan, secrets, small = (folder / f"{name}.json" for name in ("plan", "secrets", "small"))
        write_plan(plan, CHANGES)
        write_plan(secrets, CHANGES, secrets=True)
        small.write_bytes(document(update({"threshold": 1}, {"threshold": 2})))
        peer = shutil.which(PEER)
        yield f"plan-diff of {CHANGES:,} changes, {plan.stat().st_size / 1e6:.0f} MB:"
        for form, options in FORMATS.items():
            ours = measured(_command(form, plan))
            yield _line(f"as {form}", ours)
            if peer:
                theirs = measured((peer, *options, str(plan)))
                yield _line(f"{PEER} {' '.join(options)}", theirs)
                yield f"  ratio of time {ours.seconds / theirs.seconds:.2f} (at most 1), " + (
                    f"of memory {ours.mebibytes / theirs.mebibytes:.2f} (at most 0.5)"
                )
        yield _line(f"as text, with {2 * CHANGES:,} secrets", measured(_command("text", secrets)))
        yield _line("a small plan (at most 0.15 s)", measured(_command("text", small), SMALL_RUNS))
        if not peer:
            yield f"  {PEER} is not on the PATH: nothing to compare with."


def _command(form: str, plan: Path) -> Sequence[str]:
    return (sys.executable, "-m", "product_import", "plan-diff", "--format", form, str(plan))


def _line(label: str, measurement: Figures) -> str:
    return f"  {label:<44}{measurement.seconds:8.2f} s {measurement.mebibytes:8.0f} MiB"


def measured(command: Sequence[str], runs: int = RUNS) -> Figures:
    """The medians of some runs of a command whose status is 0 or 2.

    Raises:
        RuntimeError: it failed.
    """
    return Figures(*map(median, zip(*(_run(command) for _ in range(runs)), strict=True)))


def _run(command: Sequence[str]) -> Figures:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 2):
        raise RuntimeError(f"{' '.join(command)}: exit status {process.returncode}")
    return Figures(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    for line in figures():
        print(line, flush=True)

"""Speed and memory of a synthesis, of the publisher and of `plan-diff`, measured in one run: `make bench`."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple
from zipfile import ZipFile

from tests.plan_diff import benchmark as plan_diff
from tests.project import artefacts, copy_project
from tests.publisher import benchmark as publisher

RUNS = 9
STOCK_RUNS = 3
STACKS = 20

EMPTY_APP = """
import product_import
from cdktf import App, TerraformStack
app = App(outdir={output!r})
TerraformStack(app, "empty")
app.synth()
"""

# Prints the seconds that each stack takes, from its first construct to its tree.
MANY_STACKS = """
import time
from product_import.inputs import Inputs
from product_import.module.stack import ProductImport
from tests.module.test_python_stack import VALUES
from cdktf import App
app = App(outdir={output!r})
for number in range({stacks}):
    start = time.perf_counter()
    ProductImport(app, f"stack-{{number}}", Inputs(**VALUES)).to_terraform()
    print(time.perf_counter() - start)
"""


class Run(NamedTuple):
    seconds: float
    mebibytes: float
    """Peak of the largest process."""
    output: str


def run(command: Sequence[str], folder: Path) -> Run:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} in {folder}: exit status {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024, output)


def in_turn(first: Sequence[str], second: Sequence[str], folder: Path, runs: int) -> tuple[list[Run], list[Run]]:
    """Runs of two commands in turn, so that a change of the machine's pace strikes both; the first pair is dropped."""
    pairs = [(run(first, folder), run(second, folder)) for _ in counted("both in turn", runs + 1)][1:]
    return [a for a, _ in pairs], [b for _, b in pairs]


def counted(what: str, runs: int) -> Iterator[int]:
    """Counts runs on standard error, for who waits."""
    for number in range(runs):
        print(f"  measuring {what}: run {number + 1} of {runs}", end="\r", file=sys.stderr, flush=True)
        yield number
    print(" " * 79, end="\r", file=sys.stderr, flush=True)


def stock_project(folder: Path) -> Path:
    """A copy of the project on the stock bindings, all 1,500 types of them."""
    copy = copy_project(folder / "stock").folder
    print("  downloading the stock bindings, 54 MB", end="\r", file=sys.stderr, flush=True)
    download = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps")
    subprocess.run((*download, "--require-hashes", "-r", copy / "requirements/bindings.txt", "-d", folder), check=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    (copy / "product_import/aws").unlink()
    shutil.move(folder / "unpacked/cdktf_cdktf_provider_aws", copy / "product_import/aws")
    subprocess.run((sys.executable, "-m", "compileall", "-q", copy / "product_import/aws"), check=True)
    return copy


def row(label: str, run_times: Sequence[Run]) -> None:
    """Print the medians of a command."""
    seconds = median(item.seconds for item in run_times)
    mebibytes = median(item.mebibytes for item in run_times)
    print(f"  {label:<34}{seconds:8.2f} s {mebibytes:8.0f} MiB   n = {len(run_times)}")


def ratio(label: str, value: float, bound: str) -> None:
    """Print a ratio beside what it is meant to be."""
    print(f"  {label:<54}{value:6.2f}   ({bound})")


def paired(first: Sequence[Run], second: Sequence[Run], figure: int) -> float:
    """The median of the ratios, pair by pair; `figure` is 0 for seconds, 1 for MiB."""
    return median(float(a[figure]) / float(b[figure]) for a, b in zip(first, second, strict=True))


def main() -> None:
    """Measure and print."""
    node = subprocess.run((".venv/bin/node", "--version"), capture_output=True, text=True, check=True).stdout.strip()
    print(f"Python {platform.python_version()}, Node {node}, cdktf {version('cdktf')}, jsii {version('jsii')};")
    print(f"{os.cpu_count()} CPUs, {platform.machine()}, {platform.system()} {platform.release()}. Medians:")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lean = copy_project(folder / "lean").folder
        main_py = (sys.executable, "main.py")
        empty_app = (sys.executable, "-c", EMPTY_APP.format(output=str(folder / "empty")))
        ours, empty = in_turn(main_py, empty_app, lean, RUNS)
        row("python main.py", ours)
        row("empty cdktf app", empty)
        stock = stock_project(folder)
        on_stock = [run(main_py, stock) for _ in counted("on the stock bindings", STOCK_RUNS)]
        row("python main.py, stock bindings", on_stock)
        many = (sys.executable, "-c", MANY_STACKS.format(output=str(folder / "many"), stacks=STACKS))
        costs = [[float(line) for line in run(many, lean).output.split()] for _ in counted(f"{STACKS} stacks", RUNS)]
        second, last = (median(cost[index] for cost in costs) for index in (1, STACKS - 1))
        print(f"  2nd and {STACKS}th stack of an app{1000 * second:16.0f} ms and {1000 * last:.0f} ms   n = {RUNS}")
        month = ("-m", "product_import", "simulate", "--daily", "20000", "--days", "30")
        simulated = [run((sys.executable, *month), lean) for _ in counted("a simulated month", RUNS)]
        row("simulate 600,000 jobs of a month", simulated)
        print("Ratios:")
        ratio("time, python main.py to an empty app", paired(ours, empty, 0), "at most 1.6")
        ratio("peak memory, python main.py to an empty app", paired(ours, empty, 1), "at most 1.35")
        ratio("time, stock bindings to lean", paired(on_stock, ours[:STOCK_RUNS], 0), "at least 12")
        ratio("peak memory, stock bindings to lean", paired(on_stock, ours[:STOCK_RUNS], 1), "at least 6")
        ratio(f"time, {STACKS}th stack to 2nd", median(c[STACKS - 1] / c[1] for c in costs), "at most 1.3")
        if artefacts(lean) != artefacts(stock):
            sys.exit("error: the lean bindings give another output than the stock ones")
        print("The output on lean and on stock bindings is the same, byte for byte.")
    for label, value, bound in publisher.figures():
        ratio(label, value, bound)
    for line in plan_diff.figures():
        print(line, flush=True)


if __name__ == "__main__":
    main()

"""The pictures: committed ones that are not stale, colours in light and dark, and the page in a real browser."""

import json
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from product_import.documentation.pictures import pictures
from product_import.simulation import Workload, drawing, play
from product_import.simulation.advice import Choice
from product_import.simulation.colours import COLOURS
from product_import.simulation.workload import burst
from tests.project import PROJECT
from tests.publisher.queues import node
from tests.simulation.scenarios import FIXED, scaling_of, seconds

import pytest

pytest.importorskip("vl_convert", reason="Pictures want vl-convert-python: `make test` installs it")

# Where a reader's browser runs: see browser/.
BROWSER = Path(__file__).with_name("browser")
# Paper of the page and of the picture; ink of the hint, of an axis and of a title.
LIGHT = (["rgb(255, 255, 255)"] * 2, ["rgb(36, 41, 47)"] * 3)
DARK = (["rgb(13, 17, 23)"] * 2, ["rgb(230, 237, 243)"] * 3)


def spec(module: Mapping[str, Any]) -> drawing.Spec:
    """A burst of 500 jobs of 30 s: see test_hand_calculations.py."""
    return drawing.timeline([play(scaling_of(module), burst(500, 60), seconds(30))], "A burst")


def picture(drawn: drawing.Spec) -> drawing.Picture:
    return drawing.Picture(drawn, "What was <simulated>.", [("jobs", "500"), ("workers, peak", "44 & more")])


@pytest.fixture(scope="module")
def drawn(module: Mapping[str, Any]) -> str:
    """The burst as SVG."""
    return drawing.svg(spec(module))


def test_the_committed_pictures_are_not_stale(module: Mapping[str, Any]) -> None:
    """`make pictures` draws them, and a page shows each."""
    pages = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("modules/product-import/*.md")]
    shown = {
        (page.parent / link).resolve().relative_to(PROJECT)
        for page in pages
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+\.svg)\)", page.read_text())
    }
    drawn = pictures(module)
    assert {path.relative_to(PROJECT) for path in PROJECT.glob("*/**/pictures/*.svg")} == set(drawn) == shown
    for path, text in drawn.items():
        assert (PROJECT / path).read_text() == text, f"{path} is stale: make pictures"


def test_every_colour_has_one_for_the_dark(drawn: str) -> None:
    """On screen; print stays light. White on white, or black on black, is none."""
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', drawn))
    assert used
    assert used <= {light for light, _ in COLOURS}
    assert "@media screen and (prefers-color-scheme:dark)" in drawn
    for colour in used:
        assert f'[fill="{colour}"]{{fill:#' in drawn


def test_the_same_is_drawn_as_the_same(module: Mapping[str, Any], drawn: str) -> None:
    """Byte for byte, so that it can be committed."""
    assert drawing.svg(spec(module)) == drawn


def test_what_is_so_at_the_end_of_a_minute_shows_from_then_on(module: Mapping[str, Any]) -> None:
    """As the figures have it: 500 jobs are done after 7.5 minutes, by workers desired from 5.5 on."""
    played = play(scaling_of(module), burst(500, 60), seconds(30), FIXED)
    played.alarms = {"queue_overload": [index in (3, 4) for index in range(len(played.running))]}
    shown = drawing.timeline([played], "A burst")
    rows = {row["minute"]: row for row in shown["data"]["values"]}
    assert [rows[minute]["queued"] for minute in (0, 6, 7, 8)] == [500, 380, 150, 0]
    assert [rows[minute]["desired"] for minute in (5, 5.5, 6)] == [2, 44, 44]
    assert [rows[minute]["running"] for minute in (6, 6.5, 7)] == [2, 44, 44]
    assert shown["vconcat"][-1]["layer"][0]["data"]["values"][0] == {"event": "queue_overload", "from": 4, "to": 6}


def labels(drawn: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)</text>", re.sub(r"<tspan[^>]*>|</tspan>", "", drawn))


def test_a_panel_without_events_says_none(drawn: str) -> None:
    """Of each alarm."""
    assert {"queue_overload: none", "worker_count_low: none"} <= set(labels(drawn))


def test_an_outage_is_marked(module: Mapping[str, Any]) -> None:
    """Shaded, and as a row of its own."""
    played = play(scaling_of(module), burst(500, 60), seconds(30), outage=range(10, 20))
    shown = drawing.timeline([played], "A burst")
    rows = {row["minute"]: row["outage"] for row in shown["data"]["values"]}
    assert [rows[minute] for minute in (9, 10, 19, 20)] == [False, True, True, False]
    assert {"event": drawing.OUTAGE, "from": 10, "to": 20} in shown["vconcat"][-1]["layer"][0]["data"]["values"]
    assert drawing.OUTAGE in labels(drawing.svg(shown))


@pytest.mark.parametrize(
    ("minutes", "some"), [(60, {"0:00", "0:30"}), (600, {"2:00", "8:00"}), (4 * 1440, {"day 2", "day 4", "12:00"})]
)
def test_a_long_axis_has_hours_and_days(module: Mapping[str, Any], minutes: int, some: set[str]) -> None:
    """Not thousands of minutes."""
    played = play(scaling_of(module), burst(5, minutes), seconds(30))
    assert some <= set(labels(drawing.svg(drawing.timeline([played], "A burst"))))


def test_a_long_time_is_drawn_with_its_peaks(module: Mapping[str, Any]) -> None:
    """A point stands for several minutes; the highest of them shows."""
    played = play(scaling_of(module), Workload("a peak", (*[0] * 3001, 700, *[0] * 3000), 0), seconds(30))
    rows = drawing.timeline([played], "A peak")["data"]["values"]
    assert len(rows) <= 1500
    assert max(row["queued"] for row in rows) == max(played.highest)
    assert max(row["desired"] for row in rows) == max(played.desired)


def test_a_picture_is_written_in_the_format_of_its_name(module: Mapping[str, Any], tmp_path: Path) -> None:
    """PNG, SVG; nothing else stays."""
    drawing.draw(picture(spec(module)), [tmp_path / "new/x.png", tmp_path / "new/x.svg"])
    assert (tmp_path / "new/x.png").read_bytes()[:4] == b"\x89PNG"
    assert (tmp_path / "new/x.svg").read_text().startswith("<svg ")
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"x.png", "x.svg"}


def test_the_advice_is_drawn(tmp_path: Path) -> None:
    """A point for each setting."""
    found = [Choice(target, 2, 600 / target, 900.0 + target, 3) for target in (1, 2, 3)]
    drawing.draw(picture(drawing.cost_against_wait(found, 300)), [tmp_path / "x.svg"])
    assert "USD in the time" in (tmp_path / "x.svg").read_text()


@pytest.fixture
def browser() -> None:
    """A browser that runs here; without one a test is skipped."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip("no browser: that of the tests runs on Linux with x86-64 alone")
    if not (BROWSER / "node_modules/ready").exists():
        pytest.skip("no browser: `make test` sets it up")


def seen(page: Path, mark: str) -> Any:
    """What a reader sees of a page, who holds the pointer over a mark of it, zooms there and moves."""
    program = node()
    assert program
    command = [program, str(BROWSER / "read.mjs"), page.as_uri(), mark]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def spans(axes: list[list[float | None]]) -> list[tuple[float, float]]:
    """The lowest and the highest number of each axis that has numbers."""
    return [(min(known), max(known)) for axis in axes if (known := [number for number in axis if number is not None])]


@pytest.mark.usefixtures("browser")
def test_the_page_can_be_read_zoomed_and_moved_in_a_browser(module: Mapping[str, Any], tmp_path: Path) -> None:
    """One time axis for all panels, as the hint says; on the screen, light or dark, and on paper, which stays light."""
    page = tmp_path / "x.html"
    drawing.draw(picture(spec(module)), [page])
    found = seen(page, ".concat_0_group path.background")
    read = re.sub(r"\s+", " ", found["tip"])
    assert re.fullmatch(r"Minute 1\d Queued jobs 0 Desired workers 44 Running workers 44 CPU in % 2", read)
    time, queued, workers, cpu = (0, 55), (0, 500), (0, 50), (0, 100)
    assert spans(found["whole"]) == [time, queued, time, workers, time, cpu, time]
    for moment, (least, first, last, most) in {"zoomed": (5, 15, 25, 40), "moved": (10, 18, 30, 45)}.items():
        times = spans(found[moment])[::2]
        assert len(set(times)) == 1
        assert least <= times[0][0] <= first < last <= times[0][1] <= most
    assert spans(found["again"]) == spans(found["whole"])
    heading = "A burst\n\nWhat was <simulated>."
    hint = "Drag to move, turn the wheel to zoom, double-click to see all; hold the pointer over a line to read it."
    for medium, colours, shown in (("light", LIGHT, True), ("dark", DARK, True), ("paper", LIGHT, False)):
        assert (found[medium]["paper"], found[medium]["ink"]) == colours
        assert found[medium]["text"].startswith(heading)
        assert (hint in found[medium]["text"], "44 & more" in found[medium]["text"]) == (shown, True)
        assert found[medium]["lang"] == "en"
    assert found["other"] == []


def collisions(width: int, *files: Path) -> dict[str, Any]:
    """What is wrong with the labels of pictures in the browser, which has none of the fonts that they name."""
    program = node()
    assert program
    command = [program, str(BROWSER / "collide.mjs"), str(width), *(file.as_uri() for file in files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert all(each["labels"] > 10 for each in found.values())
    return {Path(url).name: (each["wrong"], each["beyond"]) for url, each in found.items()}


@pytest.mark.usefixtures("browser")
def test_labels_of_the_committed_pictures_do_not_collide() -> None:
    """With wider letters than those of the font that they were drawn with."""
    found = collisions(1400, *sorted(PROJECT.glob("*/**/pictures/*.svg")))
    assert {name: wrong for name, (wrong, _) in found.items() if wrong} == {}


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize("width", [420, 1300])
def test_the_page_fits_the_screen(module: Mapping[str, Any], tmp_path: Path, width: int) -> None:
    """Of a burst, of a week with an outage, and of an advice: no label collides, and nothing is beyond the edge."""
    week = play(scaling_of(module), Workload("a week", (1,) * 7 * 1440), seconds(30), outage=range(3000, 4000))
    found = [Choice(target, 2, 600 / target, 900.0 + target, 3) for target in (1, 2, 3)]
    specs = {
        "burst": spec(module),
        "week": drawing.timeline([week], "A week"),
        "advice": drawing.cost_against_wait(found, 300),
    }
    for name, drawn in specs.items():
        drawing.draw(picture(drawn), [tmp_path / f"{name}.html"])
    shown = collisions(width, *(tmp_path / f"{name}.html" for name in specs))
    assert shown == {f"{name}.html": ([], 0) for name in specs}


@pytest.mark.usefixtures("browser")
def test_the_page_of_an_advice_tells_the_setting_of_a_point(tmp_path: Path) -> None:
    """By which one chooses."""
    page = tmp_path / "x.html"
    found = [Choice(target, 2, 600 / target, 900.0 + target, 3) for target in (1, 2, 3)]
    drawing.draw(picture(drawing.cost_against_wait(found, 300)), [page])
    read = seen(page, ".mark-symbol path")
    told = "target_jobs_per_worker 1 worker_min_count 2 wait in s 600 USD 901 mean workers 3"
    assert re.sub(r"\s+", " ", read["tip"]) == told
    assert read["other"] == []

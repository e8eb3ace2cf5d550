"""The pictures: committed ones that are not stale, colours in light and dark, and the page in a real browser."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from product_import.documentation.dashboard import dashboard_picture
from product_import.documentation.pictures import readme_pictures
from product_import.simulation import drawing, play
from product_import.simulation.advice import Choice
from product_import.simulation.workload import burst
from tests.project import PROJECT
from tests.simulation.scenarios import scaling_of, seconds

import pytest

pytest.importorskip("vl_convert", reason="Pictures want vl-convert-python: `make test` installs it")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Holds the pointer over the first panel, turns the wheel there, and writes what could be read before and after.
DRIVE = """<script>
const axes = () => [...document.querySelectorAll('.role-axis-label')].map(
  axis => [...axis.querySelectorAll('text')].map(text => Number(text.textContent)).filter(number => !isNaN(number)));
setTimeout(() => {
  const panel = [...document.querySelectorAll('path.background')].map(path => path.getBoundingClientRect())
    .find(box => box.width > 500);
  const at = {bubbles: true, cancelable: true, view: window, clientX: panel.left + panel.width / 4,
    clientY: panel.top + panel.height / 2};
  const found = {before: axes()};
  const under = () => document.elementFromPoint(at.clientX, at.clientY);
  under().dispatchEvent(new PointerEvent('pointerover', at));
  under().dispatchEvent(new PointerEvent('pointermove', at));
  under().dispatchEvent(new MouseEvent('mousemove', at));
  setTimeout(() => {
    found.tip = document.querySelector('#vg-tooltip-element').textContent;
    for (let turn = 0; turn < 5; turn++) under().dispatchEvent(new WheelEvent('wheel', {...at, deltaY: -200}));
    setTimeout(() => {
      found.after = axes();
      found.hint = document.body.innerText.split('\\n')[0];
      const style = element => getComputedStyle(document.querySelector(element));
      found.colours = [style('body').backgroundColor, style('svg.marks').backgroundColor, style('body').color,
        style('.role-axis-label text').fill, style('.role-title text').fill];
      const result = document.createElement('pre');
      result.id = 'result';
      result.textContent = JSON.stringify(found);
      document.body.append(result);
    }, 800);
  }, 800);
}, 1500);
</script>"""


def spec(module: Mapping[str, Any]) -> drawing.Spec:
    """A burst of 500 jobs of 30 s: see test_hand_calculations.py."""
    return drawing.timeline(play(scaling_of(module), burst(500, 60), seconds(30)), "A burst")


def test_the_pictures_of_the_readme_are_not_stale(module: Mapping[str, Any]) -> None:
    """`make pictures` draws them anew; the README shows each."""
    folder = PROJECT / "modules/product-import"
    readme = (folder / "README.md").read_text()
    drawn = readme_pictures(module)
    assert {path.name for path in (folder / "pictures").iterdir()} == {path.name for path in drawn}
    for path, text in drawn.items():
        assert (folder / path).read_text() == text, f"{path} is stale: make pictures"
        assert f"]({path})" in readme


def test_the_picture_of_the_dashboard_shows_each_graph_and_each_limit(module: Mapping[str, Any]) -> None:
    """With the overload that the simulated queue ends in."""
    text = re.sub(r"<tspan[^>]*>|</tspan>", "", drawing.svg(dashboard_picture(module)))
    shown = set(re.findall(r"<text[^>]*>([^<]+)</text>", text))
    assert shown >= {
        *("Product import, production", "Alarms", "Queued jobs", "Queued jobs per running worker", "Running workers"),
        *("CPU of the workers, %", "Memory of the workers, %", "CPU of Redis, %", "Memory of Redis, %"),
        *("Keys evicted by Redis", "Connections to Redis", "Lag of the replicas of Redis, s"),
        *("queue_overload: above queue_overload_threshold", "worker_count_low: below worker_min_count"),
        *("redis_cpu_high: above redis_cpu_threshold", "redis_memory_high: above redis_memory_threshold"),
        *("target_jobs_per_worker", "worker_max_count", "target of autoscaling", "…-001", "…-002", "…-003"),
    }
    states = sorted(line.split() for line in shown if line.startswith(("In alarm", "OK")))
    assert states == [
        ["In", "alarm", "queue_overload"],
        ["OK", "redis_cpu_high"],
        ["OK", "redis_memory_high"],
        ["OK", "worker_count_low"],
    ]


def test_every_colour_has_one_for_the_dark(module: Mapping[str, Any]) -> None:
    """On screen; print stays light. White on white, or black on black, is none."""
    text = drawing.svg(spec(module))
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', text))
    assert used
    assert used <= {light for light, _ in drawing.COLOURS}
    assert "@media screen and (prefers-color-scheme:dark)" in text
    for colour in used:
        assert f'[fill="{colour}"]{{fill:#' in text


def test_the_same_is_drawn_as_the_same(module: Mapping[str, Any]) -> None:
    """Byte for byte, so that it can be committed."""
    assert drawing.svg(spec(module)) == drawing.svg(spec(module))


def test_a_picture_is_written_in_the_format_of_its_name(module: Mapping[str, Any], tmp_path: Path) -> None:
    """PNG, SVG; nothing else stays."""
    drawing.draw(spec(module), [tmp_path / "x.png", tmp_path / "x.svg"])
    assert (tmp_path / "x.png").read_bytes()[:4] == b"\x89PNG"
    assert (tmp_path / "x.svg").read_text().startswith("<svg ")
    assert {path.name for path in tmp_path.iterdir()} == {"x.png", "x.svg"}


def test_the_advice_is_drawn(tmp_path: Path) -> None:
    """A point for each setting."""
    found = [Choice(target, 2, 600 / target, 900.0 + target, 3) for target in (1, 2, 3)]
    drawing.draw(drawing.cost_against_wait(found, 300), [tmp_path / "x.svg"])
    assert "USD a month" in (tmp_path / "x.svg").read_text()


@pytest.fixture
def driven(module: Mapping[str, Any], tmp_path: Path) -> Callable[..., Any]:
    """Opens the page in a browser, with options of it, and returns what was read there."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("No browser: `apt-get install chromium`, or put one of " + ", ".join(BROWSERS) + " on the PATH.")
    before, end, after = drawing.html(spec(module)).rpartition("</body>")
    assert not re.search(r'(src|href)="https?:', before)
    page = tmp_path / "page.html"
    page.write_text(f"{before}{DRIVE}{end}{after}")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1000,1000"]
    command.append(f"--user-data-dir={tmp_path / 'browser'}")

    def drive(*options: str) -> Any:
        done = subprocess.run(
            [*command, *options, "--virtual-time-budget=10000", "--dump-dom", page.as_uri()],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        match = re.search(r'<pre id="result">(.*?)</pre>', done.stdout)
        assert match, done.stderr[-2000:]
        return json.loads(match[1])

    return drive


def test_the_page_can_be_zoomed_and_read_in_a_browser(driven: Callable[..., Any]) -> None:
    """The wheel over the first panel narrows the time axis of all; the pointer tells the values of a minute."""
    found = driven()
    times = [axis for axis in found["before"] if axis and axis[-1] == 55]
    assert len(times) == 4
    assert re.fullmatch(r"Minute1[45]Queued jobs0Wanted workers44Running workers44CPU in %2", found["tip"])
    narrowed = [axis for axis in found["after"] if axis and max(axis) < 40 and min(axis) >= 5]
    assert len(narrowed) == 4
    assert len({tuple(sorted(axis)) for axis in narrowed}) == 1
    assert found["hint"].startswith("Drag to move, turn the wheel to zoom")
    assert found["colours"] == ["rgb(255, 255, 255)"] * 2 + ["rgb(36, 41, 47)"] * 3


def test_the_page_follows_the_readers_dark_mode(driven: Callable[..., Any]) -> None:
    """Light ink on a dark paper, the picture's own background too."""
    found = driven("--blink-settings=preferredColorScheme=0")
    assert found["colours"] == ["rgb(13, 17, 23)"] * 2 + ["rgb(230, 237, 243)"] * 3

"""Pictures of a simulation: SVG and PNG, and one HTML page in which one can zoom and read values.

Vega-Lite draws them, by vl-convert: one package without a browser for all three, where plotly's page is 4.5 MB and its
SVG wants Chrome. The colours change with the reader's dark mode, on screen only.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from product_import.errors import UsageError, UserError
from product_import.files import replace_files
from product_import.installation import remedy
from product_import.simulation.advice import Choice, frontier
from product_import.simulation.colours import BLUE, GREY, GRID, INK, ORANGE, PAPER, RED, dark
from product_import.simulation.page import page
from product_import.simulation.play import Change, Played

try:
    import vl_convert
except ModuleNotFoundError:
    vl_convert = None  # type: ignore[assignment]

Spec = dict[str, Any]

VEGA_LITE = "v6.4"
# More points than this look the same in a picture: each then is the highest of several periods.
MOST_POINTS = 1500
WIDTH = 720
# All as wide as the first, which vl-convert brings along.
FONTS = "Liberation Sans, Arial, Helvetica, sans-serif"
# The time of a tick: hours and minutes, or the number of the day that begins.
CLOCK = (
    "time(datum.value) > 0 && time(datum.value) % 864e5 == 0 "
    "? 'day ' + (time(datum.value) / 864e5 + 1) : utcFormat(datum.value, '%-H:%M')"
)
OUTAGE = "nobody publishes the depth"
# What the pointer tells.
READ = (("queued", "Queued jobs"), ("desired", "Desired workers"), ("running", "Running workers"), ("cpu", "CPU in %"))


def check(files: Sequence[Path]) -> None:
    """See that pictures can be drawn into files of these names.

    Raises:
        UserError: a name has another ending, or the package that draws is not installed.
    """
    for file in files:
        if file.suffix not in FORMATS:
            raise UsageError(f"A picture must end in one of {', '.join(FORMATS)}. Given: {file}.")
    if vl_convert is None:
        raise UserError(f"Pictures need vl-convert-python. {remedy('simulate PICTURE=FILE', 'pictures')}")


@dataclass(frozen=True)
class Picture:
    """A picture, and what the page says beside it.

    Attributes:
        text: what was simulated.
        table: rows of two cells, a name and a value, or of more, the first of which is the head.
    """

    spec: Spec
    text: str
    table: Sequence[Sequence[str]]


def draw(picture: Picture, files: Sequence[Path]) -> None:
    """Write a picture in the format of each file's name.

    Raises:
        UserError: a file cannot be written.
    """
    check(files)
    replace_files({file: FORMATS[file.suffix](picture) for file in files})


def png(spec: Spec) -> bytes:
    """The content of a PNG file."""
    content: bytes = vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=2)
    return content


def svg(spec: Spec) -> str:
    """The text of an SVG file."""
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    # Numbered on through a process: the same picture would differ by what was drawn before.
    names = dict.fromkeys(re.findall(r'id="(\w+?\d+)"', drawn))
    for number, name in enumerate(names):
        drawn = re.sub(rf"\b{name}\b", f"part-{number}", drawn)
    head, mark, rest = drawn.partition(">")
    return f"{head}{mark}<style>{dark('')}</style>{rest}\n"


def html(picture: Picture) -> str:
    """A page that needs nothing from the network."""
    spec = {name: value for name, value in picture.spec.items() if name != "title"}
    return page(
        picture.spec["title"],
        picture.text,
        picture.table,
        # It would end the script.
        json.dumps(spec).replace("</", "<\\/"),
        vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE),
    )


FORMATS: Mapping[str, Callable[[Picture], str | bytes]] = {
    ".svg": lambda picture: svg(picture.spec),
    ".png": lambda picture: png(picture.spec),
    ".html": html,
}
"""How a picture is written, by the ending of its file's name."""


def timeline(runs: Sequence[Played], title: str) -> Spec:
    """Backlog, workers, CPU and the module's alarms of the first of several simulations, on one time axis."""
    played = runs[0]
    rows = list(_rows(runs))
    end = rows[-1]["minute"]
    outages = [
        {"from": first, "to": last} for first, last in _spans(played, [p.depth is None for p in played.points], 0)
    ]
    band = {field: [_band(field, BLUE)] if len(runs) > 1 else [] for field in ("queued", "running")}
    panels = [
        _panel(
            0,
            "Queued jobs",
            160,
            [*band["queued"], _line("queued", BLUE)],
            _room(row.get("most_queued", row["queued"]) for row in rows),
        ),
        _panel(
            1,
            "Workers",
            140,
            [
                *band["running"],
                *(_line(limit, GREY, dash=[2, 3], width=1) for limit in ("minimum", "maximum")),
                _line("desired", ORANGE, dash=[5, 3]),
                _line("running", BLUE),
            ],
            _room(max(row["maximum"], row.get("most_running", row["running"])) for row in rows),
        ),
        _panel(2, "CPU in %", 80, [_line("cpu", BLUE)], (0, 105)),
    ]
    events = _events(played, outages, end)
    _zoom_together([*panels, events])
    return whole(
        title,
        "Running (line) and desired (dashed) workers; the limits are grey."
        + (f" Light blue: {len(runs)} simulations, of which the lines are the first." if len(runs) > 1 else "")
        + (" Shaded: nobody publishes the depth." if outages else ""),
        {"data": {"values": rows}, "transform": [_milliseconds("minute")], "vconcat": [*panels, events]},
    )


def _events(played: Played, outages: Sequence[Mapping[str, float]], end: float) -> Spec:
    """When each alarm was on, and when nobody published the depth."""
    spans = [
        {"event": name, "from": first, "to": last}
        for name, states in sorted(played.alarms.items())
        for first, last in _spans(played, states, 1)
    ]
    spans += [{"event": OUTAGE, **outage} for outage in outages]
    some = {span["event"] for span in spans}
    events = [*sorted(played.alarms), *([OUTAGE] if outages else [])] or ["alarms"]
    texts = [{"event": event, "text": event if event in some else f"{event}: none"} for event in events]
    # Those of no length stretch the axis over all of the time.
    spans += [{"event": events[0], "from": at, "to": at} for at in (0, end)]
    row = {"field": "event", "type": "nominal", "axis": None, "scale": {"domain": events}}
    return {
        "title": {"text": "Alarms", "anchor": "start", "fontSize": 11, "color": INK[0]},
        "width": WIDTH,
        "height": 34 * len(events),
        "layer": [
            {
                "data": {"values": spans},
                "transform": [_milliseconds("from"), _milliseconds("to")],
                "mark": {"type": "bar", "height": 10, "yOffset": 8, "color": RED[0]},
                "encoding": {
                    "x": _time("from"),
                    "x2": {"field": "to_time"},
                    "y": row,
                    "tooltip": [{"field": name} for name in ("event", "from", "to")],
                },
            },
            {
                "data": {"values": texts},
                "mark": {"type": "text", "align": "left", "dy": -7, "color": INK[0], "fontSize": 11},
                "encoding": {"x": {"value": 4}, "y": row, "text": {"field": "text"}},
            },
        ],
    }


def comparison(lines: Mapping[str, Played], title: str, subtitle: str | list[str]) -> Spec:
    """Running workers and queued jobs of two configurations, on one time axis."""
    rows = [{"which": name, **row} for name, played in lines.items() for row in _rows([played])]
    colour = {
        "field": "which",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(lines), "range": [BLUE[0], ORANGE[0]]},
        "legend": {"orient": "top"},
    }
    panels = [
        {
            "width": WIDTH,
            "height": height,
            "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
            "encoding": {"x": _time("minute"), "y": _value(field, name), "color": colour},
        }
        for field, name, height in (("running", "Running workers", 150), ("queued", "Queued jobs", 120))
    ]
    content = {"data": {"values": rows}, "transform": [_milliseconds("minute")], "vconcat": panels}
    return whole(title, subtitle, {**content, "resolve": {"scale": {"x": "shared"}}})


def cost_against_wait(found: Sequence[Choice], wait: float) -> Spec:
    """Every setting by what it costs and how long jobs wait; the line joins those that none is better than."""
    best = {id(choice) for choice in frontier(list(found))}
    rows = [{**vars(choice), "best": id(choice) in best} for choice in found]
    encoding = {
        "x": {"field": "wait", "type": "quantitative", "title": "Wait of 95 % of the jobs, seconds"},
        "y": {
            "field": "cost",
            "type": "quantitative",
            "title": "USD in the time of the workload",
            "scale": {"zero": False},
        },
    }
    tooltip = [
        {"field": name, "title": title, "format": ",.2~f"}
        for name, title in (
            ("target", "target_jobs_per_worker"),
            ("minimum", "worker_min_count"),
            ("wait", "wait in s"),
            ("cost", "USD"),
            ("mean_workers", "mean workers"),
        )
    ]
    zoom = {"name": "zoom", "select": "interval", "bind": "scales"}
    layers = [
        {
            "mark": {"type": "point", "filled": True, "size": 40},
            "params": [zoom],
            "encoding": {
                **encoding,
                "color": {"condition": {"test": "datum.best", "value": BLUE[0]}, "value": GREY[0]},
                "tooltip": tooltip,
            },
        },
        {
            "transform": [{"filter": "datum.best"}],
            "mark": {"type": "line", "color": BLUE[0], "strokeWidth": 1.5},
            "encoding": {**encoding, "order": {"field": "cost"}},
        },
        {
            "data": {"values": [{"limit": wait}]},
            "mark": {"type": "rule", "color": ORANGE[0], "strokeDash": [6, 4], "strokeWidth": 2},
            "encoding": {"x": {"field": "limit", "type": "quantitative"}},
        },
    ]
    return whole(
        "Cost against wait",
        "A point is a target and a minimum; none betters those on the line; dashed: the wait that was asked for.",
        {"data": {"values": rows}, "width": WIDTH, "height": 360, "layer": layers},
    )


def whole(title: str, subtitle: str | list[str], content: Spec) -> Spec:
    """A picture with its title, its colours and its font, which vl-convert brings along."""
    ink = {"labelColor": INK[0], "titleColor": INK[0], "domainColor": GREY[0], "tickColor": GREY[0]}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": PAPER[0],
        "title": {
            "text": title,
            "subtitle": subtitle,
            "anchor": "start",
            "color": INK[0],
            "subtitleColor": GREY[0],
        },
        "config": {
            "font": FONTS,
            "view": {"stroke": GRID[0]},
            "axis": {**ink, "gridColor": GRID[0]},
            "legend": {"labelColor": INK[0], "labelFontSize": 12},
        },
        **content,
    }


def _panel(number: int, title: str, height: int, layers: list[Spec], domain: Sequence[float]) -> Spec:
    hover = {
        "mark": {"type": "rule", "color": GREY[0]},
        "params": [
            {
                "name": f"hover_{number}",
                "select": {
                    "type": "point",
                    "encodings": ["x"],
                    "nearest": True,
                    "on": "pointerover",
                    "clear": "pointerout",
                },
            },
        ],
        "encoding": {
            "x": _time("minute"),
            "opacity": {"condition": {"param": f"hover_{number}", "empty": False, "value": 1}, "value": 0},
            "tooltip": [
                {"field": "minute", "title": "Minute", "type": "quantitative", "format": ",.2~f"},
                *({"field": field, "title": name, "type": "quantitative", "format": ",.3~r"} for field, name in READ),
            ],
        },
    }
    outage = {
        "transform": [{"calculate": f"datum.outage ? {domain[1]} : 0", "as": "shade"}],
        "mark": {"type": "area", "interpolate": "step-after", "color": GREY[0], "opacity": 0.2},
        "encoding": {"x": _time("minute"), "y": _value("shade", None)},
    }
    for layer in (outage, *layers):
        layer["encoding"]["y"] |= {"title": title, "scale": {"domain": domain}}
    return {"width": WIDTH, "height": height, "layer": [outage, *layers, hover]}


def _room(values: Iterable[float]) -> tuple[float, float]:
    """From 0 to a little more than the highest, whose line the edge would cut in half."""
    return 0, max(values) * 1.05 or 1


def _zoom_together(panels: list[Spec]) -> None:
    """Let the first panel be zoomed, and the others follow it."""
    for number, panel in enumerate(panels):
        for layer in panel["layer"]:
            if number and "field" in layer["encoding"]["x"]:
                layer["encoding"]["x"]["scale"] |= {"domain": {"param": "zoom"}}
            layer["mark"]["clip"] = True
    panels[0]["layer"][-1]["params"].append(
        {"name": "zoom", "select": {"type": "interval", "encodings": ["x"]}, "bind": "scales"}
    )


def _line(field: str, colour: tuple[str, str], *, dash: Sequence[int] = (), width: int = 2) -> Spec:
    mark: Spec = {"type": "line", "interpolate": "step-after", "color": colour[0], "strokeWidth": width}
    if dash:
        mark["strokeDash"] = dash
    return {"mark": mark, "encoding": {"x": _time("minute"), "y": _value(field, None)}}


def _band(field: str, colour: tuple[str, str]) -> Spec:
    """The range of all simulations."""
    ends = {"y": _value(f"least_{field}", None), "y2": {"field": f"most_{field}"}}
    mark = {"type": "area", "interpolate": "step-after", "color": colour[0], "opacity": 0.2}
    return {"mark": mark, "encoding": {"x": _time("minute"), **ends}}


def _time(field: str) -> Spec:
    """The axis of a field of minutes, which labels hours, minutes and days."""
    return {
        "field": f"{field}_time",
        "type": "temporal",
        "title": "Time (hours:minutes)",
        "scale": {"type": "utc", "nice": False},
        "axis": {"labelExpr": CLOCK, "labelOverlap": True, "labelSeparation": 8},
    }


def _milliseconds(field: str) -> Spec:
    """What the time axis wants of a field of minutes."""
    return {"calculate": f"datum['{field}'] * 60000", "as": f"{field}_time"}


def _value(field: str, title: str | None) -> Spec:
    return {"field": field, "type": "quantitative", "title": title}


def _rows(runs: Sequence[Played]) -> Iterator[dict[str, float]]:
    """A row of the first simulation for each period and each change within one, with the range of all simulations.

    Of many periods, the highest numbers of several.
    """
    played = runs[0]
    cpu, running = played.cpu, [each.running for each in runs]
    several = -(-len(cpu) // MOST_POINTS)
    changes = deque(played.changes)
    now = changes.popleft()
    for start in range(0, len(cpu), several):
        begin, end = (period * played.period for period in (start, start + several))
        part = slice(start, start + several)
        during = []
        while changes and changes[0].time < end:
            during.append(changes.popleft())
            if during[-1].time <= begin:
                now = during.pop()
        if several > 1:
            numbers = [Change(begin, *map(max, zip(*(change[1:] for change in (now, *during)), strict=True)))]
        else:
            numbers = [now._replace(time=begin), *during]
        ranges = {
            **_extremes("queued", [each.highest[part] or [0] for each in runs]),
            **_extremes("running", [each[part] or each[-1:] for each in running]),
        }
        for change in numbers:
            yield {
                "minute": round(change.time / 60, 2),
                **dict(zip(change._fields[1:], change[1:], strict=True)),
                "queued": max(played.highest[part]),
                "cpu": round(max(cpu[part]), 1),
                "outage": any(point.depth is None for point in played.points[part]),
                **(ranges if len(runs) > 1 else {}),
            }
        now = during[-1] if during else now


def _extremes(field: str, values: Sequence[Sequence[int]]) -> dict[str, float]:
    return {f"least_{field}": min(map(min, values)), f"most_{field}": max(map(max, values))}


def _spans(played: Played, states: Sequence[bool], late: int) -> Iterator[tuple[float, float]]:
    """Minutes in which something is on, by its states in each period; those of its end come late by 1."""
    first = None
    for index, on in enumerate([*states, False], start=late):
        if on and first is None:
            first = index
        elif not on and first is not None:
            yield round(first * played.period / 60, 2), round(index * played.period / 60, 2)
            first = None

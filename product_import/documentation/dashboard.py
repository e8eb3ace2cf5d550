"""A picture of the dashboard as CloudWatch would show it, with the values of a simulation in it."""

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from product_import.configuration import Configuration
from product_import.simulation import Played, Workload, play, read_scaling
from product_import.simulation.drawing import BLUE, GREY, INK, ORANGE, RED, Spec, whole
from product_import.simulation.workload import job_seconds

INPUTS = {"create_dashboard": True, "environment": "production", "queue_overload_threshold": 300}
NODES = tuple(f"production-product-import-00{number}" for number in (1, 2, 3))
MINUTES = 180
# A trickle, and two catalogues.
JOBS = tuple({40: 150, 174: 400}.get(minute, 6) for minute in range(MINUTES))
ERRORS = (
    ("00:57:02", "worker/5f1e", '{"level":"error","job":"4711","msg":"supplier feed: 503 Service Unavailable"}'),
    ("00:31:40", "worker/9a02", '{"level":"error","job":"4102","msg":"product 8812: price is missing"}'),
)
# Pixels of a column and of a row of the grid, and what axes, titles and legends take of a widget.
COLUMN, ROW, BESIDE, ABOVE = 38, 29, 48, 70
FONT_SIZE, LINE_HEIGHT, CHARACTERS_A_COLUMN = 10, 15, 6.8
# Above the highest line there is room for its label.
HEADROOM = 1.2

Values = Sequence[float | None]


def dashboard_picture(tree: Mapping[str, Any]) -> Spec:
    """The picture, made from the dashboard's own body.

    Args:
        tree: the module as Terraform's JSON has it.

    Raises:
        KeyError: the dashboard shows a metric, or a kind of widget, that has no values here.
    """
    alarms = tree["resource"]["aws_cloudwatch_metric_alarm"]
    applied = {f"aws_cloudwatch_metric_alarm.{name}.arn": name for name in alarms}
    nodes = {"aws_elasticache_replication_group.redis.member_clusters": list(NODES)}
    configuration = Configuration(tree, INPUTS, {**applied, **nodes})
    body = json.loads(configuration.resource("aws_cloudwatch_dashboard", "product_import")["dashboard_body"])
    played = play(read_scaling(configuration), Workload("catalogues", JOBS), job_seconds("30"))
    values = _values(played)
    drawn: Mapping[str, Callable[[Mapping[str, Any], int], Spec]] = {
        "text": lambda properties, width: _text(properties["markdown"], width),
        "alarm": lambda properties, _: _alarms(properties, played),
        "metric": lambda properties, _: _graph(properties, values),
        "log": lambda properties, _: _log(properties),
    }
    rows: dict[int, list[Spec]] = {}
    for widget in body["widgets"]:
        above = ABOVE if widget["type"] == "metric" else ABOVE / 2
        size = {"width": widget["width"] * COLUMN - BESIDE, "height": widget["height"] * ROW - above}
        rows.setdefault(widget["y"], []).append(drawn[widget["type"]](widget["properties"], widget["width"]) | size)
    return whole(
        "The dashboard, with two catalogues of 150 and 400 jobs",
        "Queue and workers are simulated; the values of Redis, the memory and the errors are examples.",
        {
            "vconcat": [
                {"hconcat": row, "bounds": "flush", "spacing": BESIDE, "resolve": {"scale": {"color": "independent"}}}
                for row in rows.values()
            ],
            "resolve": {"scale": {"color": "independent"}},
        },
    )


def _values(played: Played) -> Mapping[tuple[str, str, str], Callable[[int], Values]]:
    """The values of each minute, of a Redis node by its number, by namespace, metric and statistic."""
    points = played.points[:MINUTES]
    running, cpu = [point.running for point in points], [point.cpu for point in points]
    queued = played.depth[:MINUTES]
    return {
        ("AVNZ/ProductImport", "BullQueueDepth", "Average"): lambda _: [point.depth for point in points],
        ("expression", "queued / running", ""): lambda _: [
            None if point.depth is None else point.depth / point.running for point in points
        ],
        ("AWS/ECS", "CPUUtilization", "SampleCount"): lambda _: running,
        ("AWS/ECS", "CPUUtilization", "Average"): lambda _: cpu,
        ("AWS/ECS", "MemoryUtilization", "Average"): lambda _: [35 + value / 4 for value in cpu],
        ("AWS/ElastiCache", "CPUUtilization", "Average"): lambda node: [
            5 + node + value * (0.3 if node else 0.7) for value in running
        ],
        ("AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "Average"): lambda node: [
            12 + node / 2 + value / 20 for value in queued
        ],
        ("AWS/ElastiCache", "Evictions", "Sum"): lambda _: [0] * MINUTES,
        # To the primary three of each worker: Bull's client, its blocking one and its subscriber.
        ("AWS/ElastiCache", "CurrConnections", "Maximum"): lambda node: [
            6 + node + (0 if node else 3 * value) for value in running
        ],
        ("AWS/ElastiCache", "ReplicationLag", "Maximum"): lambda node: [
            0.2 * node + value / 90 if node else None for value in running
        ],
    }


def _graph(properties: Mapping[str, Any], known: Mapping[tuple[str, str, str], Callable[[int], Values]]) -> Spec:
    rows, labels = [], []
    for *parts, rendering in properties["metrics"]:
        if not rendering.get("visible", True):
            continue
        label = rendering["label"]
        labels.append(label)
        key = (parts[0], parts[1], rendering["stat"]) if parts else ("expression", rendering["expression"], "")
        values = known[key](NODES.index(label) if label in NODES else 0)
        rows += [{"minute": minute, "value": value, "series": label} for minute, value in enumerate(values)]
    annotations = properties.get("annotations", {}).get("horizontal", [])
    highest = max(row["value"] or 0 for row in (*rows, *annotations))
    lines = {
        "data": {"values": rows},
        "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 1.5},
        "encoding": {
            "x": {
                "field": "minute",
                "type": "quantitative",
                "title": None,
                "scale": {"nice": False},
                "axis": {
                    "values": list(range(0, MINUTES, 30)),
                    "labelExpr": "utcFormat(datum.value * 60000, '%H:%M')",
                },
            },
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "scale": {"domain": [0, highest * HEADROOM or 1]},
            },
            "color": {
                "field": "series",
                "type": "nominal",
                "title": None,
                "scale": {"domain": labels, "range": [BLUE[0], ORANGE[0], GREY[0]][: len(labels)]},
                "legend": {"orient": "bottom", "labelExpr": "'…' + slice(datum.label, -4)"}
                if len(labels) > 1
                else None,
            },
        },
    }
    return {
        "title": _title(properties["title"]),
        "layer": [
            {"data": {"values": [{}]}, **layer} for annotation in annotations for layer in _annotation(annotation)
        ]
        + [lines],
    }


def _annotation(line: Mapping[str, Any]) -> Iterator[Spec]:
    """A horizontal line with its label, and the shading on the side that alarms."""
    fill = line.get("fill")
    color = RED[0] if fill else GREY[0]
    at = {"datum": line["value"]}
    if fill:
        edge = {"value": 0 if fill == "above" else "height"}
        yield {"mark": {"type": "rect", "color": color, "opacity": 0.12}, "encoding": {"y": at, "y2": edge}}
    yield {"mark": {"type": "rule", "color": color, "strokeDash": [4, 3]}, "encoding": {"y": at}}
    label = {"type": "text", "align": "left", "dy": -6, "color": color, "fontSize": FONT_SIZE, "text": line["label"]}
    yield {"mark": label, "encoding": {"y": at, "x": {"value": 4}}}


def _text(markdown: str, columns: int) -> Spec:
    title, _, *lines = (line for line in markdown.splitlines() if line and not line.startswith("|---"))
    wrapped = [
        part
        for line in lines
        for part in textwrap.wrap(line.strip("| ").replace(" | ", ": "), int(columns * CHARACTERS_A_COLUMN))
    ]
    return {"title": _title(title.strip("# ")), **_lines([(line, INK[0]) for line in wrapped])}


def _alarms(properties: Mapping[str, Any], played: Played) -> Spec:
    """How each stands at the end, the worst first."""
    on = {name: name in played.alarms and played.alarms[name][MINUTES - 1] for name in properties["alarms"]}
    states = [(f"{'In alarm' if on[name] else 'OK'}   {name}", RED[0] if on[name] else BLUE[0]) for name in on]
    return {"title": _title(properties["title"]), **_lines(sorted(states, key=lambda state: state[1] != RED[0]))}


def _log(properties: Mapping[str, Any]) -> Spec:
    lines = [("   ".join(row), INK[0]) for row in (("@timestamp", "@logStream", "@message"), *ERRORS)]
    return {"title": _title(properties["title"]), **_lines(lines)}


def _lines(lines: Sequence[tuple[str, str]]) -> Spec:
    """Lines of text, each with its colour."""
    return {
        "layer": [
            {
                "data": {"values": [{}]},
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "top",
                    "color": color,
                    "fontSize": FONT_SIZE,
                    "text": text,
                },
                "encoding": {"x": {"value": 8}, "y": {"value": 8 + number * LINE_HEIGHT}},
            }
            for number, (text, color) in enumerate(lines)
        ]
    }


def _title(text: str) -> Spec:
    return {"text": text, "anchor": "start", "frame": "group", "fontSize": 12, "color": INK[0]}

"""What CloudWatch takes as the body of a dashboard.

Source: the Amazon CloudWatch API Reference, "Dashboard Body Structure and Syntax", of what is in use here. What is not
named here is refused.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Seconds = Annotated[int, Meta(ge=60, multiple_of=60)]
Color = Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]
Statistic = Literal["SampleCount", "Average", "Sum", "Minimum", "Maximum"]
Side = Literal["left", "right"]


class _Form(msgspec.Struct, forbid_unknown_fields=True):
    """Fields that the page calls "Required: No" have a default."""


class Rendering(_Form):
    """The last item of a metric, or the only one of an expression."""

    expression: str = ""
    id: Annotated[str, Meta(pattern="^([a-z][A-Za-z0-9_]*)?$")] = ""
    label: str = ""
    color: Color | None = None
    period: Seconds | None = None
    stat: Statistic = "Average"
    visible: bool = True
    yAxis: Side = "left"  # noqa: N815, CloudWatch's name


class Horizontal(_Form):
    value: float
    label: str = ""
    color: Color | None = None
    fill: Literal["above", "below", "none"] = "none"
    visible: bool = True
    yAxis: Side = "left"  # noqa: N815


class Annotations(_Form):
    horizontal: list[Horizontal] = []


class Axis(_Form):
    label: str = ""
    min: float | None = None
    max: float | None = None
    showUnits: bool = True  # noqa: N815


class Axes(_Form):
    left: Axis = msgspec.field(default_factory=Axis)
    right: Axis = msgspec.field(default_factory=Axis)


class Graph(_Form):
    region: str
    metrics: Annotated[list[list[Any]], Meta(max_length=500)]
    annotations: Annotations = msgspec.field(default_factory=Annotations)
    period: Seconds = 300
    stat: Statistic = "Average"
    title: str = ""
    view: Literal["timeSeries", "singleValue", "gauge", "bar", "pie", "table"] = "timeSeries"
    yAxis: Axes = msgspec.field(default_factory=Axes)  # noqa: N815


class Text(_Form):
    markdown: str
    background: Literal["transparent", "solid"] = "solid"


class Alarms(_Form):
    alarms: Annotated[list[Annotated[str, Meta(pattern="^arn:")]], Meta(min_length=1, max_length=100)]
    sortBy: Literal["default", "stateUpdatedTimestamp", "timestamp"] = "default"  # noqa: N815
    states: list[Literal["ALARM", "INSUFFICIENT_DATA", "OK"]] = []
    title: str = ""


class Log(_Form):
    region: str
    query: Annotated[str, Meta(pattern=r"^SOURCE '[^']+' \| ")]
    title: str = ""
    view: Literal["table", "timeSeries", "bar", "pie"] = "table"


class Widget(_Form):
    type: Literal["metric", "text", "log", "alarm"]
    x: Annotated[int, Meta(ge=0, le=23)]
    y: Annotated[int, Meta(ge=0)]
    properties: dict[str, Any]
    width: Annotated[int, Meta(ge=1, le=24)] = 6
    height: Annotated[int, Meta(ge=1, le=1000)] = 6


class Body(_Form):
    widgets: Annotated[list[Widget], Meta(max_length=500)]
    start: Annotated[str, Meta(pattern="^-P(T[0-9]+[MH]|[0-9]+[DWM])$")] = ""
    periodOverride: Literal["auto", "inherit"] = "auto"  # noqa: N815


PROPERTIES = {"metric": Graph, "text": Text, "log": Log, "alarm": Alarms}


def read(text: str) -> Body:
    """The body, checked.

    Raises:
        ValueError: CloudWatch would not take it, or widgets lie on each other; the text says where.
    """
    body = msgspec.json.decode(text, type=Body)
    for number, widget in enumerate(body.widgets):
        try:
            properties = msgspec.convert(widget.properties, PROPERTIES[widget.type])
            if isinstance(properties, Graph):
                series(properties)
        except ValueError as error:
            raise ValueError(f"widget {number}: {error}") from None
    taken: dict[tuple[int, int], int] = {}
    for number, widget in enumerate(body.widgets):
        if widget.x + widget.width > 24:
            raise ValueError(f"widget {number} ends beyond the 24 columns")
        for x in range(widget.x, widget.x + widget.width):
            for y in range(widget.y, widget.y + widget.height):
                if (x, y) in taken:
                    raise ValueError(f"widget {number} lies on widget {taken[x, y]}")
                taken[x, y] = number
    return body


def graphs(body: Body) -> dict[str, Graph]:
    """The graphs by their titles."""
    return {
        graph.title: graph
        for widget in body.widgets
        if widget.type == "metric"
        for graph in [msgspec.convert(widget.properties, Graph)]
    }


def series(graph: Graph) -> list[tuple[Sequence[str], Rendering]]:
    """The metrics of a graph: namespace, name and dimensions, which an expression has none of, and the rendering.

    Raises:
        ValueError: one is neither a metric nor an expression, or two have one id.
    """
    found: list[tuple[Sequence[str], Rendering]] = []
    for entry in graph.metrics:
        *parts, last = entry
        if isinstance(last, str):
            parts, last = entry, {}
        rendering = msgspec.convert(last, Rendering)
        if not all(isinstance(part, str) and part for part in parts) or len(parts) % 2:
            raise ValueError(f"a metric is a namespace, a name and pairs of dimensions: {entry}")
        if bool(rendering.expression) == bool(parts):
            raise ValueError(f"an entry is a metric or an expression: {entry}")
        if rendering.id and rendering.id in [each.id for _, each in found]:
            raise ValueError(f"two entries have the id {rendering.id}")
        found.append((parts, rendering))
    return found

"""Figures as Prometheus reads them: text, one line a value."""

from __future__ import annotations

import math
from collections.abc import Iterable

from aiohttp.web import Request, Response, StreamResponse

from appliance.domain.metrics import Metric, MetricSource, Reading
from appliance.domain.permissions import Scope, scope
from appliance.web import Exchange, Family, Route

PREFIX = "gantry_"
# https://prometheus.io/docs/instrumenting/exposition_formats/
MEDIA_TYPE = "text/plain"
VERSION = "0.0.4"


class MetricsPage:
    """Implements `appliance.domain.metrics.Metrics`, and its route."""

    def __init__(self) -> None:
        self._sources: list[MetricSource] = []

    def add_source(self, source: MetricSource) -> None:
        """Ask ``source`` whenever somebody looks."""
        self._sources.append(source)

    def route(self) -> Route:
        """Return the route."""
        return Route(
            "GET",
            "/metrics",
            self.show,
            scope(Scope.READ),
            Family.GANTRY,
            exchange=Exchange(media_type=MEDIA_TYPE, answer={"type": "string"}),
        )

    async def show(self, request: Request) -> StreamResponse:
        """Return every figure there is, in the text format of Prometheus."""
        readings = [reading for source in self._sources for reading in source()]
        return Response(
            body=render(readings).encode(),
            headers={"Content-Type": f"{MEDIA_TYPE}; version={VERSION}; charset=utf-8"},
        )


def render(readings: Iterable[Reading]) -> str:
    """Return the readings as text, those of one metric together."""
    by_metric: dict[str, tuple[Metric, list[Reading]]] = {}
    for reading in readings:
        metric = reading.metric
        by_metric.setdefault(metric.name, (metric, []))[1].append(reading)
    lines: list[str] = []
    for name, (metric, values) in sorted(by_metric.items()):
        lines.append(f"# HELP {PREFIX}{name} {_escape(metric.help)}")
        lines.append(f"# TYPE {PREFIX}{name} {metric.kind}")
        lines += [f"{PREFIX}{name}{_labels(each)} {_number(each.value)}" for each in values]
    return "\n".join(lines) + "\n"


def _labels(reading: Reading) -> str:
    if not reading.labels:
        return ""
    pairs = (f'{name}="{_quote(value)}"' for name, value in sorted(reading.labels.items()))
    return "{" + ",".join(pairs) + "}"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _quote(text: str) -> str:
    return _escape(text).replace('"', '\\"')


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if float(value).is_integer() else repr(float(value))

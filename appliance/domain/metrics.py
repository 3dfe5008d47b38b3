"""Figures about the appliance and its printers, for whoever draws curves.

A component adds a source under `METRICS`; it is asked when somebody looks, never before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Protocol

from appliance.interfaces import Key
from appliance.records import dataclass


class MetricKind(StrEnum):
    """How a figure behaves, in Prometheus's words."""

    GAUGE = "gauge"
    COUNTER = "counter"  # rises until a restart; its name ends in _total


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that can be had several times with different labels.

    Base units, as Prometheus asks for them: seconds, bytes, celsius, ratio 0..1.
    """

    name: str  # without the prefix gantry_
    help: str
    kind: MetricKind = MetricKind.GAUGE


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a metric."""

    metric: Metric
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


MetricSource = Callable[[], Iterable[Reading]]


class Metrics(Protocol):
    """Who can be asked."""

    def add_source(self, source: MetricSource) -> None:
        """Ask ``source`` whenever somebody looks."""


METRICS: Key[Metrics] = Key("metrics")

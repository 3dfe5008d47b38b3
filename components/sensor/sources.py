"""Where values come from: a topic, or files in which the system's drivers show them."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from appliance.components.sensor.gauge import Gauge
from appliance.domain.mqtt import Mqtt, MqttMessage
from appliance.records import dataclass
from appliance.templates import render

# A driver shows a number; anything longer is something else.
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """One value: where it stands, and by what it is multiplied."""

    source: str  # a template, or a file
    scale: float = 1.0


class Topic:
    """A sensor that tells its values to a topic."""

    def __init__(
        self, mqtt: Mqtt, topic: str, wanted: Mapping[str, Wanted], expires_s: float | None
    ) -> None:
        self._mqtt = mqtt
        self._topic = topic
        self._wanted = wanted
        self._expires_s = expires_s
        self._timer: asyncio.TimerHandle | None = None
        self._unsubscribe: Callable[[], None] | None = None

    def start(self, gauge: Gauge) -> None:
        """Listen from now on."""
        self._unsubscribe = self._mqtt.subscribe(
            self._topic, lambda message: self._received(gauge, message)
        )

    def stop(self) -> None:
        """Listen no more."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        if self._timer is not None:
            self._timer.cancel()

    def _received(self, gauge: Gauge, message: MqttMessage) -> None:
        values, problem = read_payload(message.text, self._wanted)
        if problem is not None and not values:
            gauge.failed(problem)
        else:
            gauge.measured(values)
        if self._timer is not None:
            self._timer.cancel()
        if self._expires_s is not None:
            said = f"nothing was said for {self._expires_s:.0f} s"
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._expires_s, gauge.failed, said)


def read_payload(
    text: str, wanted: Mapping[str, Wanted]
) -> tuple[dict[str, float], str | None]:
    """Return the values that stand in a payload, and what is wrong with the rest."""
    try:
        data: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        data = None
    values: dict[str, float] = {}
    problem = None
    for name, value in wanted.items():
        try:
            said = render(value.source, {"value": text, "value_json": data})
            values[name] = _number(said) * value.scale
        except ValueError as error:
            problem = f"'{name}': {error}"
    return values, problem


async def read_files(gauge: Gauge, wanted: Mapping[str, Wanted], every_s: float) -> None:
    """Read files for ever."""
    while True:
        values, problem = await asyncio.to_thread(_read, wanted)
        if problem is not None and not values:
            gauge.failed(problem)
        else:
            gauge.measured(values)
        await asyncio.sleep(every_s)


def _read(wanted: Mapping[str, Wanted]) -> tuple[dict[str, float], str | None]:
    values: dict[str, float] = {}
    problem = None
    for name, value in wanted.items():
        try:
            with Path(value.source).open("rb") as file:
                said = file.read(_LONGEST).decode(errors="replace")
            values[name] = _number(said) * value.scale
        except OSError as error:
            problem = f"{value.source}: {error.strerror}"
        except ValueError as error:
            problem = f"{value.source}: {error}"
    return values, problem


def _number(text: str) -> float:
    """Return a finite number, or raise ValueError."""
    try:
        number = float(text)
    except ValueError:
        raise ValueError("there is no number") from None
    if not math.isfinite(number):
        raise ValueError("there is no number")
    return number

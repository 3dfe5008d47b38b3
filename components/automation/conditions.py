"""Whether something holds now: pure functions of a printer and the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from appliance.components.automation.options import WEEKDAYS
from appliance.domain.printer import Printer
from appliance.domain.words import state_word
from appliance.records import dataclass
from appliance.templates import render

_TRUE = frozenset({"true", "yes", "on", "1"})


@dataclass(frozen=True, slots=True)
class Situation:
    """What a condition is asked about."""

    printer_named: Callable[[str | None], Printer]
    now: datetime
    variables: Mapping[str, Any]


def holds(condition: Mapping[str, Any], situation: Situation) -> bool:
    """Return whether the condition is fulfilled."""
    check = _CHECKS[condition["condition"]]
    return check(condition, situation)


def within(value: float | None, condition: Mapping[str, Any]) -> bool:
    """Return whether a value is above and below what is said; an unknown one is not."""
    if value is None:
        return False
    above, below = condition.get("above"), condition.get("below")
    return (above is None or value > above) and (below is None or value < below)


def _state(condition: Mapping[str, Any], situation: Situation) -> bool:
    printer = situation.printer_named(condition.get("printer"))
    return state_word(printer.snapshot) in condition["state"]


def _temperature(condition: Mapping[str, Any], situation: Situation) -> bool:
    printer = situation.printer_named(condition.get("printer"))
    heater = printer.snapshot.heaters.get(condition["heater"])
    return within(None if heater is None else heater.actual, condition)


def _time(condition: Mapping[str, Any], situation: Situation) -> bool:
    now = situation.now
    second = now.hour * 3600 + now.minute * 60 + now.second
    days = condition.get("weekday")
    if days is not None and WEEKDAYS[now.weekday()] not in days:
        return False
    after, before = condition.get("after", 0), condition.get("before", 86400)
    if after <= before:
        return bool(after <= second < before)
    return bool(second >= after or second < before)  # over midnight


def _template(condition: Mapping[str, Any], situation: Situation) -> bool:
    text = render(condition["value"], situation.variables)
    return text.strip().lower() in _TRUE


def _and(condition: Mapping[str, Any], situation: Situation) -> bool:
    return all(holds(each, situation) for each in condition["conditions"])


def _or(condition: Mapping[str, Any], situation: Situation) -> bool:
    return any(holds(each, situation) for each in condition["conditions"])


def _not(condition: Mapping[str, Any], situation: Situation) -> bool:
    return not _or(condition, situation)


_CHECKS: Mapping[str, Callable[[Mapping[str, Any], Situation], bool]] = {
    "state": _state,
    "temperature": _temperature,
    "time": _time,
    "template": _template,
    "and": _and,
    "or": _or,
    "not": _not,
}

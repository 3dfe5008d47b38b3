from __future__ import annotations

from typing import Any

import pytest

from appliance.printing.news import Watch, is_busy
from appliance.printing.outcome import Outcome


def event(name: str, path: str = "cube.gcode", **payload: object) -> dict[str, Any]:
    return {"event": {"type": name, "payload": {"path": path, **payload}}}


def current(**changes: Any) -> dict[str, Any]:
    content = {
        "state": {"text": "Printing", "error": ""},
        "progress": {"completion": 10.0, "printTime": 5, "printTimeLeft": 45},
        "temps": [],
        "plugins": {"DisplayLayerProgress": {"currentLayer": 2, "totalLayer": 9}},
    }
    return {"current": {**content, **changes}}


@pytest.mark.parametrize(
    ("messages", "outcome"),
    [
        ([event("PrintStarted")], None),
        ([event("PrintDone")], Outcome.COMPLETE),
        ([event("PrintDone", path="other.gcode")], None),
        (
            [event("PrintCancelled"), event("PrintFailed", reason="cancelled")],
            Outcome.CANCELLED,
        ),
        ([event("PrintFailed", reason="error")], Outcome.FAILED),
        ([{"plugin": {}}, {"timelapse": None}], None),
        ([{"event": {"type": "Home", "payload": None}}], None),
    ],
)
def test_events_decide(messages: list[dict[str, Any]], outcome: Outcome | None) -> None:
    watch = Watch("cube.gcode")
    for message in messages:
        watch.hear(message)
    assert watch.outcome is outcome


def test_the_error_of_the_printer_is_the_cause() -> None:
    watch = Watch("cube.gcode")
    watch.hear({"event": {"type": "Error", "payload": {"error": "heating failed"}}})
    watch.hear(event("PrintFailed"))
    assert (watch.outcome, watch.cause) == (Outcome.FAILED, "heating failed")


def test_the_state_is_kept_and_temperatures_stay_until_there_are_newer() -> None:
    watch = Watch("cube.gcode")
    watch.hear(current(temps=[{"time": 1, "tool0": {"actual": 200.0, "target": 210.0}}]))
    watch.hear(current(temps=[]))
    status = watch.status
    assert (status.state, status.completion, status.left_s) == ("Printing", 10.0, 45)
    assert (status.layer, status.layers) == (2, 9)
    assert status.temperatures == {"tool0": (200.0, 210.0)}


def test_a_chamber_without_a_value_is_not_shown() -> None:
    watch = Watch("cube.gcode")
    watch.hear(current(temps=[{"time": 1, "chamber": {"actual": None, "target": None}}]))
    assert watch.status.temperatures == {}


@pytest.mark.parametrize(
    ("state", "completion", "path", "outcome"),
    [
        ("Printing", 50.0, "cube.gcode", None),
        ("Operational", 100.0, "cube.gcode", Outcome.COMPLETE),
        ("Operational", None, "cube.gcode", Outcome.FAILED),
        ("Operational", 100.0, "other.gcode", None),
    ],
)
def test_a_look_after_an_absence(
    state: str, completion: float | None, path: str, outcome: Outcome | None
) -> None:
    watch = Watch("cube.gcode")
    watch.look(
        {
            "state": state,
            "job": {"file": {"path": path}},
            "progress": {"completion": completion},
        }
    )
    assert watch.outcome is outcome


@pytest.mark.parametrize(
    ("state", "busy"),
    [
        ("Operational", False),
        ("Offline after error", False),
        ("Closed", False),
        ("Connecting", False),
        ("Detecting serial connection", False),
        ("", False),
        ("Printing from SD", True),
        ("Paused", True),
        ("Finishing", True),
    ],
)
def test_states_that_hold_the_printer(state: str, busy: bool) -> None:
    assert is_busy(state) is busy

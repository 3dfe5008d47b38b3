"""A printer that never stops telling new things: what is kept of it is bounded."""

from __future__ import annotations

from typing import cast

import pytest

from appliance.components.serial_printer.engine.dialogue import Dialogue
from appliance.components.serial_printer.engine.replies import parse
from appliance.components.serial_printer.engine.state import State
from appliance.components.serial_printer.engine.telemetry import Telemetry
from appliance.components.serial_printer.engine.tracker import Tracker
from appliance.domain.telemetry import Firmware

MANY = 20_000
# Far above what is honest; far below what is told.
BOUND = 10_000


def engine_of_nobody() -> tuple[State, Telemetry]:
    """Return what listens; nothing here is about positions, for which there is a dialogue."""
    state = State(("tool0", "bed"), lambda: None)
    state.firmware = Firmware("Marlin", "marlin")
    return state, Telemetry(state, cast("Dialogue", None))


def kept(state: State) -> int:
    """Count what is known."""
    firmware = state.firmware
    assert firmware is not None
    counted = (
        firmware.capabilities,
        firmware.settings,
        state.endstops,
        state.filament_present,
        state.heaters,
        state.sd.files,
        () if state.prompt is None else state.prompt.buttons,
    )
    return sum(map(len, counted))


@pytest.mark.parametrize(
    ("line", "last"),
    [
        ("Cap:C{0}:1", ""),
        ("echo:  M{0} X1 Y2", ""),
        ("end{0}_min: TRIGGERED", ""),
        ("filament{0}: open", ""),
        ("T:20 /0 T{0}:20.0 /0.0 B{0}:20 /0", ""),
        ("//action:prompt_button B{0}", "//action:prompt_show"),
    ],
)
def test_what_a_printer_tells_is_kept_up_to_a_bound(line: str, last: str) -> None:
    state, telemetry = engine_of_nobody()
    for number in range(2000):
        text = line.format(number)
        telemetry.hear(parse(text), text)
    if last:
        telemetry.hear(parse(last), last)
    assert 2 < kept(state) < 1000


def test_a_card_of_any_number_of_files_is_listed_up_to_a_bound() -> None:
    state, telemetry = engine_of_nobody()
    for text in ("Begin file list", *(f"F{n}.GCO 1" for n in range(MANY)), "End file list"):
        telemetry.hear(parse(text), text)
    assert 0 < len(state.sd.files) <= BOUND


def test_targets_of_any_number_of_tools_are_kept_up_to_a_bound() -> None:
    tracker = Tracker()
    for number in range(MANY):
        tracker.sent(b"M104 T%d S20" % number)
    assert 0 < len(tracker.targets) < 100

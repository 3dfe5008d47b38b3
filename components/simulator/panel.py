"""The printer's own panel and sensors: what a person in front of it can do."""

from __future__ import annotations

from collections.abc import Callable

from appliance.components.simulator.commands.card import abort_print, open_file
from appliance.components.simulator.job import JobState
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.prompts import CONTINUE, Reason
from appliance.components.simulator.runout import SCRIPT


def press(printer: Printer, what: str) -> None:
    """Press one of the buttons, by name."""
    if what not in BUTTONS:
        message = f"nothing called {what!r}; there are {', '.join(BUTTONS)}"
        raise ValueError(message)
    BUTTONS[what](printer)
    printer.loop.wake()
    printer.advance(printer.now)


def print_file(printer: Printer, path: str) -> None:
    """Choose a file of the card in the menu and print it."""
    card = printer.card
    if card is None or not card.mounted:
        raise ValueError("there is no card")
    if not open_file(printer, card, path):
        message = f"no file {path!r} on the card"
        raise ValueError(message)
    printer.loop.inject("M24")
    printer.advance(printer.now)


def _knob(printer: Printer) -> None:
    """Click: go on, and in the menu of a filament change take Continue."""
    if printer.prompts.choosing:
        printer.prompts.answer(CONTINUE)
    printer.prompts.click()


def _pause(printer: Printer) -> None:
    printer.prompts.offer(Reason.PAUSE_RESUME, "UI Pause", "Resume")
    if printer.card is not None:
        printer.loop.inject("M25 P")
    else:
        printer.loop.inject("M125")


def _resume(printer: Printer) -> None:
    printer.heatup_cancelled = True
    printer.prompts.click()
    card = printer.card
    if card is not None and card.open and not card.printing and not printer.pause.active:
        printer.loop.inject("M24")
    printer.prompts.action("resume")
    printer.job.start(printer.now)


def _stop(printer: Printer) -> None:
    printer.heatup_cancelled = True
    printer.prompts.click()
    card = printer.card
    if card is not None and card.printing:
        card.printing = False
        printer.loop.abort(abort_print(printer, card))
    printer.prompts.action("cancel")
    printer.prompts.offer(Reason.INFO, "UI Aborted", "Dismiss")
    printer.prompts.notify("Print Aborted")


def _runout(printer: Printer) -> None:
    """Let the filament end; the firmware notices while a print is on."""
    sensor = printer.runout
    sensor.filament = False
    if not printer.options.runout_sensor or not printer.settings.runout_enabled:
        return
    if printer.job.state is not JobState.RUNNING or printer.pause.active or sensor.tripped:
        return
    sensor.tripped = True
    printer.prompts.ask(Reason.FILAMENT, "FilamentRunout T0")
    if sensor.host_handles:
        printer.prompts.action("pause filament_runout 0")
    else:
        printer.prompts.action("paused filament_runout 0")
        printer.loop.inject(SCRIPT)


def _insert(printer: Printer) -> None:
    printer.runout.filament = True


BUTTONS: dict[str, Callable[[Printer], None]] = {
    "knob": _knob,
    "pause": _pause,
    "resume": _resume,
    "stop": _stop,
    "runout": _runout,
    "insert": _insert,
}

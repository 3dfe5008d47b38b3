"""What is asked of the printer before a request is obeyed."""

from __future__ import annotations

from appliance.domain.printer import Printer, Snapshot
from appliance.errors import FileMissing, PrinterBusy, PrinterOffline


def need_operational(snapshot: Snapshot) -> None:
    """Raise unless the printer obeys commands; asked before a body is looked at."""
    if not snapshot.operational:
        raise PrinterOffline("the printer is not operational")


def need_idle(snapshot: Snapshot) -> None:
    """Raise unless the printer is connected and has no job."""
    need_operational(snapshot)
    if snapshot.phase.active:
        raise PrinterBusy("the printer is busy with a job")


def need_heater(printer: Printer, heater: str) -> None:
    """Raise unless the printer is connected and has that heater by its profile."""
    need_operational(printer.snapshot)
    if heater not in printer.profile.heaters:
        message = f"the printer has no heated {heater}"
        raise PrinterOffline(message)


def need_card_support(offered: bool) -> None:
    """Raise unless the printer's own card is offered (``feature.sdSupport``)."""
    if not offered:
        raise FileMissing("the card of the printer is not offered")

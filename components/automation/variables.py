"""What templates know of a printer: plain values, nothing that can be called."""

from __future__ import annotations

from typing import Any

from appliance.domain.estimate import progress
from appliance.domain.printer import Printer
from appliance.domain.words import state_word


def of_printer(printer: Printer) -> dict[str, Any]:
    """Return the variables of a printer."""
    snapshot = printer.snapshot
    job = snapshot.job
    done = progress(job)
    return {
        "id": printer.id,
        "name": printer.name,
        "state": state_word(snapshot),
        "message": snapshot.message,
        "temperatures": {
            name: {"actual": heater.actual, "target": heater.target}
            for name, heater in snapshot.heaters.items()
        },
        "progress": None if done.completion is None else round(done.completion * 100, 1),
        "left": done.left_s,
        "file": None if job is None else job.file.path,
        "layer": None if job is None else job.layer,
        "result": None if job is None or job.result is None else job.result.value,
        "cause": None if job is None else job.cause,
    }

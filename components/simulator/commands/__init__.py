"""The commands that the simulated firmware knows: one table, from code to handler."""

from __future__ import annotations

from appliance.components.simulator.commands import control, moves, temperature
from appliance.components.simulator.machine import Handler

HANDLERS: dict[str, Handler] = {
    **moves.HANDLERS,
    **temperature.HANDLERS,
    **control.HANDLERS,
}

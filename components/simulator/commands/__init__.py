"""The commands that the simulated firmware knows: one table, from code to handler."""

from __future__ import annotations

from appliance.components.simulator.commands import (
    card,
    control,
    levelling,
    moves,
    pause,
    settings,
    temperature,
)
from appliance.components.simulator.mainloop import Handler

HANDLERS: dict[str, Handler] = {
    **moves.HANDLERS,
    **temperature.HANDLERS,
    **levelling.HANDLERS,
    **settings.HANDLERS,
    **card.HANDLERS,
    **pause.HANDLERS,
    **control.HANDLERS,
}

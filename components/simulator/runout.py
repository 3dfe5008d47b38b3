"""The filament sensor."""

from __future__ import annotations

from appliance.records import dataclass

SCRIPT = "M600"


@dataclass(slots=True)
class RunoutSensor:
    """A switch that filament holds down."""

    filament: bool = True
    host_handles: bool = False
    """The host does what has to be done (M412 H1), not the firmware's script."""
    tripped: bool = False

    def reset(self) -> None:
        """Be ready for the next end of filament."""
        self.tripped = False

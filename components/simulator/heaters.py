"""All heaters of the machine, their report, and the protection that watches them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from appliance.components.simulator.options import Options
from appliance.components.simulator.thermal import BED, CHAMBER, HOTEND, Heater, HeaterFault


class Heaters:
    """Hotends, bed and chamber."""

    def __init__(self, options: Options) -> None:
        noise = Random(options.seed)  # noqa: S311 (a noise, not a secret)
        ambient = options.ambient
        self.tools = [
            Heater(HOTEND, str(index), ambient, noise) for index in range(options.extruders)
        ]
        self.bed = Heater(BED, "bed", ambient, noise)
        self.chamber = Heater(CHAMBER, "chamber", ambient, noise) if options.chamber else None

    def __iter__(self) -> Iterator[Heater]:
        yield from self.tools
        yield self.bed
        if self.chamber is not None:
            yield self.chamber

    def named(self, name: str) -> Heater:
        """Find a heater by the name the rest of the world uses: tool0, bed, chamber."""
        heaters = dict(self.names())
        if name not in heaters:
            message = f"no heater {name!r}; there are {', '.join(heaters)}"
            raise KeyError(message)
        return heaters[name]

    def names(self) -> Iterator[tuple[str, Heater]]:
        """Pair each heater with its name."""
        for index, tool in enumerate(self.tools):
            yield f"tool{index}", tool
        yield "bed", self.bed
        if self.chamber is not None:
            yield "chamber", self.chamber

    def report(self, now: float, active: int) -> str:
        """Return the temperatures as M105 and the waits show them, leading blank included."""
        shown = [("T", self.tools[active]), ("B", self.bed)]
        if self.chamber is not None:
            shown.append(("C", self.chamber))
        if len(self.tools) > 1:
            shown += [(f"T{index}", tool) for index, tool in enumerate(self.tools)]
        temperatures = [f" {mark}:{h.reading(now):.2f} /{h.target:.2f}" for mark, h in shown]
        powers = [f" @:{self.tools[active].power()}", f" B@:{self.bed.power()}"]
        if self.chamber is not None:
            powers.append(f" C@:{self.chamber.power()}")
        if len(self.tools) > 1:
            powers += [f" @{index}:{tool.power()}" for index, tool in enumerate(self.tools)]
        return "".join(temperatures + powers)

    def need_watching(self) -> bool:
        """Tell whether any heater is on or broken."""
        return any(heater.target or heater.fault for heater in self)

    def complaint(self, now: float) -> str | None:
        """Return the firmware's last words about a heater that failed, if one did."""
        for heater in self:
            words = heater.check(now)
            if words is not None:
                return f"Error:{words}, system stopped! Heater_ID: {heater.label}"
        return None

    def all_off(self, now: float) -> None:
        """Set every target to zero and forget the watches."""
        for heater in self:
            heater.settle(now)

    def break_heater(self, fault: HeaterFault, name: str, now: float) -> None:
        """Break one heater and mend the others of that fault; an empty name mends all."""
        for heater in self:
            if heater.fault is fault:
                heater.update(now)
                heater.fault = None
        if name:
            heater = self.named(name)
            heater.update(now)
            heater.fault = fault

"""Objects of a print that can be left out while it runs (M486)."""

from __future__ import annotations

from dataclasses import field

from appliance.records import dataclass

MOST = 32


@dataclass(slots=True)
class PrintObjects:
    """Which objects there are, which one is printed, which are cancelled."""

    active: int = -1
    count: int = 0
    cancelled: set[int] = field(default_factory=set)

    @property
    def skipping(self) -> bool:
        """Tell whether moves belong to a cancelled object."""
        return self.active in self.cancelled

    def enter(self, number: int) -> None:
        """Go on with an object; -1 is none."""
        self.active = number
        if 0 <= number < MOST:
            self.count = max(self.count, number + 1)

    def cancel(self, number: int) -> None:
        """Leave an object out from now on."""
        if 0 <= number < MOST:
            self.cancelled.add(number)

    def restore(self, number: int) -> None:
        """Print an object after all."""
        self.cancelled.discard(number)

    def clear(self, count: int = 0) -> None:
        """Start a new set of objects."""
        self.active = -1
        self.count = count
        self.cancelled.clear()

    def report(self) -> list[str]:
        """Return the lines of M486 without arguments."""
        lines = [f"echo:Active Object: {self.active}"] if self.active >= 0 else []
        if self.cancelled:
            numbers = "".join(f" {number}" for number in sorted(self.cancelled))
            lines.append(f"echo:Canceled:{numbers}")
        return lines

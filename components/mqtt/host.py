"""The computer that Gantry runs on, read from /proc and /sys; blocks shortly on them.

What this machine does not have (a temperature, the firmware of a Raspberry Pi) is None.
"""

from __future__ import annotations

import os
from pathlib import Path

from appliance.records import dataclass
from appliance.throttling import read_throttled

_THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")
_NOW = {0: "undervoltage", 1: "frequency capped", 2: "throttled", 3: "temperature limit"}


@dataclass(frozen=True, slots=True)
class Host:
    """How the machine is."""

    cpu_percent: float | None  # of all cores, since the last look
    load: float  # of the last minute
    memory_percent: float | None
    disk_percent: float
    disk_free: int  # bytes
    temperature: float | None  # degrees Celsius
    throttled: tuple[str, ...] | None  # None: the machine cannot tell
    boot: int | None  # unix seconds


class HostProbe:
    """Looks at the machine; remembers the CPU times of the last look."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: tuple[int, int] | None = None

    def look(self) -> Host:
        """Return how the machine is now."""
        memory = _memory()
        disk = os.statvfs(self._folder)
        used = disk.f_blocks - disk.f_bfree
        usable = used + disk.f_bavail
        return Host(
            cpu_percent=self._cpu(),
            load=round(os.getloadavg()[0], 2),
            memory_percent=memory,
            disk_percent=round(100 * used / usable, 1) if usable else 0.0,
            disk_free=disk.f_bavail * disk.f_frsize,
            temperature=_temperature(),
            throttled=_throttled(),
            boot=_boot(),
        )

    def _cpu(self) -> float | None:
        fields = [int(word) for word in _lines("/proc/stat", "cpu ")[0].split()[1:9]]
        total, idle = sum(fields), fields[3] + fields[4]
        last, self._last = self._last, (total, idle)
        if last is None or total <= last[0]:
            return None
        return round(100 * (1 - (idle - last[1]) / (total - last[0])), 1)


def _memory() -> float | None:
    found = {line.split(":")[0]: int(line.split()[1]) for line in _lines("/proc/meminfo")}
    total, free = found.get("MemTotal"), found.get("MemAvailable")
    return None if not total or free is None else round(100 * (1 - free / total), 1)


def _boot() -> int | None:
    lines = _lines("/proc/stat", "btime ")
    return int(lines[0].split()[1]) if lines else None


def _temperature() -> float | None:
    try:
        return round(int(_THERMAL.read_text(encoding="ascii")) / 1000, 1)
    except (OSError, ValueError):
        return None


def _throttled() -> tuple[str, ...] | None:
    bits = read_throttled()
    if bits is None:
        return None
    return tuple(word for bit, word in _NOW.items() if bits >> bit & 1)


def _lines(path: str, start: str = "") -> list[str]:
    text = Path(path).read_text(encoding="ascii", errors="replace")
    return [line for line in text.splitlines() if line.startswith(start)]

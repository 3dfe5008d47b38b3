"""What Linux says about this computer and this process: ``/proc`` and ``/sys``, taken apart.

The parsers are pure; `Sampler` reads the files (in a thread) and keeps the last readings,
because loads are differences.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from appliance.components.moonraker_api.objects.scene import HostLoad
from appliance.records import dataclass
from appliance.throttling import read_throttled

KEPT = 30
_THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")
# Bits of the Raspberry Pi's firmware (vcgencmd get_throttled).
_FLAGS: Mapping[int, str] = {
    0: "Under-Voltage Detected",
    1: "Frequency Capped",
    2: "Currently Throttled",
    3: "Temperature Limit Active",
    16: "Previously Under-Volted",
    17: "Previously Frequency Capped",
    18: "Previously Throttled",
    19: "Previously Temperature Limited",
}


def cpu_times(stat: str) -> dict[str, tuple[int, int]]:
    """Return (busy, all) jiffies of every CPU in ``/proc/stat``."""
    found: dict[str, tuple[int, int]] = {}
    for line in stat.splitlines():
        name, *values = line.split()
        if not name.startswith("cpu"):
            break
        numbers = [int(value) for value in values[:8]]
        idle = numbers[3] + numbers[4]
        found[name] = (sum(numbers) - idle, sum(numbers))
    return found


def memory(meminfo: str) -> dict[str, int]:
    """Return total, available and used kB of ``/proc/meminfo``."""
    values = {
        line.split(":")[0]: int(line.split()[1])
        for line in meminfo.splitlines()
        if ":" in line
    }
    total, available = values["MemTotal"], values.get("MemAvailable", values["MemFree"])
    return {"total": total, "available": available, "used": total - available}


def interfaces(dev: str) -> dict[str, dict[str, int]]:
    """Return the counters of every network interface in ``/proc/net/dev``."""
    found: dict[str, dict[str, int]] = {}
    for line in dev.splitlines():
        name, colon, rest = line.partition(":")
        numbers = [int(value) for value in rest.split()] if colon else []
        if len(numbers) < 12:
            continue
        found[name.strip()] = {
            "rx_bytes": numbers[0],
            "tx_bytes": numbers[8],
            "rx_packets": numbers[1],
            "tx_packets": numbers[9],
            "rx_errs": numbers[2],
            "tx_errs": numbers[10],
            "rx_drop": numbers[3],
            "tx_drop": numbers[11],
        }
    return found


def throttled(bits: int) -> dict[str, Any]:
    """Return the Pi's complaints about its power and temperature."""
    return {"bits": bits, "flags": [name for bit, name in _FLAGS.items() if bits >> bit & 1]}


@dataclass(frozen=True, slots=True)
class Reading:
    """The files at one moment."""

    at: float  # monotonic seconds
    cpu: Mapping[str, tuple[int, int]]
    memory: Mapping[str, int]
    interfaces: Mapping[str, Mapping[str, int]]
    process_s: float
    resident_kb: int
    uptime_s: float
    load: float
    celsius: float | None
    throttled: Mapping[str, Any] | None


def read() -> Reading:
    """Read everything; blocks for well under a millisecond."""
    resident_pages = int(Path("/proc/self/statm").read_text().split()[1])
    spent = os.times()
    return Reading(
        time.monotonic(),
        cpu_times(Path("/proc/stat").read_text()),
        memory(Path("/proc/meminfo").read_text()),
        interfaces(Path("/proc/net/dev").read_text()),
        spent.user + spent.system,
        resident_pages * (os.sysconf("SC_PAGE_SIZE") // 1024),
        float(Path("/proc/uptime").read_text().split()[0]),
        os.getloadavg()[0],
        _celsius(),
        None if (bits := read_throttled()) is None else throttled(bits),
    )


@dataclass(slots=True)
class Sampler:
    """The last readings and what follows from two of them."""

    stats: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    last: Reading | None = None
    cpu_usage: dict[str, float] = field(default_factory=dict)
    network: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, reading: Reading, now: float) -> None:
        """Take a reading made at ``now`` (unix seconds)."""
        before, self.last = self.last, reading
        seconds = reading.at - before.at if before is not None else 0.0
        usage = 0.0
        if before is not None and seconds > 0:
            usage = (reading.process_s - before.process_s) / seconds * 100
        self.stats.append(
            {
                "time": round(now, 3),
                "cpu_usage": round(usage, 2),
                "memory": reading.resident_kb,
                "mem_units": "kB",
            }
        )
        self.cpu_usage = {
            name: _share(before.cpu.get(name) if before else None, times)
            for name, times in reading.cpu.items()
        }
        self.network = {
            name: {**counters, "bandwidth": _bandwidth(before, name, counters, seconds)}
            for name, counters in reading.interfaces.items()
        }

    def load(self) -> HostLoad | None:
        """Return the part that is a printer object."""
        if self.last is None:
            return None
        return HostLoad(self.last.load, self.last.process_s, self.last.memory["available"])

    def common(self, clients: int) -> dict[str, Any]:
        """Return what the call and the notification have in common."""
        last = self.last
        return {
            "cpu_temp": None if last is None else last.celsius,
            "network": self.network,
            "system_cpu_usage": self.cpu_usage,
            "system_memory": {} if last is None else dict(last.memory),
            "websocket_connections": clients,
        }


def _share(before: tuple[int, int] | None, now: tuple[int, int]) -> float:
    if before is None or now[1] <= before[1]:
        return 0.0
    return round((now[0] - before[0]) / (now[1] - before[1]) * 100, 2)


def _bandwidth(
    before: Reading | None, name: str, counters: Mapping[str, int], seconds: float
) -> float:
    if before is None or name not in before.interfaces or seconds <= 0:
        return 0.0
    old = before.interfaces[name]
    moved = counters["rx_bytes"] + counters["tx_bytes"] - old["rx_bytes"] - old["tx_bytes"]
    return round(max(moved, 0) / seconds, 2)


def _celsius() -> float | None:
    try:
        return int(_THERMAL.read_text()) / 1000
    except (OSError, ValueError):
        return None

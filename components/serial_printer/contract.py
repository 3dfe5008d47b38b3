"""What the appliance and a print engine say to each other over their Unix socket.

Frames are JSON objects, one a line. The engine speaks first: ``hello`` with the protocol
version, then a full ``snapshot``, then what happened. The core calls verbs by
``{"call": id, "verb": name, "with": {...}}`` and gets ``{"answer": id, ...}``. The core
speaks the present and the previous version; an engine is replaced only when it is idle.
"""

from __future__ import annotations

from dataclasses import field

from appliance.domain.job import JobScripts
from appliance.records import dataclass

PROTOCOL = 1
# A frame holds a snapshot with a card of thousands of files at most.
MAX_FRAME = 4 * 1024 * 1024
# In the order of likelihood among printers sold in the last ten years.
BAUDRATES = (115200, 250000, 230400, 57600, 38400, 19200, 9600, 500000, 1000000)


@dataclass(frozen=True, slots=True)
class HeaterLimits:
    """When the host's own watchdog acts; degrees Celsius and seconds."""

    enabled: bool = True
    above_target: float = 15.0  # far above the target
    above_max: float = 10.0  # above what the profile allows
    rise: float = 2.0  # at full power it must rise so much
    rise_s: float = 60.0  # within this time


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What an engine needs to know; sent by the core when it attaches."""

    port: str | None = None  # None: find one
    baudrate: int | None = None  # None: find it
    autoconnect: bool = True
    transport: str = "raw"  # or "stream" (pyserial-asyncio)
    heaters: tuple[str, ...] = ("tool0", "bed")
    max_temperatures: dict[str, float] = field(default_factory=dict)
    window: int | None = None  # None: by the firmware
    rx_buffer: int | None = None
    compact: bool = False
    meatpack: bool = True
    wait_on_host: bool = False  # M109/M190 become M104/M140 and a wait of ours
    idle_heater_off_s: float = 1800.0  # 0 = never
    abandoned_exit_s: float = 600.0  # without a core and a job
    watchdog: HeaterLimits = field(default_factory=HeaterLimits)
    serial_log: str | None = None  # path of the raw log
    connected_script: tuple[str, ...] = ()
    disconnected_script: tuple[str, ...] = ()
    scripts: JobScripts = field(default_factory=JobScripts)  # for jobs begun at the printer
    reset_on_connect: bool = True  # leave DTR to the driver's default on a first connect
    ignored_ports: tuple[str, ...] = ()  # patterns of devices never to be tried
    additional_ports: tuple[str, ...] = ()  # patterns of devices to be tried as well
    report_interval_s: int = 1

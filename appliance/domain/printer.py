"""A printer: what is known about it, and what can be wished of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Protocol

from appliance.domain.job import Job, JobFile, JobPhase, JobRequest, RecoveryPlan
from appliance.domain.machine import Link
from appliance.domain.telemetry import (
    Firmware,
    Heater,
    Mesh,
    Motion,
    Prompt,
    SdCard,
    SerialHealth,
    TemperatureSample,
)
from appliance.errors import PrinterMissing
from appliance.interfaces import Key
from appliance.records import dataclass


class FaultReason(StrEnum):
    """Why a link or job failed; the words are OctoPrint's where it has one."""

    FIRMWARE = "firmware"  # the firmware reported an error
    KILLED = "killed"  # M112 or kill()
    THERMAL = "thermal"  # a heater fault
    RESEND = "resend"  # a line was asked for that is no longer known
    RESEND_LOOP = "resend_loop"  # the same line again and again
    TIMEOUT = "timeout"  # the printer fell silent
    CONNECTION = "connection"  # the port cannot be opened or answered nothing
    PORT_LOST = "port_lost"  # the device went away
    RESET = "reset"  # the printer restarted by itself
    AUTODETECT = "autodetect"  # no port or baud rate answered
    START_PRINT = "start_print"  # the job could not be started
    UNSUPPORTED = "unsupported"  # a firmware that we cannot drive
    WATCHDOG = "watchdog"  # our own heater watchdog


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, in words for a person."""

    reason: FaultReason
    message: str
    advice: str | None = None
    halted: bool = False  # the firmware needs a reset or a power cycle


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the printer is, or was last, reached."""

    port: str | None = None
    baudrate: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything known about a printer at one moment. Views render this and nothing else."""

    link: Link = Link.OFFLINE
    phase: JobPhase = JobPhase.NONE
    connection: Connection = field(default_factory=Connection)
    fault: Fault | None = None
    firmware: Firmware | None = None
    heaters: Mapping[str, Heater] = field(default_factory=dict)
    offsets: Mapping[str, float] = field(default_factory=dict)  # degrees, per heater
    motion: Motion = field(default_factory=Motion)
    fans: tuple[float, ...] = (0.0,)  # 0..1 per fan index
    fan_rpm: tuple[float | None, ...] = ()
    job: Job | None = None  # the present job, or the last one with its result
    selected: JobFile | None = None
    prompt: Prompt | None = None
    waiting_for_user: bool = False  # the firmware says so ("busy: paused for user")
    busy: bool = False  # a command is being executed, job or not
    message: str | None = None  # M117
    notification: str | None = None  # //action:notification
    sd: SdCard = field(default_factory=SdCard)
    mesh: Mesh | None = None
    endstops: Mapping[str, str] = field(default_factory=dict)  # of the last M119
    filament_present: Mapping[str, bool] = field(default_factory=dict)
    health: SerialHealth = field(default_factory=SerialHealth)

    @property
    def operational(self) -> bool:
        """Whether the printer obeys commands."""
        return self.link is Link.ONLINE

    @property
    def ready(self) -> bool:
        """Whether a job can be started."""
        return self.link is Link.ONLINE and self.phase is JobPhase.NONE


@dataclass(frozen=True, slots=True)
class Extruder:
    """An extruder as configured."""

    nozzle_mm: float = 0.4
    filament_mm: float = 1.75
    offset_x: float = 0.0
    offset_y: float = 0.0
    min_extrude_c: float = 170.0


@dataclass(frozen=True, slots=True)
class Volume:
    """The build volume in mm."""

    width: float = 220.0
    depth: float = 220.0
    height: float = 250.0
    origin: str = "lowerleft"  # or "center"
    form_factor: str = "rectangular"  # or "circular"


@dataclass(frozen=True, slots=True)
class Axis:
    """Speed limit of an axis for moves by hand, in mm/min, and its direction."""

    speed: float
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """What the person says about the machine."""

    id: str = "_default"
    name: str = "Default"
    model: str = "Generic RepRap Printer"
    color: str = "default"
    volume: Volume = field(default_factory=Volume)
    extruders: tuple[Extruder, ...] = (Extruder(),)
    shared_nozzle: bool = False
    heated_bed: bool = True
    heated_chamber: bool = False
    max_tool_c: float = 300.0
    max_bed_c: float = 130.0
    max_chamber_c: float = 80.0
    axes: Mapping[str, Axis] = field(
        default_factory=lambda: {
            "x": Axis(6000),
            "y": Axis(6000),
            "z": Axis(200),
            "e": Axis(300),
        }
    )

    @property
    def heaters(self) -> tuple[str, ...]:
        """The heaters that the machine has by its profile."""
        tools = (
            ["tool0"]
            if self.shared_nozzle
            else [f"tool{n}" for n in range(len(self.extruders))]
        )
        return (
            *tools,
            *(("bed",) if self.heated_bed else ()),
            *(("chamber",) if self.heated_chamber else ()),
        )


class Direction(StrEnum):
    """Which way a console line went."""

    SENT = "sent"
    RECEIVED = "received"
    NOTE = "note"  # said by Gantry itself


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """A line of the dialogue with the printer."""

    number: int  # rising by one within an engine's life
    time: float  # unix seconds
    direction: Direction
    text: str
    origin: str = ""  # who sent it: a view's name, "job", "poll", ...


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A serial device that could be a printer."""

    device: str  # /dev/ttyUSB0
    by_id: str | None = None  # /dev/serial/by-id/...
    description: str = ""
    vendor_id: int | None = None
    product_id: int | None = None
    serial_number: str | None = None
    driver: str | None = None


class Printer(Protocol):
    """A printer and its verbs.

    A verb returns when the wish is accepted, unless it says otherwise; it raises
    `PrinterOffline`, `PrinterBusy`, `NotPrinting`, `InvalidRequest` and the like.
    ``origin`` is the view (or user) that wishes, for the console and the log.
    """

    @property
    def id(self) -> str:
        """The id from the configuration."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def profile(self) -> Profile:
        """What the person says about the machine."""

    @property
    def scripts(self) -> Mapping[str, str]:
        """The G-code scripts by their names in the configuration, ours where it has none."""

    @property
    def snapshot(self) -> Snapshot:
        """Everything known now."""

    @property
    def console(self) -> Sequence[ConsoleLine]:
        """The last lines of the dialogue, oldest first."""

    @property
    def temperatures(self) -> Sequence[TemperatureSample]:
        """The last temperatures, about one a second, oldest first."""

    @property
    def baudrates(self) -> Sequence[int]:
        """The baud rates that can be asked for."""

    @property
    def preferred(self) -> Connection:
        """Port and baud rate of the configuration; None stands for auto."""

    async def ports(self) -> Sequence[SerialPort]:
        """List the serial devices of this machine."""

    async def connect(self, port: str | None = None, baudrate: int | None = None) -> None:
        """Begin to connect; None = as configured."""

    async def disconnect(self) -> None:
        """Close the port; cancels nothing by itself: `PrinterBusy` during a job."""

    async def send(
        self, lines: Sequence[str], *, origin: str, wait: bool = False
    ) -> Sequence[str]:
        """Send G-code; with ``wait`` return the printer's answers once all is done."""

    async def run_script(self, text: str, *, origin: str) -> None:
        """Render a template such as those of `scripts` and send what comes out."""

    async def select(self, file: JobFile | None) -> None:
        """Remember the file that `start` without a request prints."""

    async def start(self, request: JobRequest) -> Job:
        """Start a job."""

    async def pause(self, *, origin: str) -> None:
        """Pause the job; nothing happens when it is paused already."""

    async def resume(self, *, origin: str) -> None:
        """Go on with a paused job."""

    async def cancel(self, *, origin: str) -> None:
        """Cancel the job."""

    async def emergency_stop(self, *, origin: str) -> None:
        """Stop everything now (M112); ends with the link halted."""

    async def reset(self) -> None:
        """Reset the board by DTR and connect again; the way back from a halt."""

    async def answer(self, button: int, *, origin: str) -> None:
        """Answer the printer's prompt with the button of that index."""

    async def acknowledge(self) -> None:
        """Pretend that an ok came (for a person who sees the printer hang)."""

    async def set_offset(self, heater: str, offset: float) -> None:
        """Add ``offset`` degrees to every target of that heater in jobs."""

    async def refresh_sd(self) -> None:
        """Read the list of the printer's own card again."""

    async def delete_sd(self, name: str) -> None:
        """Delete a file of the printer's own card."""

    async def exclude(self, name: str) -> None:
        """Leave that object of the running job out from now on."""

    async def plan_pause(
        self, *, layer: int | None = None, height: float | None = None
    ) -> None:
        """Pause by itself at that layer (1 = first) or height in mm; None clears."""

    async def recovery_plan(self) -> RecoveryPlan:
        """Return how a print that was lost can go on from its last layer, for a person.

        Raises `NotPrinting` when there is none, or nothing of it is worth keeping.
        """

    async def recover(self, job_id: str) -> Job:
        """Carry out the plan for that job, once a person has confirmed it."""


class Printers:
    """The printers of the appliance, in the order of the configuration."""

    def __init__(self, first_id: str | None = None) -> None:
        self._printers: dict[str, Printer] = {}
        self._first_id = first_id

    def add(self, printer: Printer) -> None:
        """Add a printer; ids are unique by the validation of the configuration."""
        self._printers[printer.id] = printer

    def get(self, printer_id: str) -> Printer:
        """Return the printer of that id, or raise `PrinterMissing`."""
        try:
            return self._printers[printer_id]
        except KeyError:
            message = f"there is no printer '{printer_id}'"
            raise PrinterMissing(message) from None

    @property
    def first(self) -> Printer:
        """The printer that stands at the root of every API: the first of the configuration.

        When that one could not be set up, no other takes its place: a client that believes
        to cool one machine must not command another.
        """
        if self._first_id is not None:
            return self.get(self._first_id)
        for printer in self._printers.values():
            return printer
        message = "no printer is configured"
        raise PrinterMissing(message)

    def __iter__(self) -> Iterator[Printer]:
        return iter(self._printers.values())

    def __len__(self) -> int:
        return len(self._printers)


PRINTERS: Key[Printers] = Key("printers")


@dataclass(frozen=True, slots=True)
class PrinterChanged:
    """Something in the snapshot of a printer is different now."""

    printer_id: str
    snapshot: Snapshot
    previous: Snapshot


@dataclass(frozen=True, slots=True)
class ConsoleGrew:
    """New lines of the dialogue, oldest first; at most a few times a second."""

    printer_id: str
    lines: tuple[ConsoleLine, ...]

"""A job: one file on its way through one printer."""

from __future__ import annotations

from enum import StrEnum

from appliance.records import dataclass


class JobPhase(StrEnum):
    """Where the present job is; ``NONE`` when the printer is idle."""

    NONE = "none"
    PREPARING = "preparing"
    PRINTING = "printing"
    PAUSING = "pausing"
    PAUSED = "paused"
    RESUMING = "resuming"
    CANCELLING = "cancelling"
    FINISHING = "finishing"

    @property
    def active(self) -> bool:
        """Whether a job holds the printer."""
        return self is not JobPhase.NONE


class JobKind(StrEnum):
    """Where the lines of a job come from and go to."""

    FILE = "file"
    SD = "sd"
    SD_UPLOAD = "sd_upload"


class JobResult(StrEnum):
    """How a job ended. ``INTERRUPTED``: neither wanted nor refused by the printer."""

    COMPLETE = "complete"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Origin(StrEnum):
    """Where a printable file lives."""

    LOCAL = "local"
    SDCARD = "sdcard"


@dataclass(frozen=True, slots=True)
class JobFile:
    """The file that is selected or printed, with what is known about it beforehand."""

    origin: Origin
    path: str  # relative to the root, or the name on the card
    display: str
    size: int  # bytes
    modified: float | None = None  # unix seconds
    estimated_s: float | None = None  # by the slicer or our analysis
    average_s: float | None = None  # of former prints on this printer
    last_s: float | None = None
    filament_mm: tuple[float, ...] = ()  # expected, per tool
    filament_cm3: tuple[float, ...] = ()
    layers: int | None = None
    height_mm: float | None = None
    # Time left by file position: (byte, seconds left), rising bytes; the slicer's own curve.
    time_curve: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A job in progress, or the last one once ``result`` is set."""

    id: str
    kind: JobKind
    file: JobFile
    started_at: float  # unix seconds
    user: str | None = None
    position: int = 0  # bytes of the file acknowledged by the printer
    line: int = 0  # lines acknowledged
    elapsed_s: float = 0.0  # since the start, pauses included
    printing_s: float = 0.0  # without pauses
    heating_s: float = 0.0  # waits for temperatures within printing_s
    layer: int | None = None  # 1 = the first
    layers: int | None = None
    height_mm: float | None = None
    filament_mm: tuple[float, ...] = ()  # extruded so far, per tool
    firmware_progress: float | None = None  # 0..1, from M73
    firmware_left_s: float | None = None  # from M73
    objects: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    current_object: str | None = None
    pause_source: str | None = None
    result: JobResult | None = None
    cause: str | None = None  # in plain words, for every result but complete
    resumable: bool = False


@dataclass(frozen=True, slots=True)
class JobScripts:
    """G-code around a job, rendered before it starts so that the engine needs nobody.

    A line may hold the slots ``{pause_x} {pause_y} {pause_z} {pause_e} {pause_f}
    {pause_tool} {pause_t0}.. {pause_bed} {pause_fan}``, filled in when it is sent.
    """

    started: tuple[str, ...] = ()
    paused: tuple[str, ...] = ()
    resumed: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    tool_before: tuple[str, ...] = ()
    tool_after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What a printer needs to start a job."""

    file: JobFile
    kind: JobKind = JobKind.FILE
    local_path: str | None = None  # absolute path of the bytes, for local files
    target_name: str | None = None  # name on the card, for an upload to it
    user: str | None = None
    start_at: int = 0  # byte to begin at, for a resumed print
    resume_of: str | None = None  # id of the interrupted job


@dataclass(frozen=True, slots=True)
class RecoveryPlan:
    """How a print that was lost with the printer's memory can go on from a layer.

    Nothing of it happens by itself: a person reads the steps, does what only hands can do,
    and confirms.
    """

    job_id: str
    file: JobFile
    local_path: str
    offset: int  # byte at which the layer begins
    layer: int | None  # 1 = the first
    height_mm: float  # top of what is surely printed
    steps: tuple[str, ...]  # in words, in order
    lines: tuple[str, ...]  # the G-code before the file goes on


@dataclass(frozen=True, slots=True)
class JobStarted:
    """A job began."""

    printer_id: str
    job: Job


@dataclass(frozen=True, slots=True)
class JobPaused:
    """The job stands still; ``source`` says who wanted it."""

    printer_id: str
    job: Job
    source: str


@dataclass(frozen=True, slots=True)
class JobResumed:
    """The job goes on."""

    printer_id: str
    job: Job


@dataclass(frozen=True, slots=True)
class JobEnded:
    """The job is over; ``job.result`` and ``job.cause`` say how."""

    printer_id: str
    job: Job

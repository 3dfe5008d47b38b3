"""Timelapses: pictures of a print, and the video made of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from appliance.interfaces import Key
from appliance.records import dataclass

# The roots of files in which the videos of all printers are, and their pictures.
VIDEOS = "timelapse"
PICTURES = "timelapse_frames"


class TimelapseMode(StrEnum):
    """When a picture is taken; OctoPrint's words."""

    OFF = "off"
    LAYER = "zchange"
    TIMED = "timed"


class RenderWhen(StrEnum):
    """After which prints a video is made."""

    ALWAYS = "always"
    SUCCESS = "success"
    FAILURE = "failure"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class TimelapseOptions:
    """How the next print is recorded."""

    mode: TimelapseMode = TimelapseMode.OFF
    interval_s: float = 10.0  # between pictures, when timed
    fps: int = 25  # of the video
    post_roll_s: float = 0.0  # of the video after the last layer
    retraction_z_hop: float = 0.0  # mm; lifts of that height are no layers
    min_delay_s: float = 5.0  # between pictures, by layer
    render: RenderWhen = RenderWhen.ALWAYS


@dataclass(frozen=True, slots=True)
class Video:
    """A finished video."""

    name: str
    size: int  # bytes
    modified: float  # unix seconds


@dataclass(frozen=True, slots=True)
class Recording:
    """Pictures that are no video yet."""

    name: str
    frames: int
    size: int  # bytes
    modified: float  # unix seconds
    recording: bool = False  # more pictures come
    queued: bool = False  # it will be rendered
    rendering: bool = False


@dataclass(frozen=True, slots=True)
class LatestPicture:
    """The last picture of the newest recording that is no video yet."""

    recording: str
    frames: int  # pictures so far
    path: str  # below the root of the pictures


@dataclass(frozen=True, slots=True)
class TimelapseChanged:
    """A printer is recorded in another way from now on."""

    printer_id: str
    options: TimelapseOptions


@dataclass(frozen=True, slots=True)
class CaptureStarted:
    """A picture is being taken."""

    printer_id: str
    file: str


@dataclass(frozen=True, slots=True)
class CaptureDone:
    """A picture was taken."""

    printer_id: str
    file: str


@dataclass(frozen=True, slots=True)
class CaptureFailed:
    """A picture could not be taken."""

    printer_id: str
    file: str
    error: str


@dataclass(frozen=True, slots=True)
class PostRollStarted:
    """The print is over; pictures for the end of the video are taken."""

    printer_id: str
    duration_s: float
    length_s: float  # of the video
    fps: int


@dataclass(frozen=True, slots=True)
class PostRollEnded:
    """The last picture was taken."""

    printer_id: str


@dataclass(frozen=True, slots=True)
class RenderStarted:
    """A video is being made."""

    printer_id: str
    gcode: str
    video: str


@dataclass(frozen=True, slots=True)
class RenderProgressed:
    """So much of the video is made, 0..1."""

    printer_id: str
    video: str
    done: float


@dataclass(frozen=True, slots=True)
class RenderDone:
    """The video is there."""

    printer_id: str
    gcode: str
    video: str


@dataclass(frozen=True, slots=True)
class RenderFailed:
    """The video could not be made; the pictures are kept."""

    printer_id: str
    gcode: str
    video: str
    error: str


class Timelapse(Protocol):
    """The timelapses of all printers, each printer with its own."""

    def possible(self, printer_id: str) -> bool:
        """Return whether there are a camera for that printer and ffmpeg."""

    def options(self, printer_id: str) -> TimelapseOptions:
        """Return how the next print is recorded."""

    async def set_options(
        self, printer_id: str, options: TimelapseOptions, *, save: bool = False
    ) -> None:
        """Record the next print that way; with ``save`` after a restart too."""

    async def videos(self, printer_id: str) -> Sequence[Video]:
        """Return the finished videos, by name."""

    async def recordings(self, printer_id: str) -> Sequence[Recording]:
        """Return what is no video yet, by name."""

    async def latest(self, printer_id: str) -> LatestPicture | None:
        """Return the last picture that is not in a video yet."""

    async def save_pictures(self, printer_id: str, name: str) -> str:
        """Pack the pictures of a recording beside the videos; return where, below the root."""

    def place(self, printer_id: str, name: str) -> str:
        """Return where a video is, below the root of the videos."""

    async def video_path(self, printer_id: str, name: str) -> Path:
        """Return where a video is, or raise `FileMissing`."""

    async def delete_video(self, printer_id: str, name: str) -> None:
        """Delete a video; `FileMissing` if there is none."""

    async def render(self, printer_id: str, name: str) -> None:
        """Make a video of a recording; `FileMissing` if there is none."""

    async def delete_recording(self, printer_id: str, name: str) -> None:
        """Delete the pictures of a recording; `FileMissing` if there are none."""


TIMELAPSE: Key[Timelapse] = Key("timelapse")

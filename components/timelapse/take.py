"""The recording of one job: pictures in time, until the job and its post-roll are over."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from appliance.components.timelapse.frames import Description, Frames, recording_name
from appliance.components.timelapse.triggers import LayerTrigger
from appliance.core import Appliance
from appliance.domain.camera import CAMERAS, Camera, CameraUnavailable
from appliance.domain.job import Job, JobPhase, JobResult
from appliance.domain.printer import Printer, Snapshot
from appliance.domain.timelapse import (
    CaptureDone,
    CaptureFailed,
    CaptureStarted,
    PostRollEnded,
    PostRollStarted,
    RenderWhen,
    TimelapseMode,
    TimelapseOptions,
)

_LOGGER = logging.getLogger(__name__)


class Take:
    """The recording of one job."""

    def __init__(
        self,
        appliance: Appliance,
        printer: Printer,
        job: Job,
        options: TimelapseOptions,
        camera: Camera,
        folder: Path,
    ) -> None:
        self.job = job
        self.frames: Frames | None = None
        self._fire = appliance.bus.fire
        self._cameras = appliance.use(CAMERAS)
        self._printer = printer
        self._options = options
        self._camera = camera
        self._folder = folder
        self._failed = False
        self._over = asyncio.Event()
        self._cut = asyncio.Event()
        self._due = asyncio.Event()
        self._trigger = (
            LayerTrigger(options.retraction_z_hop, options.min_delay_s)
            if options.mode is TimelapseMode.LAYER
            else None
        )

    @property
    def wants_video(self) -> bool:
        """Whether a video is made of it."""
        kind = RenderWhen.FAILURE if self._failed else RenderWhen.SUCCESS
        return self._options.render in (RenderWhen.ALWAYS, kind)

    def look(self, before: Snapshot, now: Snapshot) -> None:
        """Look at what changed, and whether a picture is due."""
        if self._trigger is None or now.phase is not JobPhase.PRINTING:
            return
        if self._trigger.due(before, now, asyncio.get_running_loop().time()):
            self._due.set()

    def end(self, job: Job) -> None:
        """Take note that the job is over."""
        if job.id == self.job.id:
            self._failed = job.result is not JobResult.COMPLETE
            self._over.set()
            self._due.set()

    def cut(self) -> None:
        """Come to an end at once: the next job begins."""
        self._over.set()
        self._cut.set()
        self._due.set()

    async def record(self) -> None:
        """Take pictures until the job is over; cancelled, it can be taken up again."""
        frames, description = await asyncio.to_thread(self._open)
        self.frames = frames
        while not self._over.is_set():
            if self._trigger is None:
                if self._printer.snapshot.phase is not JobPhase.PAUSED:
                    await self._capture(frames)
                await _wait(self._over, self._options.interval_s)
            else:
                await self._due.wait()
                self._due.clear()
                await self._capture(frames)
        await self._post_roll(frames)
        await asyncio.to_thread(frames.describe, replace(description, failed=self._failed))

    def _open(self) -> tuple[Frames, Description]:
        """Find the recording of that job, or begin one."""
        if self._folder.is_dir():
            for folder in self._folder.iterdir():
                known = Frames(folder).description()
                if known is not None and known.job_id == self.job.id:
                    return Frames(folder), known
        still = self._trigger is not None
        description = Description(
            printer_id=self._printer.id,
            job_id=self.job.id,
            gcode=self.job.file.path.rpartition("/")[2],
            fps=self._options.fps,
            post_roll_s=self._options.post_roll_s if still else 0.0,
            transform=",".join(upright(self._camera)),
        )
        name = recording_name(self.job.file.path, time.time())
        folder, number = self._folder / name, 1
        while folder.exists():
            number += 1
            folder = self._folder / f"{name}-{number}"
        frames = Frames(folder)
        frames.begin(description)
        return frames, description

    async def _post_roll(self, frames: Frames) -> None:
        """Go on with a timed recording; a layered one shows its last picture longer."""
        options, printer_id = self._options, self._printer.id
        if not options.post_roll_s or self._cut.is_set():
            return
        count = round(options.post_roll_s * options.fps) if self._trigger is None else 0
        duration = count * options.interval_s
        self._fire(PostRollStarted(printer_id, duration, options.post_roll_s, options.fps))
        while count > 0 and not self._cut.is_set():
            count -= 1
            await self._capture(frames)
            await _wait(self._cut, options.interval_s)
        self._fire(PostRollEnded(printer_id))

    async def _capture(self, frames: Frames) -> None:
        printer_id = self._printer.id
        self._fire(CaptureStarted(printer_id, frames.name))
        try:
            picture = await self._cameras.picture(self._camera)
            path = await asyncio.to_thread(frames.add, picture)
        except (CameraUnavailable, OSError, ValueError) as error:
            _LOGGER.warning("No picture for the timelapse: %s", error)
            self._fire(CaptureFailed(printer_id, frames.name, str(error)))
        else:
            self._fire(CaptureDone(printer_id, path.name))


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, but not longer than that."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def upright(camera: Camera) -> list[str]:
    """Return the ffmpeg filters that turn the camera's pictures as it is configured."""
    turns = {90: ["transpose=1"], 180: ["hflip", "vflip"], 270: ["transpose=2"]}
    filters = list(turns.get(camera.rotation, []))
    if camera.flip_horizontal:
        filters.append("hflip")
    if camera.flip_vertical:
        filters.append("vflip")
    return filters

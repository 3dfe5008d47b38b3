"""Records the prints of one printer, one at a time, and hands them to be rendered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from appliance.components.timelapse.frames import Frames
from appliance.components.timelapse.take import Take
from appliance.core import Appliance
from appliance.domain.camera import Camera
from appliance.domain.job import Job, JobEnded, JobKind, JobStarted
from appliance.domain.printer import Printer, PrinterChanged
from appliance.domain.timelapse import TimelapseMode, TimelapseOptions

_LOGGER = logging.getLogger(__name__)


class Recorder:
    """Watches one printer and records its jobs, one at a time."""

    def __init__(
        self,
        appliance: Appliance,
        printer: Printer,
        options: TimelapseOptions,
        folder: Path,
        find_camera: Callable[[], Camera | None],
        finished: Callable[[Frames, bool], None],
    ) -> None:
        self.options = options
        self._appliance = appliance
        self._printer = printer
        self._folder = folder
        self._find_camera = find_camera
        self._finished = finished
        self._take: Take | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def frames(self) -> Frames | None:
        """What is being recorded now."""
        return None if self._take is None else self._take.frames

    def start(self) -> None:
        """Listen, and take up the recording of a job that outlived us."""
        listen = self._appliance.bus.listen
        listen(JobStarted, self._job_started)
        listen(JobEnded, self._job_ended)
        listen(PrinterChanged, self._changed)
        snapshot = self._printer.snapshot
        if snapshot.phase.active and snapshot.job is not None:
            self._begin(snapshot.job)

    async def stop(self) -> None:
        """Take no more pictures; those that are there are kept."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _job_started(self, event: JobStarted) -> None:
        if event.printer_id == self._printer.id:
            self._begin(event.job)

    def _job_ended(self, event: JobEnded) -> None:
        take = self._take
        if event.printer_id == self._printer.id and take is not None:
            take.end(event.job)

    def _changed(self, event: PrinterChanged) -> None:
        if event.printer_id == self._printer.id and self._take is not None:
            self._take.look(event.previous, event.snapshot)

    def _begin(self, job: Job) -> None:
        options = self.options
        present = self._take
        if present is not None:
            if present.job.id == job.id:
                return
            present.cut()  # the post-roll of the last print ends here
        if options.mode is TimelapseMode.OFF or job.kind is JobKind.SD_UPLOAD:
            return
        camera = self._find_camera()
        if camera is None:
            _LOGGER.warning("'%s' has no camera for its timelapse", self._printer.name)
            return
        self._take = take = Take(
            self._appliance, self._printer, job, options, camera, self._folder
        )
        task = self._appliance.tasks.spawn(
            self._record(take), f"timelapse of {self._printer.id}"
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _record(self, take: Take) -> None:
        try:
            await take.record()
        finally:
            if self._take is take:
                self._take = None
        frames = take.frames
        if frames is not None and not await asyncio.to_thread(frames.pictures):
            await asyncio.to_thread(frames.delete)
        elif frames is not None:
            self._finished(frames, take.wants_video)

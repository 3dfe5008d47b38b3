"""A job in progress: its numbers, its clock, and the frozen `Job` that people see."""

from __future__ import annotations

import time
from dataclasses import replace

from appliance.domain.job import Job, JobFile, JobKind, JobResult

from .labels import Label, ObjectsSoFar
from .marks import Mark
from .tracker import Tracker


class RunningJob:
    """What changes while a job runs. Durations are monotonic; a Pi has no clock."""

    def __init__(
        self, job_id: str, kind: JobKind, file: JobFile, user: str | None, position: int = 0
    ) -> None:
        self.id = job_id
        self.kind = kind
        self.file = file
        self.user = user
        self.target_name: str | None = None  # on the card, for an upload to it
        self.position = position
        self.line = 0
        self.started_at = time.time()
        self.layer: int | None = None
        self.layers = file.layers
        self.objects: list[str] = []
        self.excluded: set[str] = set()
        self.current_object: str | None = None
        self._labelled = False  # by M486
        self.pause_source: str | None = None
        self.height: float | None = None
        self.result: JobResult | None = None
        self.cause: str | None = None
        self.resumable = False
        self._began = time.monotonic()
        self._stopped: float | None = None
        self._paused_since: float | None = None
        self._paused_s = 0.0
        self._heating_s = 0.0
        self._elapsed_before = 0.0
        self._printing_before = 0.0

    def continue_from(self, former: Job) -> None:
        """Take over clock and numbers of the job that this one resumes."""
        self.id = former.id
        self.started_at = former.started_at
        self.layer = former.layer
        self.objects = list(former.objects)
        self.excluded = set(former.excluded)
        self.line = former.line
        self._elapsed_before = former.elapsed_s
        self._printing_before = former.printing_s
        self._heating_s = former.heating_s

    def take_up(self, objects: ObjectsSoFar) -> None:
        """Go on where the file is among its objects."""
        self.current_object = objects.current
        self._labelled = objects.by_command

    def learn(self, file: JobFile) -> None:
        """Take what has become known of the file; its bytes are those of the start."""
        if (file.origin, file.path) != (self.file.origin, self.file.path):
            return
        curve = file.time_curve or self.file.time_curve
        self.file = replace(file, size=self.file.size, time_curve=curve)
        self.layers = self.layers or file.layers

    def pause_clock(self) -> None:
        """Begin a pause."""
        if self._paused_since is None:
            self._paused_since = time.monotonic()

    def resume_clock(self) -> None:
        """End a pause."""
        if self._paused_since is not None:
            self._paused_s += time.monotonic() - self._paused_since
            self._paused_since = None

    def heated(self, seconds: float) -> None:
        """Count time that was spent waiting for a temperature."""
        if self._paused_since is None:
            self._heating_s += seconds

    def end(self, result: JobResult, cause: str | None, *, resumable: bool = False) -> None:
        """Stop the clock and remember how it ended."""
        self.resume_clock()
        self._stopped = time.monotonic()
        self.result = result
        self.cause = cause
        self.resumable = resumable
        self.current_object = None
        if result is JobResult.COMPLETE:
            self.position = self.file.size

    def apply(self, mark: Mark) -> None:
        """Take note of what a slicer's comment says."""
        if mark.layers is not None:
            self.layers = self.layers or mark.layers
        if mark.layer is not None:
            self.layer = mark.layer
        if mark.next_layer:
            self.layer = (self.layer or 0) + 1
        if mark.height_mm is not None:
            self.height = mark.height_mm
        if self._labelled:
            return
        if mark.object_end:
            self.current_object = None
        if mark.object_name is not None:
            self._begin_object(mark.object_name)

    def label(self, label: Label) -> None:
        """Take note of what an M486 of the file says."""
        if not self._labelled:  # comments may tell of the same objects by other names
            self._labelled = True
            self.objects.clear()
            self.current_object = None
        if label.renamed is not None:
            former, name = label.renamed
            self.objects = [name if each == former else each for each in self.objects]
            if former in self.excluded:
                self.excluded = self.excluded - {former} | {name}
            if self.current_object == former:
                self.current_object = name
        if label.begins is not None:
            self._begin_object(label.begins)
        elif label.ends:
            self.current_object = None
        if label.left_out is not None:
            self.excluded.add(label.left_out)
        if label.kept is not None:
            self.excluded.discard(label.kept)

    def _begin_object(self, name: str) -> None:
        self.current_object = name
        if name not in self.objects:
            self.objects.append(name)

    def to_job(self, tracker: Tracker) -> Job:
        """Return the job as everybody sees it."""
        now = self._stopped or time.monotonic()
        pausing = now - self._paused_since if self._paused_since is not None else 0.0
        elapsed = now - self._began
        tools = max(tracker.extruded, default=-1) + 1
        return Job(
            id=self.id,
            kind=self.kind,
            file=self.file,
            started_at=self.started_at,
            user=self.user,
            position=self.position,
            line=self.line,
            elapsed_s=round(self._elapsed_before + elapsed, 1),
            printing_s=round(self._printing_before + elapsed - self._paused_s - pausing, 1),
            heating_s=round(self._heating_s, 1),
            layer=self.layer,
            layers=self.layers,
            height_mm=self.height if self.height is not None else tracker.height,
            filament_mm=tuple(round(tracker.extruded.get(n, 0.0), 2) for n in range(tools)),
            firmware_progress=tracker.progress,
            firmware_left_s=tracker.left_s,
            objects=tuple(self.objects),
            excluded=tuple(sorted(self.excluded)),
            current_object=self.current_object,
            pause_source=self.pause_source,
            result=self.result,
            cause=self.cause,
            resumable=self.resumable,
        )


def interrupted(job: Job, cause: str, *, resumable: bool) -> Job:
    """Return a job of a former engine as the interrupted one that it is."""
    return replace(job, result=JobResult.INTERRUPTED, cause=cause, resumable=resumable)

"""How much of a job is done and how long the rest takes, from a `Job` alone.

The slicer's own curve (M73 or elapsed-time comments by file position) is scaled by how
fast this job really goes; the printer's own M73 is next; then the whole-file estimate,
blended with the linear one as the job proceeds; then former prints; then the plain line.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum

from appliance.domain.job import Job, JobResult
from appliance.records import dataclass


class TimeLeftOrigin(StrEnum):
    """What a time left rests on; OctoPrint's words, which clients know."""

    LINEAR = "linear"
    ANALYSIS = "analysis"
    ESTIMATE = "estimate"
    AVERAGE = "average"
    MIXED_ANALYSIS = "mixed-analysis"
    MIXED_AVERAGE = "mixed-average"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is."""

    completion: float | None  # 0..1 of the bytes
    position: int | None  # bytes acknowledged
    elapsed_s: float | None  # printing time, pauses excluded
    left_s: float | None
    left_origin: TimeLeftOrigin | None


NOTHING = Progress(None, None, None, None, None)

# Before this share of the file, the plain line says nothing: heating, homing, first layer.
LINEAR_FROM = 0.02
# From here on the measured pace alone counts when no curve is known.
MEASURED_FROM = 0.5


def progress(job: Job | None) -> Progress:
    """Return how far ``job`` is and what is left."""
    if job is None or job.result in (
        JobResult.CANCELLED,
        JobResult.FAILED,
        JobResult.INTERRUPTED,
    ):
        return NOTHING
    if job.result is JobResult.COMPLETE:
        return Progress(1.0, job.file.size, job.printing_s, 0.0, None)
    done = min(job.position / job.file.size, 1.0) if job.file.size else 0.0
    left, origin = _left(job, done)
    return Progress(done, job.position, job.printing_s, left, origin)


def _left(job: Job, done: float) -> tuple[float | None, TimeLeftOrigin | None]:
    motion = max(job.printing_s - job.heating_s, 0.0)
    curve = _on_curve(job)
    if curve is not None:
        left, sliced_so_far = curve
        return max(left * _pace(motion, sliced_so_far), 0.0), TimeLeftOrigin.ESTIMATE
    if job.firmware_left_s is not None:
        return job.firmware_left_s, TimeLeftOrigin.ESTIMATE
    linear = motion / done - motion if done >= LINEAR_FROM else None
    for whole, plain, mixed in (
        (job.file.estimated_s, TimeLeftOrigin.ANALYSIS, TimeLeftOrigin.MIXED_ANALYSIS),
        (job.file.average_s, TimeLeftOrigin.AVERAGE, TimeLeftOrigin.MIXED_AVERAGE),
    ):
        if whole is None:
            continue
        rest = max(whole - motion, whole * (1 - done) * 0.1)
        if linear is None:
            return rest, plain
        weight = min(done / MEASURED_FROM, 1.0)
        return rest * (
            1 - weight
        ) + linear * weight, mixed if weight < 1 else TimeLeftOrigin.LINEAR
    return linear, TimeLeftOrigin.LINEAR if linear is not None else None


def _on_curve(job: Job) -> tuple[float, float] | None:
    """Return (time left, time so far) by the slicer's curve at the present position."""
    curve = job.file.time_curve
    if len(curve) < 2:
        return None
    index = bisect_right(curve, (job.position, float("inf")))
    if index == 0:
        return curve[0][1], 0.0
    start, left = curve[index - 1]
    if index < len(curve):
        end, next_left = curve[index]
        left += (next_left - left) * (job.position - start) / max(end - start, 1)
    return left, curve[0][1] - left


def _pace(measured_s: float, sliced_s: float) -> float:
    """Return how much slower than sliced this job goes; 1 until enough is known."""
    if sliced_s < 60 or measured_s <= 0:
        return 1.0
    trust = min((sliced_s - 60) / 600, 1.0)
    ratio = min(max(measured_s / sliced_s, 0.5), 2.0)
    return 1.0 + (ratio - 1.0) * trust

"""How much is done and how long the rest takes."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.estimate import NOTHING, Progress, TimeLeftOrigin, progress
from appliance.domain.job import Job, JobFile, JobKind, JobResult, Origin

FILE = JobFile(Origin.LOCAL, "a.gcode", "a", 1000)
JOB = Job("1", JobKind.FILE, FILE, 0.0)
SECONDS = st.floats(0, 1e6)


def job(position: int, printing_s: float, **file: object) -> Job:
    return replace(
        JOB, position=position, printing_s=printing_s, file=replace(FILE, **file)  # type: ignore[arg-type]
    )  # fmt: skip


def test_without_a_job_there_is_nothing() -> None:
    assert progress(None) == NOTHING


@pytest.mark.parametrize(
    "result", [JobResult.CANCELLED, JobResult.FAILED, JobResult.INTERRUPTED]
)
def test_what_did_not_end_well_has_no_progress(result: JobResult) -> None:
    assert progress(replace(job(500, 60), result=result)) == NOTHING


def test_what_is_complete_is() -> None:
    complete = replace(job(1000, 90), result=JobResult.COMPLETE)
    assert progress(complete) == Progress(1.0, 1000, 90, 0.0, None)


def test_the_plain_line_says_nothing_at_the_beginning() -> None:
    assert progress(job(10, 30)).left_s is None
    half = progress(job(500, 60))
    assert half.completion == 0.5
    assert half.left_s == pytest.approx(60)
    assert half.left_origin is TimeLeftOrigin.LINEAR


def test_heating_is_not_taken_for_printing() -> None:
    heated = replace(job(500, 360), heating_s=300)
    assert progress(heated).left_s == pytest.approx(60)


def test_the_slicers_estimate_counts_before_there_is_a_pace() -> None:
    begun = progress(job(0, 0, estimated_s=3600))
    assert begun.left_s == pytest.approx(3600)
    assert begun.left_origin is TimeLeftOrigin.ANALYSIS
    mixed = progress(job(250, 900, estimated_s=3600))
    assert mixed.left_origin is TimeLeftOrigin.MIXED_ANALYSIS
    assert mixed.left_s == pytest.approx(2700)
    assert progress(job(600, 900, estimated_s=3600)).left_origin is TimeLeftOrigin.LINEAR


def test_former_prints_count_where_the_slicer_is_silent() -> None:
    assert progress(job(0, 0, average_s=100)).left_origin is TimeLeftOrigin.AVERAGE


def test_the_slicers_own_curve_is_followed() -> None:
    curve = ((0, 100.0), (500, 80.0), (1000, 0.0))
    assert progress(job(0, 0, time_curve=curve)).left_s == pytest.approx(100)
    assert progress(job(250, 10, time_curve=curve)).left_s == pytest.approx(90)
    late = progress(job(750, 60, time_curve=curve))
    assert late.left_s == pytest.approx(40, rel=0.1)
    assert late.left_origin is TimeLeftOrigin.ESTIMATE


def test_a_print_slower_than_sliced_takes_longer() -> None:
    curve = ((0, 7200.0), (500, 3600.0), (1000, 0.0))
    slow = progress(job(500, 5400, time_curve=curve))
    assert slow.left_s == pytest.approx(5400)


def test_the_printers_own_word() -> None:
    told = replace(job(100, 10), firmware_left_s=1234.0)
    assert progress(told).left_s == 1234


CURVES = st.lists(
    st.tuples(st.integers(0, 2000), SECONDS), max_size=6
).map(lambda points: tuple(sorted(points)))  # fmt: skip


@given(
    st.integers(0, 3000), SECONDS, SECONDS, st.integers(0, 2000), CURVES,
    st.none() | SECONDS, st.none() | SECONDS,
)  # fmt: skip
def test_no_job_gives_nonsense(
    position: int,
    printing: float,
    heating: float,
    size: int,
    curve: tuple[tuple[int, float], ...],
    estimated: float | None,
    average: float | None,
) -> None:
    file = replace(FILE, size=size, time_curve=curve, estimated_s=estimated, average_s=average)
    found = progress(replace(JOB, position=position, printing_s=printing,
                             heating_s=heating, file=file))  # fmt: skip
    assert found.completion is not None
    assert 0 <= found.completion <= 1
    if found.left_s is not None:
        assert found.left_s >= 0
        assert math.isfinite(found.left_s)
        assert found.left_origin is not None

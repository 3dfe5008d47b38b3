"""Dataclasses to plain data and back, whole and by differences."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.components.serial_printer.contract import EngineSettings
from appliance.domain.difference import apply, difference
from appliance.domain.job import Job, JobFile, JobKind, JobRequest, Origin
from appliance.domain.machine import Link
from appliance.domain.printer import Fault, FaultReason, Snapshot
from appliance.domain.telemetry import Heater, Mesh, SdFile
from appliance.domain.wire import from_plain, to_plain

T = TypeVar("T")
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
st.register_type_strategy(float, NUMBERS)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))
st.register_type_strategy(str, st.text(max_size=8))
SLOWLY = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
KINDS = (Snapshot, Job, JobFile, JobRequest, EngineSettings, Fault, Mesh)


def over_the_socket(value: Any) -> Any:
    """Send plain data as the engine writes and the core reads it."""
    return orjson.loads(json.dumps(value))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
@SLOWLY
def test_whatever_goes_out_comes_in(kind: type[T], data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    assert from_plain(kind, over_the_socket(to_plain(value))) == value


@given(st.from_type(Snapshot), st.from_type(Snapshot))
@SLOWLY
def test_a_difference_makes_the_new_of_the_old(old: Snapshot, new: Snapshot) -> None:
    assert apply(old, over_the_socket(difference(old, new))) == new
    assert difference(new, new) == {}


@given(st.from_type(Snapshot), st.from_type(Job))
@SLOWLY
def test_a_changed_job_travels_without_its_file(snapshot: Snapshot, job: Job) -> None:
    old = replace(snapshot, job=job)
    new = replace(old, job=replace(job, position=job.position + 1))
    assert over_the_socket(difference(old, new)) == {
        "job": {"~": {"position": job.position + 1}}
    }


def test_every_field_of_a_snapshot_is_plain() -> None:
    plain = to_plain(Snapshot())
    assert set(plain) == {field.name for field in fields(Snapshot)}
    assert json.loads(json.dumps(plain)) == plain


def test_an_engine_of_another_version_is_understood() -> None:
    plain = to_plain(Snapshot(link=Link.ONLINE))
    plain["new_in_the_next_version"] = 5
    plain["motion"]["also_new"] = [1, 2]
    del plain["health"]
    assert from_plain(Snapshot, plain) == Snapshot(link=Link.ONLINE)
    assert apply(Snapshot(), {"new_in_the_next_version": 1}) == Snapshot()


def test_kinds_are_built_again() -> None:
    file = JobFile(Origin.SDCARD, "A.GCO", "a", 5, time_curve=((0, 9.5), (5, 0.0)))
    request = JobRequest(file, JobKind.SD)
    built = from_plain(JobRequest, over_the_socket(to_plain(request)))
    assert built == request
    assert isinstance(built.file.origin, Origin)
    assert isinstance(built.file.time_curve[0], tuple)
    heaters = {"tool0": Heater(21, 0)}
    assert from_plain(Snapshot, to_plain(Snapshot(heaters=heaters))).heaters == heaters


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Fault, {}),
        (Fault, {"reason": "no such reason", "message": ""}),
        (Fault, []),
        (Fault, None),
        (Job, {"id": "x"}),
        (SdFile, {"size": 5}),
        (Mesh, {"points": 5}),
        (Snapshot, {"heaters": [1]}),
    ],
)
def test_what_does_not_fit_is_refused(kind: type, data: Any) -> None:
    with pytest.raises(ValueError, match=r"describe|not a valid"):
        from_plain(kind, data)


def test_a_mapping_may_have_any_key() -> None:
    old, new = Snapshot(), Snapshot(endstops={"~": "open"})
    assert apply(old, over_the_socket(difference(old, new))) == new


def test_a_fault_is_replaced_not_merged() -> None:
    fault = Fault(FaultReason.TIMEOUT, "gone", "look")
    old, new = Snapshot(fault=None), Snapshot(fault=fault)
    assert apply(old, over_the_socket(difference(old, new))) == new
    assert apply(new, over_the_socket(difference(new, old))) == old
    assert is_dataclass(fault)

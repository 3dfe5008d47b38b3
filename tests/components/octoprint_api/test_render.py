"""The renderings of hand-made snapshots, against what a real OctoPrint 1.11.8 answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.components.octoprint_api.render import file, job, state, temperatures
from appliance.domain.files import FileInfo, FileKind, FolderInfo, Listing
from appliance.domain.job import Job, JobFile, JobKind, JobPhase, JobResult, Origin
from appliance.domain.machine import Link
from appliance.domain.printer import Fault, FaultReason, Profile, Snapshot
from appliance.domain.telemetry import Heater, SdCard, SdFile, TemperatureSample

FLAGS = {
    "operational",
    "printing",
    "cancelling",
    "pausing",
    "resuming",
    "finishing",
    "closedOrError",
    "error",
    "paused",
    "ready",
    "sdReady",
}
CUBE = JobFile(
    Origin.LOCAL,
    "parts/cube.gcode",
    "Cube.gcode",
    size=1000,
    modified=1_700_000_000.7,
    estimated_s=341.5,
    filament_mm=(159.4,),
    filament_cm3=(0.38,),
)


def printing(
    phase: JobPhase = JobPhase.PRINTING, kind: JobKind = JobKind.FILE, **job_fields: object
) -> Snapshot:
    running = Job("1", kind, CUBE, 0.0, user="ann", position=250, printing_s=100.9)
    running = replace(running, **job_fields)  # type: ignore[arg-type]
    return Snapshot(
        link=Link.ONLINE,
        phase=phase,
        job=running,
        selected=CUBE,
        sd=SdCard(supported=True, ready=True),
    )


@pytest.mark.parametrize(
    ("snapshot", "text", "on"),
    [
        (Snapshot(), "Offline", {"closedOrError"}),
        (Snapshot(link=Link.DETECTING), "Detecting serial connection", set()),
        (Snapshot(link=Link.OPENING), "Connecting", set()),
        (Snapshot(link=Link.HANDSHAKING), "Connecting", set()),
        (Snapshot(link=Link.ONLINE), "Operational", {"operational", "ready"}),
        (Snapshot(link=Link.HALTED), "Offline after error", {"closedOrError", "error"}),
        (Snapshot(link=Link.FAILED), "Offline after error", {"closedOrError", "error"}),
        (printing(JobPhase.PREPARING), "Starting", {"operational", "printing", "sdReady"}),
        (printing(), "Printing", {"operational", "printing", "sdReady"}),
        (
            printing(JobPhase.PAUSING),
            "Pausing",
            {"operational", "printing", "pausing", "sdReady"},
        ),
        (printing(JobPhase.PAUSED), "Paused", {"operational", "paused", "sdReady"}),
        (
            printing(JobPhase.RESUMING),
            "Resuming",
            {"operational", "printing", "resuming", "sdReady"},
        ),
        (
            printing(JobPhase.CANCELLING),
            "Cancelling",
            {"operational", "printing", "cancelling", "sdReady"},
        ),
        (
            printing(JobPhase.FINISHING),
            "Finishing",
            {"operational", "printing", "finishing", "sdReady"},
        ),
        (
            printing(kind=JobKind.SD),
            "Printing from SD",
            {"operational", "printing", "sdReady"},
        ),
        (
            printing(JobPhase.PREPARING, JobKind.SD),
            "Starting print from SD",
            {"operational", "printing", "sdReady"},
        ),
        (
            printing(kind=JobKind.SD_UPLOAD),
            "Sending file to SD",
            {"operational", "printing", "sdReady"},
        ),
    ],
)
def test_every_state_has_its_text_and_all_eleven_flags(
    snapshot: Snapshot, text: str, on: set[str]
) -> None:
    rendered = state.state(snapshot)
    assert rendered["text"] == text
    assert set(rendered["flags"]) == FLAGS
    assert {name for name, value in rendered["flags"].items() if value} == on
    assert rendered["error"] == ""


def test_a_fault_is_the_error_while_the_printer_is_gone() -> None:
    fault = Fault(FaultReason.KILLED, "stopped by M112", halted=True)
    assert state.error(Snapshot(link=Link.HALTED, fault=fault)) == "stopped by M112"
    assert state.error(Snapshot(link=Link.ONLINE, fault=fault)) == ""


def test_nothing_selected_is_a_skeleton_of_nulls() -> None:
    assert job.answer(Snapshot(link=Link.ONLINE)) == {
        "job": {
            "file": {"name": None, "path": None, "origin": None, "size": None, "date": None},
            "estimatedPrintTime": None,
            "lastPrintTime": None,
            "filament": {"length": None, "volume": None},
            "user": None,
        },
        "progress": {
            "completion": None,
            "filepos": None,
            "printTime": None,
            "printTimeLeft": None,
            "printTimeLeftOrigin": None,
        },
        "state": "Operational",
    }


def test_a_running_job_has_its_file_and_whole_seconds() -> None:
    answer = job.answer(printing())
    assert answer["job"] == {
        "file": {
            "name": "cube.gcode",
            "path": "parts/cube.gcode",
            "display": "Cube.gcode",
            "origin": "local",
            "size": 1000,
            "date": 1_700_000_000,
        },
        "estimatedPrintTime": 341.5,
        "averagePrintTime": None,
        "lastPrintTime": None,
        "filament": {"tool0": {"length": 159.4, "volume": 0.38}},
        "user": "ann",
    }
    progress = answer["progress"]
    assert progress["completion"] == 25.0
    assert progress["filepos"] == 250
    assert progress["printTime"] == 100
    assert isinstance(progress["printTimeLeft"], int)
    assert progress["printTimeLeftOrigin"] == "mixed-analysis"


def test_a_finished_job_is_complete_and_a_cancelled_one_nothing() -> None:
    done = printing(JobPhase.NONE, result=JobResult.COMPLETE, position=1000)
    assert job.progress_of(done) == {
        "completion": 100.0,
        "filepos": 1000,
        "printTime": 100,
        "printTimeLeft": 0,
        "printTimeLeftOrigin": None,
    }
    cancelled = printing(JobPhase.NONE, result=JobResult.CANCELLED)
    assert set(job.progress_of(cancelled).values()) == {None}


def test_the_progress_of_another_file_than_the_selected_is_not_shown() -> None:
    done = printing(JobPhase.NONE, result=JobResult.COMPLETE)
    other = replace(done, selected=replace(CUBE, path="other.gcode"))
    assert set(job.progress_of(other).values()) == {None}
    assert job.job(other)["user"] is None


def test_a_file_on_the_card_has_a_slash_and_no_date() -> None:
    card = JobFile(Origin.SDCARD, "CUBE.GCO", "Cube", size=10, modified=1.0)
    described = job.job(Snapshot(link=Link.ONLINE, selected=card))["file"]
    assert (described["path"], described["name"], described["date"]) == (
        "/CUBE.GCO",
        "CUBE.GCO",
        None,
    )


def test_heaters_are_there_before_they_were_measured() -> None:
    snapshot = Snapshot(link=Link.ONLINE, offsets={"bed": 2.5, "tool0": 3.0})
    assert temperatures.heaters(snapshot, ("tool0", "bed")) == {
        "tool0": {"actual": 0.0, "target": 0.0, "offset": 3},
        "bed": {"actual": 0.0, "target": 0.0, "offset": 2.5},
    }


def test_the_history_is_limited_from_its_end() -> None:
    samples = [TemperatureSample(n + 0.9, {"bed": Heater(float(n), 60.0)}) for n in range(5)]
    assert temperatures.history(samples, ("bed",), limit=2) == [
        {"time": 3, "bed": {"actual": 3.0, "target": 60.0}},
        {"time": 4, "bed": {"actual": 4.0, "target": 60.0}},
    ]
    assert len(temperatures.history(samples, ("bed",))) == 5
    assert temperatures.history(samples, ("bed",), limit=0) == []


def test_a_pushed_sample_always_names_a_chamber() -> None:
    pushed = temperatures.pushed(TemperatureSample(7.5, {"tool0": Heater(20.0)}), Profile())
    assert pushed == {
        "time": 7,
        "tool0": {"actual": 20.0, "target": 0.0},
        "bed": {"actual": 0.0, "target": 0.0},
        "chamber": {"actual": None, "target": None},
    }


def test_a_listing_becomes_a_tree() -> None:
    listing = Listing(
        folders=(
            FolderInfo("gcodes", "a", 10.0, 5),
            FolderInfo("gcodes", "a/b c", 11.0, 5),
        ),
        files=(
            FileInfo("gcodes", "a/b c/x.gcode", 5, 12.5, FileKind.GCODE, digest="d" * 40),
            FileInfo("gcodes", "top.stl", 6, 13.0, FileKind.MODEL),
        ),
    )
    tree = file.tree(listing, lambda path: f"http://h{path}", lambda _path: {})
    assert [entry["name"] for entry in tree] == ["a", "top.stl"]
    inner = tree[0]["children"][0]
    assert inner["refs"] == {"resource": "http://h/api/files/local/a/b%20c"}
    leaf = inner["children"][0]
    assert leaf == {
        "name": "x.gcode",
        "display": "x.gcode",
        "path": "a/b c/x.gcode",
        "type": "machinecode",
        "typePath": ["machinecode", "gcode"],
        "origin": "local",
        "refs": {
            "resource": "http://h/api/files/local/a/b%20c/x.gcode",
            "download": "http://h/downloads/files/local/a/b%20c/x.gcode",
        },
        "size": 5,
        "date": 12,
        "hash": "d" * 40,
    }
    assert tree[1]["type"] == "model"


def test_a_file_on_the_card_shows_what_the_firmware_told() -> None:
    bare = file.on_card(SdFile("/A.GCO"), lambda path: path)
    assert bare == {
        "name": "A.GCO",
        "display": "A.GCO",
        "path": "A.GCO",
        "type": "machinecode",
        "typePath": ["machinecode", "gcode"],
        "origin": "sdcard",
        "refs": {"resource": "/api/files/sdcard/A.GCO"},
    }
    full = file.on_card(SdFile("A.GCO", 7, "a long name.gcode", 9.9), lambda path: path)
    assert (full["size"], full["date"], full["display"]) == (7, 9, "a long name.gcode")

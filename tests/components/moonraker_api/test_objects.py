"""Printer objects from snapshots: names, values, and nothing invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from appliance.components.moonraker_api.objects.catalogue import Objects
from appliance.components.moonraker_api.objects.scene import Scene
from appliance.components.moonraker_api.words import klippy_state, print_state
from appliance.domain.job import JobPhase, JobResult
from appliance.domain.machine import Link
from appliance.domain.macros import Macro
from appliance.domain.printer import Extruder, Fault, FaultReason, Profile, Snapshot
from appliance.domain.telemetry import Area, Heater, Mesh, TemperatureSample
from tests.components.moonraker_api.scenes import JOB, PRINTING, READY, scene


def rendered(of: Scene) -> dict[str, Any]:
    return {name: dict(fields) for name, fields in Objects(lambda _: {}).render(of).items()}


def test_what_is_listed_is_what_is_rendered() -> None:
    objects = Objects(lambda _: {})
    present = scene(PRINTING, macros={"PARK": Macro("PARK", "G28")})

    assert set(objects.names(present)) == set(objects.render(present))


@pytest.mark.parametrize("link", list(Link))
def test_every_link_has_a_state(link: Link) -> None:
    expected = {
        Link.ONLINE: "ready",
        Link.HALTED: "shutdown",
        Link.OFFLINE: "disconnected",
        Link.FAILED: "disconnected",
    }

    assert klippy_state(replace(READY, link=link)) == expected.get(link, "startup")


def test_a_thermal_fault_is_a_shutdown_and_a_lost_port_is_not() -> None:
    failed = replace(READY, link=Link.FAILED)

    hot = replace(failed, fault=Fault(FaultReason.THERMAL, "runaway"))
    lost = replace(failed, fault=Fault(FaultReason.PORT_LOST, "gone"))

    assert (klippy_state(hot), klippy_state(lost)) == ("shutdown", "disconnected")


def test_a_printer_that_is_asked_for_its_position_is_still_starting() -> None:
    asked = Snapshot(link=Link.ONLINE, busy=True)

    assert klippy_state(asked) == "startup"
    assert klippy_state(replace(asked, busy=False, health=READY.health)) == "ready"


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (JobResult.COMPLETE, "complete"),
        (JobResult.CANCELLED, "cancelled"),
        (JobResult.FAILED, "error"),
        (JobResult.INTERRUPTED, "error"),
    ],
)
def test_a_result_is_shown_until_it_is_put_away(result: JobResult, state: str) -> None:
    ended = replace(READY, job=replace(JOB, result=result))

    assert print_state(ended, None) == state
    assert print_state(ended, JOB.id) == "standby"


def test_only_a_paused_phase_is_paused() -> None:
    states = {phase: print_state(replace(PRINTING, phase=phase), None) for phase in JobPhase}

    assert [phase for phase, state in states.items() if state == "paused"] == [JobPhase.PAUSED]
    assert states[JobPhase.CANCELLING] == "printing"


def test_a_print() -> None:
    found = rendered(scene(PRINTING, gcodes="/data/gcodes"))

    assert found["print_stats"] == {
        "state": "printing",
        "filename": "parts/cube.gcode",
        "total_duration": 70.0,
        "print_duration": 60.0,
        "filament_used": 12.5,
        "message": "",
        "info": {"total_layer": 20, "current_layer": 3},
    }
    assert found["virtual_sdcard"] == {
        "file_path": "/data/gcodes/parts/cube.gcode",
        "progress": 0.25,
        "is_active": True,
        "file_position": 250,
        "file_size": 1000,
    }
    assert found["display_status"]["progress"] == 0.25
    assert found["exclude_object"]["excluded_objects"] == ["ball"]
    assert [each["name"] for each in found["exclude_object"]["objects"]] == ["cube", "ball"]


@pytest.mark.parametrize(
    ("result", "path", "progress", "position", "size"),
    [
        (JobResult.COMPLETE, None, 1.0, 1000, 1000),
        (JobResult.FAILED, "gcodes/parts/cube.gcode", 0.25, 250, 1000),
        (JobResult.INTERRUPTED, "gcodes/parts/cube.gcode", 0.25, 250, 1000),
        (JobResult.CANCELLED, None, 0.0, 0, 0),
    ],
)
def test_how_far_a_print_came_is_shown_until_it_is_put_away(
    result: JobResult, path: str | None, progress: float, position: int, size: int
) -> None:
    ended = scene(replace(READY, job=replace(JOB, result=result)), gcodes="gcodes")

    found = rendered(ended)

    assert found["virtual_sdcard"] == {
        "file_path": path,
        "progress": progress,
        "is_active": False,
        "file_position": position,
        "file_size": size,
    }
    assert found["display_status"]["progress"] == progress
    assert rendered(replace(ended, dismissed=JOB.id))["virtual_sdcard"]["progress"] == 0.0


def test_the_printers_own_progress_wins_on_the_display() -> None:
    told = replace(PRINTING, job=replace(JOB, firmware_progress=0.4), message="Layer 3")

    assert rendered(scene(told))["display_status"] == {"progress": 0.4, "message": "Layer 3"}


def test_limits_come_from_the_firmware() -> None:
    toolhead = rendered(scene())["toolhead"]

    assert toolhead["max_velocity"] == 250.0
    assert toolhead["max_accel"] == 1000.0
    assert toolhead["square_corner_velocity"] == 8.0
    assert toolhead["axis_maximum"] == [220.0, 220.0, 250.0, 0.0]


def test_nothing_is_invented_for_a_printer_that_has_told_nothing() -> None:
    found = rendered(scene(Snapshot(heaters={"tool0": Heater()}, fans=())))

    assert not {"position", "max_velocity", "max_accel"} & set(found["toolhead"])
    assert "live_position" not in found["motion_report"]
    assert found["extruder"]["temperature"] is None
    assert found["extruder"]["can_extrude"] is False
    assert "pressure_advance" not in found["extruder"]
    assert not {"fan", "bed_mesh", "firmware_retraction"} & set(found)


def test_heaters_sensors_and_tools_have_klippers_names() -> None:
    heaters = {name: Heater(25.0) for name in ("tool0", "tool1", "bed", "chamber", "board")}
    two = Profile(extruders=(Extruder(), Extruder()))

    found = rendered(scene(replace(READY, heaters=heaters), profile=two))

    assert found["heaters"]["available_heaters"] == ["extruder", "extruder1", "heater_bed"]
    assert "temperature_sensor chamber" in found["heaters"]["available_sensors"]
    assert found["temperature_sensor board"]["temperature"] == 25.0


def test_a_sensor_knows_its_extremes() -> None:
    samples = [TemperatureSample(n, {"board": Heater(30.0 + n)}) for n in range(5)]
    now = replace(READY, heaters={"board": Heater(32.0)})

    found = rendered(scene(now, samples=samples))["temperature_sensor board"]

    assert (found["measured_min_temp"], found["measured_max_temp"]) == (30.0, 34.0)


def test_a_mesh_lies_where_the_firmware_says_or_over_the_bed() -> None:
    points = ((0.1, 0.2), (0.0, -0.1))
    told = replace(READY, mesh=Mesh(points, Area(10, 20, 0, 200, 210, 0)))

    placed = rendered(scene(told))["bed_mesh"]
    spread = rendered(scene(replace(READY, mesh=Mesh(points))))["bed_mesh"]

    assert (placed["mesh_min"], placed["mesh_max"]) == ([10, 20], [200, 210])
    assert spread["mesh_max"] == [220.0, 220.0]
    assert placed["profiles"]["default"]["points"] == [[0.1, 0.2], [0.0, -0.1]]


def test_front_ends_find_every_section_without_which_they_warn() -> None:
    found = rendered(scene(macros={"PARK": Macro("PARK", "G1 X{params.X}")}))["configfile"]

    needed = {"virtual_sdcard", "pause_resume", "display_status"}
    macros = {"gcode_macro pause", "gcode_macro resume", "gcode_macro cancel_print"}
    assert needed | macros <= set(found["settings"])
    assert needed | {"gcode_macro CANCEL_PRINT"} <= set(found["config"])
    assert found["settings"]["gcode_macro park"]["gcode"] == "G1 X{params.X}"
    assert found["settings"]["extruder"]["min_extrude_temp"] == 170.0
    assert found["config"]["extruder"]["min_extrude_temp"] == "170.0"


def test_the_configuration_is_rendered_once_as_long_as_nothing_changes() -> None:
    objects = Objects(lambda _: {})

    first = objects.render(scene(READY))["configfile"]
    moved = replace(READY, motion=replace(READY.motion, homed=""))
    again = objects.render(scene(moved))["configfile"]
    other = objects.render(scene(replace(READY, filament_present={"filament": True})))

    assert again is first
    assert other["configfile"] is not first

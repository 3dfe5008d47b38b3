"""The requests of known clients in their order, and that their answers hold what is read.

Each sequence was read in the client's public source: KlipperScreen (August 2026), Home
Assistant's moonraker integration 1.13, Mobileraker (August 2026), Obico for Klipper, OctoApp.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.components.moonraker_api.served import Served, Socket, serve
from tests.serving import API_KEY
from tests.waiting import eventually_answers

STATES = ("ready", "printing", "paused", "shutdown")
NUMBER = (int, float)


async def identify(socket: Socket, name: str, kind: str, **more: Any) -> None:
    who = {"client_name": name, "version": "1.0", "type": kind, "url": "https://example.org"}
    assert "connection_id" in await socket.result("server.connection.identify", **who, **more)


def all_numbers(values: Any, count: int) -> bool:
    return len(values) == count and all(isinstance(value, NUMBER) for value in values)


# --- KlipperScreen --------------------------------------------------------------------------

# What it subscribes to (screen.py, ws_subscribe), before the names it found in the config.
KLIPPERSCREEN: dict[str, list[str]] = {
    "bed_mesh": ["profile_name", "mesh_max", "mesh_min", "probed_matrix", "profiles"],
    "configfile": ["config"],
    "display_status": ["progress", "message"],
    "fan": ["speed"],
    "gcode_move": [
        "extrude_factor",
        "gcode_position",
        "homing_origin",
        "speed_factor",
        "speed",
    ],
    "idle_timeout": ["state"],
    "pause_resume": ["is_paused"],
    "print_stats": [
        "print_duration",
        "total_duration",
        "filament_used",
        "filename",
        "state",
        "message",
        "info",
    ],
    "toolhead": ["homed_axes", "position", "extruder", "max_accel", "max_velocity"],
    "virtual_sdcard": ["file_position", "is_active", "progress"],
    "webhooks": ["state", "state_message"],
    "firmware_retraction": ["retract_length", "retract_speed"],
    "motion_report": ["live_position", "live_velocity", "live_extruder_velocity"],
    "exclude_object": ["current_object", "objects", "excluded_objects"],
    "manual_probe": ["is_active"],
    "screws_tilt_adjust": ["results", "error", "max_deviation"],
}


@pytest.mark.parametrize("state", STATES)
async def test_klipperscreen_starts(served: Served, state: str) -> None:
    await served.into(state)
    async with served.socket() as socket:
        await identify(socket, "KlipperScreen", "display")
        info = await socket.result("server.info")
        for name in ("warnings", "failed_components", "missing_klippy_requirements"):
            assert info[name] == []
        assert info["klippy_connected"]
        assert isinstance((await socket.result("server.webcams.list"))["webcams"], list)
        assert (await socket.result("printer.info"))["software_version"]
        asked = await socket.result("printer.objects.query", objects={"configfile": None})
        config = asked["status"]["configfile"]["config"]
        assert {"extruder", "heater_bed", "fan", "printer", "stepper_x"} <= set(config)
        names = (await socket.result("printer.objects.list"))["objects"]
        everything = dict.fromkeys(names)
        told = (await socket.result("printer.objects.query", objects=everything))["status"]
        assert set(told) == set(names)
        assert told["webhooks"]["state"] == ("shutdown" if state == "shutdown" else "ready")
        assert await socket.result("printer.gcode.help")
        assert "cpu_info" in (await socket.result("machine.system_info"))["system_info"]
        kept = (await socket.result("server.config"))["config"]["data_store"]
        assert kept["temperature_store_size"] == 1200
        wish: dict[str, Any] = dict(KLIPPERSCREEN)
        wish["extruder"] = ["target", "temperature", "pressure_advance", "smooth_time"]
        wish["heater_bed"] = ["target", "temperature", "power"]
        subscribed = (await socket.result("printer.objects.subscribe", objects=wish))["status"]
        assert set(subscribed) == set(wish)
        assert all_numbers(subscribed["gcode_move"]["homing_origin"], 4)
        store = await socket.result("server.temperature_store")
        for device in ("extruder", "heater_bed"):
            assert {"temperatures", "targets"} <= set(store[device])
        files = await socket.result("server.files.list")
        assert all({"path", "modified", "size"} <= set(file) for file in files)
        directory = await socket.result("server.files.get_directory", path="gcodes")
        assert {"dirs", "files", "disk_usage"} <= set(directory)


async def test_klipperscreen_waits_for_a_printer(served: Served) -> None:
    async with served.socket() as socket:
        await identify(socket, "KlipperScreen", "display")
        info = await socket.result("server.info")
        assert (info["klippy_connected"], info["klippy_state"]) == (False, "disconnected")
        await served.into("ready")
        assert (await socket.result("server.info"))["klippy_connected"]
        assert (await socket.result("printer.info"))["state"] == "ready"


async def test_klipperscreen_with_a_key_of_its_own(tmp_path: Path) -> None:
    """It sends the key as ``token`` of the URL, as a header and when it introduces itself."""
    async with serve(tmp_path) as served:
        url = f"{served.running.url}/websocket?token={API_KEY}"
        async with served.running.client.ws_connect(
            url, headers={"X-Api-Key": API_KEY}
        ) as opened:
            socket = Socket(opened)
            await identify(socket, "KlipperScreen", "display", api_key=API_KEY)
            await socket.result("server.info")


# --- Home Assistant (moonraker-home-assistant) ----------------------------------------------

HOME_ASSISTANT = {
    "print_stats": ["state", "message", "filename", "print_duration", "filament_used"],
    "display_status": ["progress", "message"],
    "toolhead": ["position"],
    "virtual_sdcard": ["progress", "file_path", "file_position"],
    "system_stats": ["sysload", "memavail"],
    "idle_timeout": ["state"],
    "gcode_move": ["speed", "speed_factor", "extrude_factor"],
    "mcu": ["last_stats"],
    "fan": ["speed", "rpm"],
    "extruder": ["temperature", "target", "power"],
    "heater_bed": ["temperature", "target", "power"],
}


@pytest.mark.parametrize("state", STATES)
async def test_home_assistant_polls(served: Served, state: str) -> None:
    await served.into(state)
    async with served.socket() as socket:
        info = await socket.result("printer.info")
        assert info["hostname"]
        names = (await socket.result("printer.objects.list"))["objects"]
        assert {"extruder", "heater_bed", "print_stats"} <= set(names)
        query = {"objects": HOME_ASSISTANT}
        status = (await socket.result("printer.objects.query", **query))["status"]
        assert all_numbers(status["toolhead"]["position"], 4)
        assert isinstance(status["print_stats"]["print_duration"], NUMBER)
        assert isinstance(status["print_stats"]["filament_used"], NUMBER)
        assert isinstance(status["display_status"]["progress"], NUMBER)
        assert status["mcu"]["last_stats"] is None  # with half of them it shows no sensors
        await _home_assistant_reads_the_file(socket, status)
        totals = await socket.result("server.history.totals")
        assert {"total_jobs", "total_print_time", "longest_print"} <= set(totals["job_totals"])
        queue = await socket.result("server.job_queue.status")
        assert {"queue_state", "queued_jobs"} <= set(queue)
        system = (await socket.result("machine.system_info"))["system_info"]
        assert isinstance(system["cpu_info"]["total_memory"], NUMBER)
        assert isinstance(system["available_services"], list)
        assert (await socket.result("server.webcams.list"))["webcams"] == []
        # Asked whether they are there or not; an error means that they are not.
        for method in ("machine.device_power.devices", "server.spoolman.status"):
            assert await socket.code(method) == -32601


async def _home_assistant_reads_the_file(socket: Socket, status: Any) -> None:
    path = status["print_stats"]["filename"] or status["virtual_sdcard"]["file_path"]
    if not path:
        return
    found = await socket.result("server.files.metadata", filename=path)
    assert isinstance(found["size"], int)


# --- Mobileraker ----------------------------------------------------------------------------

# Its classes of the configuration cannot do without these.
MOBILERAKER_EXTRUDER = (
    "nozzle_diameter",
    "max_extrude_only_distance",
    "min_temp",
    "min_extrude_temp",
    "max_temp",
    "filament_diameter",
)


@pytest.mark.parametrize("state", STATES)
async def test_mobileraker_opens_a_printer(served: Served, state: str) -> None:
    await served.into(state)
    async with served.socket() as socket:
        await identify(socket, "Mobileraker-Android", "mobile")
        info = await socket.result("server.info")
        assert info["moonraker_version"].startswith("v")
        assert (await socket.result("printer.info"))["state"]
        await socket.result("machine.system_info")
        names = (await socket.result("printer.objects.list"))["objects"]
        asked = await socket.result("printer.objects.query", objects=dict.fromkeys(names))
        status = asked["status"]
        settings = status["configfile"]["settings"]
        for key in MOBILERAKER_EXTRUDER:
            assert isinstance(settings["extruder"][key], NUMBER), key
        assert isinstance(settings["heater_bed"]["max_temp"], NUMBER)
        assert settings["printer"]["kinematics"] == "cartesian"
        for section, values in settings.items():
            if section.startswith("gcode_macro "):
                assert isinstance(values["gcode"], str)
        for name, field in (
            ("toolhead", "position"),
            ("gcode_move", "position"),
            ("gcode_move", "gcode_position"),
            ("motion_report", "live_position"),
        ):
            assert all_numbers(status[name][field], 4), (name, field)
        for described in status["exclude_object"]["objects"]:
            assert described["name"]
        await socket.result("printer.objects.subscribe", objects=dict.fromkeys(names))
        await socket.result("server.temperature_store", include_monitors=True)
        assert "gcode_store" in await socket.result("server.gcode_store", count=1000)
        assert "entries" in await socket.result("server.announcements.list")
        assert "namespaces" in await socket.result("server.database.list")
        missing = {"namespace": "mobileraker", "key": "settings.fcm"}
        assert await socket.code("server.database.get_item", missing) == -32601
        kept = {"namespace": "mobileraker", "key": "settings.fcm.device1", "value": {"a": 1}}
        assert (await socket.result("server.database.post_item", **kept))["value"] == {"a": 1}
        roots = await socket.result("server.files.roots")
        assert {"name", "path", "permissions"} <= set(roots[0])
        extended = {"path": "gcodes", "extended": True}
        listed = await socket.result("server.files.get_directory", **extended)
        assert all("filename" in file and "size" in file for file in listed["files"])
        history = await socket.result("server.history.list", limit=10, start=0, order="desc")
        assert {"count", "jobs"} <= set(history)


# --- Obico for Klipper ----------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
async def test_obico_links_a_printer(served: Served, state: str) -> None:
    await served.into(state)
    assert (await served.result("GET", "/server/info"))["klippy_state"]
    assert (await served.call("GET", "/access/api_key")).status == 200
    heaters = await served.result("GET", "/printer/objects/query?heaters=")
    assert heaters["status"]["heaters"]["available_heaters"] == ["extruder", "heater_bed"]
    presets = "/server/database/item?namespace=mainsail&key=presets"
    assert (await served.call("GET", presets)).status == 404
    assert "webcams" in await served.result("GET", "/server/webcams/list")

    async def known() -> bool:
        latest = await served.result("GET", "/server/history/list?order=desc&limit=1")
        return len(latest["jobs"]) == (state in ("printing", "paused"))

    await eventually_answers(known, "the history has the job")
    names = (await served.result("GET", "/printer/objects/list"))["objects"]
    wish = {
        "print_stats": ["state", "message", "filename"],
        "webhooks": ["state", "state_message"],
        "history": None,
        "gcode_macro _OBICO_LAYER_CHANGE": None,
    }
    async with served.socket() as socket:
        await identify(socket, "moonraker_obico", "agent")
        subscribed = {name: wish[name] for name in wish if name in names}
        assert set(subscribed) == {"print_stats", "webhooks"}
        await socket.result("printer.objects.subscribe", objects=subscribed)
        query = dict.fromkeys(
            ("webhooks", "print_stats", "virtual_sdcard", "display_status", "toolhead", "fan")
        )
        status = (await socket.result("printer.objects.query", objects=query))["status"]
        assert set(status) == set(query)


# --- OctoApp --------------------------------------------------------------------------------


async def test_a_name_with_semicolons_does_no_harm(served: Served) -> None:
    answer = await served.upload("a;b;c=1; d.gcode")
    assert answer.status == 201, answer.text
    assert answer.json["item"]["path"] == "abc=1 d.gcode"


async def test_octoapp_follows_a_print(served: Served) -> None:
    async with served.socket(key=None) as socket:
        # Without a key it is told so, fetches one, and introduces itself with it.
        assert await socket.code("server.info") == -32602
        await identify(socket, "OctoApp", "agent", api_key=API_KEY)
        assert (await socket.result("server.info"))["klippy_state"] == "disconnected"
    await served.into("ready")
    async with served.socket() as socket:
        await identify(socket, "OctoApp", "agent")
        wish = {
            "print_stats": ["state", "filename", "message"],
            "webhooks": None,
            "virtual_sdcard": None,
            "history": None,
        }
        subscribed = await socket.result("printer.objects.subscribe", objects=wish)
        assert subscribed["status"]["history"] == {}
        await served.upload(print="true")
        history = "notify_history_changed"
        added = await socket.until(history, lambda it: it["action"] == "added")
        assert added["job"]["filename"] == "cube.gcode"
        asked = await socket.result(
            "printer.objects.query", objects=dict.fromkeys(("print_stats", "gcode_move"))
        )
        stats = asked["status"]["print_stats"]
        assert {"filename", "print_duration", "info"} <= set(stats)
        assert isinstance(asked["status"]["gcode_move"]["speed_factor"], NUMBER)
        found = await socket.result("server.files.metadata", filename=stats["filename"])
        assert found["filename"] == "cube.gcode"
        served.printer.finish()
        over = await socket.until(history, lambda it: it["action"] == "finished")
        assert over["job"]["status"] == "completed"

"""Every method in every state, over HTTP and the websocket, on both printers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.components.moonraker_api.served import Served, serve

STATES = ("ready", "printing", "paused", "shutdown", "disconnected")
# What only reads: JSON-RPC name, path, arguments.
READS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("server.info", "/server/info", {}),
    ("server.config", "/server/config", {}),
    ("server.temperature_store", "/server/temperature_store", {}),
    ("server.gcode_store", "/server/gcode_store", {"count": 5}),
    ("server.announcements.list", "/server/announcements/list", {}),
    ("server.announcements.feeds", "/server/announcements/feeds", {}),
    ("server.files.list", "/server/files/list", {"root": "gcodes"}),
    ("server.files.roots", "/server/files/roots", {}),
    ("server.files.get_directory", "/server/files/directory", {"path": "gcodes"}),
    ("server.files.metadata", "/server/files/metadata", {"filename": "busy.gcode"}),
    ("server.files.thumbnails", "/server/files/thumbnails", {"filename": "busy.gcode"}),
    ("server.database.list", "/server/database/list", {}),
    ("server.history.list", "/server/history/list", {"limit": 5}),
    ("server.history.totals", "/server/history/totals", {}),
    ("server.job_queue.status", "/server/job_queue/status", {}),
    ("server.webcams.list", "/server/webcams/list", {}),
    ("machine.system_info", "/machine/system_info", {}),
    ("machine.proc_stats", "/machine/proc_stats", {}),
    ("machine.peripherals.serial", "/machine/peripherals/serial", {}),
    ("machine.peripherals.usb", "/machine/peripherals/usb", {}),
    ("machine.peripherals.video", "/machine/peripherals/video", {}),
    ("machine.peripherals.canbus", "/machine/peripherals/canbus", {}),
    ("access.info", "/access/info", {}),
    ("access.get_user", "/access/user", {}),
    ("access.users.list", "/access/users/list", {}),
    ("printer.info", "/printer/info", {}),
    ("printer.objects.list", "/printer/objects/list", {}),
    ("printer.gcode.help", "/printer/gcode/help", {}),
)
# Their answers hold clocks and counters.
_MOVING = (
    "machine.proc_stats",
    "server.info",
    "server.gcode_store",
    "server.history.list",
    "server.files.get_directory",
)


@pytest.mark.parametrize("state", STATES)
async def test_http_and_the_websocket_say_the_same(served: Served, state: str) -> None:
    await served.upload("busy.gcode")
    await served.into(state)
    async with served.socket() as socket:
        for name, path, arguments in READS:
            query = {key: str(value) for key, value in arguments.items()}
            answer = await served.call("GET", path, params=query)
            over_rpc = await socket.ask(name, arguments)
            if state == "disconnected" and name.startswith("printer."):
                assert answer.status == 503, name
                assert answer.json["error"]["message"] == "Klippy Host not connected"
                assert over_rpc["error"]["code"] == 503, name
                continue
            assert answer.status == 200, (name, answer.text)
            assert "result" in over_rpc, (name, over_rpc)
            if name not in _MOVING:
                assert answer.json["result"] == over_rpc["result"], name
            elif isinstance(over_rpc["result"], dict):
                assert answer.json["result"].keys() == over_rpc["result"].keys()


@pytest.mark.parametrize("state", STATES)
async def test_the_gate_of_front_ends(served: Served, state: str) -> None:
    await served.into(state)
    klippy = {"printing": "ready", "paused": "ready"}.get(state, state)

    info = await served.result("GET", "/server/info")

    assert info["klippy_state"] == klippy
    assert info["klippy_connected"] is (state != "disconnected")
    assert info["plugins"] == info["components"]
    assert {"history", "job_queue", "file_manager", "database"} <= set(info["components"])
    assert not {"update_manager", "power", "spoolman"} & set(info["components"])
    if state != "disconnected":
        assert (await served.result("GET", "/printer/info"))["state"] == klippy


# Status over HTTP in each state: ready, printing, paused, shutdown, disconnected.
VERBS: tuple[tuple[str, dict[str, Any], tuple[int, ...]], ...] = (
    ("printer.print.start", {"filename": "busy.gcode"}, (200, 400, 400, 400, 503)),
    ("printer.print.start", {"filename": "none.gcode"}, (400, 400, 400, 400, 503)),
    ("printer.print.pause", {}, (200, 200, 200, 400, 503)),
    ("printer.print.resume", {}, (200, 200, 200, 400, 503)),
    ("printer.print.cancel", {}, (200, 200, 200, 400, 503)),
    ("printer.gcode.script", {"script": "M104 S50"}, (200, 200, 200, 400, 503)),
    ("printer.gcode.script", {"script": "FOO"}, (200, 200, 200, 200, 503)),
    ("printer.gcode.script", {"script": "SET_FAN_SPEED FAN=x"}, (400, 400, 400, 400, 503)),
    ("printer.emergency_stop", {}, (200, 200, 200, 200, 503)),
    ("machine.reboot", {}, (501, 501, 501, 501, 501)),
    ("machine.shutdown", {}, (501, 501, 501, 501, 501)),
    ("machine.services.restart", {"service": "x"}, (501, 501, 501, 501, 501)),
)

_ONCE = ("printer.emergency_stop", "printer.print.start", "printer.print.cancel")


@pytest.mark.parametrize(("index", "state"), list(enumerate(STATES)))
@pytest.mark.parametrize(("name", "arguments", "statuses"), VERBS)
async def test_verbs_in_every_state(
    tmp_path: Path,
    index: int,
    state: str,
    name: str,
    arguments: dict[str, Any],
    statuses: tuple[int, ...],
) -> None:
    path = "/" + name.replace(".", "/")
    async with serve(tmp_path) as first:
        await first.upload("busy.gcode")
        for served in (first, first.on_second()):
            await served.into(state)
            async with served.socket() as socket:
                over_rpc = await socket.ask(name, arguments)
            code = over_rpc.get("error", {}).get("code", 200)
            assert code == statuses[index], over_rpc
            if name not in _ONCE:  # the first call changed nothing that matters
                answer = await served.call("POST", path, json=arguments)
                assert answer.status == statuses[index], answer.text


@pytest.mark.parametrize(
    ("name", "params", "code"),
    [
        ("no.such.method", {}, -32601),
        ("server.files.metadata", {"filename": "none.gcode"}, -32601),
        ("server.files.metadata", {}, 400),
        ("server.database.get_item", {"namespace": "none"}, -32601),
        ("server.database.post_item", {"namespace": "moonraker", "key": "a", "value": 1}, 403),
        ("server.history.get_job", {"uid": "ABCDEF"}, -32601),
        ("server.webcams.get_item", {"name": "none"}, -32601),
        ("server.job_queue.jump", {"job_id": "none"}, 400),
        ("server.files.post_directory", {"path": "nowhere/x"}, 400),
        ("server.files.post_directory", {"path": "gcodes/../../x"}, 400),
        ("server.files.delete_file", {"path": "gcodes/none.gcode"}, 400),
        ("server.files.get_directory", {"path": "gcodes/none"}, 400),
        ("server.files.list", {"root": "nowhere"}, 400),
        ("server.connection.identify", {"client_name": "x"}, 400),
        ("server.gcode_store", {"count": "many"}, 400),
        ("printer.objects.query", {"objects": 5}, 400),
        ("api.version", {}, -32601),
    ],
)
async def test_codes_of_failures(
    ready: Served, name: str, params: dict[str, Any], code: int
) -> None:
    async with ready.socket() as socket:
        assert await socket.code(name, params) == code


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/server/no/such/thing/here", 404),
        ("GET", "/server/nothing", 404),
        ("PUT", "/server/info", 405),
        ("GET", "/server/files/metadata", 400),
        ("GET", "/server/files/metadata?filename=none.gcode", 404),
        ("GET", "/server/files/gcodes/none.gcode", 404),
        ("GET", "/server/files/thumbnails?filename=none.gcode", 200),
        ("GET", "/server/files/gcodes/..%2F..%2Fetc/passwd", 403),
        ("DELETE", "/server/files/gcodes/none.gcode", 400),
        ("GET", "/server/gcode_store?count:int=x", 400),
        ("GET", f"/server/history/list?limit={9**50}", 400),
        ("POST", "/server/database/item?namespace=n&key=k", 400),
        ("POST", "/server/job_queue/job?filenames=none.gcode", 400),
        ("GET", "/printer/objects/query?no_such_object", 200),
        ("GET", "/printer/objects/query", 200),
    ],
)
async def test_statuses_of_corner_cases(
    ready: Served, method: str, path: str, status: int
) -> None:
    answer = await ready.call(method, path)

    assert answer.status == status, answer.text
    if status >= 400:
        error = answer.json["error"]
        assert error["code"] == status
        assert error["message"]
        assert error["traceback"] == ""


async def test_null_is_a_value_of_the_database(served: Served) -> None:
    item = {"namespace": "n", "key": "k", "value": None}
    kept = await served.result("POST", "/server/database/item", json=item)
    assert kept == item
    refused = await served.call("POST", "/server/database/item", json={**item, "key": None})
    assert refused.status == 400


async def test_no_file_is_named_that_programs_would_change(ready: Served) -> None:
    """Agents append lines in Klipper's language to what they take for printer.cfg."""
    assert (await ready.result("GET", "/printer/info"))["config_file"] == ""


async def test_nobody_in_particular_is_let_in(served: Served) -> None:
    answer = await served.call("GET", "/server/info", key=None)
    async with served.socket(key=None) as socket:
        refused = await socket.ask("server.info")
        info = await socket.result("access.info")

    assert answer.status == 401
    assert refused["error"] == {"code": -32602, "message": "Unauthorized"}
    assert info["login_required"] is True

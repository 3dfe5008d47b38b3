"""Every method of the table in every state of the printer, over both transports.

What is added to the table has to be added here: the test compares the two.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from appliance.components import moonraker_api, power, sensor, spoolman, timelapse, webcam
from appliance.components.moonraker_api.method import Methods
from tests.components.moonraker_api.served import Served, serve
from tests.components.moonraker_api.test_contract import STATES, VERBS
from tests.components.sensor.test_sensor import Broker
from tests.serving import PASSWORD
from tests.waiting import eventually

# A status for each of the states: ready, printing, paused, shutdown, disconnected.
Statuses = tuple[int, int, int, int, int]
OK: Statuses = (200, 200, 200, 200, 200)
NEEDS_PRINTER: Statuses = (200, 200, 200, 200, 503)


def always(status: int) -> Statuses:
    return (status, status, status, status, status)


# Method, verb, arguments, statuses. ``{via}`` is the transport, so that each has its own.
CALLS: tuple[tuple[str, str, dict[str, Any], Statuses], ...] = (
    ("server.info", "GET", {}, OK),
    ("server.config", "GET", {}, OK),
    ("server.temperature_store", "GET", {"include_monitors": True}, OK),
    ("server.gcode_store", "GET", {"count": 5}, OK),
    ("server.logs.rollover", "POST", {}, OK),
    ("server.announcements.list", "GET", {}, OK),
    ("server.announcements.feeds", "GET", {}, OK),
    ("server.announcements.update", "POST", {}, OK),
    ("server.announcements.dismiss", "POST", {"entry_id": "x"}, always(400)),
    ("server.extensions.list", "GET", {}, OK),
    ("server.extensions.request", "POST", {"agent": "x", "method": "y"}, always(400)),
    ("printer.info", "GET", {}, NEEDS_PRINTER),
    ("printer.objects.list", "GET", {}, NEEDS_PRINTER),
    ("printer.objects.query", "POST", {"objects": {"webhooks": None}}, NEEDS_PRINTER),
    ("printer.gcode.help", "GET", {}, NEEDS_PRINTER),
    ("printer.query_endstops.status", "GET", {}, (200, 200, 200, 400, 503)),
    ("server.files.list", "GET", {"root": "gcodes"}, OK),
    ("server.files.roots", "GET", {}, OK),
    ("server.files.get_directory", "GET", {"path": "gcodes"}, OK),
    ("server.files.post_directory", "POST", {"path": "gcodes/{via}"}, OK),
    (
        "server.files.copy",
        "POST",
        {"source": "gcodes/a.gcode", "dest": "gcodes/{via}/b.gcode"},
        OK,
    ),
    (
        "server.files.move",
        "POST",
        {"source": "gcodes/{via}/b.gcode", "dest": "gcodes/{via}.gcode"},
        OK,
    ),
    ("server.files.metadata", "GET", {"filename": "{via}.gcode"}, OK),
    ("server.files.metascan", "POST", {"filename": "{via}.gcode"}, OK),
    ("server.files.thumbnails", "GET", {"filename": "{via}.gcode"}, OK),
    (
        "server.files.zip",
        "POST",
        {"items": ["gcodes/a.gcode"], "dest": "gcodes/{via}.zip"},
        OK,
    ),
    ("server.files.delete_file", "DELETE", {"path": "gcodes/{via}.gcode"}, OK),
    ("server.files.delete_directory", "DELETE", {"path": "gcodes/{via}"}, OK),
    ("server.database.list", "GET", {}, OK),
    (
        "server.database.post_item",
        "POST",
        {"namespace": "n", "key": "{via}.k", "value": 1},
        OK,
    ),
    ("server.database.get_item", "GET", {"namespace": "n", "key": "{via}.k"}, OK),
    ("server.database.delete_item", "DELETE", {"namespace": "n", "key": "{via}.k"}, OK),
    ("server.database.compact", "POST", {}, OK),
    ("server.database.post_backup", "POST", {"filename": "{via}.db"}, OK),
    ("server.database.restore", "POST", {"filename": "{via}.db"}, OK),
    ("server.database.delete_backup", "DELETE", {"filename": "{via}.db"}, OK),
    ("machine.system_info", "GET", {}, OK),
    ("machine.proc_stats", "GET", {}, OK),
    ("machine.reboot", "POST", {}, always(501)),
    ("machine.shutdown", "POST", {}, always(501)),
    ("machine.services.restart", "POST", {"service": "klipper"}, always(501)),
    ("machine.services.start", "POST", {"service": "klipper"}, always(501)),
    ("machine.services.stop", "POST", {"service": "klipper"}, always(501)),
    ("machine.peripherals.serial", "GET", {}, OK),
    ("machine.peripherals.usb", "GET", {}, OK),
    ("machine.peripherals.video", "GET", {}, OK),
    ("machine.peripherals.canbus", "GET", {}, OK),
    ("server.webcams.list", "GET", {}, OK),
    ("server.webcams.post_item", "POST", {"name": "{via}", "stream_url": "/s"}, OK),
    ("server.webcams.get_item", "GET", {"name": "{via}"}, OK),
    ("server.webcams.test", "POST", {"name": "{via}"}, OK),
    ("server.webcams.delete_item", "DELETE", {"name": "{via}"}, OK),
    ("server.history.list", "GET", {"limit": 5}, OK),
    ("server.history.totals", "GET", {}, OK),
    ("server.history.get_job", "GET", {"uid": "ABC"}, always(404)),
    ("server.history.delete_job", "DELETE", {"uid": "ABC"}, always(404)),
    ("server.history.reset_totals", "POST", {}, OK),
    ("server.job_queue.pause", "POST", {}, OK),
    ("server.job_queue.post_job", "POST", {"filenames": ["a.gcode"]}, OK),
    ("server.job_queue.status", "GET", {}, OK),
    ("server.job_queue.jump", "POST", {"job_id": "none"}, always(400)),
    ("server.job_queue.delete_job", "DELETE", {"all": True}, OK),
    ("server.job_queue.start", "POST", {}, OK),
    ("machine.device_power.devices", "GET", {}, OK),
    ("machine.device_power.get_device", "GET", {"device": "plug"}, OK),
    (
        "machine.device_power.post_device",
        "POST",
        {"device": "plug", "action": "on"},
        (200, 200, 200, 400, 400),
    ),
    ("machine.device_power.status", "GET", {"plug": ""}, OK),
    ("machine.device_power.on", "POST", {"plug": None}, OK),
    ("machine.device_power.off", "POST", {"plug": None}, (200, 400, 400, 200, 200)),
    ("server.sensors.list", "GET", {}, OK),
    ("server.sensors.info", "GET", {"sensor": "room"}, OK),
    ("server.sensors.measurements", "GET", {}, OK),
    ("server.spoolman.status", "GET", {}, OK),
    ("server.spoolman.post_spool_id", "POST", {"spool_id": 3}, OK),
    ("server.spoolman.get_spool_id", "GET", {}, OK),
    (
        "server.spoolman.proxy",
        "POST",
        {"request_method": "GET", "path": "/v1/spool"},
        always(503),
    ),
    ("machine.timelapse.get_settings", "GET", {}, OK),
    ("machine.timelapse.post_settings", "POST", {"output_framerate": 20}, OK),
    ("machine.timelapse.lastframeinfo", "GET", {}, OK),
    ("machine.timelapse.render", "POST", {}, OK),
    ("machine.timelapse.saveframes", "POST", {}, OK),
    ("server.mqtt.publish", "POST", {"topic": "a", "payload": "b"}, OK),
    ("server.mqtt.subscribe", "POST", {"topic": "a", "timeout": 0.01}, always(504)),
    ("access.info", "GET", {}, OK),
    ("access.get_api_key", "GET", {}, OK),
    ("access.post_api_key", "POST", {}, always(409)),
    ("access.oneshot_token", "GET", {}, OK),
    ("access.get_user", "GET", {}, OK),
    ("access.users.list", "GET", {}, OK),
    ("access.post_user", "POST", {"username": "u{via}", "password": PASSWORD}, OK),
    ("access.login", "POST", {"username": "u{via}", "password": PASSWORD}, OK),
    ("access.refresh_jwt", "POST", {"refresh_token": "wrong"}, always(401)),
    (
        "access.user.password",
        "POST",
        {"password": "wrong", "new_password": PASSWORD},
        always(400),
    ),
)
# Asked elsewhere: by the verbs of test_contract, or because nothing is the same after them.
ELSEWHERE = {
    *(name for name, _, _ in VERBS),
    "access.delete_user",  # tests of auth
    "printer.objects.subscribe",  # test_socket
    "server.connection.identify",
    "server.websocket.id",
    "connection.register_remote_method",  # test_agents
    "connection.send_event",
    "printer.restart",  # below
    "printer.firmware_restart",
    "server.restart",
    "access.logout",  # tests of auth
}
# They hash passwords or start a process; whatever the printer does is nothing to them.
SLOW = {"access.post_user", "access.login", "access.user.password", "server.files.zip"}
_CODES = {404: -32601, 401: -32602}
PATHS = {"server.files.delete_file": "/server/files/{path}"}
ROOM = {"room": {"type": "host", "values": {"t": {"file": "/nowhere"}}}}


@asynccontextmanager
async def everything(
    folder: Path, monkeypatch: pytest.MonkeyPatch, plug_of: str
) -> AsyncIterator[tuple[Served, Methods]]:
    """Run the API with all that it can offer; the plug belongs to that printer."""
    tables: list[Methods] = []
    build = vars(moonraker_api)["build"]

    def watched(*arguments: Any) -> Methods:
        tables.append(build(*arguments))
        return tables[0]

    monkeypatch.setattr(moonraker_api, "build", watched)
    plug = {"name": "plug", "type": "gcode", "printer": plug_of}
    beside = [
        (webcam, []),
        (timelapse, timelapse.CONFIG_SCHEMA({})),
        (Broker(), {}),
        (power, [plug]),
        (sensor, ROOM),
        (spoolman, {"server": "http://127.0.0.1:1"}),
    ]
    async with serve(folder, beside=beside) as served:
        await served.upload("a.gcode")
        yield served, tables[0]


def filled(arguments: dict[str, Any], via: str) -> dict[str, Any]:
    def fill(value: Any) -> Any:
        if isinstance(value, list):
            return [fill(each) for each in value]
        return value.format(via=via) if isinstance(value, str) else value

    return {name: fill(value) for name, value in arguments.items()}


@pytest.mark.parametrize(("index", "state"), list(enumerate(STATES)))
@pytest.mark.parametrize("printer", ["first", "second"])
async def test_every_method_in_every_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printer: str, index: int, state: str
) -> None:
    async with everything(tmp_path, monkeypatch, printer) as (first, table):
        served = first.on_second() if printer == "second" else first
        await served.into(state)
        known = {method.name: method for method in table}
        assert {name for name, *_ in CALLS} | ELSEWHERE == set(known)
        async with served.socket() as socket:
            for name, verb, arguments, statuses in CALLS:
                method, status = known[name], statuses[index]
                if name in SLOW and (printer, state) != ("first", "ready"):
                    continue
                assert verb in method.verbs, name
                over_rpc = await socket.ask(name, filled(arguments, "ws"))
                code = over_rpc.get("error", {}).get("code", 200)
                assert code == _CODES.get(status, status), (name, over_rpc)
                given = filled(arguments, "http")
                path = PATHS.get(name, str(method.path)).format(**given)
                body: dict[str, Any] = {"json": given}
                if verb == "GET":
                    body = {"params": {key: str(value) for key, value in given.items()}}
                answer = await served.call(verb, path, **body)
                assert answer.status == status, (name, answer.text)
        assert state != "printing" or served.printer.snapshot.phase.active


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("method", ["printer.restart", "printer.firmware_restart"])
async def test_the_way_back_in_every_state(served: Served, state: str, method: str) -> None:
    await served.into(state)
    async with served.socket() as socket:
        answer = await socket.ask(method)
    if state in ("printing", "paused"):
        assert answer["error"] == {"code": 400, "message": "the printer has a job"}
        assert served.printer.snapshot.phase.active
        return
    assert answer["result"] == "ok"
    await eventually(lambda: served.printer.snapshot.operational)

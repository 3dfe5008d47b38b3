"""Dashboards that were made for other programs go on."""

from __future__ import annotations

import gc
import itertools
import json
import socket
from pathlib import Path
from typing import Any

from appliance.components.mqtt.session import Session
from appliance.domain.job import JobKind, JobRequest
from appliance.domain.printer import PRINTERS
from tests.components.mqtt.client import Watcher
from tests.components.mqtt.mosquitto import Mosquitto
from tests.components.mqtt.running import Running, running
from tests.fakes import card_file
from tests.waiting import eventually
from tests.whole import whole_appliance


async def test_octoprint_mqtt(tmp_path: Path, broker: Mosquitto, watcher: Watcher) -> None:
    options = {"port": broker.port, "layouts": ["octoprint"], "interval": 0.1}
    async with running(tmp_path / "config", options, printers=("ender3", "mk3")) as run:
        await watcher.until("octoPrint/mqtt", "connected")
        run.printer.come_online()
        await watcher.until("octoPrint/event/Connected")
        assert watcher.json("octoPrint/event/Connected")["baudrate"] == 115200
        await watcher.until("octoPrint/temperature/tool0")
        run.printer.measure(tool0=200.0)
        await eventually(
            lambda: watcher.json("octoPrint/temperature/tool0")["actual"] == 200.0
        )
        told = watcher.json("octoPrint/temperature/tool0")
        assert set(told) == {"actual", "target", "_timestamp"}
        await run.printer.start(JobRequest(card_file("cube.gco", 1000), JobKind.SD))
        run.printer.advance(500, 10)
        await eventually(
            lambda: (
                watcher.latest.get("octoPrint/progress/printing")
                and watcher.json("octoPrint/progress/printing")["progress"] == 50
            )
        )
        await watcher.until("octoPrint/event/PrintStarted")
        assert watcher.json("octoPrint/event/PrintStarted")["path"] == "cube.gco"
        run.printer.finish()
        await watcher.until("octoPrint/event/PrintDone")
        assert watcher.json("octoPrint/event/PrintDone")["_event"] == "PrintDone"
        run.printers[1].come_online()
        await watcher.until("octoPrint/mk3/event/Connected")
    await watcher.until("octoPrint/mqtt", "disconnected")


async def test_every_event_of_octoprint_is_carried(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    text = WHOLE.format(port=broker.port).replace("[moonraker]", "[octoprint]")
    text = text.replace("moonraker_api:", "octoprint_api:")
    async with whole_appliance(tmp_path / "config", text) as appliance:
        printer = appliance.use(PRINTERS).first
        await watcher.until("octoPrint/mqtt", "connected")
        await eventually(lambda: printer.snapshot.ready)
        await printer.send(["G28", "M114"], origin="test", wait=True)
        await watcher.until("octoPrint/event/Home")
        await watcher.until("octoPrint/event/PositionUpdate")
        await printer.disconnect()
        await eventually(
            lambda: (
                "octoPrint/event/PrinterStateChanged" in watcher.latest
                and watcher.json("octoPrint/event/PrinterStateChanged")["state_id"]
                == "OFFLINE"
            )
        )
        told = watcher.json("octoPrint/event/PrinterStateChanged")
        assert (told["_event"], told["state_string"]) == ("PrinterStateChanged", "Offline")
        await watcher.until("octoPrint/event/Disconnected")
        assert len(watcher.all("octoPrint/event/Disconnected")) == 1
        assert not any("Client" in topic or "User" in topic for topic in watcher.latest)


async def test_moonraker(tmp_path: Path, broker: Mosquitto, watcher: Watcher) -> None:
    options = {"port": broker.port, "layouts": ["moonraker"], "interval": 0.1}
    state = "ender3/klipper/state"

    def says(topic: str, value: object) -> bool:
        known = watcher.latest.get(f"{state}/{topic}")
        return known is not None and watcher.json(f"{state}/{topic}")["value"] == value

    async with running(tmp_path / "config", options) as run:
        await watcher.until("ender3/moonraker/status", '{"server": "online"}')
        run.printer.come_online()
        await eventually(lambda: says("webhooks/state", "ready"))
        run.printer.measure(bed=60.0)
        await eventually(lambda: says("heater_bed/temperature", 60.0))
        await run.printer.start(JobRequest(card_file("cube.gco", 1000), JobKind.SD))
        await eventually(lambda: says("print_stats/state", "printing"))
        await run.printer.pause(origin="test")
        await eventually(lambda: says("print_stats/state", "paused"))
        await run.printer.cancel(origin="test")
        await eventually(lambda: says("print_stats/state", "cancelled"))

        def told() -> list[dict[str, Any]]:
            return [json.loads(each.payload) for each in watcher.all("ender3/klipper/status")]

        def states() -> list[str]:
            found = (each["status"].get("print_stats", {}).get("state") for each in told())
            return [state for state in found if state]

        await eventually(lambda: "cancelled" in states())
        assert states() == ["standby", "printing", "paused", "cancelled"]
        assert watcher.json("ender3/klipper/status")["eventtime"] > 0
        assert {"webhooks", "print_stats", "virtual_sdcard"} <= set(told()[0]["status"])
    await watcher.until("ender3/moonraker/status", '{"server": "offline"}')


async def test_dashboards_see_when_we_are_cut_off(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    options = {"port": broker.port, "layouts": ["octoprint", "moonraker"]}
    gone = {
        "gantry/_appliance/availability": "offline",
        "octoPrint/mqtt": "disconnected",
        "ender3/moonraker/status": '{"server": "offline"}',
    }
    async with running(tmp_path / "config", options) as run:
        await watcher.until("octoPrint/mqtt", "connected")
        await watcher.until("ender3/moonraker/status", '{"server": "online"}')
        for session in sessions_of(run):
            cut_off(session)
        for topic, word in gone.items():
            await eventually(
                lambda topic=topic, word=word: (  # type: ignore[misc]
                    word in watcher.said(topic)
                )
            )
        # We come back by ourselves.
        await watcher.until("octoPrint/mqtt", "connected")
        await watcher.until("ender3/moonraker/status", '{"server": "online"}')


def sessions_of(run: Running) -> list[Session]:
    """Return every client of the broker that we are."""
    found = [each for each in gc.get_objects() if isinstance(each, Session)]
    assert run.mqtt in found
    return [each for each in found if each.connected]


def cut_off(session: Session) -> None:
    """Lose the connection without a goodbye."""
    connection = session._connection
    assert connection is not None
    connection._client.socket().shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


WHOLE = """\
http: {{host: 127.0.0.1, port: 0}}
auth: {{admin: admin, password: the-password-of-these-tests}}
printer: {{id: one, platform: simulator, speed: 100}}
moonraker_api:
mqtt: {{broker: 127.0.0.1, port: {port}, layouts: [moonraker], commands: [print, gcode]}}
"""


async def test_calls_of_moonraker(tmp_path: Path, broker: Mosquitto, watcher: Watcher) -> None:
    topic = "one/moonraker/api"
    numbers = itertools.count(1)

    async def call(method: str, /, **params: Any) -> Any:
        number = next(numbers)
        request = {"jsonrpc": "2.0", "method": method, "params": params, "id": number}
        watcher.send(f"{topic}/request", json.dumps(request))
        answer = await eventually(lambda: answered(number), method)
        return answer.get("result", answer.get("error"))

    def answered(number: int) -> Any:
        answers = [json.loads(each.payload) for each in watcher.all(f"{topic}/response")]
        single = [each for each in answers if isinstance(each, dict)]
        return next((each for each in single if each["id"] == number), None)

    text = WHOLE.format(port=broker.port)
    request = json.dumps({"jsonrpc": "2.0", "method": "server.info", "id": 0})
    watcher.send(f"{topic}/request", request, retain=True)
    async with whole_appliance(tmp_path / "config", text) as appliance:
        await eventually(lambda: appliance.use(PRINTERS).first.snapshot.ready)
        await watcher.until(f"{topic.rpartition('/')[0]}/status", '{"server": "online"}')
        await eventually(lambda: says_ready(watcher))
        # Klipper is ready once the first questions are answered.
        printer = appliance.use(PRINTERS).first
        await eventually(lambda: printer.snapshot.motion.position is not None)
        info = await call("server.info")
        assert info["klippy_state"] == "ready"
        found = await call("printer.objects.query", objects={"toolhead": ["homed_axes"]})
        assert found["status"]["toolhead"]["homed_axes"] == ""
        assert await call("printer.gcode.script", script="G28") == "ok"
        found = await call("printer.objects.query", objects={"toolhead": ["homed_axes"]})
        assert found["status"]["toolhead"]["homed_axes"] == "xyz"
        # What the scopes do not reach, what is no call, what comes twice.
        assert (await call("machine.reboot"))["code"] == 403
        assert (await call("no.such.method"))["code"] == -32601
        assert (await call("server.info", mqtt_timestamp=5))["klippy_connected"] is True
        assert (await call("server.info", mqtt_timestamp=5))["code"] == -10000
        watcher.send(f"{topic}/request", b"\xff{")
        watcher.send(f"{topic}/request", b"[]")
        await eventually(lambda: answered_codes(watcher, topic) == {-32700, -32600})
        assert answered(0) is None
    watcher.send(f"{topic}/request", b"", retain=True)


def says_ready(watcher: Watcher) -> bool:
    topic = "one/klipper/state/webhooks/state"
    return topic in watcher.latest and watcher.json(topic)["value"] == "ready"


def answered_codes(watcher: Watcher, topic: str) -> set[int]:
    answers = [json.loads(each.payload) for each in watcher.all(f"{topic}/response")]
    return {each["error"]["code"] for each in answers if each["id"] is None}

"""The common workflows, over the real engine and simulated printers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from appliance.core import Appliance
from appliance.domain.printer import PRINTERS, Printer
from appliance.web import HTTP
from tests.waiting import deadline, eventually
from tests.whole import whole_appliance

KEY = "the-key-of-these-tests-0123456789"
CONFIGURATION = f"""\
http: {{host: 127.0.0.1, port: 0}}
auth: {{admin: admin, password: the-password-of-these-tests, api_key: {KEY}}}
printer:
  - {{id: one, platform: simulator, speed: 100}}
  - {{id: two, platform: simulator, speed: 100, http_port: PORT}}
history:
octoprint_api:
"""
LONG = "G28\nG1 Z5 F600\n" + "".join(f"G1 X{50 + n % 2 * 100} F600\n" for n in range(600))
SHORT = "G28\nG1 X10 F6000\n"


@dataclass
class Client:
    """One printer, as a client of OctoPrint sees it."""

    session: aiohttp.ClientSession
    url: str
    printer: Printer

    async def call(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        async with self.session.request(method, self.url + path, **options) as response:
            is_json = response.content_type == "application/json"
            return response.status, await response.json() if is_json else None

    async def get(self, path: str) -> Any:
        status, answer = await self.call("GET", path)
        assert status == 200, (path, answer)
        return answer

    async def post(self, path: str, **body: Any) -> int:
        return (await self.call("POST", path, json=body))[0]

    async def upload(self, name: str, content: str, **fields: str) -> Any:
        form = aiohttp.FormData(fields, default_to_multipart=True)
        form.add_field("file", content.encode(), filename=name)
        return (await self.call("POST", "/api/files/local", data=form))[1]

    async def until(self, state: str) -> Any:
        async with deadline(f"{state} at {self.url}"):
            while True:
                job = await self.get("/api/job")
                if job["state"] == state:
                    return job


@pytest.fixture
async def two(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[tuple[Client, Client]]:
    text = CONFIGURATION.replace("PORT", str(unused_tcp_port))
    headers = {"X-Api-Key": KEY}
    async with (
        whole_appliance(tmp_path, text) as appliance,
        aiohttp.ClientSession(headers=headers) as session,
    ):
        url = appliance.use(HTTP).url
        first, second = _printers(appliance)
        clients = (
            Client(session, url, first),
            Client(session, f"http://127.0.0.1:{unused_tcp_port}", second),
        )
        await eventually(lambda: all(each.printer.snapshot.ready for each in clients))
        yield clients


def _printers(appliance: Appliance) -> list[Printer]:
    registry = appliance.use(PRINTERS)
    return list(registry)


def _result(client: Client) -> str | None:
    job = client.printer.snapshot.job
    return None if job is None else job.result


async def test_start_and_monitor_a_print(two: tuple[Client, Client]) -> None:
    client, _ = two
    await client.upload("cube.gcode", SHORT)
    assert (
        await client.post("/api/files/local/cube.gcode", command="select", print=True) == 204
    )
    await eventually(lambda: client.printer.snapshot.phase.value == "none")
    job = await client.until("Operational")
    assert job["progress"]["completion"] == 100.0
    assert job["progress"]["printTimeLeft"] == 0
    assert job["job"]["user"] == "admin"


async def test_change_the_filament_in_mid_print(two: tuple[Client, Client]) -> None:
    client, _ = two
    await client.upload("long.gcode", LONG, print="true")
    await client.until("Printing")
    assert await client.post("/api/job", command="pause", action="pause") == 204
    await client.until("Paused")
    targets = {"tool0": 200}
    tool = "/api/printer/tool"
    assert await client.post(tool, command="target", targets=targets) == 204

    def hot() -> bool:
        return (client.printer.snapshot.heaters["tool0"].actual or 0) > 195

    await eventually(hot)
    assert await client.post(tool, command="extrude", amount=-50) == 204
    assert await client.post(tool, command="extrude", amount=50) == 204
    assert (await client.get(tool))["tool0"]["target"] == 200.0
    assert await client.post("/api/job", command="pause", action="resume") == 204
    await client.until("Printing")
    assert await client.post("/api/job", command="cancel") == 204
    await client.until("Operational")


async def test_cancel_and_cool_down(two: tuple[Client, Client]) -> None:
    client, _ = two
    await client.upload("long.gcode", "M140 S50\nM104 S100\n" + LONG, print="true")
    await client.until("Printing")
    assert await client.post("/api/job", command="cancel") == 204
    await client.until("Operational")
    assert (
        await client.post("/api/printer/tool", command="target", targets={"tool0": 0}) == 204
    )
    assert await client.post("/api/printer/bed", command="target", target=0) == 204
    heaters = (await client.get("/api/printer"))["temperature"]
    assert (heaters["tool0"]["target"], heaters["bed"]["target"]) == (0.0, 0.0)


async def test_an_emergency_stop(two: tuple[Client, Client]) -> None:
    client, other = two
    await client.upload("long.gcode", "M140 S50\nM104 S100\n" + LONG, print="true")
    await client.until("Printing")
    assert await client.post("/api/printer/command", command="M112") == 204
    job = await client.until("Offline after error")
    assert job["error"]
    assert (
        await client.post("/api/printer/tool", command="target", targets={"tool0": 0}) == 409
    )
    assert await client.post("/api/printer/bed", command="target", target=0) == 409
    await other.until("Operational")


async def test_two_printers_print_at_once_and_know_nothing_of_each_other(
    two: tuple[Client, Client],
) -> None:
    first, second = two
    await first.upload("a.gcode", LONG, print="true")
    await second.upload("b.gcode", LONG, print="true")
    for client, name in ((first, "a.gcode"), (second, "b.gcode")):
        job = await client.until("Printing")
        assert job["job"]["file"]["name"] == name
    prefixed = Client(first.session, f"{first.url}/printers/two", second.printer)
    assert (await prefixed.get("/api/job"))["job"]["file"]["name"] == "b.gcode"
    assert await second.post("/api/job", command="cancel") == 204
    await second.until("Operational")
    assert (await first.get("/api/job"))["state"] == "Printing"
    assert await first.post("/api/job", command="cancel") == 204
    await first.until("Operational")


async def test_a_profile_is_followed_by_the_driver(two: tuple[Client, Client]) -> None:
    client, other = two
    wish = {"profile": {"heatedChamber": True, "extruder": {"count": 2}}}
    path = "/api/printerprofiles/_default"
    status, _ = await client.call("PATCH", path, json=wish)
    assert status == 200
    await eventually(lambda: len(client.printer.profile.extruders) == 2)
    assert "chamber" in (await client.get("/api/printer"))["temperature"]
    assert len(other.printer.profile.extruders) == 1


async def test_what_is_changed_and_let_go_of_is_so_at_once(
    two: tuple[Client, Client],
) -> None:
    client, _ = two
    path, body = "/api/printerprofiles/_default", {"profile": {"name": "My Ender"}}
    _, answer = await client.call("PATCH", path, json=body)
    assert answer["profile"]["name"] == "My Ender"
    await client.upload("cube.gcode", SHORT)
    # What the analysis finds is told to the printer by selecting the selected file anew.
    path = "/api/files/local/cube.gcode"
    await eventually(lambda: _analysis(client, path), "the file is analysed")
    assert await client.post(path, command="select") == 204
    assert (await client.get("/api/job"))["job"]["file"]["name"] == "cube.gcode"
    assert await client.post("/api/connection", command="disconnect") == 204
    await eventually(lambda: client.printer.snapshot.selected is None)
    assert (await client.get("/api/job"))["job"]["file"]["name"] is None


async def test_what_the_analysis_finds_is_shown_of_the_selected_file(
    two: tuple[Client, Client],
) -> None:
    first, second = two
    async with first.session.ws_connect(first.url + "/sockjs/websocket") as socket:
        await first.upload("cube.gcode", LONG, select="true")
        assert (await second.get("/api/job"))["job"]["file"]["path"] is None

        async def told() -> bool:
            message = await socket.receive_json()
            return bool(message.get("current", {}).get("job", {}).get("estimatedPrintTime"))

        async with deadline("the estimate is pushed"):
            while not await told():
                pass
    job = (await first.get("/api/job"))["job"]
    assert 5000 < job["estimatedPrintTime"] < 7000
    assert job["lastPrintTime"] is None
    assert (await second.get("/api/job"))["job"]["file"]["path"] is None
    await first.upload("cube.gcode", SHORT, select="true", print="true")
    await first.until("Operational")
    await eventually(lambda: _last_print_time(first), "the print is part of the history")


async def _analysis(client: Client, path: str) -> Any:
    return (await client.get(path)).get("gcodeAnalysis")


async def _last_print_time(client: Client) -> Any:
    return (await client.get("/api/job"))["job"]["lastPrintTime"]


async def test_scripts_and_withheld_commands_are_told(two: tuple[Client, Client]) -> None:
    first, _ = two
    async with first.session.ws_connect(first.url + "/sockjs/websocket") as socket:
        script = {"before_print_started": "M117 begins", "after_print_paused": "M117 paused"}
        given = {"scripts": {"gcode": {"beforePrintStarted": script["before_print_started"]}}}
        assert (await first.call("POST", "/api/settings", json=given))[0] == 200
        assert await first.post("/api/printer/command", script="beforePrintStarted") == 204
        await first.upload("long.gcode", "M110 N5\nM110\n" + LONG, print="true")
        await first.until("Printing")
        assert await first.post("/api/job", command="pause", action="pause") == 204
        await first.until("Paused")
        assert await first.post("/api/printer/command", commands=["M114", "T7"]) == 204
        assert await first.post("/api/job", command="pause", action="resume") == 204
        await first.until("Printing")
        assert await first.post("/api/job", command="cancel") == 204
        heard: list[tuple[str, Any]] = []
        async with deadline("the end of the cancelled print"):
            while ("PrinterStateChanged", "OPERATIONAL") not in heard[-1:]:
                event = (await socket.receive_json()).get("event", {"type": ""})
                payload = event.get("payload") or {}
                told = payload.get("state_id", payload.get("command", payload.get("tool")))
                heard.append((event["type"], told))
    names = [name for name, _ in heard]
    own = [
        f"GcodeScript{name}{end}"
        for name in (
            "BeforePrintStarted",
            "BeforePrintStarted",
            "AfterPrintPaused",
            "BeforePrintResumed",
            "AfterPrintCancelled",
        )
        for end in ("Running", "Finished")
    ]
    assert [name for name in names if name.startswith("GcodeScript")] == own
    assert [told for name, told in heard if name == "CommandSuppressed"] == ["M110"]
    assert ("InvalidToolReported", 7) in heard
    assert first.printer.snapshot.motion.tool == 0
    assert set(first.printer.snapshot.heaters) == {"tool0", "bed"}
    assert "PositionUpdate" in names

"""The push side over real sockets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from appliance.components.octoprint_api.push import sessions
from appliance.domain.identity import Method
from appliance.domain.logins import UserLoggedIn
from appliance.domain.permissions import EVERY_PERMISSION, Permission
from appliance.domain.printer import Direction
from appliance.domain.telemetry import Motion, Position, Prompt
from appliance.domain.users import UserDeleted
from tests.components.octoprint_api.served import Served
from tests.fakes import person
from tests.waiting import DEADLINE_S, deadline

Message = dict[str, Any]
AUTH = {"auth": "admin:handle-of-admin"}


class Listener:
    """The hands of a client at a raw websocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.heard: list[Message] = []

    async def say(self, message: object) -> None:
        await self.socket.send_str(json.dumps(message))

    async def next(self) -> Message:
        async with deadline("a message"):
            message = await self.socket.receive_json()
        self.heard.append(message)
        assert isinstance(message, dict)
        return message

    async def next_of(self, kind: str) -> Any:
        while True:
            message = await self.next()
            if kind in message:
                return message[kind]

    async def event(self, name: str) -> Any:
        while True:
            event = await self.next_of("event")
            if event["type"] == name:
                return event["payload"]

    async def current(self) -> Any:
        return await self.next_of("current")

    async def until_current(self, fits: Callable[[Any], object] = bool) -> Any:
        """Return the last state once it fits: one that is the same is not repeated."""
        states = [message["current"] for message in self.heard if "current" in message]
        while not (states and fits(states[-1])):
            states.append(await self.current())
        return states[-1]


@asynccontextmanager
async def listening(
    served: Served, *, prefix: str = "", auth: Message | None = AUTH, **first: object
) -> AsyncIterator[Listener]:
    url = f"{served.url}{prefix}/sockjs/websocket"
    async with served.session.ws_connect(url) as socket:
        listener = Listener(socket)
        assert "connected" in await listener.next()
        if first:
            await listener.say(first)
        if auth is not None:
            await listener.say(auth)
        yield listener


async def test_the_greeting_is_all_that_nobody_hears(online: Served) -> None:
    async with listening(online, auth=None) as nobody:
        greeting = nobody.heard[0]["connected"]
        assert greeting["version"] == "1.11.8"
        assert greeting["safe_mode"] is None
        assert "ADMIN" in [each["key"] for each in greeting["permissions"]]
        assert "apikey" not in greeting
        async with listening(online) as somebody:
            await online.upload("cube.gcode")
            await somebody.event("Upload")
            await somebody.until_current()
        assert len(nobody.heard) == 1
        # What was held back comes after the login.
        await nobody.say(AUTH)
        assert "history" in await nobody.next()
        assert await nobody.next() == {"timelapse": None}
        assert (await nobody.event("Upload"))["path"] == "cube.gcode"


async def test_of_a_crowd_only_some_are_told_about(online: Served) -> None:
    async with listening(online) as client:
        await client.current()
        for number in range(200):
            told = UserLoggedIn(f"user{number}", "127.0.0.1", Method.API_KEY)
            online.appliance.bus.fire(told)
        online.printer.say("M300", direction=Direction.SENT)
        await client.event("Alert")
    events = [m["event"] for m in client.heard if "event" in m]
    names = [e["payload"]["username"] for e in events if e["type"] == "UserLoggedIn"]
    assert names[0] == "user0"
    assert 0 < len(names) <= 20


async def test_history_and_current(online: Served) -> None:
    online.printer.measure(tool0=200.0)
    online.printer.say("T:200.0 /0.0", "ok")
    async with listening(online) as client:
        history = await client.next_of("history")
        assert history["state"]["text"] == "Operational"
        assert history["logs"] == ["Recv: T:200.0 /0.0", "Recv: ok"]
        assert history["messages"] == ["T:200.0 /0.0"]
        assert history["temps"][0]["tool0"] == {"actual": 200.0, "target": 0.0}
        assert [mark["type"] for mark in history["markings"]] == ["connected"]
        await client.current()
        online.printer.measure(tool0=201.0)
        online.printer.say("M105", direction=Direction.SENT)
        current = await client.current()
        assert set(current) == {
            "state",
            "job",
            "currentZ",
            "progress",
            "offsets",
            "resends",
            "serverTime",
            "temps",
            "logs",
            "messages",
            "busyFiles",
            "markings",
            "plugins",
        }
        assert set(current["resends"]) == {"count", "transmitted", "ratio"}
        assert [temp["tool0"]["actual"] for temp in current["temps"]] == [201.0]
        assert current["logs"] == ["Send: M105"]
        assert current["job"]["file"]["display"] is None


async def test_a_print_from_start_to_end(online: Served) -> None:
    async with listening(online) as client:
        await online.upload("cube.gcode", print="true")
        added = await client.event("FileAdded")
        assert added == {
            "storage": "local",
            "path": "cube.gcode",
            "name": "cube.gcode",
            "type": ["machinecode", "gcode"],
            "operation": "add",
        }
        selected = await client.event("FileSelected")
        assert (selected["path"], selected["origin"]) == ("cube.gcode", "local")
        started = await client.event("PrintStarted")
        assert started == {
            "name": "cube.gcode",
            "path": "cube.gcode",
            "origin": "local",
            "size": 17,
            "owner": "admin",
            "user": "admin",
        }
        assert (await client.event("ChartMarked")) == {"type": "print", "label": "Start"}
        changed = await client.event("PrinterStateChanged")
        assert changed == {"state_id": "PRINTING", "state_string": "Printing"}
        upload = await client.event("Upload")
        assert (upload["effective_print"], upload["target"]) == (True, "local")
        current = await client.until_current(lambda current: current["busyFiles"])
        assert current["busyFiles"] == [{"origin": "local", "path": "cube.gcode"}]
        online.printer.update(motion=Motion(Position(1, 2, 0.3, 4), feedrate=30.0))
        assert await client.event("ZChange") == {"new": 0.3, "old": None}
        online.printer.advance(8, 10.0)
        await online.post("/api/job", {"command": "pause"})
        paused = await client.event("PrintPaused")
        assert paused["position"] == {"x": 1, "y": 2, "z": 0.3, "e": 4, "t": 0, "f": 1800}
        assert (paused["fileposition"], paused["progress"]) == (8, 47)
        await online.post("/api/job", {"command": "pause"})
        await client.event("PrintResumed")
        online.printer.finish()
        assert (await client.event("PrintDone"))["time"] == 10.0


async def test_a_cancelled_print_is_told_three_times(online: Served) -> None:
    async with listening(online) as client:
        await online.upload("cube.gcode", print="true")
        await online.post("/api/job", {"command": "cancel"})
        await client.event("PrintCancelling")
        assert (await client.event("PrintCancelled"))["reason"] == "cancelled"
        assert (await client.event("PrintFailed"))["reason"] == "cancelled"


async def test_a_lost_printer(online: Served) -> None:
    async with listening(online) as client:
        await online.upload("cube.gcode", print="true")
        online.printer.fail()
        assert (await client.event("PrintFailed"))["reason"] == "error"
        assert (await client.event("Error"))["reason"] == "port_lost"
        assert await client.event("Disconnected") is None
        current = await client.current()
        assert current["state"]["text"] == "Offline after error"
        assert current["state"]["error"] == "the printer is gone"
        online.printer.update(link=online.link().OFFLINE)
        online.printer.come_online()
        assert await client.event("Connecting") is None
        assert (await client.event("Connected"))["baudrate"] == 115200


async def test_commands_that_are_told(online: Served) -> None:
    async with listening(online) as client:
        await client.current()
        lines = ("N5 G28*12", "M300 S440", "G1 X5", "N6 M80*3")
        online.printer.say(*lines, direction=Direction.SENT)
        online.printer.say("G28")  # an echo is no command
        assert [await client.event(name) for name in ("Home", "Alert", "PowerOn")] == [
            None
        ] * 3


async def test_a_position_that_the_firmware_repeats_is_told_once(online: Served) -> None:
    report = "X:1.00 Y:2.00 Z:3.00 E:4.00 Count X:0 Y:0 Z:0"
    async with listening(online) as client:
        await client.current()
        for _ in range(3):
            online.printer.say(report)
        online.printer.say("G28", direction=Direction.SENT)
        await client.event("Home")
        told = [each["event"]["type"] for each in client.heard if "event" in each]
        assert told.count("PositionUpdate") == 1

        online.printer.say("N7 M114*5", direction=Direction.SENT)  # somebody asks
        online.printer.say(report)
        assert (await client.event("PositionUpdate"))["z"] == 3.0
        online.printer.say(report.replace("X:1.00", "X:1.50"))
        assert (await client.event("PositionUpdate"))["x"] == 1.5


async def test_layers_are_announced_as_by_a_plugin(online: Served) -> None:
    await online.upload("a.gcode", print="true")
    async with listening(online) as client:
        await client.current()
        running = online.printer.snapshot.job
        assert running is not None
        motion = Motion(Position(0, 0, 0.3, 0), feedrate=30.0)
        online.printer.update(
            motion=motion, fans=(0.5,), job=replace(running, layer=2, layers=20)
        )
        told = await client.next_of("plugin")
        assert told["plugin"] == "DisplayLayerProgress-websocket-payload"
        data = told["data"]
        assert (data["currentLayer"], data["totalLayer"], data["fanspeed"]) == (
            "2",
            "20",
            "50%",
        )
        assert (data["currentHeight"], data["feedrate"]) == ("0.3", "1800")
        online.printer.update(fans=(0.0,))
        assert (await client.next_of("plugin"))["data"]["fanspeed"] == "Off"


async def test_prompts_and_notifications(online: Served) -> None:
    async with listening(online) as client:
        online.printer.update(prompt=Prompt("Nozzle ok?", ("Yes", "No")))
        assert await client.next_of("plugin") == {
            "plugin": "action_command_prompt",
            "data": {"action": "show", "text": "Nozzle ok?", "choices": ["Yes", "No"]},
        }
        online.printer.update(prompt=None)
        assert (await client.next_of("plugin"))["data"] == {"action": "close"}
        online.printer.update(notification="<b>hello</b>")
        assert (await client.next_of("plugin"))["data"] == {"message": "<b>hello</b>"}


async def test_settings_that_the_push_side_obeys(online: Served) -> None:
    online.printer.measure(tool0=200.0)
    for cutoff, told in ((0, 0), (60, 1)):
        await online.post("/api/settings", {"temperature": {"cutoff": cutoff}})
        async with listening(online) as client:
            assert len((await client.next_of("history"))["temps"]) == told
    quiet = {"plugins": {"action_command_notification": {"enable": False}}}
    async with listening(online) as client:
        await online.post("/api/settings", quiet)
        online.printer.update(notification="not told")
        online.printer.update(prompt=Prompt("Nozzle ok?"))
        assert (await client.next_of("plugin"))["plugin"] == "action_command_prompt"


async def test_a_wrong_pair_is_asked_to_log_in_again(online: Served) -> None:
    for pair in ("admin:wrong", "nobody", "", ":"):
        async with listening(online, auth={"auth": pair}) as client:
            assert await client.next() == {"reauthRequired": {"reason": "stale"}}


async def test_a_credential_that_becomes_void_hears_no_more(online: Served) -> None:
    async with listening(online) as client:
        await client.next_of("history")
        online.auth.revoked.add("admin")
        online.appliance.bus.fire(UserDeleted("admin"))
        assert await client.next_of("reauthRequired") == {"reason": "removed"}
        online.printer.update(message="secret")
        online.auth.revoked.clear()
        await client.say({"auth": "admin:wrong"})
        assert await client.next() == {"reauthRequired": {"reason": "stale"}}


async def test_the_terminal_is_for_those_who_may_see_it(online: Served) -> None:
    online.printer.say("ok")
    less = EVERY_PERMISSION - {Permission.MONITOR_TERMINAL, Permission.ADMIN}
    online.auth.keys["less"] = person("eve", less)
    async with listening(online, auth={"auth": "eve:handle-of-eve"}) as client:
        assert (await client.next_of("history"))["logs"] == []


async def test_who_may_not_see_the_status_hears_nothing(online: Served) -> None:
    online.auth.keys["up"] = person("bob", frozenset({Permission.FILES_UPLOAD}))
    async with listening(online, auth={"auth": "bob:handle-of-bob"}) as client:
        async with listening(online) as admin:
            online.printer.update(message="x")
            await admin.current()
        await client.say({"auth": "x:y"})
        assert await client.next() == {"reauthRequired": {"reason": "stale"}}


@pytest.mark.parametrize(
    ("wish", "logs"),
    [
        ({"state": True}, ["Send: M105", "Recv: T:1"]),
        ({"state": {"logs": True}}, ["Send: M105", "Recv: T:1"]),
        ({"state": {"logs": "^Recv"}}, ["Recv: T:1"]),
        ({"state": {"messages": True}}, []),
        ({"state": {"logs": "(["}}, []),
        # A pattern that could run for ever filters nothing.
        ({"state": {"logs": "(a+)+$"}}, ["Send: M105", "Recv: T:1"]),
        ({"state": {"logs": "x" * 1000}}, ["Send: M105", "Recv: T:1"]),
    ],
)
async def test_subscriptions_to_lines(online: Served, wish: Message, logs: list[str]) -> None:
    online.printer.say("M105", direction=Direction.SENT)
    online.printer.say("T:1")
    async with listening(online, subscribe=wish) as client:
        assert (await client.next_of("history"))["logs"] == logs


async def test_subscriptions_to_events_and_plugins(online: Served) -> None:
    wish = {"state": False, "events": ["FileAdded"], "plugins": False}
    async with listening(online, subscribe=wish) as client:
        assert await client.next() == {"timelapse": None}
        online.printer.update(prompt=Prompt("?"))
        await online.upload("cube.gcode")
        assert (await client.next())["event"]["type"] == "FileAdded"


async def test_nonsense_is_ignored(online: Served) -> None:
    async with listening(online, auth=None) as client:
        for text in ("{", "[]", "5", '{"subscribe": 5}', '{"throttle": "x"}', '{"auth": 5}'):
            await client.socket.send_str(text)
        await client.say(AUTH)
        assert "history" in await client.next()


async def framed(served: Served, session: str = "abcdefgh") -> str:
    return f"{served.url}/sockjs/123/{session}"


async def test_framed_websockets(online: Served) -> None:
    async with online.session.ws_connect(await framed(online) + "/websocket") as socket:
        assert await socket.receive_str() == "o"
        frame = await socket.receive_str()
        assert frame.startswith('a[{"connected":')
        await socket.send_str(json.dumps([json.dumps(AUTH)]))
        assert (await socket.receive_str()).startswith('a[{"history":')
        await socket.send_str("not json")
        async with deadline("the end"):
            while (await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert socket.close_code == 1003


async def test_long_polling(online: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "DISCONNECT_S", DEADLINE_S)  # between two polls
    online.headers.clear()
    polled = await online.post("/sockjs/123/abcdefgh/xhr")
    assert (polled.status, polled.text) == (200, "o\n")
    assert polled.headers["Content-Type"] == "application/javascript; charset=UTF-8"
    polled = await online.post("/sockjs/123/abcdefgh/xhr")
    assert polled.text.startswith('a[{"connected":')
    assert polled.text.endswith("]\n")
    send = "/sockjs/123/abcdefgh/xhr_send"
    assert (await online.post(send, [json.dumps(AUTH)])).status == 204
    polled = await online.post("/sockjs/123/abcdefgh/xhr")
    (first, *_rest) = json.loads(polled.text[1:])
    assert "history" in first
    assert (await online.post(send, data="")).status == 500
    assert (await online.post(send, data="[bad")).status == 500
    assert (await online.post("/sockjs/123/unknown/xhr_send", [])).status == 404
    assert (await online.post("/sockjs/123/ab.cd/xhr")).status == 404
    assert (await online.get("/sockjs/123/abcdefgh/xhr")).status == 405


@pytest.mark.parametrize(
    ("transport", "method", "prelude", "opening"),
    [
        ("xhr_streaming", "POST", b"h" * 2048 + b"\n", b"o\n"),
        ("eventsource", "GET", b"\r\n", b"data: o\r\n\r\n"),
    ],
)
async def test_streams(
    online: Served, transport: str, method: str, prelude: bytes, opening: bytes
) -> None:
    url = await framed(online) + f"/{transport}"
    async with online.session.request(method, url) as response, deadline("frames"):
        assert await response.content.readexactly(len(prelude)) == prelude
        assert await response.content.readexactly(len(opening)) == opening
        greeting = await response.content.readuntil(b"]")
        assert b'a[{"connected":' in greeting
        second = await online.post("/sockjs/123/abcdefgh/xhr")
        assert second.text == 'c[2010,"Another connection still open"]\n'


async def test_info_and_greeting(served: Served) -> None:
    served.headers.clear()
    info = (await served.get("/sockjs/info")).json
    assert (info["websocket"], info["cookie_needed"], info["origins"]) == (
        True,
        False,
        ["*:*"],
    )
    assert isinstance(info["entropy"], int)
    assert (await served.get("/sockjs")).text == "Welcome to SockJS!\n"


async def test_a_page_of_another_origin_is_refused(served: Served) -> None:
    headers = {"Origin": "http://evil.example"}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await served.session.ws_connect(f"{served.url}/sockjs/websocket", headers=headers)
    assert refused.value.status == 403
    assert (await served.post("/sockjs/1/abc/xhr", headers=headers)).status == 403

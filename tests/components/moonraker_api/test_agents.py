"""Agents: who they are, what they tell, and who calls their methods."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from appliance.components import macro
from tests.components.moonraker_api.served import Served, Socket, serve
from tests.serving import API_KEY

OBICO = {"name": "obico", "version": "2.1", "type": "agent", "url": "https://example.org"}


async def introduce(socket: Socket, name: str = "obico", kind: str = "agent") -> int:
    who = {**OBICO, "client_name": name, "type": kind}
    number = (await socket.result("server.connection.identify", **who))["connection_id"]
    assert isinstance(number, int)
    return number


@asynccontextmanager
async def agent(served: Served) -> AsyncIterator[Socket]:
    async with served.socket() as socket:
        await introduce(socket)
        yield socket


async def answer(socket: Socket, answer: dict[str, Any]) -> dict[str, Any]:
    """Answer the next call of the server; return that call."""
    call: dict[str, Any] = {}
    while "id" not in call or "method" not in call:
        call = await socket.read()
    await socket.socket.send_json({"jsonrpc": "2.0", "id": call["id"], **answer})
    return call


async def test_everybody_else_hears_of_an_agent(ready: Served) -> None:
    async with ready.socket() as page:
        await page.result("server.info")
        async with agent(ready) as obico:
            come = await page.until("notify_agent_event")
            assert come == {"agent": "obico", "event": "connected", "data": OBICO}
            assert await page.result("server.extensions.list") == {"agents": [OBICO]}
            assert await ready.result("GET", "/server/extensions/list") == {"agents": [OBICO]}

            await obico.result("connection.send_event", event="found", data={"at": [1]})
            found = await page.until("notify_agent_event", lambda e: e["event"] == "found")
            assert found == {"agent": "obico", "event": "found", "data": {"at": [1]}}
            assert await obico.code("connection.send_event", {"event": "connected"}) == 400
            assert not any(told["method"] == "notify_agent_event" for told in obico.told)
        gone = await page.until("notify_agent_event", lambda e: e["event"] == "disconnected")
        assert gone == {"agent": "obico", "event": "disconnected"}
        assert await page.result("server.extensions.list") == {"agents": []}


async def test_a_name_stands_for_one_agent(ready: Served) -> None:
    async with agent(ready), ready.socket() as other:
        taken = {**OBICO, "client_name": "obico"}
        assert await other.code("server.connection.identify", taken) == 400
        await introduce(other, "another")


async def test_an_agent_answers_a_request(ready: Served) -> None:
    asked = {"agent": "obico", "method": "status", "arguments": {"of": 1}}
    async with agent(ready) as obico, ready.socket() as page:
        waiting = asyncio.create_task(page.ask("server.extensions.request", asked))
        call = await answer(obico, {"result": {"linked": True}})
        assert (call["method"], call["params"]) == ("status", {"of": 1})
        assert (await waiting)["result"] == {"linked": True}

        posted = asyncio.create_task(
            ready.call("POST", "/server/extensions/request", json=asked)
        )
        await answer(obico, {"error": {"code": 7, "message": "not linked"}})
        refused = await posted
        assert (refused.status, refused.json["error"]["message"]) == (400, "not linked")


async def test_a_request_ends_when_its_agent_leaves(ready: Served) -> None:
    asked = {"agent": "obico", "method": "status", "arguments": []}
    async with ready.socket() as page:
        async with agent(ready) as obico:
            waiting = asyncio.create_task(page.ask("server.extensions.request", asked))
            while (await obico.read()).get("method") != "status":
                pass
        assert "left" in (await waiting)["error"]["message"]
        assert await page.code("server.extensions.request", asked) == 400


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("connection.send_event", {"event": "found"}),
        ("connection.register_remote_method", {"method_name": "found"}),
    ],
)
async def test_only_agents_do_that(ready: Served, method: str, params: dict[str, str]) -> None:
    async with ready.socket() as page:
        await introduce(page, "page", "web")
        assert await page.code(method, params) == 400


async def test_an_answer_that_nobody_asked_for_means_nothing(ready: Served) -> None:
    async with ready.socket() as page:
        for number in (1, "1", None, [1]):
            await page.socket.send_json({"jsonrpc": "2.0", "result": 1, "id": number})
        assert (await page.result("printer.info"))["state"] == "ready"


async def test_a_macro_calls_a_method_of_an_agent(tmp_path: Path) -> None:
    text = "{{ action_call_remote_method('seen', what=params.WHAT, layer=3) }}M117 done"
    config = macro.CONFIG_SCHEMA(
        {"TELL": {"gcode": text, "parameters": {"WHAT": "first; 'layer'"}}}
    )
    async with serve(tmp_path, beside=((macro, config),)) as served:
        await served.into("ready")
        async with agent(served) as obico:
            await obico.result("connection.register_remote_method", method_name="seen")
            assert await obico.code(
                "connection.register_remote_method", {"method_name": "seen"}
            )
            await served.result("POST", "/printer/gcode/script", params={"script": "TELL"})
            while "seen" not in [told["method"] for told in obico.told]:
                await obico.read()
        call = next(told for told in obico.told if told["method"] == "seen")
        assert call == {
            "jsonrpc": "2.0",
            "method": "seen",
            "params": {"what": "first; 'layer'", "layer": 3},
        }
        assert "M117 done" in [line for line, _ in served.printer.sent]
        async with served.socket() as page:
            await page.result("printer.gcode.script", script="TELL")
            await page.until("notify_gcode_response", lambda line: "not registered" in line)
            for wrong in ("{", "[1,2]", '["a",1]', '{"a":1}'):
                script = f"_CALL_REMOTE_METHOD CALL='{wrong}'"
                assert await page.code("printer.gcode.script", {"script": script}) == 400


async def test_a_program_that_only_reads_is_no_agent(ready: Served) -> None:
    made = await ready.running.call(
        "POST",
        "/api/gantry/keys",
        key=API_KEY,
        json={"label": "reader", "scopes": ["read"]},
    )
    assert made.status in (200, 201), made.text
    async with ready.socket(key=made.json["key"]) as socket:
        wanted = {**OBICO, "client_name": "obico"}
        assert await socket.code("server.connection.identify", wanted) == 403

"""The exchanges of PrusaSlicer, OrcaSlicer and Cura's plugin, as they are on the wire."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from appliance.domain.job import JobPhase
from tests.components.octoprint_api.served import GCODE, Served
from tests.waiting import deadline

KEY = "admin-key"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes
    continued: bool  # whether the body was asked for

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def exchange(
    served: Served,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes = b"",
    *,
    expect: bool = False,
) -> Reply:
    """Send a request as bytes; with ``expect`` wait for 100 Continue as libcurl does."""
    host = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    try:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host.netloc}", "Accept: */*"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        if expect:
            lines.append("Expect: 100-continue")
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        continued = False
        async with deadline("an answer"):
            if expect:
                continued = (
                    await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
                )
                assert continued
            writer.write(body)
            answer = await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()
    head, _, content = answer.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    found = {k.lower(): v for k, v in (line.split(": ", 1) for line in rest)}
    return Reply(int(first.split()[1]), found, content, continued)


def form(boundary: str, *parts: tuple[str, bytes]) -> bytes:
    """Return a form of parts, each with its headers."""
    pieces = [f"--{boundary}\r\n{head}\r\n\r\n".encode() + data for head, data in parts]
    return b"\r\n".join([*pieces, f"--{boundary}--\r\n".encode()])


def field(name: str, value: str, kind: str = "") -> tuple[str, bytes]:
    """Return a text field; Qt adds a content type to it."""
    head = f'Content-Disposition: form-data; name="{name}"'
    return (f"{head}\r\nContent-Type: {kind}" if kind else head), value.encode()


def file(name: str) -> tuple[str, bytes]:
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    return f"{head}\r\nContent-Type: application/octet-stream", GCODE


@pytest.mark.parametrize("printed", [True, False])
async def test_prusaslicer_and_orcaslicer(online: Served, printed: bool) -> None:
    version = await exchange(online, "GET", "/api/version", {"X-Api-Key": KEY})
    assert version.status < 400
    assert isinstance(version.json["api"], str)
    assert version.json["text"].startswith("OctoPrint")
    boundary = "------------------------d74496d66958873e"
    body = form(
        boundary,
        field("print", "true" if printed else "false"),
        field("path", "parts"),
        file("Düse 0.4.gcode"),
    )
    headers = {
        "User-Agent": "PrusaSlicer/2.7",
        "X-Api-Key": KEY,
        "Content-Type": f"multipart/form-data; boundary={boundary}",
    }
    uploaded = await exchange(online, "POST", "/api/files/local", headers, body, expect=True)
    assert uploaded.status == 201
    assert uploaded.json["files"]["local"]["path"] == "parts/Düse 0.4.gcode"
    assert (online.phase() is JobPhase.PRINTING) is printed


async def test_prusaslicer_that_takes_us_for_prusalink(online: Served) -> None:
    headers = {"X-Api-Key": KEY}
    version = await exchange(online, "GET", "/api/version", headers)
    assert version.json["text"].startswith("OctoPrint")
    assert "capabilities" not in version.json  # so it uploads in the old way
    storage = await exchange(online, "GET", "/api/v1/storage", headers)
    assert storage.status == 404  # an answer with a status is all that it needs
    body = form("b", field("print", "true"), field("path", ""), file("a.gcode"))
    sending = {**headers, "Content-Type": "multipart/form-data; boundary=b"}
    uploaded = await exchange(online, "POST", "/api/files/local", sending, body)
    assert uploaded.status == 201
    assert online.phase() is JobPhase.PRINTING


async def test_a_name_with_semicolons_does_no_harm(online: Served) -> None:
    body = form("--b", field("print", "false"), file("a;b;c=1; d.gcode"))
    headers = {"X-Api-Key": KEY, "Content-Type": "multipart/form-data; boundary=--b"}
    uploaded = await exchange(online, "POST", "/api/files/local", headers, body)
    assert uploaded.status == 201, uploaded.body
    assert uploaded.json["files"]["local"]["path"] == "abc=1 d.gcode"


async def test_a_slicer_without_a_folder_sends_an_empty_path(online: Served) -> None:
    body = form("b", field("print", "false"), field("path", ""), file("a.gcode"))
    headers = {"X-Api-Key": KEY, "Content-Type": "multipart/form-data; boundary=b"}
    uploaded = await exchange(online, "POST", "/api/files/local", headers, body)
    assert uploaded.json["files"]["local"]["path"] == "a.gcode"


async def test_a_slicer_with_a_wrong_or_empty_key_is_refused(online: Served) -> None:
    for key in ("wrong", ""):
        headers = {"X-Api-Key": key, "Content-Type": "multipart/form-data; boundary=b"}
        assert (await exchange(online, "GET", "/api/version", headers)).status == 403
        body = form("b", file("a.gcode"))
        refused = await exchange(online, "POST", "/api/files/local", headers, body)
        assert refused.status == 400
    assert (await online.get("/api/files")).json["files"] == []


async def test_the_body_of_who_may_not_upload_is_not_asked_for(online: Served) -> None:
    headers = {"X-Api-Key": "wrong", "Content-Type": "multipart/form-data; boundary=b"}
    host = urlsplit(online.url)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    lines = ["POST /api/files/local HTTP/1.1", f"Host: {host.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += ["Content-Length: 100000000", "Expect: 100-continue", "", ""]
    writer.write("\r\n".join(lines).encode())
    async with deadline("a refusal"):
        assert (await reader.readline()).startswith(b"HTTP/1.1 400")
    writer.close()
    await writer.wait_closed()


# Every flag that the plugin indexes.
CURA_FLAGS = ("operational", "printing", "paused", "error", "ready", "closedOrError")


async def test_cura(online: Served) -> None:
    headers = {"X-Api-Key": KEY, "User-Agent": "Cura/5.6 OctoPrintPlugin/3.7.3"}

    async def get(path: str) -> Any:
        reply = await exchange(online, "GET", f"/api/{path}", headers)
        assert reply.status == 200, path
        return reply.json

    settings = await get("settings")
    assert settings["feature"]["sdSupport"] in (True, False)
    assert "streamUrl" in settings["webcam"]
    assert isinstance(settings["plugins"], dict)
    await get("version")
    profiles = (await get("printerprofiles"))["profiles"].values()
    assert [profile["name"] for profile in profiles if profile["current"]]
    printer = await get("printer")
    assert all(flag in printer["state"]["flags"] for flag in CURA_FLAGS)
    assert printer["temperature"]["tool0"]["actual"] == 21.0
    assert (await get("job"))["state"] == "Operational"
    boundary = "boundary_.oOo._MTIzNDU2Nzg5MA=="
    body = form(
        boundary,
        field("path", "", "text/plain"),
        file("UM3_cube.gcode"),
    )
    kind = f'multipart/form-data; boundary="{boundary}"'
    sending = {**headers, "Content-Type": kind}
    uploaded = await exchange(online, "POST", "/api/files/local", sending, body)
    assert uploaded.status == 201
    # It takes the location, cuts it after "api/", and has that printed.
    location = uploaded.headers["location"].partition("api/")[2]
    select = json.dumps({"command": "select", "print": True}).encode()
    commanding = {**headers, "Content-Type": "application/json"}
    started = await exchange(online, "POST", f"/api/{location}", commanding, select)
    assert started.status == 204
    assert (await get("job"))["state"] == "Printing"
    again = await exchange(online, "POST", "/api/files/local", sending, body)
    assert again.status == 409  # the plugin says: that file is being printed


async def test_cura_sees_a_printer_that_is_off_by_409(served: Served) -> None:
    reply = await exchange(served, "GET", "/api/printer", {"X-Api-Key": KEY})
    assert reply.status == 409

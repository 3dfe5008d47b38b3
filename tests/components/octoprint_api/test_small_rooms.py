"""Languages, slicing, the wizard and the tests of paths and addresses."""

from __future__ import annotations

import contextlib
import io
import socket
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.octoprint_api.languages import read_pack
from appliance.errors import InvalidRequest
from tests.components.octoprint_api.served import Answer, Served, serve

META = b"locale: de\nlocale_display: Deutsch\nlocale_english: German\nauthor: Ann\nodd: [1]\n"
GERMAN = {
    "locale": "de",
    "locale_display": "Deutsch",
    "locale_english": "German",
    "author": "Ann",
}


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def tarred(members: dict[str, bytes], mode: Any = "w:gz") -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode=mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return content.getvalue()


async def send(served: Served, name: str, content: bytes) -> Answer:
    form = aiohttp.FormData()
    form.add_field("file", content, filename=name)
    return await served.call("POST", "/api/languages", data=form)


async def test_language_packs_come_and_go(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        empty = {"_core": {"identifier": "_core", "display": "Core", "languages": []}}
        assert (await served.get("/api/languages")).json == {"language_packs": empty}
        pack = zipped(**{"de/meta.yaml": META, "_plugins/foo/de/meta.yaml": META})
        packs = (await send(served, "de.zip", pack)).json["language_packs"]
        assert packs["_core"]["languages"] == [GERMAN]
        assert packs["foo"]["identifier"] == "foo"
        assert (await send(served, "de.tgz", tarred({"de/meta.yaml": META}))).status == 200
    async with serve(tmp_path) as served:
        packs = (await served.get("/api/languages")).json["language_packs"]
        assert set(packs) == {"_core", "foo"}
        gone = await served.call("DELETE", "/api/languages/de/foo")
        assert set(gone.json["language_packs"]) == {"_core"}
        assert (await served.call("DELETE", "/api/languages/xx/_core")).status == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.txt", b"x"),
        ("x.zip", b"x"),
        ("x.tar", b"x"),
        ("x.zip", zipped(**{"de/other.yaml": META})),
        ("x.zip", zipped(**{"de/meta.yaml": b"locale: ../../etc\n"})),
        ("x.zip", zipped(**{"de/meta.yaml": b"{"})),
        ("x.zip", zipped(**{"de/meta.yaml": b"\xff\xfe"})),
        ("x.zip", zipped(**{"de/meta.yaml": b"locale: de\nx: " + b"y" * 10_000_000})),
    ],
)
async def test_what_is_no_pack(served: Served, name: str, content: bytes) -> None:
    answer = await send(served, name, content)
    if answer.status == 200:  # the end of a long description is not looked at
        assert len(answer.text) < 1000
    else:
        assert answer.status == 400


async def test_a_request_without_a_file(served: Served) -> None:
    assert (await served.post("/api/languages")).status == 400
    assert (await served.post("/api/languages", data={"file": "x"})).status == 400


@given(st.binary(max_size=2000))
def test_no_archive_does_more_than_be_refused(content: bytes) -> None:
    with contextlib.suppress(InvalidRequest):
        assert read_pack(content) == []


async def test_there_is_no_slicer(served: Served) -> None:
    answer = await served.get("/api/slicing")
    assert (answer.status, answer.json) == (200, {})
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert (await served.get("/api/slicing", headers=tag)).status == 304
    for method, path in (
        ("GET", "none/profiles"),
        ("GET", "none/profiles/x"),
        ("PUT", "none/profiles/x"),
        ("PATCH", "none/profiles/x"),
        ("DELETE", "none/profiles/x"),
    ):
        answer = await served.call(method, f"/api/slicing/{path}", json={})
        assert answer.status == 404, method


async def test_the_wizard_remembers_what_was_answered(tmp_path: Path) -> None:
    path = "/api/setup/wizard"
    async with serve(tmp_path) as served:
        core = (await served.get(path)).json["corewizard"]
        assert (core["required"], core["ignored"]) == (True, False)
        assert core["details"]["acl"] == {"required": False}
        assert (await served.post(path, {"handled": "x"})).status == 400
        assert (await served.post(path, {"handled": ["other"]})).status == 204
        assert (await served.get(path)).json["corewizard"]["required"] is True
        assert (await served.post(path, {"handled": ["corewizard"]})).status == 204
    async with serve(tmp_path) as served:
        assert (await served.get(path)).json["corewizard"]["required"] is False


async def ask(served: Served, command: str, **body: object) -> Answer:
    return await served.post("/api/util/test", {"command": command, **body})


async def test_paths_are_looked_at_inside_only(served: Served, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "broken").symlink_to("nowhere")
    found = (await ask(served, "path", path="sub", check_type="dir", check_access=["r"])).json
    assert found == {
        "path": "sub",
        "exists": True,
        "typeok": True,
        "broken_symlink": False,
        "access": True,
        "result": True,
    }
    assert (await ask(served, "path", path="sub", check_type="file")).json["typeok"] is False
    assert (await ask(served, "path", path="broken")).json["broken_symlink"] is True
    for outside in ("/etc/passwd", "../..", str(tmp_path.parent), "/"):
        answer = (await ask(served, "path", path=outside)).json
        assert answer["exists"] is answer["result"] is False, outside


async def test_names_and_addresses(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    known = socket.getaddrinfo

    def without_a_server(name: str, *arguments: Any, **options: Any) -> Any:
        # A computer without network asks for longer than we wait.
        if name.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(name, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", without_a_server)
    assert (await ask(served, "resolution", name="localhost")).json["result"] is True
    assert (await ask(served, "resolution", name="no.such.host.invalid")).json[
        "result"
    ] is False
    near = (await ask(served, "address", address="192.168.1.1")).json
    assert near == {"address": "192.168.1.1", "is_lan_address": True}
    assert (await ask(served, "address")).json["is_lan_address"] is True
    far = (await ask(served, "address", address="8.8.8.8")).json
    assert far["is_lan_address"] is False
    assert (await ask(served, "address", address="x")).status == 400


async def test_other_servers_are_never_asked(served: Served) -> None:
    url = f"{served.url}/online.txt"
    assert (await ask(served, "url", url=url)).status == 403
    assert (await ask(served, "server", host="127.0.0.1", port=1)).status == 403
    assert (await ask(served, "foo")).status == 400
    assert (await ask(served, "path")).status == 400
    assert (await ask(served, "path", path="\0")).status == 400

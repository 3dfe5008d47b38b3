from __future__ import annotations

import hashlib
import json

import aiohttp
import pytest

from appliance.domain.job import JobKind, JobPhase
from appliance.domain.permissions import EVERY_PERMISSION, Permission
from appliance.domain.telemetry import SdCard, SdFile
from tests.components.octoprint_api.served import GCODE, Answer, Served
from tests.fakes import person


async def test_an_upload_answers_where_the_file_is(online: Served) -> None:
    answer = await online.upload("b c.gcode", path="sub/deep", userdata='{"x": [1]}')
    assert answer.status == 201
    resource = f"{online.url}/api/files/local/sub/deep/b%20c.gcode"
    assert answer.headers["Location"] == resource
    assert answer.json == {
        "done": True,
        "effectiveSelect": False,
        "effectivePrint": False,
        "files": {
            "local": {
                "name": "b c.gcode",
                "path": "sub/deep/b c.gcode",
                "origin": "local",
                "refs": {
                    "resource": resource,
                    "download": f"{online.url}/downloads/files/local/sub/deep/b%20c.gcode",
                },
            }
        },
    }
    entry = (await online.get("/api/files/local/sub/deep/b%20c.gcode")).json
    assert entry["hash"] == hashlib.sha1(GCODE).hexdigest()
    assert (entry["size"], entry["user"], entry["userdata"]) == (
        len(GCODE),
        "admin",
        {"x": [1]},
    )


async def test_an_upload_with_print_prints(online: Served) -> None:
    answer = await online.upload("cube.gcode", print="true")
    assert (answer.json["effectivePrint"], answer.json["effectiveSelect"]) == (True, False)
    assert online.phase() is JobPhase.PRINTING


async def test_select_and_print_are_dropped_when_the_printer_cannot(served: Served) -> None:
    answer = await served.upload("cube.gcode", print="true", select="true")
    assert answer.status == 201
    assert (answer.json["effectivePrint"], answer.json["effectiveSelect"]) == (False, False)
    served.printer.come_online()
    await served.upload("cube.gcode", print="true")
    answer = await served.upload("other.gcode", print="true")
    assert (answer.status, answer.json["effectivePrint"]) == (201, False)


@pytest.mark.parametrize(
    ("name", "fields", "status"),
    [
        ("a.txt", {}, 415),
        ("a.gcode", {"userdata": "{bad"}, 400),
        ("a.gcode", {"path": "../.."}, 400),
        ("a.gcode", {"file.path": "/etc/passwd"}, 400),
        ("a.gcode", {"file.name": "x.gcode"}, 400),
    ],
)
async def test_bad_uploads(
    online: Served, name: str, fields: dict[str, str], status: int
) -> None:
    answer = await online.upload(name, fields=fields)
    assert answer.status == status
    assert set(answer.json) == {"error"}
    assert (await online.get("/api/files")).json["files"] == []


async def test_an_unknown_location_is_404(online: Served) -> None:
    assert (await online.upload("a.gcode", location="foo")).status == 404
    for path in ("/api/files/foo", "/api/files/foo/a.gcode"):
        assert (await online.get(path)).status == 404


async def test_no_overwrite_and_the_file_being_printed(online: Served) -> None:
    await online.upload("cube.gcode")
    assert (await online.upload("cube.gcode", noOverwrite="true")).status == 409
    assert (await online.upload("cube.gcode", print="true")).status == 201
    answer = await online.upload("cube.gcode", b"G1 X1\n")
    assert answer.status == 409
    entry = (await online.get("/api/files/local/cube.gcode")).json
    assert entry["hash"] == hashlib.sha1(GCODE).hexdigest()


async def test_who_may_not_delete_may_not_replace(online: Served) -> None:
    await online.upload("cube.gcode")
    online.auth.keys["up"] = person(
        "bob", frozenset({Permission.STATUS, Permission.FILES_UPLOAD, Permission.FILES_LIST})
    )
    online.headers["X-Api-Key"] = "up"
    assert (await online.upload("cube.gcode")).status == 403
    answer = await online.upload("new.gcode", print="true", select="true")
    assert (answer.status, answer.json["effectivePrint"]) == (201, False)
    assert online.printer.requests == []


async def raw_form(served: Served, body: bytes, boundary: str = '"b"') -> Answer:
    return await served.post(
        "/api/files/local",
        data=body,
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )


def part(headers: str, content: str) -> str:
    return f"--b\r\n{headers}\r\n\r\n{content}\r\n"


FILE = part('Content-Disposition: form-data; name="file"; filename="ü x.gcode"', "G28\n")


async def test_parts_may_come_in_any_order_with_odd_companions(online: Served) -> None:
    body = (
        FILE
        + part('Content-Disposition: form-data; name="filename"; filename="filename"', "")
        + part(
            'Content-Disposition: form-data; name="path"\r\nContent-Type: text/plain', "sub"
        )
        + part('Content-Disposition: form-data; name="print"', "true")
        + "--b--\r\n"
    )
    answer = await raw_form(online, body.encode())
    assert answer.status == 201
    assert answer.json["files"]["local"]["path"] == "sub/ü x.gcode"
    assert answer.json["effectivePrint"] is True


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b--\r\n",
        b"nonsense",
        FILE.encode(),  # it ends before the form does
        FILE.encode()[:-10],
        (FILE + FILE + "--b--\r\n").encode(),
        (part('Content-Disposition: form-data; name="nofile"', "x") + "--b--\r\n").encode(),
    ],
)
async def test_broken_forms_are_400_and_leave_nothing(online: Served, body: bytes) -> None:
    answer = await raw_form(online, body)
    assert answer.status == 400
    assert (await online.get("/api/files")).json["files"] == []


async def test_what_is_no_form_is_400(online: Served) -> None:
    assert (await online.post("/api/files/local", {"foo": "bar"})).status == 400
    assert (await online.post("/api/files/local", data={"foo": "bar"})).status == 400


async def folder(served: Served, name: str, **fields: str) -> Answer:
    form = aiohttp.FormData({"foldername": name, **fields}, default_to_multipart=True)
    return await served.call("POST", "/api/files/local", data=form)


async def test_folders_are_made_once_and_again(online: Served) -> None:
    for _ in range(2):
        answer = await folder(online, "new", path="sub")
        assert answer.status == 201
        assert answer.json == {
            "done": True,
            "folder": {
                "name": "new",
                "path": "sub/new",
                "origin": "local",
                "refs": {"resource": f"{online.url}/api/files/local/sub/new"},
            },
        }
        assert answer.headers["Location"] == f"{online.url}/api/files/local/sub/new"


async def test_a_folder_may_come_in_a_plain_form(online: Served) -> None:
    answer = await online.post("/api/files/local", data={"foldername": "new", "path": "sub"})
    assert answer.status == 201
    assert answer.json["folder"]["path"] == "sub/new"
    huge = {"foldername": "n" * 70_000}
    assert (await online.post("/api/files/local", data=huge)).status == 400


async def test_listings(online: Served) -> None:
    await online.upload("a.gcode")
    await online.upload("b.stl", b"solid x\nendsolid x\n", path="sub")
    online.printer.update(
        sd=SdCard(supported=True, ready=True, files=(SdFile("CUBE.GCO", 7),))
    )
    answer = (await online.get("/api/files")).json
    assert {entry["path"] for entry in answer["files"]} == {"a.gcode", "sub", "CUBE.GCO"}
    assert 0 < answer["free"] <= answer["total"]
    sub = next(entry for entry in answer["files"] if entry["path"] == "sub")
    assert (sub["children"], sub["size"], sub["type"]) == ([], 19, "folder")
    whole = (await online.get("/api/files?recursive=true")).json["files"]
    sub = next(entry for entry in whole if entry["path"] == "sub")
    assert [child["path"] for child in sub["children"]] == ["sub/b.stl"]
    card = (await online.get("/api/files/sdcard")).json
    assert list(card) == ["files"]
    assert [entry["name"] for entry in card["files"]] == ["CUBE.GCO"]
    assert (await online.get("/api/files/sdcard/cube.gco")).json["size"] == 7
    assert (await online.get("/api/files/sdcard/none.gco")).status == 404
    models = (await online.get("/api/files/local?recursive=1&filter=model")).json["files"]
    assert [entry["path"] for entry in models] == ["sub"]
    inside = (await online.get("/api/files/local/sub")).json
    assert [child["path"] for child in inside["children"]] == ["sub/b.stl"]
    for missing in ("none.gcode", "sub/a.gcode", "..%2f..%2fetc%2fpasswd"):
        assert (await online.get(f"/api/files/local/{missing}")).status == 404


async def test_conditional_requests(online: Served) -> None:
    await online.upload("a.gcode")
    await online.analysed("a.gcode")  # which is a change of the list
    first = await online.get("/api/files")
    tag = {"If-None-Match": first.headers["ETag"]}
    both = {**tag, "If-Modified-Since": first.headers["Last-Modified"]}
    for headers in (tag, both):
        assert (await online.get("/api/files", headers=headers)).status == 304
    stale = {**tag, "If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}
    assert (await online.get("/api/files", headers=stale)).status == 200
    assert (await online.get("/api/files?force=true", headers=tag)).status == 200
    assert (await online.get("/api/files/local", headers=tag)).status == 200
    online.printer.update(sd=SdCard(supported=True, ready=True, files=(SdFile("A.GCO"),)))
    assert (await online.get("/api/files", headers=tag)).status == 200
    await online.upload("b.gcode")
    assert (await online.get("/api/files", headers=tag)).status == 200


async def test_whoever_may_only_select_prints_nothing(online: Served) -> None:
    await online.upload("cube.gcode")
    online.auth.keys["less"] = person("eve", frozenset({Permission.FILES_SELECT}))
    command = {"command": "select", "print": True}
    answer = await online.post(
        "/api/files/local/cube.gcode", command, headers={"X-Api-Key": "less"}
    )
    assert (answer.status, online.phase()) == (403, JobPhase.NONE)


async def test_select_and_unselect(online: Served) -> None:
    await online.upload("a.gcode")
    await online.upload("m.stl", b"solid x\nendsolid x\n")
    path = "/api/files/local/a.gcode"
    assert (await online.post(path, {"command": "unselect"})).status == 409
    assert (await online.post(path, {"command": "select"})).status == 204
    assert (await online.post("/api/files/local/m.stl", {"command": "unselect"})).status == 400
    assert (await online.post(path, {"command": "unselect"})).status == 204
    assert (await online.get("/api/job")).json["job"]["file"]["path"] is None
    await online.post(path, {"command": "select"})
    current = await online.post("/api/files/local/current", {"command": "unselect"})
    assert current.status == 204
    for other, status in (("none.gcode", 404), ("m.stl", 415)):
        answer = await online.post(f"/api/files/local/{other}", {"command": "select"})
        assert answer.status == status
    printed = await online.post(path, {"command": "select", "print": True})
    assert printed.status == 204
    assert online.phase() is JobPhase.PRINTING
    for name in ("select", "unselect"):
        assert (await online.post(path, {"command": name})).status == 409


async def test_select_with_print_needs_a_printer(served: Served) -> None:
    await served.upload("a.gcode")
    path = "/api/files/local/a.gcode"
    assert (await served.post(path, {"command": "select", "print": True})).status == 409
    assert (await served.post(path, {"command": "select"})).status == 204


async def test_copy_and_move(online: Served) -> None:
    await online.upload("a.gcode")
    await folder(online, "sub")

    async def relocate(name: str, path: str, destination: object) -> Answer:
        body = {"command": name, "destination": destination}
        return await online.post(f"/api/files/local/{path}", body)

    copied = await relocate("copy", "a.gcode", "sub/b.gcode")
    assert copied.status == 201
    assert copied.json["path"] == "sub/b.gcode"
    assert copied.headers["Location"] == f"{online.url}/api/files/local/sub/b.gcode"
    assert (await relocate("copy", "a.gcode", "sub/b.gcode")).status == 409
    assert (await relocate("copy", "a.gcode", "sub")).json["path"] == "sub/a.gcode"
    assert (await relocate("copy", "a.gcode", "a.txt")).status == 415
    assert (await relocate("copy", "none.gcode", "x.gcode")).status == 404
    assert (await relocate("move", "sub/b.gcode", "c.gcode")).json["path"] == "c.gcode"
    assert (await relocate("move", "c.gcode", "a.gcode")).status == 409
    assert (await relocate("move", "c.gcode", "../x.gcode")).status in (400, 409)
    assert (await relocate("move", "c.gcode", 5)).status == 400
    moved = await relocate("move", "sub", "sub2")
    assert moved.json["refs"] == {"resource": f"{online.url}/api/files/local/sub2"}
    await online.post("/api/files/local/a.gcode", {"command": "select", "print": True})
    assert (await relocate("move", "a.gcode", "z.gcode")).status == 409
    assert (await relocate("copy", "a.gcode", "z.gcode")).status == 201


async def test_other_commands(online: Served) -> None:
    await online.upload("a.gcode")
    path = "/api/files/local/a.gcode"
    assert (await online.post(path, {"command": "analyse"})).status == 204
    assert (await online.post(path, {"command": "slice"})).status == 415
    assert (await online.post(path, {"command": "bogus"})).status == 400
    assert (await online.post(path, {"command": "copy"})).status == 400


async def test_delete(online: Served) -> None:
    await online.upload("a.gcode", path="sub")
    await online.upload("b.gcode")
    assert (await online.call("DELETE", "/api/files/local/none.gcode")).status == 404
    assert (await online.call("DELETE", "/api/files/local")).status == 405
    assert (await online.call("DELETE", "/api/files/local/b.gcode")).status == 204
    await online.post("/api/files/local/sub/a.gcode", {"command": "select", "print": True})
    for path in ("sub", "sub/a.gcode"):
        assert (await online.call("DELETE", f"/api/files/local/{path}")).status == 409
    online.printer.finish()
    assert (await online.call("DELETE", "/api/files/local/sub")).status == 204
    assert (await online.get("/api/files")).json["files"] == []


async def test_names_are_told_beforehand(online: Served) -> None:
    await online.upload("a.gcode")

    async def ask(name: str, **more: object) -> Answer:
        body = {"command": name, "storage": "local", "path": "", "filename": "a.gcode", **more}
        return await online.post("/api/files/test", body)

    assert (await ask("sanitize", path="x y", filename="ü.gcode")).json == {
        "sanitized": "x y/ü.gcode"
    }
    exists = (await ask("exists")).json
    assert (exists["exists"], exists["suggestion"], exists["size"]) == (
        True,
        "a_1.gcode",
        len(GCODE),
    )
    assert (await ask("exists", filename="z.gcode")).json == {"exists": False}
    assert (await ask("exists", storage="foo")).status == 400
    assert (await ask("bogus")).status == 400


async def test_to_the_card(online: Served) -> None:
    answer = await online.upload("a long name.gcode", location="sdcard")
    assert answer.status == 201
    assert answer.json["done"] is False
    assert answer.json["files"]["sdcard"]["path"] == "/alongn~1.gco"
    (request,) = online.printer.requests
    assert (request.kind, request.target_name) == (JobKind.SD_UPLOAD, "alongn~1.gco")
    assert (await online.get("/api/job")).json["state"] == "Sending file to SD"
    assert (await online.upload("b.gcode", location="sdcard")).status == 409
    online.printer.finish()
    online.printer.update(
        sd=SdCard(supported=True, ready=True, files=(SdFile("ALONGN~1.GCO", 17),))
    )
    sent = await online.post("/api/files/local/a%20long%20name.gcode", {"command": "uploadSd"})
    assert sent.status == 201
    assert sent.json["file"]["path"] == "/alongn~2.gco"
    online.printer.finish()
    card = "/api/files/sdcard/alongn~1.gco"
    assert (await online.post(card, {"command": "select", "print": True})).status == 204
    assert online.printer.requests[-1].kind is JobKind.SD
    job = (await online.get("/api/job")).json
    assert (job["state"], job["job"]["file"]["path"]) == ("Printing from SD", "/ALONGN~1.GCO")
    assert (await online.call("DELETE", card)).status == 409
    online.printer.finish()
    assert (await online.call("DELETE", card)).status == 204
    assert ("M30 ALONGN~1.GCO", "") in online.printer.sent
    for bad in ("copy", "move"):
        body = {"command": bad, "destination": "x.gcode"}
        assert (await online.post(card, body)).status == 400


async def test_each_command_needs_its_permission(online: Served) -> None:
    await online.upload("a.gcode")
    needed = {
        "select": Permission.FILES_SELECT,
        "unselect": Permission.FILES_SELECT,
        "slice": Permission.SLICE,
        "copy": Permission.FILES_UPLOAD,
        "move": Permission.FILES_DELETE,
    }
    for name, permission in needed.items():
        online.auth.keys["less"] = person(
            "eve", EVERY_PERMISSION - {permission, Permission.ADMIN}
        )
        answer = await online.post(
            "/api/files/local/a.gcode",
            {"command": name, "destination": "b.gcode"},
            headers={"X-Api-Key": "less"},
        )
        assert answer.status == 403, name
        assert json.loads(answer.text).keys() == {"error"}

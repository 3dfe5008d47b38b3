"""S22, S23, S24, S28: names, paths and multipart bodies that try to get somewhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from appliance.bus import Bus
from appliance.components import octoprint_api
from appliance.components.file_manager import component as file_manager
from appliance.components.http import connection as connection_module
from appliance.domain.file_service import FILES
from tests.components.http.raw import request, wire
from tests.fakes import FakePrinter
from tests.serving import API_KEY, Running, serving
from tests.waiting import eventually

# aiohttp warns of headers of parts that make no sense, and goes on without a name.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

GCODE = b"G28\nG1 X10 F3000\n"
KEY = f"X-Api-Key: {API_KEY}"
UPLOAD = "/api/files/local"
BOUNDARY = "----boundary"
KIND = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"

PATHS = [
    "../outside.gcode",
    "../../outside.gcode",
    "a/../../outside.gcode",
    "..%2Foutside.gcode",
    "%2e%2e/%2e%2e/outside.gcode",
    "..%252f..%252foutside.gcode",
    "..\\..\\outside.gcode",
    "%5c..%5coutside.gcode",
    "/etc/passwd",
    "//etc/passwd",
    "~/outside.gcode",
    "%00.gcode",
    "a%00/../outside.gcode",
    "%c0%ae%c0%ae/outside.gcode",
    "C:%5coutside.gcode",
    "file:///etc/passwd",
    "./././../outside.gcode",
    ".storage/auth.json",
    "%2e%2e%2f.storage/auth.json",
    "%e2%80%a4%e2%80%a4/outside.gcode",
    "%ef%bc%8e%ef%bc%8e/outside.gcode",
]
NAMES = [
    "x" * 300 + ".gcode",
    "CON.gcode",
    "-rf.gcode",
    "--help.gcode",
    "new\nline.gcode",
    "re\r\nX-Injected: 1.gcode",
    "\u202egnp.gcode",
    "\U0001f600.gcode",
    "",
    ".",
    "..",
    "....gcode",
    ".gcode",
    " .gcode",
    "a .gcode ",
    "$(reboot).gcode",
    "`reboot`.gcode",
    "a;b|c&d.gcode",
    "<img src=x onerror=alert(1)>.gcode",
    "cafe\u0301.gcode",
    'quote".gcode',
    "a/b/c.gcode",
    "../../outside.gcode",
    "/etc/cron.d/x.gcode",
]


@asynccontextmanager
async def octoprint(directory: Path) -> AsyncIterator[Running]:
    """Serve the files of one printer."""
    folder = directory / "gantry"
    folder.mkdir()
    components = [(file_manager, {"watch": False}), (octoprint_api, {})]
    printers = [FakePrinter(Bus())]
    async with serving(folder, printers=printers, components=components) as running:
        yield running


def tree(directory: Path) -> set[str]:
    """Return everything that lies outside the folder of the uploads."""
    return {
        str(path.relative_to(directory))
        for path in directory.rglob("*")
        if "gcodes" not in path.relative_to(directory).parts
        and ".storage" not in path.relative_to(directory).parts
    }


def part(name: str, content: bytes, filename: str | None = None, *headers: str) -> bytes:
    """Return a part of a multipart body, written as it comes."""
    disposition = f'form-data; name="{name}"'
    if filename is not None:
        disposition += f'; filename="{filename}"'
    lines = [f"Content-Disposition: {disposition}", *headers]
    head = "\r\n".join(lines).encode("utf-8", "surrogatepass")
    return f"--{BOUNDARY}\r\n".encode() + head + b"\r\n\r\n" + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


async def send(running: Running, body: bytes, kind: str = KIND) -> tuple[int, bytes]:
    """Upload a body as it is."""
    async with wire(running) as connection:
        await connection.send(
            request("POST", UPLOAD, KEY, kind, f"Content-Length: {len(body)}").encode() + body
        )
        status, headers, content = await connection.answer()
        assert "x-injected" not in headers
        return status, content


@pytest.mark.parametrize("path", PATHS)
async def test_s22_no_path_leads_out(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside.gcode").write_bytes(b"secret")
    async with octoprint(tmp_path) as running:
        before = tree(tmp_path)
        target = f"{UPLOAD}/{path}"
        async with wire(running) as connection:
            for method in ("GET", "DELETE"):
                await connection.send(request(method, target, KEY))
                status, _, body = await connection.answer()
                assert 400 <= status < 500
                assert b"secret" not in body
                assert b"root:" not in body
            await connection.send(request("GET", f"/downloads/files/local/{path}", KEY))
            status, _, body = await connection.answer()
            assert 400 <= status < 500
            assert b"secret" not in body
        for name in ("path", "filename", "foldername"):
            body = part(name, path.encode()) + part("file", GCODE, "x.gcode") + END
            status, _ = await send(running, body)
            assert status < 500
        command = {"command": "copy", "destination": path}
        await send(running, part("file", GCODE, "source.gcode") + END)
        answer = await running.call(
            "POST", f"{UPLOAD}/source.gcode", key=API_KEY, json=command
        )
        assert answer.status < 500
        assert tree(tmp_path) == before
        assert (tmp_path / "outside.gcode").read_bytes() == b"secret"


@pytest.mark.parametrize("name", NAMES)
async def test_s28_a_name_is_made_good_or_refused(tmp_path: Path, name: str) -> None:
    async with octoprint(tmp_path) as running:
        before = tree(tmp_path)
        status, _ = await send(running, part("file", GCODE, name) + END)
        assert status in (201, 400, 415)
        assert tree(tmp_path) == before
        listed = await running.call("GET", "/api/files?recursive=true", key=API_KEY)
        assert listed.status == 200
        for file in listed.json["files"]:
            assert file["name"].isprintable()
            assert len(file["name"].encode()) <= 255
            assert not file["name"].startswith(("-", "."))


def broken_bodies() -> Iterator[tuple[str, bytes, str]]:
    """Yield bodies that parsers disagree about: name, body, content type."""
    file = part("file", GCODE, "x.gcode")
    yield "two files", file + part("file", b"other", "y.gcode") + END, KIND
    yield "file.path", part("file.path", b"/etc/passwd") + file + END, KIND
    yield "file.name", part("file.name", b"../../x.gcode") + file + END, KIND
    yield "only file.path", part("file.path", b"/etc/passwd") + END, KIND
    yield "no boundary", file + END, "Content-Type: multipart/form-data"
    yield "other boundary", file.replace(b"boundary", b"b0undary") + END, KIND
    yield "empty boundary", file + END, "Content-Type: multipart/form-data; boundary="
    yield "no end", file, KIND
    yield "nothing", b"", KIND
    yield "not multipart", GCODE, "Content-Type: application/octet-stream"
    yield (
        "crlf in filename*",
        part("file", GCODE).replace(
            b'name="file"', b"name=\"file\"; filename*=UTF-8''a%0d%0aX-Injected:%201.gcode"
        )
        + END,
        KIND,
    )
    yield (
        "two names",
        part("file", GCODE).replace(
            b'name="file"', b'name="file"; filename="a.gcode"; filename="../b.gcode"'
        )
        + END,
        KIND,
    )
    yield "no name", part("file", GCODE, "x.gcode").replace(b'name="file"; ', b"") + END, KIND
    yield "long header", part("file", GCODE, "x.gcode", "X: " + "a" * 1_000_000) + END, KIND
    yield "many parts", part("field", b"x") * 10_000 + file + END, KIND
    yield "many headers", part("file", GCODE, "x.gcode", *["X: 1"] * 5_000) + END, KIND
    yield "nested", part("file", file + END, "x.gcode") + END, KIND
    yield (
        "packed part",
        part("file", b"\x1f\x8b\x08", "x.gcode", "Content-Encoding: gzip") + END,
        KIND,
    )
    yield (
        "base64 part",
        part("file", b"!!!not base64!!!", "x.gcode", "Content-Transfer-Encoding: base64")
        + END,
        KIND,
    )
    yield "nul in field", part("path", b"a\0b") + file + END, KIND
    yield "no utf-8 in field", part("path", b"\xff\xfe") + file + END, KIND


@pytest.mark.parametrize(
    ("body", "kind"),
    [pytest.param(body, kind, id=name) for name, body, kind in broken_bodies()],
)
async def test_s23_no_body_breaks_the_server(tmp_path: Path, body: bytes, kind: str) -> None:
    async with octoprint(tmp_path) as running:
        before = tree(tmp_path)
        status, answer = await send(running, body, kind)
        assert status < 500
        assert b"Traceback" not in answer
        assert b"/etc" not in answer
        assert (await running.call("GET", "/health")).status == 200
        assert tree(tmp_path) == before


async def test_s24_an_upload_that_stalls_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "SWEEP_S", 0.02)
    monkeypatch.setattr(connection_module, "BODY_STALLED_S", 0.1)
    async with octoprint(tmp_path) as running:
        half = part("file", GCODE, "half.gcode")[:-10]
        async with wire(running) as connection:
            head = request("POST", UPLOAD, KEY, KIND, "Content-Length: 100000")
            await connection.send(head.encode() + half)
            status, _, _ = await connection.answer()
            assert status in (400, 408)
        await eventually(lambda: _leftovers(running) == [])


async def test_s24_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async with octoprint(tmp_path) as running:
        async with wire(running) as connection:
            head = request("POST", UPLOAD, KEY, KIND, "Content-Length: 100000")
            await connection.send(head.encode() + part("file", GCODE, "half.gcode")[:-10])
            await eventually(lambda: running.http.connections)  # type: ignore[attr-defined]
        await eventually(lambda: _leftovers(running) == [])
        listed = await running.call("GET", "/api/files", key=API_KEY)
        assert "half.gcode" not in listed.text


def _leftovers(running: Running) -> list[str]:
    roots = [root.path for root in running.appliance.use(FILES).roots]
    return [
        str(path)
        for root in roots
        for path in root.rglob("*")
        if path.is_file() and "half" in path.name
    ]

"""Each row of the table in each state: status, content type, and the shape of the answer.

The expectations are written down here, by what a real OctoPrint 1.11.8 answered. They hold
for the second of two printers as well, below its prefix.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.job import JobKind, JobRequest
from appliance.domain.telemetry import SdCard, SdFile
from tests.components.octoprint_api.served import Served, serve
from tests.fakes import FakePrinter, card_file
from tests.waiting import eventually

SECOND = "/printers/printer1"

# Type skeletons: a tuple stands for any of its types, a list for a list of the first.
TEXT, NUMBER, MAYBE_TEXT = str, (int, float), (str, type(None))
MAYBE_NUMBER = (int, float, type(None))
FLAGS = dict.fromkeys(
    (
        *("operational", "printing", "cancelling", "pausing", "resuming", "finishing"),
        *("closedOrError", "error", "paused", "ready", "sdReady"),
    ),
    bool,
)
STATE = {"text": TEXT, "flags": FLAGS, "error": TEXT}
HEATER = {"actual": NUMBER, "target": NUMBER, "offset": NUMBER}
PROGRESS = {
    "completion": MAYBE_NUMBER,
    "filepos": MAYBE_NUMBER,
    "printTime": MAYBE_NUMBER,
    "printTimeLeft": MAYBE_NUMBER,
    "printTimeLeftOrigin": MAYBE_TEXT,
}
SHAPES: Mapping[str, Any] = {
    "/api/version": {"api": TEXT, "server": TEXT, "text": TEXT},
    "/api/server": {"version": TEXT, "safemode": MAYBE_TEXT},
    "/api/job": {"job": {"file": dict}, "progress": PROGRESS, "state": TEXT},
    "/api/connection": {
        "current": {
            "state": TEXT,
            "port": MAYBE_TEXT,
            "baudrate": MAYBE_NUMBER,
            "printerProfile": TEXT,
        },
        "options": {
            "ports": [TEXT],
            "baudrates": [int],
            "printerProfiles": [{"id": TEXT, "name": TEXT}],
            "portPreference": MAYBE_TEXT,
            "baudratePreference": MAYBE_NUMBER,
            "printerProfilePreference": TEXT,
        },
    },
    "/api/printer": {
        "temperature": {"tool0": HEATER, "bed": HEATER},
        "sd": {"ready": bool},
        "state": STATE,
    },
    "/api/printer/tool": {"tool0": HEATER},
    "/api/printer/bed": {"bed": HEATER},
    "/api/printer/sd": {"ready": bool},
    "/api/printer/error": {"error": TEXT, "reason": TEXT},
    "/api/printer/command/custom": {"controls": list},
    "/api/files": {"files": list, "free": int, "total": int},
    "/api/files/sdcard": {"files": list},
    "/api/printerprofiles": {"profiles": {"_default": {"id": TEXT, "volume": dict}}},
    "/api/settings": {"api": dict, "serial": dict, "webcam": dict, "plugins": dict},
    "/api/system/commands": {"core": list, "custom": list, "plugin": list},
    "/api/system/usage": {"usage": dict},
    "/api/timelapse": {"config": {"type": TEXT}, "enabled": bool, "files": list},
    "/api/languages": {"language_packs": dict},
    "/api/slicing": {},
    "/api/setup/wizard": {"corewizard": dict},
}
ALWAYS = 200
# Rows whose status depends on the state; the others answer 200 in every one.
READING: Mapping[str, Mapping[str, int]] = {
    path: {"offline": 409, "error": 409}
    for path in ("/api/printer", "/api/printer/tool", "/api/printer/bed")
}
STATES = ("offline", "idle", "printing", "paused", "sd", "error")

Row = tuple[str, dict[str, Any], Mapping[str, int]]


def row(path: str, body: dict[str, Any], *statuses: int) -> Row:
    """Return a row with its status per state, in the order of STATES."""
    return path, body, dict(zip(STATES, statuses, strict=True))


TOOL, HEAD, A_FILE = "/api/printer/tool", "/api/printer/printhead", "/api/files/local/a.gcode"
ONLINE = (409, 204, 204, 204, 204, 409)  # whatever the job does
BY_HAND = (409, 204, 409, 204, 409, 409)  # not while it moves by itself
ACTING: tuple[Row, ...] = (
    #                                              offline idle print paused sd error
    row("/api/job", {"command": "start"}, 409, 204, 409, 409, 409, 409),
    row("/api/job", {"command": "restart"}, 409, 409, 409, 204, 409, 409),
    row("/api/job", {"command": "cancel"}, 409, 409, 204, 204, 204, 409),
    row("/api/job", {"command": "pause", "action": "pause"}, 409, 409, 204, 204, 204, 409),
    row("/api/job", {"command": "pause", "action": "resume"}, 409, 409, 204, 204, 204, 409),
    row("/api/job", {"command": "pause"}, 409, 409, 204, 204, 204, 409),
    row("/api/job", {"command": "bogus"}, 409, 400, 400, 400, 400, 409),
    row(TOOL, {"command": "target", "targets": {"tool0": 0}}, *ONLINE),
    row(TOOL, {"command": "offset", "offsets": {"tool0": 1}}, *ONLINE),
    row(TOOL, {"command": "select", "tool": "tool0"}, *ONLINE),
    row(TOOL, {"command": "flowrate", "factor": 100}, *ONLINE),
    row(TOOL, {"command": "extrude", "amount": 1}, *BY_HAND),
    row(TOOL, {"command": "bogus"}, 409, 400, 400, 400, 400, 409),
    row("/api/printer/bed", {"command": "target", "target": 0}, *ONLINE),
    row("/api/printer/chamber", {"command": "target", "target": 0}, *[409] * 6),
    row(HEAD, {"command": "home", "axes": ["x"]}, *BY_HAND),
    row(HEAD, {"command": "jog", "x": 1}, *BY_HAND),
    row(HEAD, {"command": "feedrate", "factor": 100}, *ONLINE),
    row(HEAD, {"command": "bogus"}, *[400] * 6),
    row("/api/printer/sd", {"command": "refresh"}, 409, 204, 409, 409, 409, 409),
    row("/api/printer/command", {"command": "M105"}, *ONLINE),
    row("/api/printer/command", {}, 409, 400, 400, 400, 400, 409),
    row("/api/connection", {"command": "bogus"}, *[400] * 6),
    row("/api/connection", {"command": "fake_ack"}, *[204] * 6),
    row(A_FILE, {"command": "select"}, 204, 204, 409, 409, 409, 204),
    row(A_FILE, {"command": "select", "print": True}, 409, 204, 409, 409, 409, 409),
    row(A_FILE, {"command": "slice"}, *[415] * 6),
    row("/api/files/local/none.gcode", {"command": "select"}, *[404] * 6),
)  # fmt: skip


@pytest.fixture(params=["", SECOND], ids=["first", "second"])
async def pair(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    async with serve(tmp_path, count=2, webcam=[], timelapse={}) as served:
        await served.upload("a.gcode")
        await served.analysed("a.gcode")
        await served.upload("b.gcode")  # the same again, of which all is known
        yield Pair(served, request.param)


class Pair:
    """Two printers, of which one is looked at."""

    def __init__(self, served: Served, prefix: str) -> None:
        self.served = served
        self.prefix = prefix
        first, second = served.printers
        self.printer, self.other = (second, first) if prefix else (first, second)

    async def enter(self, state: str) -> None:
        """Bring the printer that is looked at into a state."""
        await _ENTER[state](self.printer, self.served)


async def _idle(printer: FakePrinter, _: Served) -> None:
    printer.come_online()


async def _printing(printer: FakePrinter, served: Served) -> None:
    printer.come_online()
    await printer.start(await served.files.prepare("b.gcode", printer.id, user="ann"))


async def _paused(printer: FakePrinter, served: Served) -> None:
    await _printing(printer, served)
    await printer.pause(origin="test")


async def _sd(printer: FakePrinter, _: Served) -> None:
    printer.come_online()
    printer.update(sd=SdCard(supported=True, ready=True, files=(SdFile("B.GCO"),)))
    await printer.start(JobRequest(file=card_file("B.GCO"), kind=JobKind.SD))


async def _error(printer: FakePrinter, served: Served) -> None:
    await _printing(printer, served)
    printer.fail()


async def _offline(_: FakePrinter, __: Served) -> None:
    return


_ENTER: Mapping[str, Callable[[FakePrinter, Served], Awaitable[None]]] = {
    "offline": _offline,
    "idle": _idle,
    "printing": _printing,
    "paused": _paused,
    "sd": _sd,
    "error": _error,
}


def check(shape: Any, value: Any, where: str) -> None:
    """Raise unless the value has the shape; more keys than that are no harm."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        for key, inner in shape.items():
            assert key in value, f"{where}.{key}"
            check(inner, value[key], f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for item in value:
            check(shape[0], item, f"{where}[]")
    else:
        assert isinstance(value, shape), f"{where}: {value!r}"
        assert not (isinstance(value, bool) and shape is not bool), where


@pytest.mark.parametrize("state", STATES)
async def test_what_can_be_read(pair: Pair, state: str) -> None:
    await _printing(pair.other, pair.served)
    await pair.enter(state)
    for path, shape in SHAPES.items():
        answer = await pair.served.get(pair.prefix + path)
        wanted = READING.get(path, {}).get(state, ALWAYS)
        assert answer.status == wanted, (path, answer.text)
        assert answer.headers["Content-Type"].startswith("application/json"), path
        assert answer.headers["Cache-Control"] == "max-age=0", path
        check(shape if wanted == ALWAYS else {"error": TEXT}, answer.json, path)


@pytest.mark.parametrize("state", STATES)
async def test_what_can_be_done(tmp_path: Path, state: str) -> None:
    """Each row starts from the state anew: what the one before did is undone."""
    async with serve(tmp_path, count=2) as served:
        await served.upload("a.gcode")
        await served.upload("b.gcode")
        for prefix in ("", SECOND):
            for path, body, statuses in ACTING:
                printer, other = served.printers[:: -1 if prefix else 1]
                if not other.snapshot.phase.active:
                    other.switch_off()
                    await _paused(other, served)
                printer.switch_off()
                await _ENTER[state](printer, served)
                answer = await served.post(prefix + path, body)
                assert answer.status == statuses[state], (path, body, answer.text)
                if answer.status == 204 and body["command"] == "restart":
                    await _started_again(printer)
                if answer.status == 204:
                    assert answer.text == ""
                    assert answer.headers["Content-Type"].startswith("text/plain")
                else:
                    check({"error": TEXT}, answer.json, path)


async def _started_again(printer: FakePrinter) -> None:
    await eventually(lambda: len(printer.requests) == 2)


@pytest.mark.parametrize("state", STATES)
async def test_the_other_printer_is_not_touched(pair: Pair, state: str) -> None:
    await _printing(pair.other, pair.served)
    before = pair.other.snapshot
    await pair.enter(state)
    for path, body, _ in ACTING:
        await pair.served.post(pair.prefix + path, body)
    assert pair.other.snapshot == before
    assert pair.other.sent == []
    assert len(pair.other.requests) == 1


@pytest.mark.parametrize("path", sorted(SHAPES))
async def test_nothing_is_open_to_nobody(served: Served, path: str) -> None:
    served.headers.clear()
    assert (await served.get(path)).status == 403
    assert (await served.post(path, {})).status in (400, 405)

"""Releases for a rehearsal: one that is well, two that are not, and one from the past."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appliance import __version__
from appliance.releases.building import load_private_key, write_bundle
from appliance.releases.bundle import Manifest
from image.build.bundle import collect_wheels
from image.build.factory import build_wheel
from image.build.flavours import PYTHON
from image.vm.printer import UsbPrinter
from image.vm.visitor import cube

if TYPE_CHECKING:
    from image.vm.rehearsal import Rehearsal

GOOD, BROKEN, FAILING = (f"{__version__}.post{number}" for number in (1, 2, 3))
OLD = "0.0.1"
# One never starts; of the other a part does not, and it is not well for that.
_SPOILT = {
    BROKEN: ("appliance/commands/run.py", b"\nrun = None\n"),
    FAILING: (
        "appliance/components/history/__init__.py",
        b"\nasync def async_setup(*_):\n    raise RuntimeError('spoilt')\n",
    ),
}
_LINES = 40_000
_SPEED = 0.2  # slow enough that the print outlives the updates of an emulated machine
_UPDATE_S = 3600.0
_UPLOAD_S = 600.0


def updates(self: Rehearsal) -> Iterator[str]:
    """Update in the middle of a print, be saved from broken releases, and go back."""
    assert self.release_key is not None, "--release-key: its public half is on the card"
    machine = self.model.program.removeprefix("qemu-system-")
    bundles = make_bundles(self.folder, self.release_key, machine)
    with UsbPrinter(self.folder, _SPEED) as printer:
        self.boot(printer.link)
        self.enter()
        before = self.visitor.get("/api/gantry/updates")
        assert before["supported"], before["unsupported_because"]
        yield f"runs {before['running']}"
        self.visitor.wait_for_printer()
        assert self.visitor.upload("long.gcode", cube(_LINES), start=True) == 201
        self.visitor.wait_for_progress(0.2)
        damaged = bytearray(bundles[GOOD].read_bytes())
        damaged[len(damaged) // 2] ^= 1
        yield f"refused with a bit turned: {refused(self, bytes(damaged))}"
        yield from update(self, bundles[GOOD], GOOD, "installed")
        yield from update(self, bundles[BROKEN], GOOD, "rolled_back")
        yield from update(self, bundles[FAILING], GOOD, "rolled_back")
        yield f"refused: {refused(self, bundles[OLD].read_bytes())}"
        status = self.visitor.post("/api/gantry/updates/back", {"version": __version__})
        assert status == 202, status
        wait_for_release(self, __version__, "went_back", __version__)
        yield f"went back; runs {__version__}, {_job(self)}"
        self.switch_off()
    yield f"power cut; the card is {self.card.check()}"


def update(self: Rehearsal, bundle: Path, runs: str, result: str) -> Iterator[str]:
    """Upload a bundle and wait until it ends as it must."""
    begun, cpu_s = _job(self), self.machine.cpu_s()
    status, answer = _upload(self, bundle.read_bytes())
    assert status == 202, answer
    yield f"{answer['version']} was taken, {begun}"
    found = wait_for_release(self, runs, result, answer["version"])
    used = self.machine.cpu_s() - cpu_s
    yield f"{result}, runs {found['running']}, {_job(self)}; {used:.0f} CPU s"
    if found["outcome"]["reason"]:
        yield f"    because {found['outcome']['reason']}"


def refused(self: Rehearsal, bundle: bytes) -> str:
    """Upload what must not be installed; return what is said about it."""
    running = self.visitor.get("/api/gantry/updates")["running"]
    status, answer = _upload(self, bundle)
    if status == 202:  # it was not before its turn that this could be known

        def ended() -> Any:
            found = self.visitor.get("/api/gantry/updates")
            return found["phase"] == "idle" and found

        found = self.machine.wait_until(ended, "the end of the update", _UPDATE_S)
        assert found["outcome"]["result"] == "failed", found
        answer = found["error"]
    else:
        assert 400 <= status < 500, (status, answer)
    assert self.visitor.get("/api/gantry/updates")["running"] == running
    return str(answer)


def _upload(self: Rehearsal, bundle: bytes) -> tuple[int, Any]:
    """Upload a bundle; a busy host may let the line to the emulation stall."""
    sent = {"Content-Type": "application/octet-stream"}
    answer: tuple[int, Any] = self.machine.wait_until(
        lambda: self.machine.ask(
            "/api/gantry/updates/upload",
            bundle,
            key=self.key,
            headers=sent,
            timeout_s=_UPLOAD_S,
        ),
        "an answer to the bundle",
        _UPDATE_S,
    )
    return answer


def wait_for_release(self: Rehearsal, runs: str, result: str, wanted: str) -> dict[str, Any]:
    """Wait until that release runs, is idle, and the update to the wanted has ended so."""

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = self.visitor.get("/api/gantry/updates")
        assert not found["error"], found["error"]
        outcome = found["outcome"] or {}
        there = (found["running"], found["phase"], outcome.get("result"))
        ended_so = there == (runs, "idle", result) and outcome["version"] == wanted
        return found if ended_so else None

    ends: dict[str, Any] = self.machine.wait_until(ended, f"{runs} to run", _UPDATE_S)
    return ends


def make_bundles(folder: Path, key_file: Path, machine: str) -> dict[str, Path]:
    """Build the bundles by version; the spoilt ones pass their own test."""
    key = load_private_key(key_file)
    python = ".".join(str(part) for part in PYTHON)
    ours, *libraries = collect_wheels(folder / "good", machine, GOOD)
    wheels = {GOOD: ours}
    for version in (BROKEN, FAILING, OLD):
        wheels[version] = build_wheel(folder / version, version)
    made = {}
    for version, wheel in wheels.items():
        if version in _SPOILT:
            spoil(wheel, *_SPOILT[version])
        made[version] = folder / f"{version}.bundle"
        manifest = Manifest(version, python, machine, made_at=time.time())
        write_bundle(made[version], [wheel, *libraries], manifest, key)
    return made


def spoil(wheel: Path, module: str, line: bytes) -> None:
    """Let a release fail when it is started, not when it is tested."""
    waiting = wheel.with_suffix(".spoilt")
    with (
        zipfile.ZipFile(wheel) as old,
        zipfile.ZipFile(waiting, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        assert module in old.namelist()
        for name in old.namelist():
            new.writestr(name, old.read(name) + (line if name == module else b""))
    waiting.replace(wheel)


def _job(self: Rehearsal) -> str:
    job = self.visitor.get("/api/job")
    assert job["state"] == "Printing", job
    return f"the print is at {job['progress']['completion']:.2f} %"

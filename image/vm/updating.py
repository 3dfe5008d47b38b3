"""Releases for a rehearsal: one that is well, and one that never starts."""

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

GOOD, BROKEN = f"{__version__}.post1", f"{__version__}.post2"
_RUN = "appliance/commands/run.py"
_LINES = 40_000
_SPEED = 2.0  # slow enough that the print outlives two updates of an emulated machine
_UPDATE_S = 3600.0
_UPLOAD_S = 600.0


def updates(self: Rehearsal) -> Iterator[str]:
    """Update in the middle of a print, be saved from a broken release, and go back."""
    assert self.release_key is not None, "--release-key: its public half is on the card"
    machine = self.model.program.removeprefix("qemu-system-")
    good, broken = make_bundles(self.folder, self.release_key, machine)
    with UsbPrinter(self.folder, _SPEED) as printer:
        self.boot(printer.link)
        if not self.key:
            code = self.machine.wait_until(self.visitor.claim_code, "claim code", 900.0)
            self.visitor.claim(code)
            self.key = self.visitor.key
        before = self.visitor.get("/api/gantry/updates")
        assert before["supported"], before["unsupported_because"]
        yield f"runs {before['running']}"
        self.visitor.wait_for_printer()
        assert self.visitor.upload("long.gcode", cube(_LINES), start=True) == 201
        self.visitor.wait_for_progress(0.2)
        yield from self_updates(self, good, GOOD, "installed")
        yield from self_updates(self, broken, GOOD, "rolled_back")
        status = self.visitor.post("/api/gantry/updates/back", {"version": __version__})
        assert status == 202, status
        wait_for_release(self, __version__, "went_back")
        yield f"went back; runs {__version__}, {_job(self)}"
        self.switch_off()
    yield f"power cut; the card is {self.card.check()}"


def self_updates(self: Rehearsal, bundle: Path, runs: str, result: str) -> Iterator[str]:
    """Upload a bundle and wait until it ends as it must."""
    begun, cpu_s = _job(self), self.machine.cpu_s()

    def taken() -> Any:
        status, answer = self.machine.ask(
            "/api/gantry/updates/upload",
            bundle.read_bytes(),
            key=self.key,
            headers={"Content-Type": "application/octet-stream"},
            timeout_s=_UPLOAD_S,
        )
        assert status == 202, answer
        return answer

    # A host that is busy may let the line to the emulation stall.
    answer = self.machine.wait_until(taken, "the bundle to be taken", _UPDATE_S)
    yield f"{answer['version']} was taken, {begun}"
    found = wait_for_release(self, runs, result)
    used = self.machine.cpu_s() - cpu_s
    yield f"{result}, runs {found['running']}, {_job(self)}; {used:.0f} CPU s"
    if found["outcome"]["reason"]:
        yield f"    because {found['outcome']['reason']}"


def wait_for_release(self: Rehearsal, runs: str, result: str) -> dict[str, Any]:
    """Wait until that release runs, is idle, and the last update has ended so."""

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = self.visitor.get("/api/gantry/updates")
        assert not found["error"], found["error"]
        outcome = found["outcome"] or {}
        there = (found["running"], found["phase"], outcome.get("result"))
        return found if there == (runs, "idle", result) else None

    ends: dict[str, Any] = self.machine.wait_until(ended, f"{runs} to run", _UPDATE_S)
    return ends


def make_bundles(folder: Path, key_file: Path, machine: str) -> tuple[Path, Path]:
    """Build two bundles; the second passes its own test and then never starts."""
    key = load_private_key(key_file)
    libraries = collect_wheels(folder / "good", machine, GOOD)
    broken = build_wheel(folder / "broken", BROKEN)
    spoil(broken)
    made = []
    for version, ours in ((GOOD, libraries[0]), (BROKEN, broken)):
        target = folder / f"{version}.bundle"
        python = ".".join(str(part) for part in PYTHON)
        manifest = Manifest(version, python, machine, made_at=time.time())
        write_bundle(target, [ours, *libraries[1:]], manifest, key)
        made.append(target)
    return made[0], made[1]


def spoil(wheel: Path) -> None:
    """Let a release fail when it is started, not when it is tested."""
    waiting = wheel.with_suffix(".spoilt")
    with (
        zipfile.ZipFile(wheel) as old,
        zipfile.ZipFile(waiting, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content + (b"\nrun = None\n" if name == _RUN else b""))
    waiting.replace(wheel)


def _job(self: Rehearsal) -> str:
    job = self.visitor.get("/api/job")
    assert job["state"] == "Printing", job
    return f"the print is at {job['progress']['completion']:.2f} %"

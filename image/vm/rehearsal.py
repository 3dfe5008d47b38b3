"""The life of a card, step by step; each goes on from where the one before has left it."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from image.vm.card import Card
from image.vm.machine import Machine, Model, NotAnswering, some_seconds
from image.vm.printer import UsbPrinter
from image.vm.visitor import Visitor, cube, moves_of

# What Notepad makes of it: a mark at the beginning, CRLF.
SETTINGS = """\ufeffhostname: workshop\r
printer:\r
  id: ender3\r
  name: Ender 3\r
  platform: serial\r
  port: auto\r
  baudrate: 115200\r
"""
BROKEN = """hostname: workshop\r
printer:\r
  id: ender3\r
  platfrom: serial\r
  port: auto\r
"""
_LINES = 4000
_SPEED = 20.0
_FULL_BOOT_EVERY = 5
_REPORT_S = 900.0


class Rehearsal:
    """What the steps share."""

    def __init__(self, model: Model, card: Card, folder: Path, *, kills: int) -> None:
        self.model = model
        self.card = card
        self.folder = folder
        self.kills = kills
        self.machine = Machine(model, card, folder)
        self.visitor = Visitor(self.machine)
        self.key = ""

    def boot(self, printer: Path | None = None) -> Machine:
        """Switch a machine on with the card in it and wait until it answers."""
        self.machine = Machine(self.model, self.card, self.folder, printer)
        self.machine.start()
        self.visitor = Visitor(self.machine)
        self.visitor.key = self.key
        self.machine.wait_for_http()
        return self.machine

    def switch_off(self) -> None:
        """Cut the power if it is on."""
        if self.machine.process is not None:
            self.machine.pull_the_plug()

    def last_words(self) -> str:
        """Return what the machine said on its console last."""
        console = self.folder / "console.log"
        said = console.read_text(errors="replace") if console.exists() else ""
        return "\n".join(said.splitlines()[-40:])


def first_boot(self: Rehearsal) -> Iterator[str]:
    """Take settings from the card, claim, print to the end with a restart in the middle."""
    self.card.put("gantry.yaml", SETTINGS.encode())
    with UsbPrinter(self.folder, _SPEED) as printer:
        machine = self.boot(printer.link)
        yield f"answers after {machine.cpu_s():.0f} CPU s"
        code = machine.wait_until(self.visitor.claim_code, "claim code", _REPORT_S)
        yield "the claim code is in the report on the card"
        assert machine.ask("/api/version")[0] in (401, 403)
        self.visitor.claim(code)
        self.key = self.visitor.key
        version = self.visitor.get("/api/version")
        yield f"claimed; the slicer sees {version['text']}"
        self.visitor.wait_for_printer()
        yield "the printer at the USB port is found"
        assert self.visitor.upload("cube.gcode", cube(_LINES), start=True) == 201
        before = self.visitor.wait_for_progress(5.0)
        yield f"prints, {before:.0f} % done; the core is restarted"
        status = self.visitor.post("/api/system/commands/core/restart", {})
        assert status == 204, status
        machine.wait_until(lambda: _is_gone(machine), "end of the core", 120.0)
        machine.wait_for_http()
        after = self.visitor.get("/api/job")
        assert after["state"] == "Printing", after
        assert after["progress"]["completion"] >= before, after
        yield f"the print has gone on: {after['progress']['completion']:.0f} %"
        self.visitor.wait_for_end()
        printed = moves_of(printer.accepted())
        wanted = moves_of(cube(_LINES).decode().splitlines())
        assert [move.split("F")[0].strip() for move in printed] == [
            move.split("F")[0].strip() for move in wanted
        ], f"{len(printed)} of {len(wanted)} moves"
        yield f"printed to the end: {len(printed)} moves, each once and in order"
        report = machine.wait_until(
            lambda: _says(self.card, "workshop") and self.card.get("gantry-report.txt"),
            "report",
            _REPORT_S,
        )
        yield "report:"
        yield from report.decode(errors="replace").splitlines()
        yield from _memory(self)
        self.switch_off()
    yield f"power cut; the card is {self.card.check()}"


def power_cuts(self: Rehearsal) -> Iterator[str]:
    """Pull the plug at random moments while files and settings are written."""
    lost = 0
    for number in range(1, self.kills + 1):
        machine = self.boot()
        kept: dict[str, str] = {}
        stop = threading.Event()
        writer = threading.Thread(target=_keep_writing, args=(self, kept, stop, number))
        writer.start()
        time.sleep(some_seconds(1.0, 20.0))
        promised = dict(kept)
        machine.pull_the_plug()
        stop.set()
        writer.join()
        state = self.card.check()
        missing = [name for name, digest in promised.items() if _digest(self, name) != digest]
        unfinished = [n for n in self.card.data_names("/files") if n.startswith(".")]
        lost += len(missing)
        yield (
            f"{number:2}: {state}; {len(promised)} files answered with 201, "
            f"{len(missing)} lost; {len(unfinished)} unfinished"
        )
        assert not missing, missing
    yield f"{self.kills} power cuts, {lost} files lost"


def broken_settings(self: Rehearsal) -> Iterator[str]:
    """Make a mistake in gantry.yaml: all goes on as it was, and the report says why."""
    self.card.put("gantry.yaml", BROKEN.encode())
    self.boot()
    yield "answers"
    self.machine.wait_until(lambda: _says(self.card, "platfrom"), "report", _REPORT_S)
    report = self.card.get("gantry-report.txt") or b""
    yield from report.decode(errors="replace").splitlines()
    printers = self.visitor.get("/api/printerprofiles")
    assert printers, printers
    self.switch_off()


def arrives(self: Rehearsal) -> Iterator[str]:
    """Only boot, say how long it took, and cut the power."""
    machine = self.boot()
    yield f"answers after {machine.cpu_s():.0f} CPU s"
    machine.wait_until(lambda: self.card.get("gantry-report.txt"), "report", _REPORT_S)
    self.switch_off()
    yield f"power cut; the card is {self.card.check()}"


STEPS: dict[str, Callable[[Rehearsal], Iterator[str]]] = {
    "arrives": arrives,
    "first-boot": first_boot,
    "power-cuts": power_cuts,
    "broken-settings": broken_settings,
}


def _is_gone(machine: Machine) -> bool:
    try:
        return machine.ask("/health", timeout_s=5)[0] >= 500
    except OSError:
        return True


def _says(card: Card, word: str) -> bool:
    return word in (card.get("gantry-report.txt") or b"").decode(errors="replace")


def _memory(self: Rehearsal) -> Iterator[str]:
    try:
        stats = self.visitor.get("/machine/proc_stats")["result"]
    except (OSError, NotAnswering, KeyError) as error:
        yield f"no figures: {error}"
        return
    memory = stats["system_memory"]
    yield f"memory: {(memory['total'] - memory['available']) // 1024} MiB used of all"


def _keep_writing(
    self: Rehearsal, kept: dict[str, str], stop: threading.Event, turn: int
) -> None:
    """Upload files and change a setting; note what was answered with success."""
    number = 0
    while not stop.is_set():
        number += 1
        name = f"cut-{turn}-{number}.gcode"
        content = cube(200 + number * 37)
        try:
            if self.visitor.upload(name, content) == 201:
                kept[name] = hashlib.sha256(content).hexdigest()
            self.visitor.post("/api/settings", {"appearance": {"name": f"Cut {number}"}})
        except OSError:
            return


def _digest(self: Rehearsal, name: str) -> str | None:
    content = self.card.data_file(f"/files/{name}")
    return None if content is None else hashlib.sha256(content).hexdigest()

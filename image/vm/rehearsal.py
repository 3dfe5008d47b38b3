"""The life of a card, step by step; each goes on from where the one before has left it."""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from image.vm.card import MIB, Card
from image.vm.imager import imager
from image.vm.machine import Machine, Model, some_seconds
from image.vm.misfortunes import damaged_data, missing_data, restoring, second_start
from image.vm.printer import UsbPrinter
from image.vm.quiet import quiet
from image.vm.services import services
from image.vm.settings import SETTINGS, broken_settings, camera
from image.vm.updating import updates
from image.vm.visitor import Visitor, cube, moves_of
from image.vm.wireless import wireless

# The core of an emulated machine takes minutes to come back: the print must take longer.
_LINES = 16000
_SPEED = 1.0
_SOONEST_S, _LATEST_S = 0.0, 15.0
_REPORT_S = 1800.0
_CARD_SIZE = 2048 * MIB


class Rehearsal:
    """What the steps share."""

    def __init__(self, model: Model, image: Path, folder: Path) -> None:
        self.model = model
        self.image = image
        self.folder = folder
        self.kills = 20
        self.full_boots = 5  # after every fifth power cut
        self.quiet_minutes = 30
        self.release_key: Path | None = None  # the private half of the one on the card
        self.card = Card(folder / "card.img")
        self.machine = Machine(model, self.card, folder)
        self.visitor = Visitor(self.machine)
        self.key = ""
        self.identity = ""  # of the machine, once it was seen

    def insert_fresh_card(self) -> None:
        """Flash the image to a card and take that."""
        self.card = Card.flash(self.image, self.folder / "card.img", _CARD_SIZE)
        self.key = self.identity = ""

    def boot(self, printer: Path | None = None, **options: Any) -> Machine:
        """Switch a machine on with the card in it and wait until it answers."""
        self.machine = Machine(self.model, self.card, self.folder, printer, **options)
        self.machine.start()
        self.visitor = Visitor(self.machine)
        self.visitor.key = self.key
        self.machine.wait_for_http()
        return self.machine

    def enter(self) -> None:
        """Have the key of the administrator, who claims the machine if nobody has."""
        if not self.key:
            if not self.visitor.log_in():
                code = self.machine.wait_until(
                    self.visitor.claim_code, "claim code", _REPORT_S
                )
                self.visitor.claim(code)
            self.key = self.visitor.key

    def report(self) -> str:
        """Return the report on the card, as far as it has been written."""
        return (self.card.get("gantry-report.txt") or b"").decode(errors="replace")

    def reported(self, words: str) -> list[str]:
        """Wait until the report says that of the last start; return the lines that do."""

        def last_start() -> str:
            return self.report().partition("=== Start")[2].partition("=== Start")[0]

        self.machine.wait_until(lambda: words in last_start(), f"{words!r} in it", _REPORT_S)
        return [line.strip() for line in last_start().splitlines() if words in line]

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
        assert machine.ask("/api/version")[0] in (401, 403)
        self.enter()
        yield "the claim code is in the report on the card"
        version = self.visitor.get("/api/version")
        yield f"claimed; the slicer sees {version['text']}"
        self.visitor.wait_for_printer()
        yield "the printer at the USB port is found"
        assert self.visitor.upload("cube.gcode", cube(_LINES), start=True) == 201
        before = self.visitor.wait_for_progress(5.0)
        yield f"prints, {before:.0f} % done; the core is restarted"
        status = self.visitor.post("/api/system/commands/core/restart", {})
        assert status == 204, status
        machine.wait_until(lambda: _is_gone(machine), "end of the core", 600.0)
        moves = len(moves_of(printer.accepted()))
        machine.wait_for_http()
        alone = len(moves_of(printer.accepted())) - moves
        assert alone > 0
        after = self.visitor.get("/api/job")
        assert after["state"] == "Printing", after
        assert after["progress"]["completion"] >= before, after
        done = after["progress"]["completion"]
        yield f"{alone} moves were printed without a core; now {done:.0f} %"
        self.visitor.wait_for_end()
        printed = moves_of(printer.accepted())
        wanted = moves_of(cube(_LINES).decode().splitlines())
        assert [move.split("F")[0].strip() for move in printed] == [
            move.split("F")[0].strip() for move in wanted
        ], f"{len(printed)} of {len(wanted)} moves"
        yield f"printed to the end: {len(printed)} moves, each once and in order"
        self.reported("workshop")
        yield "report:"
        yield from self.report().splitlines()
        yield from _figures(self)
        self.switch_off()
    yield f"power cut; the card is {self.card.check()}"


def power_cuts(self: Rehearsal) -> Iterator[str]:
    """Pull the plug at random moments while files and settings are written.

    The machine is frozen once it answers, and every turn goes on from there: the turns are
    independent, and nobody waits for twenty boots. What the machine has not flushed may be
    lost, since the format of the frozen card keeps its own tables in memory.
    """
    frozen = Frozen(self)
    yield "answers, and is frozen"
    lost = written = 0
    for number in range(1, self.kills + 1):
        machine = frozen.go_on()
        kept: dict[str, str] = {}
        ended = threading.Event()
        writer = threading.Thread(target=_keep_writing, args=(self, kept, number, ended))
        writer.start()
        machine.wait_until(lambda: kept, "file")  # noqa: B023 - used at once
        time.sleep(some_seconds(_SOONEST_S, _LATEST_S))
        promised = dict(kept)
        ended.set()
        machine.pull_the_plug()
        writer.join()
        card = frozen.look()
        state = card.check()
        broken = _broken_files(card)
        missing = [name for name, digest in promised.items() if _digest(card, name) != digest]
        lost += len(missing)
        written += len(promised)
        yield f"{number:2}: {state}; {len(promised)} files promised, {len(missing)} lost"
        assert not broken, broken
        assert not missing, missing
        if self.full_boots and number % self.full_boots == 0:
            self.card = card
            cpu_s = self.boot().cpu_s()
            found = {each["name"] for each in self.visitor.get("/api/files")["files"]}
            assert found >= promised.keys(), promised.keys() - found
            yield f"    boots with all of them: answers after {cpu_s:.0f} CPU s"
            self.switch_off()
    yield f"{self.kills} power cuts: {written} files promised, {lost} lost"


class Frozen:
    """A machine that was stopped while it ran, to go on from there again and again."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._path = rehearsal.folder / "frozen.qcow2"
        # Files are read from a raw image only.
        Machine(rehearsal.model, rehearsal.card, rehearsal.folder).take_kernel()
        rehearsal.card.convert(self._path, "qcow2")
        machine = self._machine()
        machine.start()
        machine.wait_for_http()
        rehearsal.enter()
        machine.monitor("savevm ready")
        machine.pull_the_plug()

    def _machine(self) -> Machine:
        rehearsal = self._rehearsal
        machine = Machine(rehearsal.model, Card(self._path), rehearsal.folder, format="qcow2")
        rehearsal.machine = machine
        rehearsal.visitor = Visitor(machine)
        rehearsal.visitor.key = rehearsal.key
        return machine

    def go_on(self) -> Machine:
        """Let it go on."""
        machine = self._machine()
        machine.resume = "ready"
        machine.start()
        machine.wait_for_http()
        return machine

    def look(self) -> Card:
        """Return the card as the power cut has left it."""
        Card(self._path).mend_container()
        return Card(self._path).convert(self._rehearsal.folder / "cut.img", "raw")


def arrives(self: Rehearsal) -> Iterator[str]:
    """Only boot, say how long it took, and cut the power."""
    machine = self.boot()
    yield f"answers after {machine.cpu_s():.0f} CPU s"
    self.reported("seconds after the start")
    yield from _figures(self)
    self.switch_off()
    yield f"power cut; the card is {self.card.check()}"


STEPS: dict[str, Callable[[Rehearsal], Iterator[str]]] = {
    "arrives": arrives,
    "first-boot": first_boot,
    "second-start": second_start,
    "power-cuts": power_cuts,
    "broken-settings": broken_settings,
    "camera": camera,
    "imager": imager,
    "services": services,
    "updates": updates,
    "wireless": wireless,
    "restore": restoring,
    "missing-data": missing_data,
    "damaged-data": damaged_data,
    "quiet": quiet,
}


def _is_gone(machine: Machine) -> bool:
    try:
        return machine.ask("/health", timeout_s=5)[0] >= 500
    except OSError:
        return True


def _figures(self: Rehearsal) -> Iterator[str]:
    """Measure memory and time."""
    machine = self.machine
    used = machine.shell("free -m | awk '/^Mem/ {print $3, $2}'").split()
    yield f"memory: {used[0]} of {used[1]} MiB used"
    units = machine.shell(
        "for unit in gantry.service $(systemctl list-units -q --plain 'gantry-engine@*' "
        "| cut -d' ' -f1); do echo $unit $(systemctl show -P MemoryCurrent $unit); done"
    )
    for line in units.splitlines():
        unit, size = line.split()
        yield f"memory of {unit}: {int(size) // MIB} MiB with its files in the cache"
    yield machine.shell("systemd-analyze time 2>&1 | head -1").strip()


def _keep_writing(
    self: Rehearsal, kept: dict[str, str], turn: int, ended: threading.Event
) -> None:
    """Upload files and change a setting; note what was answered with success."""
    for number in itertools.count(1):
        name = f"cut-{turn}-{number}.gcode"
        content = cube(200 + number * 37)
        try:
            if self.visitor.upload(name, content) == 201:
                kept[name] = hashlib.sha256(content).hexdigest()
            self.visitor.post("/api/settings", {"appearance": {"name": f"Cut {number}"}})
        except OSError:
            if ended.is_set():
                return  # before that a busy host has let the line stall


def _broken_files(card: Card) -> list[str]:
    """Return the names of what the machine keeps and nobody could read any more."""
    broken = []
    for name in card.data_names("/config/.storage"):
        if name.endswith(".json"):
            content = card.data_file(f"/config/.storage/{name}") or b""
            try:
                json.loads(content)
            except ValueError:
                broken.append(name)
    configuration = card.data_file("/config/configuration.yaml") or b""
    if b"printer:" not in configuration:
        broken.append("configuration.yaml")
    return broken


def _digest(card: Card, name: str) -> str | None:
    content = card.data_file(f"/files/{name}")
    return None if content is None else hashlib.sha256(content).hexdigest()

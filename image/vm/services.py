"""What runs on the computer: broker, watchdogs, and who restarts it and switches it off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from image.vm.printer import UsbPrinter
from image.vm.settings import SETTINGS
from image.vm.visitor import cube, moves_of

if TYPE_CHECKING:
    from image.vm.machine import Machine
    from image.vm.rehearsal import Rehearsal

_BROKER = "mosquitto:\r\n  username: home\r\n  password: a password for all\r\n"
_LINES = 40_000
_HANGS_S = 900.0
# The release's own library, as a client: what the broker answers to a connection.
_CLIENT = """\
import sys
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion as V
c = Client(V.VERSION2)
if sys.argv[1:]: c.username_pw_set(*sys.argv[1:])
c.on_connect = lambda c, d, f, reason, p: (print(reason), c.disconnect())
c.connect("127.0.0.1")
c.loop_forever(retry_first_connection=False)
"""


def services(self: Rehearsal) -> Iterator[str]:
    """Have the broker, survive hanging processes, restart and switch off by the APIs."""
    self.card.put("gantry.yaml", (SETTINGS + _BROKER).encode())
    with UsbPrinter(self.folder, 0.5) as printer:
        machine = self.boot(printer.link)
        self.enter()
        yield from _broker(machine)
        self.visitor.wait_for_printer()
        assert self.visitor.upload("watched.gcode", cube(_LINES), start=True) == 201
        self.visitor.wait_for_progress(0.1)
        yield from _hanging_core(self, printer)
        for path in ("/machine/reboot", "/machine/shutdown"):
            status, said = machine.ask(path, {}, key=self.key)
            assert status >= 400, (status, said)
        yield f"while it prints it is not switched off: {status} {said}"
        assert self.visitor.post("/api/job", {"command": "cancel"}) == 204
        self.visitor.wait_for_end()
        before = _main_process(machine, "mosquitto")
        status, said = machine.ask(
            "/machine/services/restart?service=mosquitto", {}, key=self.key
        )
        assert status == 200, said
        machine.wait_until(
            lambda: _main_process(machine, "mosquitto") not in ("0", before), "a new broker"
        )
        yield "the broker is restarted by the helper"
        status, said = machine.ask(
            "/machine/services/restart?service=systemd-journald", {}, key=self.key
        )
        assert status >= 400, said
        yield f"another service is not: {status} {said['error']['message']}"
        status, said = machine.ask("/machine/reboot", {}, key=self.key)
        assert status == 200, said
        machine.wait_for_power_off()
        yield f"restarted by Moonraker's API; the card is {self.card.check()}"
    machine = self.boot()
    assert self.visitor.post("/api/system/commands/core/shutdown", {}) == 204
    machine.wait_for_power_off()
    yield f"switched off by OctoPrint's API; the card is {self.card.check()}"
    self.card.put("gantry.yaml", SETTINGS.encode())


def _broker(machine: Machine) -> Iterator[str]:
    machine.wait_until(
        lambda: machine.shell("systemctl is-active mosquitto").strip() == "active",
        "the broker",
    )
    machine.shell(f"cat > /run/client.py <<'END'\n{_CLIENT}\nEND")
    python = "runuser -u nobody -- /usr/lib/gantry/factory/bin/python /run/client.py"
    said = machine.shell(f"{python} home 'a password for all'").strip()
    assert said == "Success", said
    for words in ("", "home wrong"):
        said = machine.shell(f"{python} {words}").strip()
        assert said == "Not authorized", said
    yield "the broker takes its user, and nobody else"
    client = "ss -Htnp state established '( dport = :1883 )'"
    machine.wait_until(lambda: "1883" in machine.shell(client), "Gantry at the broker")
    yield "Gantry is connected to it"
    warnings = machine.shell("journalctl -b -q -o cat -u mosquitto -p warning").strip()
    said = machine.shell("journalctl -b -q -o cat -u mosquitto").strip()
    assert not warnings, warnings
    assert "Warning" not in said, said


def _hanging_core(self: Rehearsal, printer: UsbPrinter) -> Iterator[str]:
    """Stop the core as a deadlock would: systemd kills and starts it, the print goes on."""
    machine = self.machine
    before = _main_process(machine, "gantry")
    moves = len(moves_of(printer.accepted()))
    machine.shell(f"kill -STOP {before}")
    machine.wait_until(
        lambda: _main_process(machine, "gantry") not in ("0", before), "a new core", _HANGS_S
    )
    machine.wait_for_http()
    result = machine.shell("journalctl -b -q -o cat -u gantry | grep -ci watchdog").strip()
    assert result != "0"
    alone = len(moves_of(printer.accepted())) - moves
    assert alone > 0
    machine.wait_until(
        lambda: self.visitor.get("/api/job")["state"] == "Printing", "the print", _HANGS_S
    )
    yield f"a hanging core is killed by its watchdog and started anew; {alone} moves meanwhile"


def _main_process(machine: Machine, unit: str) -> str:
    return machine.shell(f"systemctl show -P MainPID {unit}").strip()

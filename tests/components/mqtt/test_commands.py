"""Every command topic, down to the G-code that reaches the simulated firmware."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.components.mqtt.commands import COMMANDS
from appliance.components.mqtt.desk import BURST, Rate
from appliance.core import Appliance
from appliance.domain.job import JobPhase
from appliance.domain.machine import Link
from appliance.domain.printer import PRINTERS, Printer
from tests.components.mqtt.client import Watcher, watching
from tests.components.mqtt.mosquitto import Mosquitto, mosquitto
from tests.components.mqtt.running import running
from tests.simulated import SimulatedPrinter, simulated_printer
from tests.waiting import eventually, eventually_answers
from tests.whole import whole_appliance

BASE = "gantry/ender3"
# Far longer than any test takes until it cancels it.
GCODE = "M117 begins\nG28\n" + "G1 X10 F6000\nG1 X20\n" * 10_000
CONFIGURATION = """
file_manager:
  watch: false
mqtt:
  broker: 127.0.0.1
  port: {port}
  interval: 0.1
  commands: [print, control, gcode]
printer:
  - id: ender3
    platform: serial
    port: {device}
    baudrate: 115200
    profile: {{extruders: 2, volume: {{width: 200, depth: 200, height: 200}}}}
"""


@dataclass
class Bench:
    """A printer, its appliance, and somebody at the broker."""

    appliance: Appliance
    simulator: SimulatedPrinter
    watcher: Watcher

    @property
    def printer(self) -> Printer:
        return self.appliance.use(PRINTERS).first

    async def wish(self, command: str, payload: str = "") -> None:
        answer = await self.watcher.ask(BASE, command, payload)
        assert answer == {"command": command, "ok": True}

    async def refused(self, command: str, payload: str = "") -> str:
        answer = await self.watcher.ask(BASE, command, payload)
        assert not answer["ok"], answer
        error: str = answer["error"]
        return error

    async def reaches_the_firmware(self, *lines: str) -> None:
        async def there() -> bool:
            accepted = await self.simulator.accepted()
            return all(line in accepted for line in lines)

        await eventually_answers(there, f"{lines} reach the firmware")


@asynccontextmanager
async def bench(tmp_path: Path, broker: Mosquitto) -> AsyncIterator[Bench]:
    async with (
        simulated_printer(tmp_path, speed=20, extruders=2, reset_on_open=True) as simulator,
        watching(broker.port) as watcher,
    ):
        folder = tmp_path / "config"
        text = CONFIGURATION.format(port=broker.port, device=simulator.port)
        gcodes = folder / "gcodes"
        gcodes.mkdir(parents=True)
        (gcodes / "moves.gcode").write_text(GCODE)
        async with whole_appliance(folder, text) as appliance:
            made = Bench(appliance, simulator, watcher)
            await watcher.until(f"{BASE}/state", "idle")
            yield made


async def job_commands(it: Bench) -> None:
    await it.wish("select", "moves.gcode")
    await eventually(lambda: it.printer.snapshot.selected is not None)
    await it.wish("start", '{"force": true}')
    await it.reaches_the_firmware("M117 begins")
    await it.watcher.until(f"{BASE}/state", "printing")
    await it.wish("pause_at", "5")
    await it.wish("pause_at", "{}")
    await it.wish("pause", "")
    await it.watcher.until(f"{BASE}/state", "paused")
    await it.wish("resume", "")
    await it.watcher.until(f"{BASE}/state", "printing")
    assert "object" in await it.refused("exclude", "nothing of that name")
    await it.wish("cancel", "")
    await it.watcher.until(f"{BASE}/state", "idle")
    await it.watcher.until(f"{BASE}/job/result", "cancelled")


async def test_every_command_does_its_work(tmp_path: Path, broker: Mosquitto) -> None:
    tried: set[str] = set()
    async with bench(tmp_path, broker) as it:

        async def wish(command: str, payload: str, *lines: str) -> None:
            tried.add(command.partition("/")[0])
            await it.wish(command, payload)
            await it.reaches_the_firmware(*lines)

        await wish("gcode", "M117 hello\nM17", "M117 hello", "M17")
        await wish("home", "", "G28")
        await wish("home", "xy", "G28 X Y")
        await wish("jog", '{"x": 10, "y": -5.5, "speed": 3000}', "G0 X10 Y-5.5 F3000")
        await wish("target/tool0", "205", "M104 T0 S205")
        await wish("target/tool1", '{"value": 200}', "M104 T1 S200")
        await wish("target/bed", "60", "M140 S60")
        await it.watcher.until(f"{BASE}/temperature/bed/target", "60")
        await wish("extrude", '{"amount": 2, "speed": 120}', "G1 E2 F120")
        await wish("fan/0", "50", "M106 S128")
        await it.watcher.until(f"{BASE}/fan/0", "50")
        await wish("message", "Dinner;\nis ready", "M117 Dinner, is ready")
        await wish("feedrate", "90", "M220 S90")
        await it.watcher.until(f"{BASE}/factor/feedrate", "90")
        await wish("flow", "95", "M221 S95")
        await wish("babystep", "0.05", "M290 Z0.05")
        await wish("tool", "tool1", "T1")
        await it.watcher.until(f"{BASE}/tool", "tool1")
        await wish("tool", "0", "T0")
        await wish("cool_down", "PRESS", "M140 S0", "M104 T0 S0", "M104 T1 S0")
        await wish("motors_off", "{}", "M84")

        await job_commands(it)
        tried |= {"select", "start", "pause_at", "pause", "resume", "exclude", "cancel"}

        tried.add("answer")
        assert await it.refused("answer", "0")
        tried.add("macro")
        assert "macro" in await it.refused("macro/LOAD")
        await wish("disconnect", "")
        await it.watcher.until(f"{BASE}/availability", "offline")
        await wish("connect", "")
        await eventually(lambda: it.printer.snapshot.ready, "it is connected")
        await it.watcher.until(f"{BASE}/state", "idle")
        tried.add("reset")
        await it.wish("reset")
        await eventually(lambda: it.printer.snapshot.ready, "it is back after the reset")
        await it.watcher.until(f"{BASE}/state", "idle")
        await it.wish("emergency_stop")
        await eventually(lambda: it.printer.snapshot.link is not Link.ONLINE)
        await it.watcher.until(f"{BASE}/availability", "offline")
    assert tried == set(COMMANDS)


async def test_the_printer_goes_on_while_its_broker_dies_and_comes_back(
    tmp_path: Path, broker: Mosquitto
) -> None:
    async with bench(tmp_path, broker) as it:
        await it.wish("start", '{"file": "moves.gcode", "force": true}')
        await it.watcher.until(f"{BASE}/state", "printing")
        await broker.kill()

        def lines() -> int:
            job = it.printer.snapshot.job
            return 0 if job is None else job.line

        before = lines()
        await eventually(lambda: lines() > before + 20, "the print goes on")
        it.watcher.latest.clear()
        await broker.start()
        # Both are back: we say so after we have subscribed, and the watcher hears it.
        await it.watcher.until("gantry/_appliance/availability", "online")
        await it.watcher.until(f"{BASE}/state", "printing")
        broker.pause()
        before = lines()
        await eventually(lambda: lines() > before + 20, "the print goes on")
        broker.go_on()
        assert it.printer.snapshot.phase is JobPhase.PRINTING
        await it.wish("cancel")
        await it.watcher.until(f"{BASE}/job/result", "cancelled")


@pytest.mark.parametrize(
    ("command", "payload", "complaint"),
    [
        ("target/tool0", "999", "0 to 300"),
        ("target/tool0", "hot", "a number"),
        ("target/tool0", "nan", "a number"),
        ("target/tool9", "20", "no heater"),
        ("target", "20", "no such command"),
        ("fan/0", "101", "0 to 100"),
        ("fan/7", "10", "no fan"),
        ("home", "q", "axes"),
        ("jog", "{}", "axis"),
        ("jog", '{"x": 1e9}', "millimetres"),
        ("jog", '{"x": 1', "JSON"),
        ("jog", '{"a": 1}', "a: "),
        ("feedrate", "0", "percentage"),
        ("tool", "tool77", "no tool"),
        ("start", "", "file_manager"),
        ("start", "../../etc/passwd", ""),
        ("pause", "", "no job"),
        ("pause", "now", "takes nothing"),
        ("gcode", "; only a comment", "no G-code"),
        ("dance", "", "no such command"),
        ("gcode", "G1 X\xff".encode("latin-1"), "UTF-8"),
        ("gcode", "X" * 70_000, "64 KB"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_sent(
    one_broker: Mosquitto, tmp_path: Path, command: str, payload: str, complaint: str
) -> None:
    options = {"port": one_broker.port, "commands": ["print", "control", "gcode"]}
    async with (
        running(tmp_path / "config", options) as run,
        watching(one_broker.port, f"{BASE}/response") as watcher,
    ):
        run.printer.come_online()
        answer = await watcher.ask(BASE, command, payload)
        assert not answer["ok"]
        assert complaint in answer["error"]
        assert run.printer.sent == []


@pytest.fixture
async def one_broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    async with mosquitto(tmp_path) as broker:
        yield broker


async def test_commands_are_off_unless_they_are_asked_for(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    async with running(tmp_path / "config", {"port": broker.port}) as run:
        run.printer.come_online()
        watcher.send(f"{BASE}/command/home")
        watcher.send(f"{BASE}/command/emergency_stop")
        await watcher.until(f"{BASE}/state", "idle")
        watcher.send("marker", "here")
        await watcher.until("marker", "here")
        run.printer.update(message="still here")
        await watcher.until(f"{BASE}/message", "still here")
        assert run.printer.sent == []
        assert watcher.all(f"{BASE}/response") == []


async def test_a_scope_is_needed_and_stopping_needs_any(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    options = {"port": broker.port, "commands": ["print"]}
    async with running(tmp_path / "config", options) as run:
        run.printer.come_online()
        assert "does not allow 'control'" in (await watcher.ask(BASE, "home"))["error"]
        assert "does not allow 'gcode'" in (await watcher.ask(BASE, "gcode", "G1"))["error"]
        assert run.printer.sent == []
        assert (await watcher.ask(BASE, "emergency_stop"))["ok"]
        await watcher.until(f"{BASE}/state", "halted")


async def test_true_allows_no_gcode(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    async with running(tmp_path / "config", {"port": broker.port, "commands": True}) as run:
        run.printer.come_online()
        assert "does not allow" in (await watcher.ask(BASE, "gcode", "G28"))["error"]
        assert (await watcher.ask(BASE, "home"))["ok"]


async def test_a_retained_command_is_of_another_time(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    watcher.send(f"{BASE}/command/home", "", retain=True)
    watcher.send(f"{BASE}/command/home", "xy", retain=True)
    await watcher.until(f"{BASE}/command/home", "xy")
    for protocol in ("5", "3.1.1"):
        options = {"port": broker.port, "commands": True, "protocol": protocol}
        async with running(tmp_path / protocol, options) as run:
            run.printer.come_online()
            assert (await watcher.ask(BASE, "motors_off"))["ok"]
            assert [line for line, _ in run.printer.sent] == ["M84"]


async def test_the_answer_goes_where_mqtt_5_says(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    async with running(tmp_path / "config", {"port": broker.port, "commands": True}) as run:
        run.printer.come_online()
        watcher.send(
            f"{BASE}/command/home", '{"id": 7}', response="my/answers", correlation=b"k1"
        )
        await watcher.until("my/answers")
        (message,) = watcher.all("my/answers")
        assert watcher.json("my/answers") == {"command": "home", "ok": True, "id": 7}
        assert getattr(message.properties, "CorrelationData", None) == b"k1"
        # An answer must never be a command.
        watcher.send(f"{BASE}/command/motors_off", response=f"{BASE}/command/home")
        await watcher.until(f"{BASE}/response")
        assert [line for line, _ in run.printer.sent] == ["G28", "M84"]


async def test_too_many_commands_are_refused(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(tmp_path / "config", {"port": broker.port, "commands": True}) as run:
        run.printer.come_online()
        for _ in range(4 * BURST):
            watcher.send(f"{BASE}/command/home")
        await eventually(lambda: len(watcher.all(f"{BASE}/response")) == 4 * BURST)
        answers = [message.payload for message in watcher.all(f"{BASE}/response")]
        assert any(b"too many" in answer for answer in answers)
        said = [each for each in caplog.records if "too many" in each.getMessage()]
        assert len(said) == 1
        assert len(run.printer.sent) < 4 * BURST
        assert (await watcher.ask(BASE, "emergency_stop"))["ok"]


def test_the_rate_recovers() -> None:
    now = 0.0
    rate = Rate(lambda: now)
    assert sum(rate.take() for _ in range(100)) == BURST
    now = 1.0
    assert sum(rate.take() for _ in range(100)) == 5


async def test_a_command_that_takes_long_does_not_hold_the_emergency_stop(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path / "config", {"port": broker.port, "commands": True}) as run:
        run.printer.come_online()
        held = asyncio.Event()

        async def send(*_: object, **__: object) -> tuple[()]:
            await held.wait()
            return ()

        monkeypatch.setattr(run.printer, "send", send)
        watcher.send(f"{BASE}/command/home")
        assert (await watcher.ask(BASE, "emergency_stop"))["ok"]
        held.set()
        await eventually(lambda: len(watcher.all(f"{BASE}/response")) == 2)

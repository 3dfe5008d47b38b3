"""Power devices from their YAML to what they switch, and the rules that they follow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ruamel.yaml import YAML

from appliance.components import power
from appliance.components.power.outlets import gpio
from appliance.components.power.outlets.gpio import Pin
from appliance.config import Configuration
from appliance.config.schema import vol
from appliance.core import Appliance, ApplianceStarted, StopReason
from appliance.domain.job import JobKind, JobRequest
from appliance.domain.machine import Link
from appliance.domain.mqtt import MQTT, MqttConnected, MqttDisconnected, MqttMessage
from appliance.domain.power import POWER, Power, PowerDeviceChanged, PowerState
from appliance.domain.printer import PRINTERS, Printers
from appliance.domain.queue import QueueChanged, QueuedJob, QueueState, QueueView
from appliance.errors import DeviceFailed, DeviceMissing, PrinterBusy, SetupError
from appliance.outgoing import Caller
from tests.components.power.plugs import PASSWORD, TOKEN, Plugs, plugs
from tests.fakes import FakePrinter, card_file
from tests.waiting import eventually

ON, OFF, ERROR, UNKNOWN = PowerState.ON, PowerState.OFF, PowerState.ERROR, PowerState.UNKNOWN


def parse(text: str) -> Any:
    return power.CONFIG_SCHEMA(YAML(typ="safe", pure=True).load(text))


@dataclass
class Broker:
    """Implements `appliance.domain.mqtt.Mqtt`; a plug listens at ``plug/set``."""

    connected: bool = True
    published: list[tuple[str, str]] = field(default_factory=list)
    listener: Callable[[MqttMessage], None] | None = None
    obeys: bool = True

    def publish(
        self, topic: str, payload: bytes | str, *, qos: int = 0, retain: bool = False
    ) -> None:
        said = payload if isinstance(payload, str) else payload.decode()
        self.published.append((topic, said))
        if self.obeys and topic == "plug/set":
            self.say(f'{{"state": "{said}"}}')

    def subscribe(self, pattern: str, listener: Callable[[MqttMessage], None]) -> Any:
        assert pattern == "plug/state"
        self.listener = listener
        return lambda: None

    def say(self, payload: str) -> None:
        assert self.listener is not None
        message = MqttMessage("plug/state", payload.encode())
        asyncio.get_running_loop().call_soon(self.listener, message)


@dataclass
class House:
    appliance: Appliance
    printer: FakePrinter
    other: FakePrinter
    broker: Broker
    changes: list[tuple[str, PowerState]] = field(default_factory=list)

    @property
    def power(self) -> Power:
        return self.appliance.use(POWER)

    def state(self, name: str = "Plug") -> PowerState:
        return self.power.get(name).state

    async def switch(self, on: bool, name: str = "Plug") -> PowerState:
        return (await self.power.switch(name, on, origin="test")).state


@asynccontextmanager
async def house(tmp_path: Path, text: str) -> AsyncIterator[House]:
    appliance = Appliance(Configuration(tmp_path, {"name": "Test"}))
    appliance.paths.storage.mkdir(exist_ok=True)
    registry = Printers()
    fakes = [FakePrinter(appliance.bus, name) for name in ("ender3", "mk3")]
    for fake in fakes:
        registry.add(fake)
    appliance.provide(PRINTERS, registry)
    made = House(appliance, fakes[0], fakes[1], Broker())
    appliance.provide(MQTT, made.broker)

    def changed(event: PowerDeviceChanged) -> None:
        if event.device.state is not event.previous.state:
            made.changes.append((event.device.name, event.device.state))

    appliance.bus.listen(PowerDeviceChanged, changed)
    try:
        await power.async_setup(appliance, parse(text))
        appliance.bus.fire(ApplianceStarted())
        yield made
    finally:
        await appliance.stop(StopReason.TERMINATE)


# --- ways of switching --------------------------------------------------------------------

MAKES = {
    "tasmota": f"type: tasmota\n  host: 127.0.0.1\n  port: PORT\n  password: {PASSWORD}",
    "first shelly": (
        "type: shelly\n  host: 127.0.0.1\n  port: PORT\n  generation: 1\n"
        f"  password: {PASSWORD}"
    ),
    "later shelly": f"type: shelly\n  host: localhost\n  port: PORT\n  password: {PASSWORD}",
    "home assistant": (
        f"type: homeassistant\n  url: http://127.0.0.1:PORT/\n  token: {TOKEN}\n"
        "  entity: switch.printer"
    ),
    "anything": """type: http
  turn_on: {url: "http://127.0.0.1:PORT/set", method: post, body: '{"power": true}'}
  turn_off: {url: "http://127.0.0.1:PORT/set", method: put, body: '{"power": false}'}
  status: {url: "http://127.0.0.1:PORT/get", is_on: "{{ value_json.relay.power }}"}""",
}


@asynccontextmanager
async def plugged(tmp_path: Path, make: str) -> AsyncIterator[tuple[House, Plugs]]:
    async with plugs() as relay:
        text = f"- name: Plug\n  {MAKES[make]}".replace("PORT", str(relay.port))
        async with house(tmp_path, text) as it:
            yield it, relay


@pytest.mark.parametrize("make", MAKES)
async def test_a_plug_is_switched_and_asked(tmp_path: Path, make: str) -> None:
    async with plugged(tmp_path, make) as (it, relay):
        await eventually(lambda: it.state() is OFF)
        for wanted in (ON, OFF):
            assert await it.switch(on=wanted is ON) is wanted
            assert relay.on is (wanted is ON)
        relay.on = True  # its button is pressed
        assert (await it.power.refresh("Plug")).state is ON
        assert it.changes == [("Plug", state) for state in (OFF, ON, OFF, ON)]


@pytest.mark.parametrize("make", MAKES)
async def test_a_plug_that_does_not_obey_is_an_error(tmp_path: Path, make: str) -> None:
    async with plugged(tmp_path, make) as (it, relay):
        relay.stuck = True
        with pytest.raises(DeviceFailed, match="says that it is off"):
            await it.switch(on=True)
        relay.stuck, relay.broken = False, True
        device = await it.power.refresh("Plug")
        assert device.state is ERROR
        assert device.problem is not None
        assert "status 500" in device.problem
        relay.broken = False
        assert (await it.power.refresh("Plug")).problem is None


async def test_a_wrong_password_is_told_without_it(tmp_path: Path) -> None:
    async with plugs() as relay:
        text = (
            f"{{name: Plug, type: tasmota, host: 127.0.0.1, port: {relay.port}, password: x}}"
        )
        async with house(tmp_path, text) as it:
            await eventually(lambda: it.state() is ERROR)
            assert it.power.get("Plug").problem == "127.0.0.1 answered with status 401"


async def test_a_device_of_mqtt_answers_or_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """
    name: Plug
    type: mqtt
    command_topic: plug/set
    state_topic: plug/state
    value_template: "{{ value_json.state }}"
    query_topic: plug/get
    """
    async with house(tmp_path, text) as it:
        it.appliance.bus.fire(MqttConnected("a broker"))
        await eventually(lambda: ("plug/get", "") in it.broker.published)
        assert it.state() is UNKNOWN
        assert await it.switch(on=True) is ON
        it.broker.say('{"state": "OFF"}')
        await eventually(lambda: it.state() is OFF)
        it.broker.say("nonsense")
        it.broker.obeys = False
        monkeypatch.setattr("appliance.components.power.outlets.mqtt.ANSWER_S", 0.05)
        with pytest.raises(DeviceFailed, match="plug/state"):
            await it.switch(on=True)
        it.broker.connected = False
        it.broker.published.clear()
        with pytest.raises(DeviceFailed, match="broker"):
            await it.switch(on=True)
        assert it.broker.published == []  # it must not go on when the broker is back
        it.appliance.bus.fire(MqttDisconnected("a broker", "gone"))
        await eventually(lambda: it.state() is UNKNOWN)


async def test_gcode_switches_the_supply_of_the_board(tmp_path: Path) -> None:
    async with house(tmp_path, "{name: Plug, type: gcode, printer: ender3}") as it:
        with pytest.raises(DeviceFailed, match="not connected"):
            await it.switch(on=True)
        it.printer.come_online()
        assert await it.switch(on=True) is ON
        assert await it.switch(on=False) is OFF
        assert it.printer.sent == [("M80", "power"), ("M81", "power")]
        it.printer.fail()
        assert (await it.power.refresh("Plug")).state is UNKNOWN


class FakeLines:
    """The library gpiod with one chip; lines keep their levels when they are let go."""

    def __init__(self) -> None:
        self.line = SimpleNamespace(
            Value=SimpleNamespace(ACTIVE="active", INACTIVE="inactive"),
            Direction=SimpleNamespace(OUTPUT="output", AS_IS="as is", INPUT="input"),
        )
        self.high: dict[int, bool] = {}  # the lines that are outputs
        self.taken: set[int] = set()

    def LineSettings(self, **settings: Any) -> Any:  # noqa: N802
        return SimpleNamespace(**{"direction": "as is", "active_low": False, **settings})

    def Chip(self, path: str) -> Any:  # noqa: N802
        if path != "/dev/gpiochip0":
            raise FileNotFoundError(2, "No such file or directory")
        return self

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get_line_info(self, line: int) -> Any:
        return SimpleNamespace(direction="output" if line in self.high else "input")

    def request_lines(self, path: str, *, consumer: str, config: dict[int, Any]) -> Any:
        (line, settings), lines = next(iter(config.items())), self
        assert line not in self.taken
        self.taken.add(line)

        class Request:
            def get_value(self, line: int) -> str:
                return "active" if lines.high[line] != settings.active_low else "inactive"

            def set_value(self, line: int, value: str) -> None:
                lines.high[line] = (value == "active") != settings.active_low

            def reconfigure_lines(self, config: dict[int, Any]) -> None:
                assert config[line].direction == "output"
                self.set_value(line, config[line].output_value)

            def release(self) -> None:
                lines.taken.remove(line)

        return Request()


async def test_a_pin_keeps_its_level_over_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = FakeLines()
    monkeypatch.setattr(gpio, "gpiod", lines)
    text = "{name: Plug, type: gpio, pin: '!gpiochip0/gpio17', initial_state: 'on'}"
    async with house(tmp_path, text) as it:
        await eventually(lambda: it.state() is ON)
        assert lines.high == {17: False}
        kept = tmp_path / ".storage" / "power.json"
        await eventually(kept.exists, "it is written down that this was done")
        assert await it.switch(on=False) is OFF
        assert lines.high == {17: True}
    assert lines.taken == set()
    async with house(tmp_path, text) as it:  # the computer was not started anew
        await eventually(lambda: it.state() is OFF)
        assert lines.high == {17: True}


async def test_a_pin_that_cannot_be_had_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "{name: Plug, type: gpio, pin: gpiochip7/gpio17}"
    monkeypatch.setattr(gpio, "gpiod", FakeLines())
    with pytest.raises(SetupError, match="/dev/gpiochip7, line 17: No such file"):
        async with house(tmp_path, text):
            pass
    monkeypatch.setattr(gpio, "gpiod", None)
    with pytest.raises(SetupError, match="pip install gpiod"):
        async with house(tmp_path, text):
            pass


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("gpio17", Pin("/dev/gpiochip0", 17)),
        ("17", Pin("/dev/gpiochip0", 17)),
        ("!gpiochip4/gpio2", Pin("/dev/gpiochip4", 2, inverted=True)),
    ],
)
def test_pins_are_written_as_in_moonraker(text: str, meant: Pin) -> None:
    assert gpio.pin(text) == meant


# --- the configuration --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{name: Plug}", "expected 'type:'"),
        ("{name: Plug, type: tasmote, host: x}", "did you mean 'tasmota'"),
        ("{name: a/b, type: gpio, pin: 1}", "expected a name"),
        ("{name: Plug, type: gpio, pin: ../x}", "expected a pin"),
        ("{name: Plug, type: gcode}", "required key"),
        (
            "{name: Plug, type: homeassistant, url: 'http://x', token: t, entity: a/b}",
            "entity",
        ),
        ("{name: Plug, type: http, turn_on: 'ftp://x', turn_off: 'http://x'}", "URL"),
    ],
)
def test_what_cannot_be_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(vol.Invalid, match=complaint):
        parse(text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "[{name: A, type: gcode, printer: ender3}, {name: A, type: gcode, printer: mk3}]",
            "A",
        ),
        ("{name: A, type: gcode, printer: nobody}", "there is no printer 'nobody'"),
    ],
)
async def test_what_does_not_fit_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SetupError, match=complaint):
        async with house(tmp_path, text):
            pass


# --- the rules ----------------------------------------------------------------------------

PLUG = "name: Plug, type: mqtt, command_topic: lamp/set"


async def start(printer: FakePrinter) -> None:
    await printer.start(JobRequest(card_file("cube.gco", 1000), JobKind.SD))


async def test_a_print_locks_its_plug(tmp_path: Path) -> None:
    async with house(tmp_path, f"{{{PLUG}, printer: ender3}}") as it:
        it.printer.come_online()
        it.other.come_online()
        await it.switch(on=True)
        await start(it.other)
        assert not it.power.get("Plug").locked
        await start(it.printer)
        assert it.power.get("Plug").locked
        with pytest.raises(PrinterBusy, match="a print is going on"):
            await it.switch(on=False)
        await it.printer.pause(origin="test")
        with pytest.raises(PrinterBusy):
            await it.switch(on=False)
        assert await it.switch(on=True) is ON
        await it.printer.cancel(origin="test")
        assert await it.switch(on=False) is OFF


async def test_a_plug_of_no_printer_is_locked_by_any_if_wanted(tmp_path: Path) -> None:
    text = f"[{{{PLUG}, locked_while_printing: true}}, {{{PLUG.replace('Plug', 'Lamp')}}}]"
    async with house(tmp_path, text) as it:
        it.other.come_online()
        await start(it.other)
        with pytest.raises(PrinterBusy):
            await it.switch(on=False)
        assert await it.switch(False, "Lamp") is OFF
        with pytest.raises(DeviceMissing):
            await it.switch(False, "Fan")


async def test_power_connects_the_printer(tmp_path: Path) -> None:
    async with house(tmp_path, f"{{{PLUG}, printer: ender3, connect_delay: 0}}") as it:
        await it.switch(on=True)
        await eventually(lambda: it.printer.snapshot.link is Link.ONLINE)
        assert it.other.snapshot.link is Link.OFFLINE


async def test_a_queued_job_switches_on(tmp_path: Path) -> None:
    text = f"{{{PLUG}, printer: ender3, on_when_job_queued: true, connect_delay: 0}}"
    async with house(tmp_path, text) as it:
        jobs = (QueuedJob("1", "cube.gcode", 0.0),)
        it.appliance.bus.fire(QueueChanged(QueueView("ender3", QueueState.PAUSED, jobs)))
        it.appliance.bus.fire(QueueChanged(QueueView("mk3", QueueState.READY, jobs)))
        it.appliance.bus.fire(QueueChanged(QueueView("ender3", QueueState.READY)))
        await it.power.refresh("Plug")
        assert it.changes == []
        it.appliance.bus.fire(QueueChanged(QueueView("ender3", QueueState.READY, jobs)))
        await eventually(lambda: it.state() is ON)
        await eventually(lambda: it.printer.snapshot.operational)


async def test_an_emergency_stop_switches_off(tmp_path: Path) -> None:
    text = f"{{{PLUG}, printer: ender3, off_when_shutdown: true}}"
    async with house(tmp_path, text) as it:
        it.printer.come_online()
        await it.switch(on=True)
        await start(it.printer)
        await it.printer.emergency_stop(origin="test")
        await eventually(lambda: it.state() is OFF)


async def test_a_cold_idle_printer_is_switched_off(tmp_path: Path) -> None:
    text = f"{{{PLUG}, printer: ender3, off_when_idle: 10ms}}"
    async with house(tmp_path, text) as it:
        it.printer.come_online()
        it.printer.measure(tool0=180.0)
        await it.switch(on=True)
        await start(it.printer)
        it.printer.finish()
        assert it.state() is ON
        it.printer.measure(tool0=49.0)
        await eventually(lambda: it.state() is OFF)


async def test_a_timer_switches_off(tmp_path: Path) -> None:
    async with house(tmp_path, f"{{{PLUG}, timer: 10ms}}") as it:
        await it.switch(on=True)
        await eventually(lambda: it.state() is OFF)
        assert it.broker.published == [("lamp/set", "ON"), ("lamp/set", "OFF")]


# --- where calls may go ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/", "http://[fe80::1]/", "http://0.0.0.0/"]
)
async def test_no_configuration_leads_to_the_link_of_this_machine(url: str) -> None:
    caller = Caller(loopback=True)
    with pytest.raises(DeviceFailed, match="may not be called"):
        await caller.call("get", url)
    await caller.close()


async def test_an_answer_without_end_is_cut(tmp_path: Path) -> None:
    async with plugs() as relay:
        caller = Caller(loopback=True)
        with pytest.raises(DeviceFailed, match="more than 5 bytes"):
            await caller.call("get", f"http://127.0.0.1:{relay.port}/x", limit=5)
        await caller.close()

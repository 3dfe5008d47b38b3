"""Automations from their YAML to what they do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver
from ruamel.yaml import YAML

from appliance.components import automation
from appliance.components.automation import http_call, notify
from appliance.components.automation.automation import MAX_RUNS, Automation
from appliance.components.automation.conditions import Situation, holds
from appliance.components.automation.triggers import Clock, Fired
from appliance.config import Configuration
from appliance.config.schema import vol
from appliance.core import Appliance, ApplianceStarted, StopReason
from appliance.domain.audit import AUDIT
from appliance.domain.job import JobKind, JobPhase, JobRequest
from appliance.domain.mqtt import MQTT, MqttListener, MqttMessage
from appliance.domain.printer import PRINTERS, Printers
from appliance.errors import InvalidRequest, SetupError
from appliance.web import HTTP
from tests.fakes import FakePrinter, card_file
from tests.waiting import eventually, eventually_answers
from tests.whole import whole_appliance

KEY = "the-key-of-these-tests-0123456789"


def parse(text: str) -> Any:
    return automation.CONFIG_SCHEMA(YAML(typ="safe", pure=True).load(text))


@dataclass
class FakeBroker:
    """Implements `appliance.domain.mqtt.Mqtt`."""

    connected: bool = True
    published: list[tuple[str, str]] = field(default_factory=list)
    listeners: dict[str, MqttListener] = field(default_factory=dict)

    def publish(
        self, topic: str, payload: bytes | str, *, qos: int = 0, retain: bool = False
    ) -> None:
        self.published.append((topic, str(payload)))

    def subscribe(self, pattern: str, listener: MqttListener) -> Any:
        self.listeners[pattern] = listener
        return lambda: None


class FakeAudit:
    def __init__(self) -> None:
        self.actions: list[tuple[str, str]] = []

    def record(self, who: Any, action: str, *, outcome: str = "ok", **_: Any) -> None:
        assert who.method == "automation"
        self.actions.append((action, outcome))


@dataclass
class House:
    appliance: Appliance
    printers: list[FakePrinter]
    broker: FakeBroker
    audit: FakeAudit

    @property
    def printer(self) -> FakePrinter:
        return self.printers[0]

    def sent(self) -> list[str]:
        return [line for line, _ in self.printer.sent]


@asynccontextmanager
async def house(tmp_path: Path, text: str, *, broker: bool = True) -> AsyncIterator[House]:
    appliance = Appliance(Configuration(tmp_path, {"name": "Test"}))
    appliance.paths.storage.mkdir(exist_ok=True)
    registry = Printers()
    fakes = [FakePrinter(appliance.bus, name) for name in ("ender3", "mk3")]
    for fake in fakes:
        registry.add(fake)
    appliance.provide(PRINTERS, registry)
    made = House(appliance, fakes, FakeBroker(), FakeAudit())
    if broker:
        appliance.provide(MQTT, made.broker)
    appliance.provide(AUDIT, made.audit)
    try:
        await automation.async_setup(appliance, parse(text))
        appliance.bus.fire(ApplianceStarted())
        for fake in fakes:
            fake.come_online()
        yield made
    finally:
        await appliance.stop(StopReason.TERMINATE)


async def start(printer: FakePrinter) -> None:
    await printer.start(JobRequest(card_file("cube.gco", 1000), JobKind.SD))


async def test_an_event_runs_gcode_with_values(tmp_path: Path) -> None:
    text = """
    - alias: Say what ended
      triggers: {trigger: event, event: [job_completed, job_cancelled], printer: ender3}
      conditions: {condition: state, state: [idle, finishing, cancelling]}
      actions:
        - gcode: M117 {{ trigger.event }} {{ printer.file }}
    """
    async with house(tmp_path, text) as it:
        await start(it.printers[1])
        await it.printers[1].cancel(origin="test")  # not its printer
        await start(it.printer)
        await it.printer.cancel(origin="test")
        await eventually(lambda: "M117 job_cancelled cube.gco" in it.sent())
        assert it.printers[1].sent == []
        assert it.audit.actions == [("automation gcode", "ok")]


async def test_a_state_and_job_verbs(tmp_path: Path) -> None:
    text = """
    alias: Never print on the mk3
    triggers: {trigger: state, to: printing, printer: mk3}
    actions: [{job: cancel}]
    """
    async with house(tmp_path, text) as it:
        await start(it.printer)
        await start(it.printers[1])
        await eventually(lambda: it.printers[1].snapshot.phase is JobPhase.NONE)
        assert it.printer.snapshot.phase is JobPhase.PRINTING


async def test_a_temperature_is_crossed_once(tmp_path: Path) -> None:
    text = """
    alias: Cold enough
    triggers: {trigger: temperature, heater: bed, below: 40}
    actions: [{gcode: M106 S0}]
    """
    async with house(tmp_path, text) as it:
        # It is cold from the moment of connecting, which is the first crossing.
        await eventually(lambda: it.sent() == ["M106 S0"])
        for degrees in (60.0, 41.0, 39.0, 38.0, 37.0):
            it.printer.measure(bed=degrees)
        await eventually(lambda: it.sent() == ["M106 S0", "M106 S0"])


async def test_a_state_that_does_not_stay_is_none(tmp_path: Path) -> None:
    text = """
    alias: Long pause
    triggers: {trigger: state, to: paused, for: 0.05}
    actions: [{gcode: M104 S0}]
    """
    async with house(tmp_path, text) as it:
        await start(it.printer)
        await it.printer.pause(origin="test")
        await it.printer.resume(origin="test")
        await start(it.printers[1])
        await it.printers[1].pause(origin="test")
        await eventually(lambda: it.printers[1].sent)
        assert it.sent() == []


async def test_progress_layer_and_mqtt(tmp_path: Path) -> None:
    text = """
    - alias: Half
      triggers: {trigger: progress, above: 50}
      actions: [{mqtt: {topic: "house/{{ printer.id }}", payload: "{{ printer.progress }}"}}]
    - alias: Bell
      triggers: {trigger: mqtt, topic: house/bell, payload: rung}
      actions: [{gcode: "M300", printer: mk3}]
    """
    async with house(tmp_path, text) as it:
        await start(it.printer)
        it.printer.advance(400, 1)
        assert it.broker.published == []
        it.printer.advance(600, 2)
        await eventually(lambda: it.broker.published == [("house/ender3", "60.0")])
        it.printer.advance(700, 3)
        bell = it.broker.listeners["house/bell"]
        bell(MqttMessage("house/bell", b"rung", retained=True))
        bell(MqttMessage("house/bell", b"silent"))
        bell(MqttMessage("house/bell", b"rung"))
        await eventually(lambda: [line for line, _ in it.printers[1].sent] == ["M300"])
        assert len(it.broker.published) == 1  # crossed once


async def test_runs_are_traced_and_kept(tmp_path: Path) -> None:
    text = """
    alias: Fails
    mode: parallel
    triggers: {trigger: event, event: job_started}
    actions:
      - stop_unless: {condition: template, value: "{{ printer.id == 'ender3' }}"}
      - macro: NOWHERE
      - gcode: M117 never
    """
    async with house(tmp_path, text) as it:
        await start(it.printers[1])
        await start(it.printer)
        await eventually(lambda: it.audit.actions == [("automation macro", "failed")])
        assert it.sent() == []
    kept = (tmp_path / ".storage" / "automation.json").read_text()
    assert '"stopped"' in kept
    assert "there are no macros" in kept


async def test_modes(tmp_path: Path) -> None:
    text = """
    - alias: Single
      triggers: {trigger: mqtt, topic: one}
      actions: [{delay: 60}]
    - alias: Restart
      mode: restart
      triggers: {trigger: mqtt, topic: two}
      actions: [{delay: 60}]
    """
    async with house(tmp_path, text) as it:
        for topic in ("one", "two"):
            for _ in range(3):
                it.broker.listeners[topic](MqttMessage(topic, b""))
                await asyncio.sleep(0)
        tasks = [t for t in asyncio.all_tasks() if t.get_name().startswith("automation ")]
        await eventually(lambda: sum(not task.done() for task in tasks) == 2)


async def test_an_automation_that_causes_itself_comes_to_an_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = """
    alias: Round and round
    mode: parallel
    triggers: {trigger: temperature, heater: bed, above: 1000}
    actions: [{gcode: M117}]
    """
    async with house(tmp_path, text) as it:
        made = Automation(it.appliance, parse(text)[0], lambda: None)
        for _ in range(3 * MAX_RUNS):
            made.fire(Fired(None, {}))
            await eventually(lambda: not made._running)
        assert len(it.sent()) == MAX_RUNS
        assert "not again so soon" in caplog.text


async def test_what_can_never_work_is_said_at_the_start(tmp_path: Path) -> None:
    unknown = "{alias: A, triggers: {trigger: state, to: idle, printer: x}, actions: []}"
    with pytest.raises(SetupError, match="no printer 'x'"):
        async with house(tmp_path, unknown):
            pass
    listening = "{alias: A, triggers: {trigger: mqtt, topic: x}, actions: []}"
    with pytest.raises(SetupError, match="needs the component mqtt"):
        async with house(tmp_path, listening, broker=False):
            pass

    switching = """
    {alias: A, triggers: {trigger: state, to: idle}, actions: {power: {device: x, turn: on}}}
    """
    with pytest.raises(SetupError, match="no power device 'x'"):
        async with house(tmp_path, switching):
            pass


async def test_a_power_device_is_switched(tmp_path: Path) -> None:
    text = """
    http: {host: 127.0.0.1, port: 0}
    auth: {admin: admin, password: the-password-of-these-tests, api_key: KEY}
    printer: {id: one, platform: simulator, speed: 10}
    power:
      - {name: Lamp, type: gcode, printer: one, turn_on: M42 P1 S1, turn_off: M42 P1 S0}
    automation:
      - alias: Light
        triggers: {trigger: event, event: printer_connected}
        actions:
          - power: {device: Lamp, turn: on}
          - power: {device: Lamp, turn: toggle}
    """
    async with whole_appliance(tmp_path, text.replace("KEY", KEY)) as appliance:
        printer = appliance.use(PRINTERS).first

        def switched() -> bool:
            sent = [each.text for each in printer.console if each.text.startswith("M42 ")]
            return sent == ["M42 P1 S1", "M42 P1 S0"]

        await eventually(switched)
        async with aiohttp.ClientSession(appliance.use(HTTP).url) as client:

            async def over() -> list[dict[str, Any]]:
                """Return the runs; what a run sent is seen before it is over."""
                headers = {"X-Api-Key": KEY}
                async with client.get("/api/gantry/automations", headers=headers) as answer:
                    (light,) = (await answer.json())["automations"]
                running = any(run["outcome"] == "running" for run in light["runs"])
                return [] if running else light["runs"]

            (run,) = await eventually_answers(over)
    assert (run["outcome"], len(run["steps"])) == ("done", 2)


async def test_notifications_need_apprise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """
    alias: Tell me
    triggers: {trigger: event, event: job_completed}
    actions: [{notify: {message: "{{ printer.file }} is done", to: "json://secret@host"}}]
    """
    monkeypatch.setattr(notify, "AVAILABLE", False)
    with pytest.raises(SetupError, match="pip install apprise"):
        async with house(tmp_path, text):
            pass


class FakeApprise:
    """What we use of the library Apprise."""

    delivered: tuple[tuple[str, ...], str, str] | None = None

    def __init__(self) -> None:
        self._targets: list[str] = []

    def add(self, target: str) -> bool:
        self._targets.append(target)
        return "://" in target

    async def async_notify(self, *, body: str, title: str) -> bool:
        FakeApprise.delivered = (tuple(self._targets), title, body)
        return True


async def test_a_notification(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "apprise", type("module", (), {"Apprise": FakeApprise}))
    await notify.notify(["json://token@host"], "Gantry", "done")
    assert FakeApprise.delivered == (("json://token@host",), "Gantry", "done")
    with pytest.raises(InvalidRequest) as raised:
        await notify.notify(["a-secret"], "", "done")
    assert "a-secret" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "{alias: A, triggers: {trigger: dance}, actions: []}",
        "{alias: A, triggers: {trigger: event, event: nothing}, actions: []}",
        "{alias: A, triggers: {trigger: time, at: '25:00'}, actions: []}",
        "{alias: A, triggers: [], actions: [{gcode: '{% if %}'}]}",
        "{alias: A, triggers: [], actions: [{gcode: G28, job: pause}]}",
        "{alias: A, triggers: [], actions: [{job: fly}]}",
        "{alias: A, triggers: [], actions: [{http: {url: 'http://{{ x }}/'}}]}",
        "{alias: A, triggers: [], actions: [{http: {url: 'http://host{{ x }}/'}}]}",
        "{alias: A, triggers: [], actions: [{http: {url: 'file:///etc/passwd'}}]}",
        "{alias: A, triggers: [], actions: [{http: {url: 'http://me:secret@host/'}}]}",
        "{triggers: [], actions: []}",
    ],
)
def test_mistakes_are_found_in_the_configuration(text: str) -> None:
    with pytest.raises(vol.Invalid) as raised:
        parse(text)
    assert "secret" not in str(raised.value).replace("!secret", "")


@pytest.mark.parametrize(
    ("text", "now", "result"),
    [
        ("{condition: time, after: '22:00', before: '06:00'}", "2026-11-22 23:00", True),
        ("{condition: time, after: '22:00', before: '06:00'}", "2026-11-22 05:59", True),
        ("{condition: time, after: '22:00', before: '06:00'}", "2026-11-22 12:00", False),
        ("{condition: time, weekday: sun}", "2026-11-22 12:00", True),
        ("{condition: time, weekday: [mon, tue]}", "2026-11-22 12:00", False),
        ("{condition: not, conditions: {condition: template, value: 'yes'}}", "", False),
        ("{condition: template, value: '{{ answer == 42 }}'}", "", True),
        (
            """{condition: or, conditions: [{condition: template, value: 'no'},
            {condition: template, value: 'on'}]}""",
            "",
            True,
        ),
    ],
)
def test_conditions(text: str, now: str, result: bool) -> None:
    condition = automation.options.condition(YAML(typ="safe", pure=True).load(text))
    moment = datetime.fromisoformat(now or "2026-11-22 12:00")

    def nobody(_name: str | None) -> Any:
        raise AssertionError

    assert holds(condition, Situation(nobody, moment, {"answer": 42})) is result


def test_the_clock_knows_what_is_next() -> None:
    trigger: Mapping[str, Any] = parse(
        "{alias: A, triggers: {trigger: time, at: ['07:00', '22:30'], weekday: [sun, mon]},"
        " actions: []}"
    )[0]["triggers"][0]
    clock = Clock(trigger, lambda _: None, datetime.now)
    sunday = datetime.fromisoformat("2026-11-22 12:00")
    assert clock.next(sunday).isoformat() == "2026-11-22T22:30:00"
    late = datetime.fromisoformat("2026-11-23 22:30")
    assert clock.next(late).isoformat() == "2026-11-29T07:00:00"


async def test_the_clock_fires(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.fromisoformat("2026-11-22 06:59:59.990")
    fired: asyncio.Future[Fired] = asyncio.get_running_loop().create_future()
    moments = iter([now, now, datetime.fromisoformat("2026-11-22 07:00:00")])
    last = datetime.fromisoformat("2026-11-22 07:00:00")
    trigger = {"at": [7 * 3600], "weekday": ["sun"]}
    clock = Clock(trigger, fired.set_result, lambda: next(moments, last))
    task = asyncio.create_task(clock.run())
    assert (await fired).data["at"] == "07:00"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


# -- calls to other servers


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
    ],
)
async def test_this_machine_and_its_link_are_not_called(url: str) -> None:
    with pytest.raises(InvalidRequest):
        await http_call.call("get", url, {}, None)


class Everywhere(AbstractResolver):
    """Resolves every name to loopback, which only a test may call."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
        return [
            {
                "hostname": host,
                "host": "127.0.0.1",
                "port": port,
                "family": 2,
                "proto": 0,
                "flags": 0,
            }
        ]

    async def close(self) -> None:
        pass


async def test_a_call_sends_what_it_should_and_follows_nothing() -> None:
    heard: list[tuple[str, str, str]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        heard.append((request.method, request.path_qs, await request.text()))
        if request.path == "/moved":
            raise web.HTTPFound("/elsewhere")
        return web.Response(text="fine")

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        base = f"http://house.test:{port}"
        call = http_call.call
        assert await call("post", f"{base}/hook?x=1", {}, "body", Everywhere()) == 200
        assert await call("get", f"{base}/moved", {}, None, Everywhere()) == 302
        assert heard == [("POST", "/hook?x=1", "body"), ("GET", "/moved", "")]
        with pytest.raises(InvalidRequest, match="line end"):
            await call("get", f"{base}/a\r\nX: y", {}, None, Everywhere())
    finally:
        await runner.cleanup()

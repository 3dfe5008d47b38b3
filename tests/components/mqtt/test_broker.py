"""Brokers as they are: secured, strict, slow, dead, and back again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from appliance.components.mqtt import session as session_module
from appliance.components.mqtt.connection import MAX_PACKET
from appliance.components.mqtt.outbox import MAX_MESSAGES
from appliance.components.mqtt.session import MAX_IN_FLIGHT, Session
from appliance.domain.discovery import DISCOVERY, Service
from appliance.domain.job import JobKind, JobPhase, JobRequest
from tests.components.mqtt.certificates import make_certificates
from tests.components.mqtt.client import Watcher, watching
from tests.components.mqtt.mosquitto import Mosquitto, mosquitto
from tests.components.mqtt.running import Running, running
from tests.fakes import card_file
from tests.ports import free_port
from tests.waiting import deadline, eventually

BASE = "gantry/ender3"
PASSWORD = "correct-horse-battery"
# "gantry" with that password, hashed by mosquitto_passwd.
ACL = """
user gantry
topic readwrite gantry/#
topic readwrite homeassistant/#
"""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr(session_module, "LONGEST_PAUSE_S", 0.2)


async def print_something(run: Running) -> None:
    if not run.printer.snapshot.operational:
        run.printer.come_online()
    await run.printer.start(JobRequest(card_file("cube.gco", 1000), JobKind.SD))


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
@pytest.mark.parametrize("transport", ["tcp", "websockets"])
async def test_each_protocol_and_transport(
    tmp_path: Path, protocol: str, transport: str
) -> None:
    extra = free_port()
    lines = (
        "listener {port} 127.0.0.1\nallow_anonymous true\n"
        f"listener {extra} 127.0.0.1\nprotocol websockets\n"
    )
    async with mosquitto(tmp_path, lines) as broker, watching(broker.port) as watcher:
        port = broker.port if transport == "tcp" else extra
        options = {"port": port, "protocol": protocol, "transport": transport}
        async with running(tmp_path / "config", {**options, "commands": True}) as run:
            run.printer.come_online()
            await watcher.until(f"{BASE}/state", "idle")
            assert (await watcher.ask(BASE, "home"))["ok"]
            assert ("G28", "mqtt") in run.printer.sent


async def test_tls_with_a_client_certificate(tmp_path: Path) -> None:
    certificates = tmp_path / "certificates"
    certificates.mkdir()
    await asyncio.to_thread(make_certificates, certificates)
    plain = free_port()
    lines = (
        "per_listener_settings true\n"
        "listener {port} 127.0.0.1\n"
        f"cafile {certificates}/ca.pem\ncertfile {certificates}/server.pem\n"
        f"keyfile {certificates}/server.key\nrequire_certificate true\n"
        "use_identity_as_username true\n"
        f"listener {plain} 127.0.0.1\nallow_anonymous true\n"
    )
    async with mosquitto(tmp_path, lines) as broker, watching(plain) as watcher:
        tls = {
            "ca": str(certificates / "ca.pem"),
            "certificate": str(certificates / "client.pem"),
            "key": str(certificates / "client.key"),
        }
        options = {"port": broker.port, "tls": tls, "commands": True}
        async with running(tmp_path / "config", options) as run:
            run.printer.come_online()
            await watcher.until(f"{BASE}/state", "idle")
            # More than one packet in one record: what TLS has deciphered must not wait.
            for _ in range(10):
                watcher.send(f"{BASE}/command/home", "")
            await eventually(lambda: len(run.printer.sent) == 10)


# paho leaves the socket of a handshake that failed to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_broker_with_another_certificate_is_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    certificates = tmp_path / "certificates"
    certificates.mkdir()
    await asyncio.to_thread(make_certificates, certificates)
    lines = (
        "listener {port} 127.0.0.1\nallow_anonymous true\n"
        f"certfile {certificates}/server.pem\nkeyfile {certificates}/server.key\n"
    )
    async with mosquitto(tmp_path, lines) as broker:
        options = {"port": broker.port, "tls": True}
        async with running(tmp_path / "config", options, connected=False) as run:
            await eventually(lambda: "certificate" in caplog.text)
            assert not run.mqtt.connected


@asynccontextmanager
async def guarded(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    """Run a broker with a password and an access list, and a plain door for the watcher."""
    passwords = tmp_path / "passwords"
    process = await asyncio.create_subprocess_exec(
        "mosquitto_passwd", "-c", "-b", str(passwords), "gantry", PASSWORD,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await process.wait() == 0
    async with mosquitto(
        tmp_path,
        f"password_file {passwords}\nacl_file {{folder}}/acl\nallow_anonymous false\n",
        {"acl": ACL},
    ) as broker:
        yield broker


async def test_a_wrong_password_is_said_once_and_never_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with guarded(tmp_path) as broker:
        options = {"port": broker.port, "username": "gantry", "password": "wrong-secret"}
        async with running(tmp_path / "config", options, connected=False) as run:
            await eventually(lambda: "refuses us: Not authorized" in caplog.text)
            assert not run.mqtt.connected
            assert "wrong-secret" not in caplog.text
            assert caplog.text.count("refuses us") == 1


async def test_access_lists_that_forbid_some_topics_do_no_harm(tmp_path: Path) -> None:
    async with guarded(tmp_path) as broker:
        options = {
            "port": broker.port,
            "username": "gantry",
            "password": PASSWORD,
            "commands": True,
        }
        async with (
            watching(broker.port, "gantry/#", "gantry", PASSWORD) as watcher,
            running(tmp_path / "config", options) as run,
        ):
            run.mqtt.publish("elsewhere/forbidden", "x", qos=1)
            run.mqtt.subscribe("elsewhere/#", lambda _: None)
            run.printer.come_online()
            await watcher.until(f"{BASE}/state", "idle")
            assert (await watcher.ask(BASE, "home"))["ok"]
            assert not any(PASSWORD.encode() in m.payload for m in watcher.seen)


async def test_killed_and_started_again_in_mid_print(
    tmp_path: Path, broker: Mosquitto
) -> None:
    async with running(tmp_path / "config", {"port": broker.port, "interval": 0.1}) as run:
        await print_something(run)
        await broker.kill()
        await eventually(lambda: not run.mqtt.connected)
        run.printer.advance(500, 10)  # the print goes on
        await run.printer.pause(origin="test")
        await broker.start()  # it has forgotten everything
        async with watching(broker.port) as watcher:
            await watcher.until("gantry/_appliance/availability", "online")
            await watcher.until(f"{BASE}/state", "paused")
            await watcher.until(f"{BASE}/job/progress", "50")
            # What happened meanwhile was kept, and comes once.
            await eventually(
                lambda: (
                    any(b"job_paused" in m.payload for m in watcher.all(f"{BASE}/event"))
                    or b"job_paused" in watcher.latest.get(f"{BASE}/last_event", b"")
                )
            )
        assert run.printer.snapshot.phase is JobPhase.PAUSED


async def test_a_broker_that_stands_still_costs_neither_time_nor_memory(
    tmp_path: Path, broker: Mosquitto
) -> None:
    async with running(tmp_path / "config", {"port": broker.port, "interval": 0.1}) as run:
        await print_something(run)
        session = run.mqtt
        assert isinstance(session, Session)
        await eventually(lambda: session.waiting == 0)
        broker.pause()
        data = b"x" * 10_000
        for number in range(3 * MAX_MESSAGES):
            session.publish("gantry/flood", data, qos=1)
            run.printer.advance(number % 1000, number)
        # Only so much waits, the oldest are lost.
        assert session.waiting <= MAX_MESSAGES + MAX_IN_FLIGHT + 200
        broker.go_on()
        await eventually(lambda: session.waiting == 0)
        await run.printer.pause(origin="test")
        async with watching(broker.port) as watcher:
            await watcher.until(f"{BASE}/state", "paused")


async def test_the_last_will_says_that_we_are_gone(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    availability = "gantry/_appliance/availability"
    async with running(tmp_path / "config", {"port": broker.port}) as run:
        await watcher.until(availability, "online")
        session = run.mqtt
        assert isinstance(session, Session)
        connection = session._connection
        assert connection is not None
        connection._client.socket().shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        # It may be online again before anybody has looked.
        await eventually(lambda: len(watcher.said(availability)) >= 3, "we are back")
        assert watcher.said(availability) == ["online", "offline", "online"]


async def test_a_broker_that_hangs_up_at_once_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tried = 0

    def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tried
        tried += 1
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with running(tmp_path / "config", {"port": port}, connected=False):
        await eventually(lambda: tried > 3)
        server.close()
        await server.wait_closed()
    assert caplog.text.count("No connection to") <= 3


@pytest.mark.parametrize("answer", [b"\xff" * 64, b"\x20\x00", b"HTTP/1.1 400 Bad\r\n\r\n"])
async def test_what_is_no_broker_does_no_harm(tmp_path: Path, answer: bytes) -> None:
    tried = 0

    async def babble(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tried
        tried += 1
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with running(tmp_path / "config", {"port": port}, connected=False) as run:
        await eventually(lambda: tried > 1)
        assert not run.mqtt.connected
        server.close()
        await server.wait_closed()


async def test_thousands_of_retained_messages_do_not_delay_the_start(
    tmp_path: Path, broker: Mosquitto
) -> None:
    async with watching(broker.port, "nothing") as filler:
        for number in range(20_000):
            filler.client.publish(f"{BASE}/command/home/{number}", "now", 0, retain=True)
            filler.client.publish(f"{BASE}/old/{number}", "now", 0, retain=True)
        last = filler.client.publish(f"{BASE}/command/home", "", 1, retain=True)
        await asyncio.to_thread(last.wait_for_publish, 60)
    for protocol in ("5", "3.1.1"):
        options = {"port": broker.port, "commands": True, "protocol": protocol}
        async with (
            running(tmp_path / protocol.replace(".", ""), options) as run,
            watching(broker.port, f"{BASE}/response") as watcher,
        ):
            run.printer.come_online()
            assert (await watcher.ask(BASE, "home"))["ok"]
            assert [line for line, _ in run.printer.sent] == ["G28"]


async def test_a_broker_found_on_the_network(tmp_path: Path, broker: Mosquitto) -> None:
    class Looking:
        async def browse(self, kind: str, *, within_s: float = 3.0) -> list[Service]:
            assert kind == "_mqtt._tcp"
            return [Service("House", "house.local", ("127.0.0.1",), broker.port)]

    provided = {DISCOVERY: Looking()}
    async with running(tmp_path / "config", {"broker": "auto"}, provide=provided) as run:
        assert run.mqtt.connected


async def test_subscriptions_survive_the_broker(tmp_path: Path, broker: Mosquitto) -> None:
    heard: list[str] = []
    last: list[str] = []
    async with running(tmp_path / "config", {"port": broker.port}) as run:
        leave = run.mqtt.subscribe("house/+/door", lambda message: heard.append(message.text))
        await broker.kill()
        await broker.start()
        async with deadline("the door"), watching(broker.port) as watcher:
            await eventually(lambda: run.mqtt.connected)
            while "open" not in heard:
                watcher.send("house/shed/door", "open")
                await asyncio.sleep(0.05)
            run.mqtt.subscribe("house/last", lambda message: last.append(message.text))
            leave()
            watcher.send("house/shed/door", "shut")
            while "1" not in last:
                watcher.send("house/last", "1")
                await asyncio.sleep(0.05)
        assert "shut" not in heard


async def test_a_broker_that_sends_without_end_is_hung_up_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hung_up: list[int] = []

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent = 0
        await reader.read(1)
        writer.write(b"\x20\x03\x00\x00\x00")  # CONNACK of MQTT 5
        writer.write(b"\x30\xff\xff\xff\x7f\x00\x01x\x00")  # PUBLISH, 268,435,455 bytes
        with contextlib.suppress(ConnectionError):
            while sent < MAX_PACKET * 8:
                writer.write(bytes(65536))
                sent += 65536
                await writer.drain()
        hung_up.append(sent)
        writer.close()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, running(tmp_path / "config", {"port": port}, connected=False):
        await eventually(lambda: hung_up)
        await eventually(lambda: "a packet of 268435455 bytes" in caplog.text)
    assert hung_up[0] < MAX_PACKET * 8

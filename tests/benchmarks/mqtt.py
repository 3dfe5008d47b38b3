"""A printer at a broker: from being plugged in to its entities, and what telling them costs.

The dense file is printed; the core's CPU time is measured with the component and without.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from tests.benchmarks.appliances import PRINTER, Running, appliance, write_configuration
from tests.benchmarks.figures import Figure, figure
from tests.benchmarks.gcode import write_dense
from tests.benchmarks.peers import simulated
from tests.benchmarks.processes import BenchmarkFailed, cpu_seconds, end, until

BAUDRATE = 250000
PACE = 250
SECONDS = 10.0
SETTLE_S = 3.0
FILE = "dense.gcode"
PLUG_IN_S = 60.0


@dataclass
class Heard:
    """What came from the broker."""

    messages: int = 0
    payload_bytes: int = 0
    latest: dict[str, bytes] = field(default_factory=dict)

    def take(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.messages += 1
        self.payload_bytes += len(message.payload)
        self.latest[message.topic] = bytes(message.payload)

    @property
    def available(self) -> bool:
        """Whether Home Assistant knows the printer's entities, and that they are there."""
        ends = f"_{PRINTER}/config"
        announced = any(topic.endswith(ends) for topic in self.latest)
        return announced and self.latest.get(f"gantry/{PRINTER}/availability") == b"online"


def measure(folder: Path) -> Iterator[Figure]:
    write_configuration(folder / "config")
    write_dense(folder / "config" / "gcodes" / FILE, 100_000, PACE)
    with _broker(folder) as port, _listening(port) as heard:
        more = f"mqtt:\n  broker: 127.0.0.1\n  port: {port}\n  commands: true\n"
        nothing_yet = folder / "simulated"
        with (
            appliance(folder, nothing_yet, BAUDRATE, more=more) as running,
            simulated(folder, baudrate=BAUDRATE),
        ):
            begun = time.monotonic()
            for _ in until(PLUG_IN_S, "the entities are available"):
                if heard.available:
                    break
            yield figure("plugged in to available", "s", [time.monotonic() - begun])
            yield from _printing(running, heard)
    with (
        simulated(folder, baudrate=BAUDRATE) as printer,
        appliance(folder, printer.port, BAUDRATE) as running,
    ):
        yield figure("printing, CPU of the core per second without", "ms", [_used(running)])


def _printing(running: Running, heard: Heard) -> Iterator[Figure]:
    messages, size = heard.messages, heard.payload_bytes
    begun = time.monotonic()
    used = _used(running)
    seconds = time.monotonic() - begun
    yield figure("printing, messages a second", "/s", [(heard.messages - messages) / seconds])
    yield figure("printing, kB a second", "kB", [(heard.payload_bytes - size) / seconds / 1e3])
    yield figure("printing, CPU of the core per second", "ms", [used])


def _used(running: Running) -> float:
    """Print for a while; return the milliseconds of CPU time that a second takes."""
    running.wait_for_state("Operational")
    running.start(FILE)
    running.wait_for_state("Printing")
    time.sleep(SETTLE_S)
    begun, cpu = time.monotonic(), cpu_seconds(running.pid)
    time.sleep(SECONDS)
    return (cpu_seconds(running.pid) - cpu) / (time.monotonic() - begun) * 1000


@contextlib.contextmanager
def _broker(folder: Path) -> Iterator[int]:
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        raise BenchmarkFailed("mosquitto is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    configuration = folder / "mosquitto.conf"
    configuration.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    process = subprocess.Popen(
        [program, "-c", str(configuration)],
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        end(process)


@contextlib.contextmanager
def _listening(port: int) -> Iterator[Heard]:
    heard = Heard()
    client = Client(CallbackAPIVersion.VERSION2)
    client.on_message = heard.take
    client.on_connect = lambda c, *_: c.subscribe("#")
    for _ in until(10.0, "the broker listens"):
        with contextlib.suppress(OSError):
            client.connect("127.0.0.1", port)
            break
    client.loop_start()
    try:
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()

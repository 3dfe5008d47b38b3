"""Ways to a printer: found by itself, lost and back, by other transports, never twice."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import serial

from appliance.domain.job import JobResult
from appliance.domain.machine import Link
from appliance.domain.printer import FaultReason
from appliance.errors import PrinterOffline
from tests.engine_harness import engine
from tests.simulated import simulated_printer

PART = "\n".join(["G28", "G90", *(f"G1 X{n % 30} Y{n % 20} F6000" for n in range(120)), ""])


@pytest.fixture
def part(tmp_path: Path) -> Path:
    path = tmp_path / "part.gcode"
    path.write_text(PART)
    return path


def moves(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("G1 ")]


async def test_a_printer_is_found_among_ports_that_say_nothing(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    try:
        tty.setraw(slave)
        (tmp_path / "a-silent").symlink_to(os.ttyname(slave))
        async with (
            simulated_printer(tmp_path, speed=50) as printer,
            engine(
                tmp_path,
                port="",  # none is configured
                baudrate=None,
                additional_ports=(printer.port, str(tmp_path / "a-silent")),
                ignored_ports=("/dev/*",),
            ) as one,
        ):
            now = await one.until(lambda now: now.link is Link.ONLINE, within_s=60.0)
            assert now.connection.port == printer.port
            assert now.connection.baudrate == 115200
    finally:
        os.close(master)
        os.close(slave)


async def test_no_port_at_all_is_said_in_words(tmp_path: Path) -> None:
    async with engine(tmp_path, port="", baudrate=None, ignored_ports=("/dev/*",)) as one:
        now = await one.until(lambda now: now.link is Link.FAILED)
        assert now.fault is not None
        assert now.fault.reason is FaultReason.AUTODETECT
        with pytest.raises(PrinterOffline):
            await one.call("send", lines=["G28"], origin="test")


async def test_a_printer_that_is_switched_on_later_is_connected(tmp_path: Path) -> None:
    port = str(tmp_path / "printer")
    async with engine(tmp_path, port=port) as one:
        now = await one.until(lambda now: now.link is Link.FAILED)
        assert now.fault is not None
        assert now.fault.reason is FaultReason.PORT_LOST
        assert port in now.fault.message
        async with simulated_printer(tmp_path, speed=50) as printer:
            assert printer.port == port
            await one.online()


async def test_a_port_in_use_is_not_opened_twice(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    async with (
        simulated_printer(tmp_path, speed=50) as printer,
        engine(tmp_path, port=printer.port) as first,
    ):
        await first.online()
        async with engine(tmp_path / "second", port=printer.port) as second:
            now = await second.until(lambda now: now.link is Link.FAILED)
            assert now.fault is not None
            assert "in use" in now.fault.message
        assert first.snapshot.link is Link.ONLINE


async def test_two_printers_never_mix(tmp_path: Path, part: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    text = PART.replace("Y", "Z0.2 Y")
    (other / "part.gcode").write_text(text)
    async with (
        simulated_printer(tmp_path, speed=50) as left,
        simulated_printer(other, speed=50) as right,
        engine(tmp_path, port=left.port) as one,
        engine(other, port=right.port) as two,
    ):
        await asyncio.gather(one.online(), two.online())
        await asyncio.gather(one.print_file(part), two.print_file(other / "part.gcode"))
        jobs = await asyncio.gather(one.ended(), two.ended())
        assert [job.result for job in jobs] == [JobResult.COMPLETE] * 2
        assert moves(await left.accepted()) == moves(PART.splitlines())
        assert moves(await right.accepted()) == moves(text.splitlines())


async def test_the_stream_transport_prints_as_well(tmp_path: Path, part: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=50) as printer,
        engine(tmp_path, port=printer.port, transport="stream") as one,
    ):
        await one.online()
        await one.print_file(part)
        assert (await one.ended()).result is JobResult.COMPLETE
        assert moves(await printer.accepted()) == moves(PART.splitlines())


async def test_a_serial_server_over_tcp(tmp_path: Path, part: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=50) as printer,
        tcp_bridge(printer.port) as address,
        engine(tmp_path, port=f"socket://{address}") as one,
    ):
        await one.online()
        await one.print_file(part)
        assert (await one.ended()).result is JobResult.COMPLETE
        assert moves(await printer.accepted()) == moves(PART.splitlines())


@asynccontextmanager
async def tcp_bridge(port: str) -> AsyncIterator[str]:
    """Serve a serial port as ``ser2net`` does in raw mode."""
    line = serial.Serial(port, timeout=0)
    os.set_blocking(line.fileno(), False)
    writers: list[asyncio.StreamWriter] = []
    loop = asyncio.get_running_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        try:
            while data := await reader.read(4096):
                line.write(data)
        except ConnectionError:
            pass
        finally:
            writers.remove(writer)
            writer.close()

    def forward() -> None:
        data = os.read(line.fileno(), 4096)
        for writer in writers:
            writer.write(data)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    loop.add_reader(line.fileno(), forward)
    host, number = server.sockets[0].getsockname()[:2]
    try:
        yield f"{host}:{number}"
    finally:
        loop.remove_reader(line.fileno())
        server.close()
        await server.wait_closed()
        line.close()

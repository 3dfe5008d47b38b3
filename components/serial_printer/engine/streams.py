"""Other ways to a printer than a local tty's file descriptor.

`open_stream` uses pyserial-asyncio, for ``transport: stream`` and ``socket://`` addresses of
serial servers. ``rfc2217://`` has no file descriptor to watch: pyserial reads it in a thread
of its own, and so do we.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import serial
import serial_asyncio

from .port import Lost, PortError, Received, explain


class StreamPort(asyncio.Protocol):
    """A serial line by pyserial-asyncio."""

    def __init__(self, received: Received, lost: Lost) -> None:
        self._received = received
        self._lost = lost
        self._transport: asyncio.Transport | None = None
        self._open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin (called by asyncio)."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take bytes (called by asyncio)."""
        if self._open:
            self._received(data)

    def connection_lost(self, error: Exception | None) -> None:
        """Hear that the device is gone (called by asyncio)."""
        if self._open:
            self._open = False
            self._lost(str(error) if error else "the device hung up")

    def write(self, data: bytes) -> None:
        """Write now, or as soon as the device takes it."""
        if self._open and self._transport is not None:
            self._transport.write(data)

    def write_urgent(self, data: bytes) -> None:
        """Write; a stream has one queue, which the window keeps short."""
        self.write(data)

    def close(self) -> None:
        """Close at once; nothing more is received."""
        self._open = False
        if self._transport is not None:
            self._transport.abort()


class ThreadPort:
    """A serial line of pyserial that only a thread can read."""

    def __init__(self, line: serial.Serial, received: Received, lost: Lost) -> None:
        self._line = line
        self._received = received
        self._lost = lost
        self._open = True
        self._loop = asyncio.get_running_loop()
        self._writes: list[bytes] = []
        self._wake = threading.Condition()
        line.timeout = 0.2
        for work in (self._read, self._write):
            threading.Thread(target=work, name="serial-line", daemon=True).start()

    def write(self, data: bytes) -> None:
        """Hand over to the writing thread."""
        with self._wake:
            self._writes.append(data)
            self._wake.notify()

    def write_urgent(self, data: bytes) -> None:
        """Write before anything that still waits."""
        with self._wake:
            self._writes.insert(0, data)
            self._wake.notify()

    def close(self) -> None:
        """Close; the threads end by themselves."""
        self._open = False
        with self._wake:
            self._wake.notify()

    def _read(self) -> None:
        while self._open:
            try:
                data = self._line.read(max(1, self._line.in_waiting))
            except (OSError, serial.SerialException) as error:
                self._tell(self._fail, str(error))
                break
            if data:
                self._tell(self._deliver, data)
        self._line.close()

    def _write(self) -> None:
        while self._open:
            with self._wake:
                while not self._writes and self._open:
                    self._wake.wait()
                data, self._writes = b"".join(self._writes), []
            try:
                self._line.write(data)
            except (OSError, serial.SerialException) as error:
                self._tell(self._fail, str(error))
                return

    def _tell(self, what: Any, argument: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what, argument)

    def _deliver(self, data: bytes) -> None:
        if self._open:
            self._received(data)

    def _fail(self, reason: str) -> None:
        if self._open:
            self.close()
            self._lost(reason)


async def open_stream(
    device: str, baudrate: int, received: Received, lost: Lost
) -> StreamPort | ThreadPort:
    """Open ``device`` or an address; raise `PortError` with words for a person."""
    try:
        if device.startswith("rfc2217://"):
            return ThreadPort(
                await asyncio.to_thread(_open_line, device, baudrate), received, lost
            )
        port = StreamPort(received, lost)
        line = await asyncio.to_thread(_open_line, device, baudrate)
        transport, _ = await serial_asyncio.connection_for_serial(
            asyncio.get_running_loop(), lambda: port, line
        )
        port.connection_made(transport)
    except (OSError, serial.SerialException, ValueError) as error:
        raise PortError(explain(device, error)) from error
    return port


def _open_line(device: str, baudrate: int) -> serial.Serial:
    line: serial.Serial = serial.serial_for_url(device, do_not_open=True)
    line.baudrate = baudrate
    line.timeout = 0
    if "://" not in device:
        line.exclusive = True
    line.open()
    return line

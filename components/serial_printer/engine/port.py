"""The serial port: opened and configured by pyserial, then read and written raw.

Stream layers cost two to three times the CPU of `os.read` on a watched file descriptor
(measured 18 us against 65 us a round trip), and every line of a print pays it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import termios
import time
from collections.abc import Callable
from typing import Protocol

import serial

READ_SIZE = 4096
# More than this un-written means that the device takes nothing any more.
MAX_PENDING = 64 * 1024
# The capacitor between DTR and the reset pin of Arduino-like boards needs no more.
RESET_PULSE_S = 0.1


class PortError(Exception):
    """The port cannot be opened or used; the text is for a person."""


class Port(Protocol):
    """A serial line in use."""

    def write(self, data: bytes) -> None:
        """Write now, or as soon as the device takes it."""

    def write_urgent(self, data: bytes) -> None:
        """Write before anything that still waits."""

    def close(self) -> None:
        """Close at once; nothing more is received."""


Received = Callable[[bytes], None]
Lost = Callable[[str], None]


class RawPort:
    """A tty by its file descriptor, watched by the event loop."""

    def __init__(self, tty: serial.Serial, received: Received, lost: Lost) -> None:
        self._tty = tty
        self._fd: int = tty.fileno()
        self._received = received
        self._lost = lost
        self._pending = bytearray()
        self._open = True
        self._loop = asyncio.get_running_loop()
        os.set_blocking(self._fd, False)
        self._loop.add_reader(self._fd, self._read)

    def write(self, data: bytes) -> None:
        """Write now, or as soon as the device takes it."""
        if self._pending:
            self._pending += data
            return
        self._write_now(data)

    def write_urgent(self, data: bytes) -> None:
        """Write before anything that still waits; never in the middle of a line."""
        if not self._pending:
            self._write_now(data)
            return
        cut = self._pending.find(b"\n") + 1
        self._pending[cut:cut] = data

    def close(self) -> None:
        """Close at once; nothing more is received."""
        if not self._open:
            return
        self._open = False
        self._loop.remove_reader(self._fd)
        if self._pending:
            self._loop.remove_writer(self._fd)
        with contextlib.suppress(OSError, serial.SerialException):
            self._tty.close()

    def _write_now(self, data: bytes) -> None:
        if not self._open:
            return
        try:
            written = os.write(self._fd, data)
        except (BlockingIOError, InterruptedError):
            written = 0
        except OSError as error:
            self._fail(error)
            return
        if written < len(data):
            self._pending += data[written:]
            self._loop.add_writer(self._fd, self._flush)

    def _flush(self) -> None:
        try:
            written = os.write(self._fd, self._pending)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._fail(error)
            return
        del self._pending[:written]
        if not self._pending:
            self._loop.remove_writer(self._fd)

    def _read(self) -> None:
        try:
            data = os.read(self._fd, READ_SIZE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._fail(error)
            return
        if data:
            self._received(data)
        else:
            self._fail(OSError(errno.EIO, "the device hung up"))

    def _fail(self, error: OSError) -> None:
        if self._open:
            self.close()
            self._lost(error.strerror or str(error))


def open_tty(device: str, baudrate: int, *, keep_dtr: bool) -> serial.Serial:
    """Open and configure ``device``; blocking, so call it in a thread.

    ``keep_dtr``: do not touch DTR, so that a board which resets on it goes on as it is.
    """
    tty = serial.Serial()
    tty.port = device
    tty.baudrate = baudrate
    tty.timeout = 0
    tty.write_timeout = 0
    tty.exclusive = True
    if keep_dtr:
        _forbid_hangup(device)
        tty.dtr = True
        tty.rts = True
    try:
        tty.open()
    except (OSError, serial.SerialException, ValueError) as error:
        raise PortError(explain(device, error)) from error
    with contextlib.suppress(OSError, termios.error):
        _keep_line_on_close(tty.fileno())
    return tty


def explain(device: str, error: Exception) -> str:
    """Say in words why a port cannot be opened."""
    number = getattr(error, "errno", None)
    text = str(error).lower()
    if number == errno.ENOENT or "no such file" in text:
        return f"There is no {device}. Is the printer on and plugged in?"
    if number in (errno.EACCES, errno.EPERM) or "permission denied" in text:
        return f"{device} may not be opened: the user of Gantry must be in group dialout."
    if number in (errno.EBUSY, errno.EAGAIN) or "lock" in text or "busy" in text:
        return f"{device} is in use by another program."
    if isinstance(error, ValueError) or number == errno.EINVAL:
        return f"{device} does not take that baud rate."
    return f"{device} cannot be opened: {getattr(error, 'strerror', None) or error}"


def _forbid_hangup(device: str) -> None:
    """Clear HUPCL before pyserial opens, so that open and close do not drop DTR."""
    with contextlib.suppress(OSError, termios.error):
        fd = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            _keep_line_on_close(fd)
        finally:
            os.close(fd)


def _keep_line_on_close(fd: int) -> None:
    attributes = termios.tcgetattr(fd)
    attributes[2] &= ~termios.HUPCL
    termios.tcsetattr(fd, termios.TCSANOW, attributes)


def pulse_dtr(device: str) -> None:
    """Reset a board by its DTR line; blocking. A pty has none: then nothing happens."""
    tty = serial.Serial()
    tty.port = device
    tty.exclusive = True
    try:
        tty.open()
    except (OSError, serial.SerialException) as error:
        raise PortError(explain(device, error)) from error
    try:
        with contextlib.suppress(OSError):
            tty.dtr = False
            time.sleep(RESET_PULSE_S)
            tty.dtr = True
    finally:
        tty.close()

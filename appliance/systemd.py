"""Tell systemd how we are: a datagram to the socket that it names (sd_notify(3))."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket


def notify(*lines: str) -> bool:
    """Send lines such as ``READY=1``; return whether anybody listens."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return False
    if address.startswith("@"):  # the abstract name space
        address = "\0" + address[1:]
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender,
    ):
        sender.setblocking(False)
        sender.sendto("\n".join(lines).encode(), address)
        return True
    return False


def watchdog_interval_s() -> float | None:
    """Return how often ``WATCHDOG=1`` is due: twice as often as systemd insists on."""
    wanted = os.environ.get("WATCHDOG_USEC", "")
    if not wanted.isdecimal() or os.environ.get("WATCHDOG_PID") not in (
        None,
        str(os.getpid()),
    ):
        return None
    return int(wanted) / 1e6 / 2 or None


async def feed_watchdog() -> None:
    """Say that the event loop turns; systemd starts us again when it no longer does."""
    while (interval_s := watchdog_interval_s()) is not None:
        notify("WATCHDOG=1")
        await asyncio.sleep(interval_s)

"""What is written to the card while nobody does anything but look on."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import aiohttp

from image.vm.printer import UsbPrinter

if TYPE_CHECKING:
    from image.vm.machine import Machine
    from image.vm.rehearsal import Rehearsal

# Of flash that wears out: an hour of a printer that waits.
MOST_AN_HOUR = 1_000_000
_SETTLED_S = 300  # after the start: two reports, what a first start stores
_SECTOR = 512
_SECTORS = "awk '$3 == \"vda\" {print $10}' /proc/diskstats"
# By each process, what it made dirty; those that have ended are missing.
_WRITERS = (
    "for p in /proc/[0-9]*; do echo $(awk '/^write_bytes/ {print $2}' $p/io) $(cat $p/comm); "
    "done 2>/dev/null"
)
_OBJECTS = ("extruder", "heater_bed", "toolhead", "print_stats", "display_status")


def quiet(self: Rehearsal) -> Iterator[str]:
    """Measure the writes of an hour with a printer connected and a page looking on."""
    with UsbPrinter(self.folder, 1.0) as printer:
        machine = self.boot(printer.link)
        self.enter()
        self.visitor.wait_for_printer()
        with _looking_on(machine, self.key) as seen:
            machine.wait_until(lambda: seen.messages, "news for the page")
            machine.wait_until(
                lambda: float(machine.shell("cut -d' ' -f1 /proc/uptime")) > _SETTLED_S,
                "the end of the start",
                2 * _SETTLED_S,
            )
            machine.shell("touch /run/quiet-begins")
            told = seen.messages
            sectors, writers = int(machine.shell(_SECTORS)), _writers(machine)
            for minute in range(1, self.quiet_minutes + 1):
                time.sleep(60)
                if minute % 10 == 0 or minute == self.quiet_minutes:
                    written = (int(machine.shell(_SECTORS)) - sectors) * _SECTOR
                    yield f"after {minute} minutes: {written // 1024} KiB written"
            assert seen.messages > told, "the page was told nothing"
            yield f"the page was told {seen.messages - told} times"
            yield "made dirty by:"
            for name, size in (_writers(machine) - writers).most_common(12):
                yield f"    {name}: {size // 1024} KiB"
            changed = "find /data -xdev -newer /run/quiet-begins -printf '%P, %s bytes\\n'"
            yield "changed on the data partition:"
            yield from (f"    {line}" for line in machine.shell(changed).splitlines())
        hourly = written * 60 / self.quiet_minutes
        yield f"that is {hourly / 1e6:.2f} MB an hour"
        assert hourly < MOST_AN_HOUR
        self.switch_off()


def _writers(machine: Machine) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in machine.shell(_WRITERS).splitlines():
        size, _, name = line.partition(" ")
        if size.isdecimal() and name:
            found[name] += int(size)
    return found


class _Page:
    """A front end that listens, as Mainsail does."""

    def __init__(self, port: int, key: str) -> None:
        self.messages = 0
        self._port = port
        self._key = key

    async def listen(self) -> None:
        """Subscribe, and count what comes."""
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(
                f"http://127.0.0.1:{self._port}/websocket", headers={"X-Api-Key": self._key}
            ) as link,
        ):
            asked = {"objects": dict.fromkeys(_OBJECTS)}
            await link.send_json(_request("printer.objects.subscribe", asked))
            async for _ in link:
                self.messages += 1


def _request(method: str, params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}


@contextmanager
def _looking_on(machine: Machine, key: str) -> Iterator[_Page]:
    """Have a page open as long as the block."""
    page = _Page(machine.port, key)
    loop = asyncio.new_event_loop()
    task = loop.create_task(page.listen())
    thread = threading.Thread(target=_run, args=(loop, task))
    thread.start()
    try:
        yield page
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    try:
        loop.run_until_complete(task)
    except asyncio.CancelledError:
        pass
    finally:
        loop.close()

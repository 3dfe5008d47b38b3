"""One print from the command line: upload, start, watch, and let the person cancel."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from appliance.printing.display import Display, duration
from appliance.printing.news import Watch, is_busy
from appliance.printing.outcome import CannotPrint, Outcome, Unreachable
from appliance.printing.remote import Remote

# Connecting can mean to try ports and baud rates.
_CONNECT_S = 120.0
_LOOK_EVERY_S = 0.5
# A second Ctrl-C within this time cancels; later it is a first one again.
SECOND_INTERRUPT_S = 10.0
# The appliance may restart in the middle of a print, which goes on meanwhile.
_AWAY_S = 120.0


class Session:
    """The print of one file."""

    def __init__(self, remote: Remote, display: Display, file: Path) -> None:
        self._remote = remote
        self._display = display
        self._file = file
        self._left = asyncio.Event()
        self._asked_at: float | None = None
        self._cancelling: asyncio.Task[None] | None = None
        self._watch: Watch | None = None

    async def run(self) -> Outcome:
        """Print the file and return how it ended."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._interrupted)
        loop.add_signal_handler(signal.SIGTERM, self._left.set)
        try:
            version = await self._remote.check()
            self._display.say(f"Printing {self._file.name} by {version}")
            await self._wait_for_printer()
            total = self._file.stat().st_size
            path = await self._remote.upload(
                self._file, lambda sent: self._display.show_upload(sent, total)
            )
            self._display.close_line()
            return await self._print(path)
        finally:
            self._display.close_line()
            loop.remove_signal_handler(signal.SIGINT)
            loop.remove_signal_handler(signal.SIGTERM)
            if self._cancelling is not None:
                await self._cancelling

    async def _wait_for_printer(self) -> None:
        """Wait until the printer can take a job; connect it if nobody does."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + _CONNECT_S
        asked = False
        while True:
            state = await self._remote.connection()
            if state == "Operational":
                return
            if is_busy(state):
                message = f"the printer is busy ({state})"
                raise CannotPrint(message)
            if state == "Closed" and not asked:
                asked = True
                self._display.say("Connecting to the printer")
                await self._remote.connect_printer()
            if loop.time() > ends:
                message = f"the printer does not answer ({state})"
                raise CannotPrint(message)
            if await self._leaves_within(_LOOK_EVERY_S):
                raise CannotPrint("interrupted before the print began")

    async def _print(self, path: str) -> Outcome:
        self._watch = watch = Watch(path)
        async with self._remote.push() as messages:
            await self._remote.start(path)
            outcome = await self._follow(watch, messages)
        while outcome is None:
            outcome = await self._follow_again(watch)
        return self._tell(watch, outcome)

    async def _follow(
        self, watch: Watch, messages: AsyncIterator[dict[str, Any]]
    ) -> Outcome | None:
        """Watch until the print is over; None if the line breaks."""
        left = asyncio.ensure_future(self._left.wait())
        try:
            while watch.outcome is None:
                coming = asyncio.ensure_future(anext(messages, None))
                await asyncio.wait({coming, left}, return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    coming.cancel()
                    with suppress(asyncio.CancelledError):
                        await coming
                    return Outcome.LEFT
                message = coming.result()
                if message is None:
                    return None
                watch.hear(message)
                if watch.running:
                    self._display.show(watch.status)
            return watch.outcome
        finally:
            left.cancel()

    async def _follow_again(self, watch: Watch) -> Outcome | None:
        """Look for the appliance again, and at what became of the print meanwhile."""
        self._display.say("The appliance does not answer; the print goes on without it.")
        loop = asyncio.get_running_loop()
        ends = loop.time() + _AWAY_S
        while True:
            try:
                async with self._remote.push() as messages:
                    watch.look(await self._remote.job())
                    return await self._follow(watch, messages)
            except Unreachable:
                if loop.time() > ends:
                    raise
            if await self._leaves_within(_LOOK_EVERY_S):
                return Outcome.LEFT

    async def _leaves_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._left.wait()
        return self._left.is_set()

    def _interrupted(self) -> None:
        """Ask at the first Ctrl-C, cancel at the second."""
        if self._watch is None:
            self._left.set()
            return
        now = asyncio.get_running_loop().time()
        if self._asked_at is None or now > self._asked_at + SECOND_INTERRUPT_S:
            self._asked_at = now
            self._display.say(
                f"Press Ctrl-C again within {SECOND_INTERRUPT_S:.0f} s to cancel the print."
            )
        elif self._cancelling is None:
            self._display.say("Cancelling")
            self._cancelling = asyncio.ensure_future(self._cancel())

    async def _cancel(self) -> None:
        try:
            await self._remote.cancel()
        except (CannotPrint, Unreachable) as error:
            self._display.say(str(error))

    def _tell(self, watch: Watch, outcome: Outcome) -> Outcome:
        elapsed = watch.status.elapsed_s
        after = f" after {duration(elapsed)}" if elapsed is not None else ""
        texts = {
            Outcome.COMPLETE: f"Printed{after}.",
            Outcome.CANCELLED: f"Cancelled{after}.",
            Outcome.FAILED: f"The print failed{after}: {watch.cause or 'see the log'}",
            Outcome.LEFT: "The print goes on.",
        }
        self._display.say(texts[outcome])
        return outcome

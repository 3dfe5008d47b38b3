"""The core's end of an engine's socket: frames in, calls out."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from appliance import errors
from appliance.errors import DomainError, PrinterOffline, PrinterRefused

from .contract import MAX_FRAME

CONNECT_TIMEOUT_S = 30.0  # a small board reads from a slow card
ANSWER_S = 5.0  # to what needs neither the printer nor the disk
# An engine that says nothing is asked whether it is there, and again after each pause; by so
# many questions without a word it hangs. Counted, for it may be we who were stopped.
PAUSE_S = 2.0
MOST_MISSED = 5
SILENT_S = PAUSE_S * MOST_MISSED
# A call is given up so much later than the engine itself refuses to begin with it.
GRACE_S = 1.0
_RETRY_S = 0.02
_HANGS = "the print engine does not answer"


class EngineClient:
    """One connection to an engine; ``frame`` is called for everything that is no answer.

    An engine that is stopped or stuck keeps its connection and may go on at any time: calls
    fail while it `hangs`, ``hanging`` is told, and nothing of what failed is done later.
    """

    def __init__(
        self,
        frame: Callable[[dict[str, Any]], None],
        hanging: Callable[[], None] = lambda: None,
    ) -> None:
        self._frame = frame
        self._hanging = hanging
        self._missed = 0  # pauses in a row without a word
        self._asked = False
        self.hangs = False
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[asyncio.Future[Any], float]] = {}
        self.gone: asyncio.Event = asyncio.Event()

    @property
    def attached(self) -> bool:
        """Whether calls can be made."""
        return self._writer is not None

    async def attach(self, path: Path) -> None:
        """Connect; raise OSError when nobody serves ``path``."""
        self.gone.clear()
        self._reader, self._writer = await asyncio.open_unix_connection(
            str(path), limit=MAX_FRAME
        )

    async def attach_started(self, path: Path) -> None:
        """Connect to an engine that is just being started."""
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            while True:
                try:
                    await self.attach(path)
                except OSError:
                    await asyncio.sleep(_RETRY_S)
                else:
                    return

    async def read(self) -> None:
        """Take frames until the engine goes away."""
        reader = self._reader
        if reader is None:
            return
        watch = asyncio.create_task(self._watch(), name="watch an engine")
        try:
            while line := await reader.readline():
                self._heard()
                self._take(orjson.loads(line))
        except (ConnectionError, ValueError):
            return  # cut off in the middle of a frame
        finally:
            watch.cancel()
            self.detach()

    def detach(self) -> None:
        """Close the connection; whoever waits for an answer learns it."""
        writer, self._writer = self._writer, None
        self.gone.set()
        if writer is not None:
            writer.close()
        self._missed, self._asked, self.hangs = 0, False, False
        waiting, self._waiting = self._waiting, {}
        for future, _ in waiting.values():
            if not future.done():
                future.set_exception(PrinterOffline("the print engine went away"))

    async def call(self, verb: str, **arguments: Any) -> Any:
        """Call a verb and return its result; the engine's domain errors are raised here."""
        if self.hangs:
            raise PrinterOffline(_HANGS)
        return await self._call(verb, arguments, until=time.monotonic() + SILENT_S)

    async def call_however_late(self, verb: str, **arguments: Any) -> Any:
        """Call a verb that is carried out even if the engine comes back after an hour."""
        return await self._call(verb, arguments, until=None)

    async def _call(self, verb: str, arguments: dict[str, Any], until: float | None) -> Any:
        writer = self._writer
        if writer is None:
            message = "the print engine is not running"
            raise PrinterOffline(message)
        future = asyncio.get_running_loop().create_future()
        patience = 0.0 if self.hangs else SILENT_S + GRACE_S
        number = self._write(writer, verb, arguments, until)
        self._waiting[number] = future, time.monotonic() + patience
        try:
            return await future
        finally:
            self._waiting.pop(number, None)

    def _write(
        self,
        writer: asyncio.StreamWriter,
        verb: str,
        arguments: dict[str, Any],
        until: float | None = None,
    ) -> int:
        number = next(self._numbers)
        frame = {"call": number, "verb": verb, "with": arguments, "until": until}
        writer.write(orjson.dumps(frame) + b"\n")
        return number

    async def call_soon(self, verb: str, **arguments: Any) -> Any:
        """Call a verb that waits for no printer: an engine that hangs is as good as gone."""
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self.call(verb, **arguments)
        except TimeoutError:
            raise PrinterOffline(_HANGS) from None

    # -- whether it is there

    async def _watch(self) -> None:
        """Ask an engine that is silent for a word; give up what it does not answer."""
        while True:
            await asyncio.sleep(PAUSE_S)
            self._missed += 1
            if self._missed > MOST_MISSED:
                self._give_up()
            elif not self._asked and self._writer is not None:
                self._asked = True
                self._write(self._writer, "ping", {})

    def _give_up(self) -> None:
        if not self.hangs:
            self.hangs = True
            self._hanging()
        now = time.monotonic()
        for future, end in self._waiting.values():
            if now >= end and not future.done():
                future.set_exception(PrinterOffline(_HANGS))

    def _heard(self) -> None:
        self._missed, self._asked = 0, False
        if self.hangs:
            self.hangs = False
            self._hanging()

    def _take(self, frame: dict[str, Any]) -> None:
        number = frame.get("answer")
        if number is None:
            self._frame(frame)
            return
        future, _ = self._waiting.get(number, (None, 0.0))
        if future is None or future.done():
            return
        error = frame.get("error")
        if error is None:
            future.set_result(frame.get("result"))
        else:
            kind = getattr(errors, error["kind"], PrinterRefused)
            known = kind if issubclass(kind, DomainError) else PrinterRefused
            future.set_exception(known(error["message"]))

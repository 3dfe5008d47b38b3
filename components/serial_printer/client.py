"""The core's end of an engine's socket: frames in, calls out."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from appliance import errors
from appliance.errors import DomainError, PrinterOffline, PrinterRefused

from .contract import MAX_FRAME

CONNECT_TIMEOUT_S = 30.0  # a small board reads from a slow card
ANSWER_S = 5.0  # to what needs neither the printer nor the disk
_RETRY_S = 0.02


class EngineClient:
    """One connection to an engine; ``frame`` is called for everything that is no answer."""

    def __init__(self, frame: Callable[[dict[str, Any]], None]) -> None:
        self._frame = frame
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
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
        try:
            while line := await reader.readline():
                self._take(orjson.loads(line))
        except (ConnectionError, ValueError):
            return  # cut off in the middle of a frame
        finally:
            self.detach()

    def detach(self) -> None:
        """Close the connection; whoever waits for an answer learns it."""
        writer, self._writer = self._writer, None
        self.gone.set()
        if writer is not None:
            writer.close()
        waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            if not future.done():
                future.set_exception(PrinterOffline("the print engine went away"))

    async def call(self, verb: str, **arguments: Any) -> Any:
        """Call a verb and return its result; the engine's domain errors are raised here."""
        writer = self._writer
        if writer is None:
            message = "the print engine is not running"
            raise PrinterOffline(message)
        number = next(self._numbers)
        future = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            frame = {"call": number, "verb": verb, "with": arguments}
            writer.write(orjson.dumps(frame) + b"\n")
            return await future
        finally:
            self._waiting.pop(number, None)

    async def call_soon(self, verb: str, **arguments: Any) -> Any:
        """Call a verb that waits for no printer: an engine that hangs is as good as gone."""
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self.call(verb, **arguments)
        except TimeoutError:
            raise PrinterOffline("the print engine does not answer") from None

    def _take(self, frame: dict[str, Any]) -> None:
        number = frame.get("answer")
        if number is None:
            self._frame(frame)
            return
        future = self._waiting.get(number)
        if future is None or future.done():
            return
        error = frame.get("error")
        if error is None:
            future.set_result(frame.get("result"))
        else:
            kind = getattr(errors, error["kind"], PrinterRefused)
            known = kind if issubclass(kind, DomainError) else PrinterRefused
            future.set_exception(known(error["message"]))

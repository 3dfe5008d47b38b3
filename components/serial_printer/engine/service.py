"""The engine's Unix socket: snapshots and events out, verbs in.

The core may come and go; the engine prints on. A core that attaches gets the version, a
full snapshot, and what happened while nobody listened (bounded). A core that does not
read is dropped: it will attach again and get everything.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import struct
import time
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from appliance import __version__
from appliance.components.serial_printer.contract import MAX_FRAME, PROTOCOL, EngineSettings
from appliance.domain.difference import difference
from appliance.domain.job import JobFile, JobRequest, JobScripts
from appliance.domain.printer import Snapshot
from appliance.domain.wire import from_plain, to_plain
from appliance.errors import (
    DomainError,
    InvalidRequest,
    PrinterBusy,
    PrinterOffline,
    PrinterRefused,
)

from .engine import Engine
from .execution import Interrupted
from .ports import list_serial_ports

_LOGGER = logging.getLogger(__name__)

FLUSH_S = 0.25
EVENTS_KEPT = 200
# A core that lets so much pile up does not read any more.
MAX_BACKLOG = 8 * 1024 * 1024

Verb = Callable[[dict[str, Any]], Awaitable[Any]]


class Service:
    """Serves one engine to the core."""

    def __init__(self, path: Path, journal: Path) -> None:
        self._path = path
        self._loop = asyncio.get_running_loop()
        self.engine = Engine(journal, changed=self._changed, tell=self.tell)
        self.quit = asyncio.Event()
        self._told = Snapshot()
        self._events: deque[tuple[int, str]] = deque(maxlen=EVENTS_KEPT)
        self._event_number = 0
        self._core: asyncio.StreamWriter | None = None
        self._flushing = False
        self._connections: set[asyncio.Task[Any]] = set()
        self._calls: set[asyncio.Task[None]] = set()
        self._verbs: dict[str, Verb] = self._make_verbs()

    # -- life

    async def run(self) -> None:
        """Serve until `quit` is set."""
        server = await asyncio.start_unix_server(
            self._attached, path=str(self._path), limit=MAX_FRAME
        )
        self._path.chmod(0o600)
        work = [
            asyncio.create_task(self.engine.run()),
            asyncio.create_task(self._keep_telling()),
            asyncio.create_task(self._leave_when_abandoned()),
        ]
        quitting = asyncio.create_task(self.quit.wait())
        try:
            done, _ = await asyncio.wait(
                [*work, quitting], return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()  # an error of ours ends the engine, loudly
        finally:
            quitting.cancel()
            for task in work:
                task.cancel()
            server.close()
            with contextlib.suppress(FileNotFoundError):
                self._path.unlink()
            await self.engine.shut_down("The print engine was told to stop.")
            self._flush()
            if self._core is not None:
                self._core.close()
            await asyncio.gather(*self._connections, return_exceptions=True)

    def tell(self, event: str, payload: dict[str, Any]) -> None:
        """Tell the core what happened; kept for a core that is away."""
        if event == "temperatures":
            if self._core is not None:
                self._write_text(f'{{"temperatures": {payload["sample"]}}}')
            return
        self._flush()  # facts come after the state that they are about
        self._event_number += 1
        frame = json.dumps({"event": event, "number": self._event_number, **payload})
        self._events.append((self._event_number, frame))
        self._write_text(frame)

    # -- connections

    async def _attached(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if not _is_ours(writer):
            _LOGGER.warning("Refused a connection from another user")
            writer.close()
            return
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)
        former, self._core = self._core, writer
        if former is not None:
            former.close()
        self._welcome()
        try:
            while line := await reader.readline():
                self._call(json.loads(line), writer)
        except (ConnectionError, ValueError) as error:
            _LOGGER.info("The core went away: %s", error)
        finally:
            if self._core is writer:
                self._core = None
            writer.close()

    def _welcome(self) -> None:
        self._told = self.engine.snapshot()
        self._write({"hello": PROTOCOL, "version": __version__, "pid": os.getpid()})
        self._write({"snapshot": to_plain(self._told)})
        self._write(
            {
                "backlog": {
                    "events": [json.loads(frame) for _, frame in self._events],
                    "console": self.engine.console.last(300),
                    "temperatures": [
                        json.loads(sample) for sample in self.engine.state.samples
                    ],
                }
            }
        )
        self.engine.console.news()

    def _call(self, frame: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._answer(frame, writer))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        task.add_done_callback(lambda done: self._excuse(done, frame.get("call"), writer))

    def _excuse(
        self, task: asyncio.Task[None], number: object, writer: asyncio.StreamWriter
    ) -> None:
        """Answer also where an error of ours came out, so that nobody waits for ever."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _LOGGER.error("A call failed", exc_info=error)
            if writer is self._core:
                kind = PrinterRefused.__name__
                self._write(_error(number, kind, f"an error in Gantry: {error!r}"))

    async def _answer(self, frame: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        number = frame.get("call")
        try:
            _check_in_time(frame.get("until"))
            verb = self._verbs[str(frame["verb"])]
            result = await verb(frame.get("with") or {})
            answer: dict[str, Any] = {"answer": number, "result": to_plain(result)}
        except DomainError as error:
            answer = _error(number, type(error).__name__, str(error))
        except Interrupted as error:
            known = PrinterRefused if self.engine.dialogue.is_open else PrinterOffline
            answer = _error(number, known.__name__, str(error))
        except (KeyError, TypeError, ValueError) as error:
            answer = _error(number, InvalidRequest.__name__, f"not understood: {error}")
        self._flush()
        if writer is self._core:
            self._write(answer)

    # -- telling

    def _changed(self) -> None:
        """Something changed that people wait for: tell it in this turn of the loop."""
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            self._flush()

    def _flush(self) -> None:
        self._flushing = False
        if self._core is None:
            return
        snapshot = self.engine.snapshot()
        changed = difference(self._told, snapshot)
        if changed:
            self._told = snapshot
            self._write({"changed": changed})
        if lines := self.engine.console.news():
            self._write({"console": lines})

    def _write(self, frame: dict[str, Any]) -> None:
        self._write_text(json.dumps(frame))

    def _write_text(self, text: str) -> None:
        core = self._core
        if core is None:
            return
        core.write(text.encode() + b"\n")
        if core.transport.get_write_buffer_size() > MAX_BACKLOG:
            _LOGGER.warning("The core does not read; dropping it")
            self._core = None
            core.transport.abort()

    async def _leave_when_abandoned(self) -> None:
        """With no core and nothing to do, the engine is of no use to anybody."""
        alone_since = self._loop.time()
        while True:
            await asyncio.sleep(1.0)
            if self._core is not None or self.engine.state.phase.active:
                alone_since = self._loop.time()
            elif self._loop.time() - alone_since > self.engine.settings.abandoned_exit_s:
                _LOGGER.info("No core came back; leaving")
                self.quit.set()

    # -- verbs

    def _make_verbs(self) -> dict[str, Verb]:  # noqa: C901 - a table of small functions
        engine = self.engine

        async def configure(arguments: dict[str, Any]) -> None:
            engine.configure(from_plain(EngineSettings, arguments["settings"]))

        async def start(arguments: dict[str, Any]) -> Any:
            scripts = arguments.get("scripts")
            return await engine.start(
                from_plain(JobRequest, arguments["request"]),
                from_plain(JobScripts, scripts) if scripts is not None else None,
            )

        async def send(arguments: dict[str, Any]) -> Any:
            return await engine.send(
                arguments["lines"], arguments["origin"], wait=arguments.get("wait", False)
            )

        async def select(arguments: dict[str, Any]) -> None:
            file = arguments.get("file")
            await engine.select(from_plain(JobFile, file) if file is not None else None)

        async def ports(arguments: dict[str, Any]) -> Any:
            return await asyncio.to_thread(list_serial_ports)

        async def plan_pause(arguments: dict[str, Any]) -> None:
            engine.runner.plan_pause(arguments.get("layer"), arguments.get("height"))

        async def exclude(arguments: dict[str, Any]) -> None:
            engine.runner.exclude(arguments["name"])

        async def recover(arguments: dict[str, Any]) -> Any:
            engine.require_online()
            return await engine.recovery.recover(arguments["job_id"])

        async def refresh_sd(arguments: dict[str, Any]) -> None:
            engine.require_online()
            engine.sd.refresh()

        async def console(arguments: dict[str, Any]) -> None:
            engine.console.everything = bool(arguments["everything"])

        async def ping(arguments: dict[str, Any]) -> None:
            """Be there."""

        async def leave(arguments: dict[str, Any]) -> None:
            if engine.state.phase.active:
                message = "the engine has a job"
                raise PrinterBusy(message)
            self.quit.set()

        return {
            "configure": configure,
            "connect": lambda a: engine.connect(a.get("port"), a.get("baudrate")),
            "disconnect": lambda a: engine.disconnect(),
            "send": send,
            "start": start,
            "select": select,
            "pause": lambda a: engine.pause(a["origin"]),
            "resume": lambda a: engine.resume(a["origin"]),
            "cancel": lambda a: engine.cancel(a["origin"]),
            "emergency_stop": lambda a: engine.emergency_stop(a["origin"]),
            "reset": lambda a: engine.reset(),
            "answer": lambda a: engine.answer(int(a["button"]), a["origin"]),
            "acknowledge": lambda a: engine.acknowledge(),
            "set_offset": lambda a: engine.set_offset(a["heater"], float(a["offset"])),
            "refresh_sd": refresh_sd,
            "delete_sd": lambda a: engine.sd.delete(a["name"]),
            "exclude": exclude,
            "plan_pause": plan_pause,
            "recovery_plan": lambda a: engine.recovery.plan(),
            "recover": recover,
            "ports": ports,
            "console": console,
            "leave": leave,
            "ping": ping,
        }


def _check_in_time(until: float | None) -> None:
    """Refuse a call that nobody waits for any more: this process was stopped meanwhile.

    ``until`` is by the monotonic clock, which is one for all processes of a computer.
    """
    if until is not None and time.monotonic() > until:
        message = "the print engine did not answer in time"
        raise PrinterOffline(message)


def _error(number: object, kind: str, message: str) -> dict[str, Any]:
    return {"answer": number, "error": {"kind": kind, "message": message}}


def _is_ours(writer: asyncio.StreamWriter) -> bool:
    """Whether the peer is the same user, or root."""
    connection = writer.get_extra_info("socket")
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    _, uid, _ = struct.unpack("3i", credentials)
    return uid in (os.getuid(), 0)

"""Making a connection: open, find out who is there, ask what it can, and come back.

One task does it: it opens the port, says hello until it is understood, reads M115 and the
settings, and when the port is lost it tries again with growing pauses, on the same device
or wherever the same printer turns up.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from appliance.components.serial_printer.contract import BAUDRATES, EngineSettings
from appliance.domain.machine import Link
from appliance.domain.printer import Connection, Fault, FaultReason
from appliance.domain.telemetry import Firmware

from .dialect import UNKNOWN, Dialect, recognise, recognise_banner
from .dialogue import Dialogue
from .execution import Execute, Interrupted
from .faults import classify
from .framing import frame_reset
from .meatpack import DISABLE, ENABLE, NO_SPACES, RESET
from .port import Port, PortError, RawPort, explain, open_tty, pulse_dtr
from .ports import candidates, find_same
from .replies import (
    FirmwareInfo,
    HostState,
    Ok,
    PositionReport,
    Problem,
    Reply,
    Started,
    Temperatures,
    Text,
)
from .state import State
from .streams import open_stream

_LOGGER = logging.getLogger(__name__)
_COUNT = re.compile(r"[0-9]{1,2}")

# How long a board may take from opening to its banner before we speak first.
BANNER_S = 1.2
# A banner is over when nothing came for so long.
QUIET_S = 0.35
BANNER_LIMIT_S = 8.0
KEPT_BANNER_S = 0.5
HELLO_S = 2.0
PACK_S = 1.5
# How long a port stays closed so that the other end notices it.
CLOSED_S = 0.2
ASKING = 3
READY = "ready"
# How long Klipper may take to read its configuration and to reach its boards.
READY_S = 60.0
ASK_AGAIN_S = 1.0
# As long as a line of a print, and harmless.
BURST_LINE = "M105 T0 T0 T0 T0"
CLEAN_BURSTS = 2
# A line with a wrong checksum: the answer names the last line that was taken.
QUESTION = b"N1 M105*0\n"
HELLOS = 6
# While searching, a wrong baud rate must not cost much: banner, hello and out.
HELLOS_DETECTING = 2
FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 10.0
# How soon a device that was plugged in is noticed.
LOOK_S = 0.5


class NoAnswer(Exception):
    """The port is open and nobody there speaks our language."""


class Refused(Exception):
    """Somebody answered whom we do not drive; the text says why."""


class Connector:
    """Brings the link up and keeps it up."""

    def __init__(
        self,
        state: State,
        dialogue: Dialogue,
        execute: Execute,
        *,
        lost: Callable[[str], None],
        online: Callable[[], None],
    ) -> None:
        self.settings = EngineSettings()
        self._state = state
        self._dialogue = dialogue
        self._execute = execute
        self._lost = lost
        self._online = online
        self._task: asyncio.Task[None] | None = None
        self._heard: asyncio.Event = asyncio.Event()
        self._hello: asyncio.Future[None] | None = None
        self._dialect: Dialect = UNKNOWN
        self._banner: Dialect | None = None
        self._packing: asyncio.Event = asyncio.Event()
        self._ready: asyncio.Event = asyncio.Event()
        self._refusal = ""  # the last that was heard while connecting
        self._halted: Dialect | None = None  # whom to wake
        self.was_packed = False  # the last line that was open
        self.close_file = False  # the printer may still write what it hears to its card
        self.saw_start = False
        self.last_line: int | None = None  # what the firmware took last, where it was asked
        self.by_id: str | None = None

    # -- verbs

    def connect(
        self,
        port: str | None,
        baudrate: int | None,
        *,
        keep: bool = False,
        after: float = 0.0,
        halted: Dialect | None = None,
    ) -> None:
        """Begin to connect in the background.

        ``keep``: do not reset the board. ``halted``: the dialect of a firmware that is to be
        woken by the command that ends its halt, where it has one.
        """
        self.stop()
        self._halted = halted
        self._task = asyncio.get_running_loop().create_task(
            self._keep_trying(port, baudrate, keep=keep, after=after)
        )

    def stop(self) -> None:
        """Stop trying."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    async def pulse_reset(self, port: str | None) -> None:
        """Reset the board by its DTR line, where port and board support it."""
        device = find_same(port, self.by_id)
        if device is None:
            return
        # Many boards restart because the port is opened: it must have been closed for that.
        await asyncio.sleep(CLOSED_S)
        with contextlib.suppress(PortError):
            await asyncio.to_thread(pulse_dtr, device)
        await asyncio.sleep(CLOSED_S)

    @property
    def trying(self) -> bool:
        """Whether a connection is being made or waited for."""
        return self._task is not None and not self._task.done()

    def handshake_again(self) -> None:
        """Introduce ourselves again: the board restarted under our hands."""
        self.stop()
        self._task = asyncio.get_running_loop().create_task(self._again())

    def hear(self, reply: Reply, text: str) -> None:
        """Hear every line while a connection is being made."""
        report = isinstance(reply, (Temperatures, PositionReport)) or "SD printing" in text
        if not report:  # reports go on for ever: they are no banner
            self._heard.set()
        if isinstance(reply, Started):
            self.saw_start = True
        elif isinstance(reply, FirmwareInfo):
            self._identified(reply.fields)
        elif isinstance(reply, Ok):
            if reply.info is not None:
                self._identified(reply.info.fields)
        elif isinstance(reply, Problem):
            self.last_line = classify(text).last_line
            self._refusal = text.lstrip("! ")
        else:
            self._hear_state(reply)

    def _hear_state(self, reply: Reply) -> None:
        """Hear what the firmware says of itself in words."""
        if isinstance(reply, HostState):
            if reply.name == READY:
                self._ready.set()
        elif isinstance(reply, Text) and reply.body.startswith("[MP]"):
            if " ON" in reply.body and "NSP" in reply.body:
                self._packing.set()
        elif isinstance(reply, Text):
            self._banner = recognise_banner(reply.body) or self._banner

    def _identified(self, fields: Mapping[str, str]) -> None:
        self._dialect = recognise(fields)
        extruders = fields.get("EXTRUDER_COUNT", "")
        self._state.firmware = Firmware(
            name=fields.get("FIRMWARE_NAME") or fields.get("NAME") or "unknown",
            profile=self._dialect.name,
            machine=fields.get("MACHINE_TYPE") or fields.get("MODEL"),
            uuid=fields.get("UUID"),
            extruders=int(extruders) if _COUNT.fullmatch(extruders) else None,
            info=dict(fields),
        )

    # -- the task

    async def _keep_trying(
        self, port: str | None, baudrate: int | None, *, keep: bool, after: float
    ) -> None:
        pause = FIRST_RETRY_S
        if after:
            await asyncio.sleep(after)
        while True:
            fault = await self._try_all(port, baudrate, keep=keep)
            if fault is None:
                return
            self._state.fault = fault
            self._state.set_link(Link.FAILED)
            if fault.reason is FaultReason.UNSUPPORTED or not self.settings.autoconnect:
                return
            await self._pause(port, pause)
            pause = min(pause * 2, LONGEST_RETRY_S)

    async def _pause(self, port: str | None, seconds: float) -> None:
        """Wait before the next try, no longer than until a device comes or goes."""
        before = await asyncio.to_thread(self._devices, port)
        ends = asyncio.get_running_loop().time() + seconds
        while (left := ends - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(min(left, LOOK_S))
            if await asyncio.to_thread(self._devices, port) != before:
                return

    def _devices(self, port: str | None) -> list[str]:
        """Return what could be the printer now; looks at the file system."""
        known = find_same(port, self.by_id)
        if known is None:
            return candidates(self.settings.ignored_ports, self.settings.additional_ports)
        return [known] if "://" in known or Path(known).exists() else []

    async def _try_all(
        self, port: str | None, baudrate: int | None, *, keep: bool
    ) -> Fault | None:
        """Try every candidate once; None when connected, else the fault to show."""
        detecting = port is None or baudrate is None
        if detecting:
            self._state.set_link(Link.DETECTING)
        known = find_same(port, self.by_id)
        ports = (
            [known]
            if known is not None
            else await asyncio.to_thread(
                candidates, self.settings.ignored_ports, self.settings.additional_ports
            )
        )
        if not ports:
            return Fault(
                FaultReason.AUTODETECT,
                "No serial port was found.",
                "Plug the printer in with a USB data cable and switch it on.",
            )
        fault = None
        for device in ports:
            for rate in (baudrate,) if baudrate else BAUDRATES:
                fault = await self._try(device, rate, keep=keep, brief=detecting)
                if fault is None or fault.reason is FaultReason.UNSUPPORTED:
                    return fault
                if fault.reason is FaultReason.PORT_LOST:
                    break  # this port cannot be opened: no other rate will help
        if not detecting:
            return fault
        return Fault(
            FaultReason.AUTODETECT,
            f"No printer answered on {', '.join(ports)}.",
            "Is it switched on? If it is, set port and baudrate in the configuration.",
        )

    async def _try(self, device: str, rate: int, *, keep: bool, brief: bool) -> Fault | None:
        state = self._state
        if "://" not in device and not await asyncio.to_thread(Path(device).exists):
            # Waiting for a printer that is switched off changes nothing for anybody.
            return Fault(
                FaultReason.PORT_LOST,
                f"There is no {device}.",
                "Is the printer switched on and plugged in?",
            )
        state.begin_connection()
        state.connection = Connection(device, rate)
        state.set_link(Link.OPENING)
        self.saw_start = False
        self.last_line = None
        self._banner = None
        try:
            port = await self._open(device, rate, keep=keep)
        except PortError as error:
            return Fault(FaultReason.PORT_LOST, str(error))
        state.set_link(Link.HANDSHAKING)
        self._dialogue.open(port)
        try:
            await self._introduce(HELLOS_DETECTING if brief else HELLOS, keep=keep)
            await self._ask()
        except NoAnswer:
            self._dialogue.close(None)
            return Fault(
                FaultReason.CONNECTION,
                f"Nothing on {device} answers at {rate} baud.",
                "Check that the printer is on and that the baud rate is right.",
            )
        except Refused as error:
            self._dialogue.close(None)
            return Fault(FaultReason.UNSUPPORTED, str(error))
        except Interrupted as error:
            self._dialogue.close(None)
            return Fault(FaultReason.CONNECTION, str(error))
        return None

    async def _open(self, device: str, rate: int, *, keep: bool) -> Port:
        received, lost = self._dialogue.received, self._lost
        if self.settings.transport == "stream" or "://" in device:
            return await open_stream(device, rate, received, lost)
        tty = await asyncio.to_thread(open_tty, device, rate, keep_dtr=keep)
        try:
            return RawPort(tty, received, lost)
        except OSError as error:
            tty.close()
            raise PortError(explain(device, error)) from error

    async def _again(self) -> None:
        self._state.set_link(Link.HANDSHAKING)
        try:
            await self._introduce(HELLOS, keep=False, banner=True)
            await self._ask()
        except (NoAnswer, Refused, Interrupted) as error:
            self._lost(str(error) or "the printer does not answer after its restart")

    async def _introduce(self, hellos: int, *, keep: bool, banner: bool = False) -> None:
        """Say hello until an ok comes; wait for a banner first where one may come."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[None] = loop.create_future()
        self._dialogue.on_hello = lambda: (
            None if answered.done() else answered.set_result(None)
        )
        try:
            await self._wait_for_banner(KEPT_BANNER_S if keep else BANNER_S)
            if self.close_file and not self.saw_start:
                self._dialogue.write_raw(b"\nM29\n")
            await self._wake()
            for attempt in range(hellos):
                if self._banner is not None and self._banner.refused:
                    raise Refused(self._banner.refused)
                if (self.was_packed or attempt) and not self.saw_start:
                    # Else it would unpack our plain hello: an engine may have been killed.
                    self._dialogue.write_raw(RESET)
                # A firmware that kept its state is asked where it is before M110 ends that.
                asking = keep and not self.saw_start and attempt < ASKING
                # The empty line ends whatever garbage stands in the firmware's buffer.
                self._dialogue.write_raw(b"\n" + (QUESTION if asking else frame_reset(0)))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(answered), HELLO_S)
                    break
            else:
                raise NoAnswer
            await self._quiet()
        finally:
            self._dialogue.on_hello = None
        self.was_packed = self.close_file = False
        known = self.last_line if keep and not self.saw_start else None
        self.last_line = known
        self._dialogue.window.reset(1 if known is None else known + 1)

    async def _wake(self) -> None:
        """End the halt of a firmware that needs no reset for it."""
        dialect, self._halted = self._halted, None
        if dialect is None or dialect.halt_recovery is None or self.saw_start:
            return
        self._ready.clear()
        self._dialogue.write_raw(b"\n%b\n" % dialect.halt_recovery.encode())
        if dialect.status_command is not None:  # what it is told meanwhile gets lost
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ready.wait(), READY_S)
        await self._quiet()

    async def _until_ready(self, dialect: Dialect) -> None:
        """Wait for a firmware that says whether it obeys; `Interrupted` if it never does."""
        if dialect.status_command is None:
            return
        ends = asyncio.get_running_loop().time() + READY_S
        self._ready.clear()
        while True:
            (said,) = await self._execute((dialect.status_command,), "handshake")
            if not any(line.startswith("!!") for line in said):
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ready.wait(), ASK_AGAIN_S)
                return
            if asyncio.get_running_loop().time() > ends:
                message = f"the firmware does not get ready: {self._refusal}"
                raise Interrupted(message)

    async def _wait_for_banner(self, patience: float) -> None:
        self._heard.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._heard.wait(), patience)
            await self._quiet()

    async def _quiet(self) -> None:
        """Wait until the printer has said what it wants to say."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BANNER_LIMIT_S):
                while True:
                    self._heard.clear()
                    try:
                        await asyncio.wait_for(self._heard.wait(), QUIET_S)
                    except TimeoutError:
                        return

    async def _ask(self) -> None:
        """Read M115, then begin the reports and ask for the settings."""
        state, dialogue = self._state, self._dialogue
        await self._execute(("M115",), "handshake")
        if state.firmware is None:
            await self._quiet()  # some say ok first (Repetier 0.91)
        dialect = self._dialect if state.firmware is not None else UNKNOWN
        if dialect.refused:
            raise Refused(dialect.refused)
        if state.firmware is None:
            state.firmware = Firmware("unknown", dialect.name)
        else:
            state.firmware = replace(state.firmware, profile=dialect.name)
        dialogue.window.adopt(dialect)
        dialogue.window.limit(self.settings.window, self.settings.rx_buffer)
        await self._until_ready(dialect)
        if self.settings.meatpack and state.firmware.capabilities.get("MEATPACK"):
            await self._pack()
        await self._size_up()
        self._online()
        state.set_link(Link.ONLINE)

    async def _size_up(self) -> None:
        """Send as much ahead as in a print, while nothing can be lost by it.

        Not every board has Marlin's 128 bytes for what it has not read yet.
        """
        window = self._dialogue.window
        clean = 0
        while clean < CLEAN_BURSTS and window.max_lines > 1 and window.dialect.numbered:
            requests = window.requests
            await self._execute((BURST_LINE,) * window.max_lines, "handshake")
            clean += 1
            if window.requests != requests:
                self._dialogue.resends.send_less_ahead(window)
                clean = 0

    async def _pack(self) -> None:
        """Switch the line to MeatPack, if the firmware confirms it."""
        self._packing = asyncio.Event()
        self._dialogue.write_raw(ENABLE + NO_SPACES)
        try:
            await asyncio.wait_for(self._packing.wait(), PACK_S)
            self._dialogue.window.packed = True
        except TimeoutError:
            _LOGGER.warning("The firmware did not confirm MeatPack; going on without")
            self._dialogue.write_raw(DISABLE)

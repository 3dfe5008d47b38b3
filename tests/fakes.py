"""Stand-ins for what is slow or needs a process: a printer in memory, and who is who."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from appliance.bus import Bus
from appliance.domain.identity import ANONYMOUS, Credentials, Identity, Method
from appliance.domain.job import (
    Job,
    JobEnded,
    JobFile,
    JobKind,
    JobPaused,
    JobPhase,
    JobRequest,
    JobResult,
    JobResumed,
    JobStarted,
    Origin,
    RecoveryPlan,
)
from appliance.domain.machine import Link, move_link, move_phase
from appliance.domain.permissions import (
    EVERY_PERMISSION,
    EVERY_SCOPE,
    Permission,
    permissions_within,
    scopes_within,
)
from appliance.domain.printer import (
    Connection,
    ConsoleGrew,
    ConsoleLine,
    Direction,
    Fault,
    FaultReason,
    PrinterChanged,
    Profile,
    SerialPort,
    Snapshot,
)
from appliance.domain.telemetry import Heater, SdCard, TemperatureSample
from appliance.errors import CredentialInvalid, NotPrinting, PrinterBusy, PrinterOffline

PORT = "/dev/ttyFAKE0"


class FakePrinter:
    """A printer that obeys at once; tests move it on by `update` and `finish`."""

    def __init__(self, bus: Bus, printer_id: str = "ender3", name: str = "Ender 3") -> None:
        self.bus = bus
        self.id = printer_id
        self.name = name
        self.profile = Profile()
        self.snapshot = Snapshot()
        self.console: list[ConsoleLine] = []
        self.temperatures: list[TemperatureSample] = []
        self.baudrates: Sequence[int] = (250000, 115200)
        self.preferred = Connection(PORT, 115200)
        self.sent: list[tuple[str, str]] = []  # (line, origin)
        self.answers: dict[str, Sequence[str]] = {}  # what is said to a line
        self.requests: list[JobRequest] = []
        self.acknowledged = 0
        self.scripts: dict[str, str] = {"after_print_cancelled": "M84\nM104 S0\n"}
        self._jobs = 0

    # --- what tests do --------------------------------------------------------------------

    def update(self, **changes: object) -> None:
        """Put something else into the snapshot and tell it."""
        previous = self.snapshot
        self.snapshot = replace(previous, **changes)  # type: ignore[arg-type]
        self.bus.fire(PrinterChanged(self.id, self.snapshot, previous))

    def come_online(self) -> None:
        """Be connected, with every heater of the profile cold."""
        heaters = {heater: Heater(21.0, 0.0) for heater in self.profile.heaters}
        for link in (Link.OPENING, Link.HANDSHAKING, Link.ONLINE):
            self.update(
                link=move_link(self.snapshot.link, link),
                connection=Connection(PORT, 115200),
                fault=None,
                heaters=heaters,
                sd=SdCard(supported=True, ready=True),
            )

    def fail(
        self, reason: FaultReason = FaultReason.PORT_LOST, *, halted: bool = False
    ) -> None:
        """Lose the printer, and the job with it."""
        link = Link.HALTED if halted else Link.FAILED
        fault = Fault(reason, "the printer is gone", halted=halted)
        self._end(JobResult.FAILED, str(fault.message))
        self.update(link=link, fault=fault, phase=JobPhase.NONE)

    def switch_off(self) -> None:
        """Be as new: offline, nothing selected, no job, nothing sent."""
        self.snapshot = Snapshot()
        self.sent.clear()
        self.requests.clear()

    def measure(self, **actual: float) -> None:
        """Measure temperatures."""
        heaters = {
            **self.snapshot.heaters,
            **{
                name: replace(self.snapshot.heaters.get(name, Heater()), actual=value)
                for name, value in actual.items()
            },
        }
        self.temperatures.append(TemperatureSample(time.time(), heaters))
        self.update(heaters=heaters)

    def say(self, *texts: str, direction: Direction = Direction.RECEIVED) -> None:
        """Add lines to the dialogue."""
        lines = tuple(
            ConsoleLine(len(self.console) + index, time.time(), direction, text)
            for index, text in enumerate(texts)
        )
        self.console.extend(lines)
        self.bus.fire(ConsoleGrew(self.id, lines))

    def advance(self, position: int, printing_s: float) -> None:
        """Print up to a byte of the file."""
        assert self.snapshot.job is not None
        job = replace(self.snapshot.job, position=position, printing_s=printing_s)
        self.update(job=job)

    def go_on_with(self, job: Job) -> None:
        """Turn out to have printed that job all along, as an engine that is found again."""
        self.update(job=job, phase=JobPhase.PRINTING, selected=job.file)
        self.bus.fire(JobStarted(self.id, job))

    def finish(self) -> None:
        """Print the last line."""
        assert self.snapshot.job is not None
        self._move(JobPhase.FINISHING)
        self._end(JobResult.COMPLETE)
        self._move(JobPhase.NONE)

    # --- the protocol ---------------------------------------------------------------------

    async def ports(self) -> Sequence[SerialPort]:
        return (SerialPort(PORT, by_id="/dev/serial/by-id/usb-fake"),)

    async def connect(self, port: str | None = None, baudrate: int | None = None) -> None:
        self._need_no_job()
        if self.snapshot.link is not Link.ONLINE:
            self.come_online()

    async def disconnect(self) -> None:
        if self.snapshot.phase.active:
            raise PrinterBusy("the printer is busy with a job")
        if self.snapshot.link is not Link.OFFLINE:
            self.update(link=Link.OFFLINE, selected=None)

    async def send(
        self, lines: Sequence[str], *, origin: str, wait: bool = False
    ) -> Sequence[str]:
        self._need_online()
        for line in lines:
            self.sent.append((line, origin))
            self.say(line, direction=Direction.SENT)
            if line.startswith("M112"):
                await self.emergency_stop(origin=origin)
                break
            self._heat(line)
        return [answer for line in lines for answer in self.answers.get(line, ())]

    async def run_script(self, text: str, *, origin: str) -> None:
        await self.send([line for line in text.splitlines() if line], origin=origin)

    async def select(self, file: JobFile | None) -> None:
        self.update(selected=file)

    async def start(self, request: JobRequest) -> Job:
        self._need_online()
        if self.snapshot.phase.active:
            raise PrinterBusy("there is a job already")
        self.requests.append(request)
        self._jobs += 1
        job = Job(
            id=f"{self._jobs:08d}",
            kind=request.kind,
            file=request.file,
            started_at=time.time(),
            user=request.user,
        )
        selected = self.snapshot.selected
        if request.kind is not JobKind.SD_UPLOAD:
            selected = request.file
        self.update(phase=JobPhase.PREPARING, job=job, selected=selected)
        self.bus.fire(JobStarted(self.id, job))
        self._move(JobPhase.PRINTING)
        return job

    async def pause(self, *, origin: str) -> None:
        job = self._need_job()
        if self.snapshot.phase is JobPhase.PRINTING:
            self._move(JobPhase.PAUSING)
            self._move(JobPhase.PAUSED)
            self.bus.fire(JobPaused(self.id, job, origin))

    async def resume(self, *, origin: str) -> None:
        job = self._need_job()
        if self.snapshot.phase is JobPhase.PAUSED:
            self._move(JobPhase.RESUMING)
            self._move(JobPhase.PRINTING)
            self.bus.fire(JobResumed(self.id, job))

    async def cancel(self, *, origin: str) -> None:
        self._need_job()
        self._move(JobPhase.CANCELLING)
        self._end(JobResult.CANCELLED, f"cancelled by {origin}")
        self._move(JobPhase.NONE)

    async def emergency_stop(self, *, origin: str) -> None:
        self.fail(FaultReason.KILLED, halted=True)

    async def reset(self) -> None:
        self._need_no_job()
        self.update(link=Link.OFFLINE)
        self.come_online()

    async def answer(self, button: int, *, origin: str) -> None:
        prompt = self.snapshot.prompt
        if prompt is None:
            raise NotPrinting("there is no question")
        self.sent.append((f"M876 S{button}", origin))
        self.update(prompt=None)

    async def acknowledge(self) -> None:
        self.acknowledged += 1

    async def set_offset(self, heater: str, offset: float) -> None:
        self.update(offsets={**self.snapshot.offsets, heater: offset})

    async def refresh_sd(self) -> None:
        self.sent.append(("M20", ""))

    async def delete_sd(self, name: str) -> None:
        self.sent.append((f"M30 {name}", ""))

    async def exclude(self, name: str) -> None:
        raise NotPrinting("there is no such object")

    async def plan_pause(
        self, *, layer: int | None = None, height: float | None = None
    ) -> None:
        self._need_job()

    async def recovery_plan(self) -> RecoveryPlan:
        raise NotPrinting("there is no interrupted print")

    async def recover(self, job_id: str) -> Job:
        raise NotPrinting("there is no interrupted print")

    # --- within ---------------------------------------------------------------------------

    def _need_online(self) -> None:
        if not self.snapshot.operational:
            raise PrinterOffline("the printer is not connected")

    def _need_no_job(self) -> None:
        if self.snapshot.phase.active:
            raise PrinterBusy("the printer has a job")

    def _need_job(self) -> Job:
        if self.snapshot.job is None or not self.snapshot.phase.active:
            raise NotPrinting("there is no job")
        return self.snapshot.job

    def _move(self, phase: JobPhase) -> None:
        self.update(phase=move_phase(self.snapshot.link, self.snapshot.phase, phase))

    def _end(self, result: JobResult, cause: str | None = None) -> None:
        if self.snapshot.job is None or not self.snapshot.phase.active:
            return
        job = replace(self.snapshot.job, result=result, cause=cause)
        self.update(job=job)
        self.bus.fire(JobEnded(self.id, job))

    def _heat(self, line: str) -> None:
        words = line.split()
        heater = {"M104": "tool0", "M140": "bed", "M141": "chamber"}.get(words[0])
        target = next((float(word[1:]) for word in words[1:] if word[0] == "S"), None)
        if heater is None or target is None:
            return
        known = self.snapshot.heaters.get(heater, Heater())
        self.update(heaters={**self.snapshot.heaters, heater: replace(known, target=target)})


class FakeAuth:
    """Keys that are known beforehand; the handle of a user is ``handle-of-<user>``."""

    claimed = True

    def __init__(self) -> None:
        self.keys: dict[str, Identity] = {"admin-key": person("admin", EVERY_PERMISSION)}
        self.revoked: set[str] = set()
        self.personal: dict[str, str | None] = {"admin": "personal-key"}

    def personal_key(self, user: str) -> str | None:
        return self.personal.get(user)

    async def renew_personal_key(self, user: str) -> str:
        self.personal[user] = "another-key"
        return "another-key"

    async def delete_personal_key(self, user: str) -> None:
        self.personal[user] = None

    def identify(self, credentials: Credentials) -> Identity:
        key = credentials.api_key or credentials.bearer
        if not key:
            return ANONYMOUS
        who = self.keys.get(key)
        if who is None or who.user in self.revoked:
            raise CredentialInvalid("that key is not known")
        return who

    def identify_handle(self, user: str, handle: str) -> Identity:
        for who in self.keys.values():
            if who.user == user and handle == f"handle-of-{user}" and user not in self.revoked:
                return who
        raise CredentialInvalid("no such session")

    def still_valid(self, identity: Identity) -> bool:
        return identity.user not in self.revoked


def person(
    name: str, permissions: frozenset[Permission], printers: frozenset[str] | None = None
) -> Identity:
    """Return somebody who holds those permissions by a key."""
    scopes = scopes_within(permissions)
    if permissions == EVERY_PERMISSION:
        scopes = EVERY_SCOPE
    return Identity(
        user=name,
        method=Method.API_KEY,
        permissions=permissions_within(EVERY_SCOPE, permissions),
        scopes=scopes,
        printers=printers,
        fresh=True,
        credential=f"key of {name}",
    )


def card_file(name: str, size: int = 1234) -> JobFile:
    """Return a file on the printer's card."""
    return JobFile(Origin.SDCARD, name, name, size)

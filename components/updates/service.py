"""Checks, takes, installs and switches releases; a print goes on whatever is done."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from appliance import __version__
from appliance.components.updates import fetching
from appliance.components.updates.proof import prove
from appliance.core import Appliance, ApplianceStarted, StopReason
from appliance.domain.backup import BACKUPS, BackupReason
from appliance.domain.updates import (
    Offer,
    UpdateBusy,
    UpdateChanged,
    UpdateOutcome,
    UpdatePhase,
    UpdateRefused,
    UpdateResult,
    UpdateStatus,
    UpdatesUnsupported,
)
from appliance.errors import GantryError
from appliance.outgoing import Caller
from appliance.releases import launching
from appliance.releases.channel import Listed
from appliance.releases.order import Order, let_work
from appliance.releases.places import Places, why_not
from appliance.releases.slots import (
    CURRENT,
    DATA_FORMAT,
    PREVIOUS,
    Outcome,
    Slots,
    Trial,
)
from appliance.releases.usage import prune, sweep, used_by_processes

_LOGGER = logging.getLogger(__name__)

# The answer goes out before we do.
GOODBYE_S = 0.5
CHECK_EVERY_S = 24 * 3600.0
FIRST_CHECK_S = 300.0
DOWNLOAD_S = 1800.0
INCOMING = ".incoming"


class UpdateService:
    """Implements `appliance.domain.updates.Updates`."""

    def __init__(
        self,
        appliance: Appliance,
        places: Places | None,
        channel: str | None,
        caller: Caller | None = None,
    ) -> None:
        self._appliance = appliance
        self._places = places
        self._caller = caller or Caller(timeout_s=DOWNLOAD_S)
        self._listed: Listed | None = None
        # While links change, nobody may judge by them which release is not needed.
        self._changing: asyncio.Lock = asyncio.Lock()
        self._status = UpdateStatus(__version__, channel=channel)

    @property
    def status(self) -> UpdateStatus:
        """Everything about updates now."""
        return self._status

    async def prepare(self) -> None:
        """Find out what is there; sweep what was left behind."""
        because = await asyncio.to_thread(why_not, self._places)
        self._set(supported=because is None, unsupported_because=because)
        if because is None:
            await asyncio.to_thread(sweep, self._slots)
            await self._look()

    def started(self, _: ApplianceStarted) -> None:
        """Show that we are well if we are on trial; look for releases now and then."""
        if not self._status.supported:
            return
        tasks = self._appliance.tasks
        tasks.spawn(self._after_start(), "look at the releases")
        if self._status.channel is not None:
            tasks.supervise(self._check_daily, "look for updates")

    async def close(self) -> None:
        """Hang up."""
        await self._caller.close()

    # -- verbs

    async def check(self) -> UpdateStatus:
        """Ask the channel what there is."""
        channel = self._status.channel
        self._begin(UpdatePhase.CHECKING)
        try:
            if channel is None:
                raise UpdateRefused("no channel is configured (updates: channel)")
            content, signature = await fetching.read_list(self._caller, channel)
            await asyncio.to_thread(self._file.write_bytes, content)
            answer = await self._work("offers", signature)
            self._listed = None if answer["offer"] is None else Listed(**answer["offer"])
            self._set(checked_at=time.time(), available=_offer(self._listed))
        except GantryError as error:
            self._set(error=str(error))
            raise
        finally:
            await self._rest()
        return self._status

    async def install(self) -> UpdateStatus:
        """Install what is available."""
        listed = self._listed
        if listed is None:
            self._begin(UpdatePhase.IDLE)
            raise UpdateRefused("there is nothing newer to be installed")
        self._begin(UpdatePhase.DOWNLOADING, listed.version)

        async def download() -> None:
            await fetching.download(self._caller, listed, self._file, self._downloaded)
            await self._work("verify")

        self._appliance.tasks.spawn(self._install(download), "install a release")
        return self._status

    async def install_bundle(
        self, chunks: AsyncIterator[bytes], size: int | None
    ) -> UpdateStatus:
        """Take a bundle, check who signed it, and install it."""
        self._begin(UpdatePhase.DOWNLOADING)
        try:
            await fetching.write(self._file, chunks, size)
            answer = await self._work("verify")
        except BaseException as error:
            if isinstance(error, GantryError):
                self._set(error=str(error))
            await self._rest()
            raise
        self._set(version=answer["version"])
        self._appliance.tasks.spawn(self._install(), "install a release")
        return self._status

    async def go_back(self, version: str | None = None) -> UpdateStatus:
        """Start again with another release that is there."""
        self._begin(UpdatePhase.RESTARTING)
        slots = self._slots
        try:
            async with self._changing:
                target = await asyncio.to_thread(_target, slots, version)
                await asyncio.to_thread(_check_data, slots, target)
                await asyncio.to_thread(launching.go_back, slots, target)
        except BaseException:
            await self._rest()
            raise
        self._set(version=target or self._status.factory)
        self._restart()
        return self._status

    # -- the way of an update

    async def _install(self, before: Callable[[], Awaitable[None]] | None = None) -> None:
        try:
            if before is not None:
                await before()
            self._progress(UpdatePhase.BACKING_UP, None)
            backup = await self._back_up()
            answer = await self._work("install")
            failed = tuple(self._appliance.failed_components)
            async with self._changing:
                await asyncio.to_thread(
                    launching.begin_trial, self._slots, answer["version"], failed, backup
                )
        except (GantryError, OSError) as error:
            _LOGGER.error("The update to %s failed: %s", self._status.version, error)
            outcome = self._slots.note("failed", self._status.version or "?", str(error))
            self._set(error=str(error), outcome=_outcome(outcome))
            await self._rest()
            return
        await asyncio.to_thread(self._file.unlink, missing_ok=True)
        _LOGGER.warning("Gantry %s is installed and started", answer["version"])
        self._progress(UpdatePhase.RESTARTING, None)
        self._restart()

    async def _back_up(self) -> Path | None:
        backups = self._appliance.find(BACKUPS)
        if backups is None:
            return None
        return backups.folder / (await backups.create(reason=BackupReason.UPDATE)).name

    async def _prove(self, trial: Trial) -> None:
        self._set(phase=UpdatePhase.PROVING, version=trial.version)
        reason = await prove(self._appliance, trial)
        slots = self._slots
        if reason is not None:
            _LOGGER.error("Gantry %s is not well: %s", trial.version, reason)
            await asyncio.to_thread(launching.fall_back, slots, reason)
            self._progress(UpdatePhase.RESTARTING, None)
            self._restart()
            return
        await asyncio.to_thread(launching.end_trial, slots)
        _LOGGER.info("Gantry %s is well", trial.version)
        await self._prune()
        await self._rest()

    async def _after_start(self) -> None:
        """Show that we are well if we are on trial; else tidy up after one that was not."""
        slots = self._slots
        trial = slots.state().trial
        if trial is not None and trial.version == slots.version_at(CURRENT):
            await self._prove(trial)
            return
        if await self._prune():
            outcome = self._status.outcome
            if outcome is not None and outcome.result is UpdateResult.ROLLED_BACK:
                _LOGGER.error("Gantry %s was not well: %s", outcome.version, outcome.reason)
            await self._look()

    async def _check_daily(self) -> None:
        await asyncio.sleep(FIRST_CHECK_S)
        while True:
            try:
                await self.check()
            except GantryError as error:
                _LOGGER.info("No news of releases: %s", error)
            await asyncio.sleep(CHECK_EVERY_S)

    async def _prune(self) -> list[str]:
        slots = self._slots
        async with self._changing:
            return await asyncio.to_thread(lambda: prune(slots, used_by_processes(slots)))

    def _restart(self) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(GOODBYE_S, self._appliance.request_stop, StopReason.RESTART)

    # -- what is known

    @property
    def _slots(self) -> Slots:
        assert self._places is not None, "it is supported"
        return self._places.slots

    @property
    def _file(self) -> Path:
        return self._slots.root / INCOMING

    def _begin(self, phase: UpdatePhase, version: str | None = None) -> None:
        if not self._status.supported:
            raise UpdatesUnsupported(self._status.unsupported_because or "not possible here")
        if self._status.phase is not UpdatePhase.IDLE:
            raise UpdateBusy("an update is under way")
        self._set(phase=phase, version=version, progress=None, error=None)

    async def _rest(self) -> None:
        await asyncio.to_thread(self._file.unlink, missing_ok=True)
        self._set(phase=UpdatePhase.IDLE, version=None, progress=None)
        await self._look()

    async def _look(self) -> None:
        """Read again what is installed."""
        slots = self._slots

        def read() -> dict[str, Any]:
            factory, current = slots.factory_version, slots.version_at(CURRENT)
            previous = slots.version_at(PREVIOUS)
            outcome = slots.state().outcome
            return {
                "installed": tuple(slots.installed()),
                "factory": factory,
                "previous": previous or (None if current is None else factory),
                "outcome": None if outcome is None else _outcome(outcome),
            }

        found = await asyncio.to_thread(read)
        if self._status.outcome is not None and self._status.outcome.result == "failed":
            del found["outcome"]  # of this very run, and newer
        self._set(**found)

    def _progress(self, phase: UpdatePhase, progress: float | None) -> None:
        self._set(phase=phase, progress=progress)

    def _downloaded(self, progress: float) -> None:
        self._set(progress=round(progress, 2))

    def _set(self, **changes: Any) -> None:
        status = replace(self._status, **changes)
        if status != self._status:
            self._status = status
            self._appliance.bus.fire(UpdateChanged(status))

    async def _work(self, do: str, signature: str = "") -> dict[str, Any]:
        assert self._places is not None, "it is supported"
        places = self._places
        order = Order(
            do,
            places.slots.root,
            places.slots.factory,
            places.keys,
            self._appliance.paths.config,
            places.python,
            self._file,
            signature,
        )
        return await let_work(order, self._progress)


def _target(slots: Slots, version: str | None) -> str | None:
    """Return the release to go back to; None is the factory release."""
    current = slots.version_at(CURRENT)
    if version is None:
        if current is None:
            raise UpdateRefused("the factory release runs: there is nothing to go back to")
        return slots.version_at(PREVIOUS)
    if version == (current or slots.factory_version):
        message = f"Gantry {version} runs already"
        raise UpdateRefused(message)
    if slots.is_whole(version):
        return version
    if version == slots.factory_version:
        return None
    message = f"Gantry {version[:64]} is not installed"
    raise UpdateRefused(message)


def _check_data(slots: Slots, target: str | None) -> None:
    if slots.data_format_of(target) < DATA_FORMAT:
        message = (
            f"Gantry {target or slots.factory_version} cannot read the data of this one: "
            "restore the backup that was made before the update with it"
        )
        raise UpdateRefused(message)


def _offer(listed: Listed | None) -> Offer | None:
    if listed is None:
        return None
    return Offer(listed.version, listed.notes, listed.size, listed.made_at)


def _outcome(outcome: Outcome) -> UpdateOutcome | None:
    return UpdateOutcome(
        UpdateResult(outcome.result), outcome.version, outcome.reason, outcome.at
    )

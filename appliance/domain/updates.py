"""Updates of Gantry itself, where it is installed so that it can go back (the SD-card image).

What is shown as the version is always the one that runs, never the one that was installed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Protocol

from appliance.errors import DomainError, FileError
from appliance.interfaces import Key
from appliance.records import dataclass


class UpdatePhase(StrEnum):
    """What is being done."""

    IDLE = "idle"
    CHECKING = "checking"  # the channel is asked what there is
    DOWNLOADING = "downloading"
    VERIFYING = "verifying"  # signature and checksums
    BACKING_UP = "backing_up"
    INSTALLING = "installing"
    TESTING = "testing"  # the new code reads the live configuration
    RESTARTING = "restarting"  # into the new release
    PROVING = "proving"  # the new release runs and has to show that it is well


class UpdateResult(StrEnum):
    """How the last update ended."""

    INSTALLED = "installed"
    ROLLED_BACK = "rolled_back"  # by itself, because the new one was not well
    WENT_BACK = "went_back"  # because a person wished it
    FAILED = "failed"  # before anything was switched


class UpdatesUnsupported(DomainError):
    """Gantry was not installed so that it can update itself."""


class UpdateBusy(DomainError):
    """An update is under way."""


class UpdateRefused(DomainError):
    """The release cannot be installed here; the text says why."""


class BundleDamaged(FileError):
    """The file is no release of Gantry, its signature is not good, or it is damaged."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A release that can be installed."""

    version: str
    notes: str = ""
    size: int | None = None  # bytes
    made_at: float | None = None  # unix seconds


@dataclass(frozen=True, slots=True)
class UpdateOutcome:
    """How the last update ended, for people."""

    result: UpdateResult
    version: str  # that was to be installed, or gone back to
    reason: str  # empty where there is nothing to say
    at: float  # unix seconds


@dataclass(frozen=True, slots=True)
class UpdateStatus:
    """Everything about updates."""

    running: str
    supported: bool = False
    unsupported_because: str | None = None
    installed: tuple[str, ...] = ()  # that can be started at once, the newest first
    previous: str | None = None  # where going back leads
    factory: str | None = None  # in the read-only root
    channel: str | None = None  # the address that is asked for new releases
    checked_at: float | None = None  # unix seconds
    available: Offer | None = None  # newer than what runs
    phase: UpdatePhase = UpdatePhase.IDLE
    version: str | None = None  # that is being installed
    progress: float | None = None  # 0 to 1, of the phase
    error: str | None = None  # of the last attempt, until the next
    outcome: UpdateOutcome | None = None


@dataclass(frozen=True, slots=True)
class UpdateChanged:
    """Something about updates is another now."""

    status: UpdateStatus


class Updates(Protocol):
    """The updates of this appliance. A print goes on whatever is done."""

    @property
    def status(self) -> UpdateStatus:
        """Everything about them now."""

    async def check(self) -> UpdateStatus:
        """Ask the channel what there is."""

    async def install(self) -> UpdateStatus:
        """Install what is available, and start again with it; returns before the restart."""

    async def install_bundle(
        self, chunks: AsyncIterator[bytes], size: int | None
    ) -> UpdateStatus:
        """Install a bundle that somebody brings, and start again with it."""

    async def go_back(self, version: str | None = None) -> UpdateStatus:
        """Start again with the previous release, or with another one that is installed."""


UPDATES: Key[Updates] = Key("updates")

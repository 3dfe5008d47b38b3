"""Backups: what somebody would miss after the card has died, in one file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from appliance.errors import DomainError, FileError, InvalidRequest
from appliance.interfaces import Key
from appliance.records import dataclass


class BackupReason(StrEnum):
    """Why a backup was made; those that made themselves are removed in their turn."""

    WANTED = "wanted"  # by a person
    UPDATE = "update"  # automatically, before an update
    RESTORE = "restore"  # automatically, before another one was restored
    UPLOADED = "uploaded"  # it came from elsewhere


class BackupDamaged(FileError):
    """The file is no backup, is damaged, or holds what no backup holds."""


class PassphraseWrong(InvalidRequest):
    """The backup is encrypted, and that was not its passphrase (or none was given)."""


class BackupBusy(DomainError):
    """Another backup is being made or restored."""


class BackupUnusable(DomainError):
    """The backup is whole and cannot be used here; the text says why."""


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """A backup in the list."""

    name: str  # of its file
    made_at: float  # unix seconds
    size: int  # bytes
    version: str  # of the Gantry that made it
    appliance: str  # its title
    reason: BackupReason
    has_files: bool  # G-code is in it
    encrypted: bool


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup was made and can be downloaded."""

    backup: BackupInfo


@dataclass(frozen=True, slots=True)
class RestoreBegan:
    """A backup was checked and unpacked; it takes the place of everything at the restart."""

    backup: BackupInfo


class Backups(Protocol):
    """The backups of this appliance."""

    @property
    def busy(self) -> bool:
        """Whether one is being made, checked or restored."""

    @property
    def folder(self) -> Path:
        """Where they are."""

    async def list(self) -> Sequence[BackupInfo]:
        """List them, the newest first."""

    async def create(
        self,
        *,
        files: bool = False,
        passphrase: str | None = None,
        reason: BackupReason = BackupReason.WANTED,
    ) -> BackupInfo:
        """Make one of configuration, secrets, users, histories; with G-code if wished."""

    async def delete(self, name: str) -> None:
        """Delete one."""

    async def path(self, name: str) -> Path:
        """Return the file of one, to be downloaded."""

    async def receive(self, chunks: AsyncIterator[bytes], size: int | None) -> BackupInfo:
        """Take one from elsewhere: it is checked as far as that goes without a passphrase."""

    async def restore(self, name: str, passphrase: str | None = None) -> BackupInfo:
        """Check and unpack one, back up what is here, and put it in its place by a restart.

        Whatever is raised, nothing has changed.
        """


BACKUPS: Key[Backups] = Key("backups")

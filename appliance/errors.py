"""The errors of the appliance: one hierarchy, mapped once by each view.

The domain raises these; every API translates them to its own status and shape in one
table. The text is for a person and never holds a secret, a path outside the roots or a
traceback.
"""

from __future__ import annotations


class GantryError(Exception):
    """Base of everything that Gantry raises on purpose."""


class SetupError(GantryError):
    """A component cannot be set up; the text says why and what to do."""


class DomainError(GantryError):
    """A wish that cannot be fulfilled in the present state of the domain."""


class InvalidRequest(DomainError):
    """The wish itself makes no sense: a value out of range, an unknown name."""


class PrinterError(DomainError):
    """Something about a printer."""


class PrinterMissing(PrinterError):
    """No printer of that id is configured."""


class PrinterOffline(PrinterError):
    """The printer is not connected (or halted), so that it cannot obey."""


class PrinterBusy(PrinterError):
    """The printer does something else that must not be disturbed."""


class PrinterRefused(PrinterError):
    """The printer or its firmware refused the command, or never answered it."""


class NotPrinting(PrinterError):
    """There is no job to act on."""


class NothingSelected(PrinterError):
    """A print was asked for and no file is selected."""


class DeviceError(DomainError):
    """Something about a device or service beside the printer: a plug, a sensor, a spool."""


class DeviceMissing(DeviceError):
    """No such device is configured."""


class DeviceFailed(DeviceError):
    """The device or service cannot be reached, or refused."""


class FileError(DomainError):
    """Something about files."""


class FileMissing(FileError):
    """No such file or folder."""


class FileExists(FileError):
    """The name is taken."""


class FileInUse(FileError):
    """A print uses the file."""


class FileForbidden(FileError):
    """The root, or that path in it, does not allow the operation."""


class InvalidName(FileError):
    """The name or path cannot be used; the text says why."""


class UnsupportedType(FileError):
    """The root does not take files of that type."""


class StorageFull(FileError):
    """Not enough room on the disk."""


class PrintBlocked(FileError):
    """A safety check stands against printing the file; ``findings`` says what."""

    def __init__(self, message: str, findings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


class UploadBroken(FileError):
    """The upload ended early, stalled, or its checksum does not match."""


class AccessError(DomainError):
    """Something about who may do what."""


class CredentialMissing(AccessError):
    """No credential was given where one is needed."""


class CredentialInvalid(AccessError):
    """The credential is wrong, expired or revoked."""


class PermissionMissing(AccessError):
    """The credential is good and does not reach that far."""


class CredentialStale(PermissionMissing):
    """The person must log in again first: this needs credentials given a moment ago."""


class UserMissing(AccessError):
    """No such user, group or key."""


class UserExists(AccessError):
    """The name of the user or group is taken."""


class FixedByConfiguration(AccessError):
    """The value stands in configuration.yaml and can only be changed there."""


class TooManyAttempts(AccessError):
    """Too many failures; ``retry_after_s`` says when to try again."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s

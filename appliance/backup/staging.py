"""An archive unpacked beside what it is to replace, and checked as a whole.

Until it is declared ready, nothing that is used has been touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from appliance.backup import reading
from appliance.backup.format import CONFIG, FILES, Head, read_sealed_head
from appliance.backup.reading import Archive, Member, need_room
from appliance.backup.ready import NEW, Ready, declare_ready, discard, staging_folder
from appliance.backup.sealing import unseal
from appliance.catalogue import Catalogue
from appliance.config import CONFIGURATION_FILE, ConfigurationError, load_configuration
from appliance.config.report import redact
from appliance.domain.backup import BackupDamaged, BackupUnusable
from appliance.storage import make_private_directory, sync_directory


@contextmanager
def unsealed(path: Path, passphrase: str | None) -> Iterator[Archive]:
    """Open an archive, sealed or not; the plain one of a sealed one never has a name."""
    with path.open("rb") as source:
        head = read_sealed_head(source)
        if head is None:
            with reading.opened(source) as archive:
                yield archive
            return
        with TemporaryFile(dir=path.parent) as plain:
            for block in unseal(source, head, passphrase):
                need_room(path.parent, len(block))
                plain.write(block)
            plain.flush()
            plain.seek(0)
            with reading.opened(plain) as archive:
                yield archive


def verify(path: Path, passphrase: str | None) -> Head:
    """Read the whole archive and write nothing."""
    with unsealed(path, passphrase) as archive:
        for member in archive.members:
            archive.unpack(member)
        return archive.head


def stage(path: Path, config: Path, passphrase: str | None) -> Head:
    """Unpack a backup for that folder, check it, and declare it ready to be used.

    Blocks, and takes long. Whatever is raised, nothing has changed.
    """
    folder = staging_folder(config)
    discard(folder)
    make_private_directory(folder / NEW)
    try:
        with unsealed(path, passphrase) as archive:
            for member in archive.members:
                _unpack(archive, member, folder / NEW)
            head, members = archive.head, archive.members
        files_folder = _check(folder / NEW / CONFIG, config)
    except BaseException:
        discard(folder)
        raise
    _sync_folders(folder / NEW)
    declare_ready(
        folder,
        Ready(
            tuple(each.name for each in members if each.folder == CONFIG),
            tuple(each.name for each in members if each.folder == FILES),
            files_folder,
        ),
    )
    return head


def _unpack(archive: Archive, member: Member, folder: Path) -> None:
    path = folder / member.folder / member.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    need_room(folder, member.entry.file_size)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as output:
        archive.unpack(member, output)
        os.fchmod(output.fileno(), member.mode)
        output.flush()
        os.fsync(output.fileno())


def _check(staged: Path, config: Path) -> Path:
    """Check the configuration as it would be; return where its G-code belongs."""
    if not (staged / CONFIGURATION_FILE).is_file():
        message = f"there is no {CONFIGURATION_FILE} in it"
        raise BackupDamaged(message)
    try:
        found = load_configuration(staged, Catalogue(staged))
    except ConfigurationError as error:
        first = error.problems[0]
        said = redact(first.message, error.secrets)
        where = f"{first.place.file.name}, line {first.place.line}"
        message = f"its configuration is not valid here: {where}: {said}"
        raise BackupUnusable(message) from error
    path = found.components.get("file_manager", {}).get("path", "gcodes")
    return (config / Path(path).expanduser()).absolute()


def _sync_folders(folder: Path) -> None:
    for each, _, _ in os.walk(folder):
        sync_directory(Path(each))

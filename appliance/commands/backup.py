"""`gantry backup`: everything that somebody would miss in one file, Gantry running or not."""

from __future__ import annotations

import argparse
import os
import shutil
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from appliance import __version__
from appliance.backup.contents import folders_of
from appliance.backup.format import Head
from appliance.backup.naming import new_path
from appliance.backup.order import Order
from appliance.backup.worker import carry_out
from appliance.catalogue import Catalogue
from appliance.commands.options import add_config_option
from appliance.commands.passphrase import ask_passphrase
from appliance.config import load_configuration
from appliance.control import ControlConnection, running_socket
from appliance.domain.backup import BackupReason
from appliance.lock import core_lock

# A slow board packs a megabyte a second.
TIMEOUT_S = 3600.0
ROUTE = "/api/gantry/backups"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where it goes and what is in it."""
    add_config_option(parser)
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="where it goes: a file, or a folder (default: where the appliance keeps them)",
    )
    parser.add_argument("--files", action="store_true", help="with the G-code files")
    parser.add_argument(
        "--encrypt",
        action="store_true",
        help="under a passphrase, which is asked for (or: $GANTRY_BACKUP_PASSPHRASE)",
    )


def run(options: argparse.Namespace) -> int:
    """Make it and say where it is."""
    passphrase = ask_passphrase(twice=True) if options.encrypt else None
    socket = running_socket(options.config)
    if socket is None:
        path = _make(options, passphrase)
    else:
        path = _ask_for(options, passphrase, socket)
    print(path)
    return 0


def _make(options: argparse.Namespace, passphrase: str | None) -> Path:
    """Make it ourselves: nobody else is there."""
    configuration = load_configuration(options.config, Catalogue(options.config))
    title = str(configuration.appliance["name"])
    head = Head(time.time(), __version__, title, BackupReason.WANTED, options.files)
    with core_lock(configuration.directory):
        folders = folders_of(configuration)
        kept = options.output or folders.backups
        if kept is folders.backups or kept.is_dir():
            kept = new_path(kept, head, sealed=passphrase is not None)
        target = kept.absolute()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        carry_out(Order("pack", target, folders.config, passphrase, head, folders))
    return target


def _ask_for(options: argparse.Namespace, passphrase: str | None, socket: Path) -> Path:
    """Let the appliance make it, and fetch it if it is to go elsewhere."""
    with closing(ControlConnection(socket, TIMEOUT_S)) as connection:
        wish = {"files": options.files, "passphrase": passphrase}
        made = connection.ask("POST", ROUTE, wish)
        if options.output is None:
            return Path(made["folder"], made["name"])
        target: Path = options.output
        if target.is_dir():
            target /= str(made["name"])
        answer = connection.open("GET", f"{ROUTE}/{quote(made['name'])}")
        waiting = target.with_name(f".{target.name}.part")
        with waiting.open("wb") as file:
            waiting.chmod(0o600)
            shutil.copyfileobj(answer, file)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(target)
        connection.ask("DELETE", f"{ROUTE}/{quote(made['name'])}")
    return target.absolute()

"""`gantry restore FILE`: put a backup in the place of everything, Gantry running or not."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from appliance.backup.format import read_sealed_head
from appliance.backup.order import Order
from appliance.backup.replacing import replace
from appliance.backup.worker import carry_out
from appliance.commands.backup import ROUTE, TIMEOUT_S
from appliance.commands.options import add_config_option
from appliance.commands.passphrase import ask_passphrase
from appliance.control import ControlConnection, read_object, running_socket
from appliance.lock import core_lock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file."""
    parser.description = (
        "Check a backup and put it in the place of configuration, users, keys and histories. "
        "If Gantry runs, it backs up what is there first and starts again; a print goes on."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup")
    add_config_option(parser)


def run(options: argparse.Namespace) -> int:
    """Restore it; whatever is said against it, nothing has changed then."""
    if not options.file.is_file():
        print(f"There is no file {options.file}", file=sys.stderr)
        return 1
    with options.file.open("rb") as file:
        sealed = read_sealed_head(file) is not None
    passphrase = ask_passphrase(twice=False) if sealed else None
    socket = running_socket(options.config)
    if socket is None:
        config = options.config.absolute()
        with core_lock(config):
            order = Order("stage", options.file.absolute(), config, passphrase)
            head = carry_out(order)
            replace(config)
        print(f"Restored the backup of '{head.appliance}' (Gantry {head.version}).")
        return 0
    with closing(ControlConnection(socket, TIMEOUT_S)) as connection:
        with options.file.open("rb") as file:
            answer = connection.open("POST", f"{ROUTE}/upload", file, "application/zip")
            name = read_object(answer)["name"]
        connection.ask("POST", f"{ROUTE}/{quote(name)}/restore", {"passphrase": passphrase})
    print("Restoring: Gantry starts again.")
    return 0

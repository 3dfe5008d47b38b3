"""Ask for the passphrase of a backup; never an argument, which everybody sees."""

from __future__ import annotations

import getpass
import os
import sys

from appliance.errors import InvalidRequest

VARIABLE = "GANTRY_BACKUP_PASSPHRASE"


def ask_passphrase(*, twice: bool) -> str:
    """Return it: from the environment, a terminal, or a line of anything else."""
    if (given := os.environ.get(VARIABLE)) is not None:
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    passphrase = getpass.getpass("Passphrase: ")
    if twice and passphrase != getpass.getpass("Again: "):
        raise InvalidRequest("They differ.")
    return passphrase

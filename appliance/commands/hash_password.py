"""`gantry hash-password`: so that configuration.yaml needs no password in plain text."""

from __future__ import annotations

import argparse
import getpass
import sys

from appliance.passwords import hash_password


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing: a password on a command line is seen by everybody."""
    parser.description = (
        "Ask for a password (or read a line from standard input) and print its hash, "
        "to be used in the place of the password in configuration.yaml or secrets.yaml."
    )


def run(_: argparse.Namespace) -> int:
    """Ask twice at a terminal; take a line from anything else."""
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Again: "):
            print("They differ.", file=sys.stderr)
            return 1
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        print("The password is empty.", file=sys.stderr)
        return 1
    print(hash_password(password))
    return 0

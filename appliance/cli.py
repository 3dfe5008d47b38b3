"""The command line: `gantry run`, `gantry check` and the rest.

A command is a module that is imported only when it is called, so that none of them pays for
the others.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from appliance.errors import GantryError
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A word after `gantry`; ``module`` has ``add_arguments(parser)`` and ``run(options)``."""

    name: str
    module: str
    help: str


COMMANDS = (
    Command("run", "appliance.commands.run", "start the appliance"),
    Command("check", "appliance.commands.check", "check the configuration"),
    Command("print", "appliance.commands.print_file", "print a file and watch it"),
    Command("user", "appliance.components.auth.user_command", "manage users"),
    Command("key", "appliance.components.auth.key_command", "manage API keys"),
    Command("backup", "appliance.commands.backup", "make a backup"),
    Command("restore", "appliance.commands.restore", "put a backup in its place"),
    Command("hash-password", "appliance.commands.hash_password", "hash a password"),
    Command("version", "appliance.commands.version", "show the version"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name; return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="gantry", description="An appliance for 3D printers."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.help, description=command.help)
        if command.name in words[:1]:
            module = importlib.import_module(command.module)
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    options = parser.parse_args(words)
    try:
        return int(options.run(options))
    except GantryError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has gone, e.g. `| head`
        sys.stderr.close()
        return 1

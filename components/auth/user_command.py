"""`gantry user`: so that nobody is locked out for ever."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable

from appliance.commands.options import add_config_option
from appliance.components.auth.desk import Desk, open_desk
from appliance.errors import InvalidRequest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="list the users")
    add = actions.add_parser("add", help="add a user; asks for a password")
    add.add_argument("name")
    add.add_argument(
        "--group", action="append", default=[], help="admins, users, readonly or another"
    )
    reset = actions.add_parser("reset", help="set a new password; asks for it")
    reset.add_argument("name")
    remove = actions.add_parser("remove", help="remove a user with all keys")
    remove.add_argument("name")
    actions.add_parser("unlock", help="forget failed attempts to log in")
    for action in actions.choices.values():
        add_config_option(action)


def run(options: argparse.Namespace) -> int:
    """Do it; errors are told by whoever called us."""
    asyncio.run(_run(options))
    return 0


async def _run(options: argparse.Namespace) -> None:
    async with open_desk(options.config) as desk:
        await _ACTIONS[options.action](desk, options)


async def _list(desk: Desk, _: argparse.Namespace) -> None:
    for user in await desk.users():
        active = "" if user.active else "  (not active)"
        sys.stdout.write(f"{user.name}  {', '.join(user.groups) or '-'}{active}\n")


async def _add(desk: Desk, options: argparse.Namespace) -> None:
    await desk.add_user(options.name, _new_password(), options.group)
    sys.stdout.write(f"User '{options.name}' was added.\n")


async def _reset(desk: Desk, options: argparse.Namespace) -> None:
    await desk.set_password(options.name, _new_password())
    await desk.unlock()
    sys.stdout.write(f"The password of '{options.name}' was changed.\n")


async def _remove(desk: Desk, options: argparse.Namespace) -> None:
    await desk.remove_user(options.name)
    sys.stdout.write(f"User '{options.name}' was removed.\n")


async def _unlock(desk: Desk, _: argparse.Namespace) -> None:
    await desk.unlock()
    sys.stdout.write("Failed attempts are forgotten.\n")


def _new_password() -> str:
    """Ask twice at a terminal; take a line from anything else. Never an argument."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("New password: ")
    if password != getpass.getpass("Again: "):
        raise InvalidRequest("They differ.")
    return password


_ACTIONS: dict[str, Callable[[Desk, argparse.Namespace], Awaitable[None]]] = {
    "list": _list,
    "add": _add,
    "reset": _reset,
    "remove": _remove,
    "unlock": _unlock,
}

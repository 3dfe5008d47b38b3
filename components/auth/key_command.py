"""`gantry key`: API keys from the command line."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from appliance.commands.options import add_config_option
from appliance.components.auth.desk import Desk, open_desk
from appliance.components.auth.key_limits import KeyLimits
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest

DAY_S = 86400.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="list the keys, without the keys themselves")
    show = actions.add_parser("show", help="print the personal key of a user")
    show.add_argument("user")
    renew = actions.add_parser("renew", help="replace the personal key of a user")
    renew.add_argument("user")
    create = actions.add_parser("create", help="make a key and print it")
    create.add_argument("user")
    create.add_argument("label", help="what it is for")
    create.add_argument(
        "--scope",
        action="append",
        choices=[scope.value for scope in Scope],
        help="how far it reaches (several times); without: as far as the user",
    )
    create.add_argument("--printer", action="append", help="only for this printer")
    create.add_argument("--days", type=float, help="void after so many days")
    revoke = actions.add_parser("revoke", help="void a key")
    revoke.add_argument("id", help="as in the list")
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
    for key in await desk.keys():
        scopes = "as far as its owner" if key.scopes is None else ", ".join(key.scopes)
        ends = ""
        if key.expires_at is not None:
            ends = f"  until {datetime.fromtimestamp(key.expires_at, UTC):%Y-%m-%d %H:%M} UTC"
        sys.stdout.write(f"{key.id}  {key.user}  {key.label}  {scopes}{ends}\n")


async def _show(desk: Desk, options: argparse.Namespace) -> None:
    key = await desk.personal_key(options.user, renew=False)
    if key is None:
        message = f"'{options.user}' has no personal key; gantry key renew makes one"
        raise InvalidRequest(message)
    sys.stdout.write(f"{key}\n")


async def _renew(desk: Desk, options: argparse.Namespace) -> None:
    sys.stdout.write(f"{await desk.personal_key(options.user, renew=True)}\n")


async def _create(desk: Desk, options: argparse.Namespace) -> None:
    limits = KeyLimits(
        None if options.scope is None else frozenset(Scope(word) for word in options.scope),
        None if options.printer is None else frozenset(options.printer),
        None if options.days is None else time.time() + options.days * DAY_S,
    )
    sys.stdout.write(f"{await desk.create_key(options.user, options.label, limits)}\n")


async def _revoke(desk: Desk, options: argparse.Namespace) -> None:
    await desk.revoke_key(options.id)
    sys.stdout.write("The key is void.\n")


_ACTIONS: dict[str, Callable[[Desk, argparse.Namespace], Awaitable[None]]] = {
    "list": _list,
    "show": _show,
    "renew": _renew,
    "create": _create,
    "revoke": _revoke,
}

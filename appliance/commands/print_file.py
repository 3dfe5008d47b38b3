"""`gantry print FILE`: print a file, on an appliance that runs or on one of its own.

Exit codes: 0 printed, 1 failed, 2 cancelled, 3 could not start, 4 left while it goes on.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from appliance.commands.options import add_config_option
from appliance.control import running_socket
from appliance.printing.display import Display
from appliance.printing.outcome import CannotPrint, Outcome, Unreachable
from appliance.printing.place import started
from appliance.printing.remote import Address, Remote
from appliance.printing.session import Session


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file and where to print it."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the G-code to print")
    add_config_option(parser)
    parser.add_argument(
        "--url",
        help="a running appliance, such as http://ender3.local:8080 (default: the one on "
        "the folder of --config, which is started for this print if it does not run)",
    )
    parser.add_argument(
        "--api-key",
        default=os.environ.get("GANTRY_API_KEY"),
        help="its key (default: $GANTRY_API_KEY)",
    )
    parser.add_argument("--printer", metavar="ID", help="the printer (default: the first)")


def run(options: argparse.Namespace) -> int:
    """Print, and return how it ended."""
    if not options.file.is_file():
        print(f"There is no file {options.file}", file=sys.stderr)
        return Outcome.NOT_STARTED
    try:
        return asyncio.run(_print(options))
    except (CannotPrint, Unreachable) as error:
        print(f"Cannot print: {error}", file=sys.stderr)
        return Outcome.NOT_STARTED
    except KeyboardInterrupt:
        return Outcome.NOT_STARTED


async def _print(options: argparse.Namespace) -> Outcome:
    display = Display(sys.stdout)
    async with AsyncExitStack() as stack:
        address = await _address(options, display, stack)
        remote = await stack.enter_async_context(Remote(address))
        return await Session(remote, display, options.file).run()


async def _address(
    options: argparse.Namespace, display: Display, stack: AsyncExitStack
) -> Address:
    if options.url:
        url = options.url if "://" in options.url else f"http://{options.url}"
        return Address(url.rstrip("/"), api_key=options.api_key, printer=options.printer)
    socket = await asyncio.to_thread(running_socket, options.config)
    if socket is None:
        display.say(f"Starting Gantry on {options.config}")
        socket = await stack.enter_async_context(started(options.config))
    return Address("http://localhost", socket=socket, printer=options.printer)

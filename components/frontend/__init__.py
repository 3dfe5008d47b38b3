"""Gantry's own page; and front ends that people bring, each a folder on a port of its own.

Such a port answers for the whole appliance as well, so that a page finds the API where it came
from and needs no permission for another origin.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from appliance.components.frontend.page import SETUP, read_page
from appliance.components.frontend.site import Site
from appliance.config.schema import vol
from appliance.config.validators import list_of, non_empty, path, port, slug
from appliance.core import Appliance
from appliance.domain.auth import SETUP_PAGE
from appliance.domain.printer import PRINTERS
from appliance.errors import SetupError
from appliance.web import HTTP

_LOGGER = logging.getLogger(__name__)

CONFIG_SCHEMA = vol.Schema(
    {
        vol.Optional(
            "extra",
            default=list,
            description="Further front ends, each a folder on a port of its own.",
        ): list_of(
            {
                vol.Required("name", description="What it is called."): non_empty,
                vol.Required("path", description="Its folder, with index.html in it."): path,
                vol.Required("port", description="Where it is served."): port,
                vol.Optional("printer", description="The printer that it shows."): slug,
                # Where the page may load from besides its own server.
                vol.Optional(
                    "sources",
                    default=list,
                    description="Where it may load from besides its own server.",
                ): list_of(non_empty),
            }
        ),
    }
)


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Serve the page and every folder."""
    page = await read_page()
    appliance.use(HTTP).add_routes(page.routes())
    appliance.provide(SETUP_PAGE, SETUP)
    for entry in config["extra"]:
        folder = appliance.paths.resolve(entry["path"])
        index = folder / "index.html"
        if not await asyncio.to_thread(index.is_file):
            message = (
                f"the front end '{entry['name']}' has no {index}; unpack its release there"
            )
            raise SetupError(message)
        printer = entry.get("printer")
        if printer is not None:
            appliance.use(PRINTERS).get(printer)
        site = Site(folder, entry["sources"])
        taken = appliance.use(HTTP).add_site(entry["port"], site.get, printer_id=printer)
        _LOGGER.info("'%s' is on port %d", entry["name"], taken)

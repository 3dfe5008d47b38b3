"""Users, groups, permissions, API keys, sessions and tokens for every API."""

from __future__ import annotations

import asyncio
import logging
import sys
from functools import partial
from typing import Any

from appliance.components.auth.assembly import assemble
from appliance.components.auth.authority import Authority
from appliance.components.auth.claim import Claim
from appliance.components.auth.clock import Clock
from appliance.components.auth.gantry_keys import GantryKeys
from appliance.components.auth.moonraker import MoonrakerAccess
from appliance.components.auth.moonraker import routes as moonraker_routes
from appliance.components.auth.octoprint_access import OctoPrintAccess
from appliance.components.auth.octoprint_appkeys import OctoPrintAppKeys, announce_end
from appliance.components.auth.octoprint_login import OctoPrintLogin
from appliance.components.auth.options import CONFIG_SCHEMA
from appliance.components.auth.pages import Pages, read_pages
from appliance.components.auth.pairing import Pairing
from appliance.core import Appliance
from appliance.domain.auth import AUTH, CLAIM_CODE, SETUP_PAGE
from appliance.domain.printer import PRINTERS
from appliance.domain.rpc import ACCESS_METHODS
from appliance.logs import REDACTOR
from appliance.web import HTTP

__all__ = ["CONFIG_SCHEMA", "async_setup"]

_LOGGER = logging.getLogger(__name__)

# A key that ends is refused at once; who came by it on a websocket is put out within this.
LOOK_EVERY_S = 15.0


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Load users and keys; have an administrator, unless the appliance waits to be claimed."""
    clock = Clock()
    authority = await assemble(appliance.storage, appliance.bus, config, clock)
    appliance.provide(AUTH, authority)
    await _have_admin(appliance, authority, config)
    _offer_routes(appliance, authority, clock)
    pages = Pages(
        await asyncio.to_thread(read_pages),
        lambda: authority.claimed,
        lambda: appliance.find(SETUP_PAGE),
    )
    code_file = config.get("code_file")
    claim = Claim(authority, clock, appliance.paths.resolve(code_file) if code_file else None)
    appliance.use(HTTP).add_routes([*pages.routes(), claim.route()])
    if not authority.claimed:
        await claim.announce(appliance.use(HTTP).url)
        appliance.provide(CLAIM_CODE, lambda: None if authority.claimed else claim.code)
        claim.show_on(appliance.use(PRINTERS), appliance.bus, appliance.tasks)

    async def put_out() -> None:
        looked_at = clock.wall()
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            looked_at = authority.announce_expired(looked_at)

    appliance.tasks.supervise(put_out, "notice keys that end")
    if trusted := config["trusted_networks"]:
        _LOGGER.warning(
            "Trusted networks are configured: whoever is in one needs no key (%s)",
            ", ".join(f"{each['network']}: {each['scope']}" for each in trusted),
        )


async def _have_admin(
    appliance: Appliance, authority: Authority, config: dict[str, Any]
) -> None:
    """Have the administrator that the configuration names, with a key if nothing else."""
    configured = "password" in config or "api_key" in config
    if not configured and config["first_run"] == "claim":
        return
    key = await authority.have_admin(
        config["admin"], api_key=config.get("api_key"), make_key=not configured
    )
    if key is None:
        return
    appliance.use(REDACTOR).add(key)
    if not configured:
        # The only way for its owner to learn it; stdout is not the log.
        sys.stdout.write(f"API key: {key}\n")
        sys.stdout.flush()


def _offer_routes(appliance: Appliance, auth: Authority, clock: Clock) -> None:
    """Hand every view of the authority to the server."""
    bus = appliance.bus
    access = MoonrakerAccess(auth).methods()
    appliance.provide(ACCESS_METHODS, access)
    pairing = Pairing(clock, partial(announce_end, bus))
    appliance.use(HTTP).add_routes(
        [
            *OctoPrintLogin(auth).routes(),
            *OctoPrintAccess(auth).routes(),
            *OctoPrintAppKeys(auth, pairing, bus, appliance.tasks).routes(),
            *moonraker_routes(access),
            *GantryKeys(auth).routes(),
        ]
    )

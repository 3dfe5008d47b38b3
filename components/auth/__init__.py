"""Users, groups, permissions, API keys, sessions and tokens for every API."""

from __future__ import annotations

import asyncio
import logging
import sys
from functools import partial
from typing import Any

from appliance.components.auth.accounts import Accounts
from appliance.components.auth.authority import Authority
from appliance.components.auth.claim import Claim
from appliance.components.auth.clock import Clock
from appliance.components.auth.gantry_keys import GantryKeys
from appliance.components.auth.identification import Identifier
from appliance.components.auth.keyring import Keyring
from appliance.components.auth.lockout import Lockout
from appliance.components.auth.moonraker import MoonrakerAccess
from appliance.components.auth.moonraker import routes as moonraker_routes
from appliance.components.auth.networks import TrustedNetworks
from appliance.components.auth.octoprint_access import OctoPrintAccess
from appliance.components.auth.octoprint_appkeys import OctoPrintAppKeys, announce_end
from appliance.components.auth.octoprint_login import OctoPrintLogin
from appliance.components.auth.pages import Pages, read_pages
from appliance.components.auth.pairing import Pairing
from appliance.components.auth.passwords import Passwords
from appliance.components.auth.sessions import Sessions
from appliance.components.auth.tokens import OneshotTokens, TokenSigner
from appliance.components.auth.vault import Holdings, Vault
from appliance.config.schema import vol
from appliance.config.validators import list_of, network, non_empty, one_of, path
from appliance.core import Appliance
from appliance.domain.permissions import Scope
from appliance.domain.printer import PRINTERS
from appliance.domain.rpc import ACCESS_METHODS
from appliance.domain.users import AUTH
from appliance.logs import REDACTOR
from appliance.web import HTTP

_LOGGER = logging.getLogger(__name__)

SHORTEST_KEY = 8


def api_key(value: object) -> str:
    """Accept a key: printable, without spaces, not trivially short."""
    text = non_empty(value)
    if len(text) < SHORTEST_KEY or not text.isascii() or " " in text or not text.isprintable():
        message = f"expected a key of at least {SHORTEST_KEY} characters without spaces"
        raise vol.Invalid(message)
    return text


CONFIG_SCHEMA = vol.Schema(
    {
        vol.Optional("admin", default="admin"): non_empty,
        vol.Optional("password"): non_empty,
        vol.Optional("api_key"): api_key,
        # What happens without password and api_key: a key is made and printed, or (the
        # image) whoever knows the code on the device claims it.
        vol.Optional("first_run", default="generate"): one_of("generate", "claim"),
        vol.Optional("code_file"): path,
        vol.Optional("trusted_networks", default=list): list_of(
            {
                vol.Required("network"): network,
                vol.Optional("scope", default=Scope.READ.value): one_of(
                    *(scope.value for scope in Scope)
                ),
            }
        ),
    }
)


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Load users and keys; have an administrator, unless the appliance waits to be claimed."""
    clock = Clock()
    held = Holdings(Accounts(), Keyring(), TokenSigner(clock), Sessions(clock), Lockout(clock))
    vault = Vault(appliance.storage, held)
    await vault.load()
    networks = TrustedNetworks(config["trusted_networks"])
    oneshot = OneshotTokens(clock)
    password = config.get("password")
    admin = config["admin"]
    authority = Authority(
        held,
        vault,
        Identifier(held, networks, oneshot, clock, vault),
        Passwords(held, vault, (admin, password) if password else None),
        oneshot,
        appliance.bus,
        clock,
    )
    await authority.prepare()
    appliance.provide(AUTH, authority)
    configured = password is not None or "api_key" in config
    if configured or config["first_run"] == "generate":
        key = await authority.have_admin(
            admin, api_key=config.get("api_key"), make_key=not configured
        )
        if key is not None:
            appliance.use(REDACTOR).add(key)
        if key is not None and not configured:
            # The only way for its owner to learn it; stdout is not the log.
            sys.stdout.write(f"API key: {key}\n")
            sys.stdout.flush()
    _offer_routes(appliance, authority, clock)
    await _offer_pages(appliance)
    code_file = config.get("code_file")
    claim = Claim(authority, clock, appliance.paths.resolve(code_file) if code_file else None)
    appliance.use(HTTP).add_routes([claim.route()])
    if not authority.claimed:
        await claim.announce(appliance.use(HTTP).url)
        claim.show_on(appliance.use(PRINTERS), appliance.bus, appliance.tasks)
    if networks:
        _LOGGER.warning(
            "Trusted networks are configured: whoever is in one needs no key (%s)",
            ", ".join(
                f"{each['network']}: {each['scope']}" for each in config["trusted_networks"]
            ),
        )


async def _offer_pages(appliance: Appliance) -> None:
    pages = Pages(await asyncio.to_thread(read_pages))
    appliance.use(HTTP).add_routes(pages.routes())


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

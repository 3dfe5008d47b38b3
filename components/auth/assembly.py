"""Putting the authority together, for the appliance and for commands without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.bus import Bus
from appliance.components.auth.accounts import Accounts
from appliance.components.auth.authority import Authority
from appliance.components.auth.clock import Clock
from appliance.components.auth.identification import Identifier
from appliance.components.auth.keyring import Keyring
from appliance.components.auth.lockout import Lockout
from appliance.components.auth.networks import TrustedNetworks
from appliance.components.auth.passwords import Passwords
from appliance.components.auth.sessions import Sessions
from appliance.components.auth.tokens import OneshotTokens, TokenSigner
from appliance.components.auth.vault import Holdings, Vault
from appliance.storage import Storage


async def assemble(
    storage: Storage, bus: Bus, config: Mapping[str, Any], clock: Clock
) -> Authority:
    """Load what is kept and return who decides."""
    held = Holdings(Accounts(), Keyring(), TokenSigner(clock), Sessions(clock), Lockout(clock))
    vault = Vault(storage, held)
    await vault.load()
    oneshot = OneshotTokens(clock)
    networks = TrustedNetworks(config["trusted_networks"])
    password = config.get("password")
    authority = Authority(
        held=held,
        vault=vault,
        identifier=Identifier(held, networks, oneshot, clock, vault),
        passwords=Passwords(held, vault, (config["admin"], password) if password else None),
        oneshot=oneshot,
        bus=bus,
        clock=clock,
    )
    await authority.prepare()
    return authority

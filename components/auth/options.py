"""What stands below ``auth:`` in the configuration."""

from __future__ import annotations

from appliance.config.schema import vol
from appliance.config.validators import list_of, network, non_empty, one_of, path
from appliance.domain.permissions import Scope

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
        vol.Optional(
            "admin", default="admin", description="Name of the first administrator."
        ): non_empty,
        vol.Optional(
            "password", description="Their password, or what gantry hash-password prints."
        ): non_empty,
        vol.Optional("api_key", description="A fixed key of that administrator."): api_key,
        # What happens without password and api_key: a key is made and printed, or (the
        # image) whoever knows the code on the device claims it.
        vol.Optional(
            "first_run",
            default="generate",
            description="Without password and key here: make a key, or wait to be claimed.",
        ): one_of("generate", "claim"),
        vol.Optional(
            "code_file", description="Where the code is written for people at the device."
        ): path,
        vol.Optional(
            "trusted_networks", default=list, description="Addresses that need no key."
        ): list_of(
            {
                vol.Required("network", description="Such as 192.168.1.0/24."): network,
                vol.Optional(
                    "scope", default=Scope.READ.value, description="How far they reach."
                ): one_of(*(scope.value for scope in Scope)),
            }
        ),
    }
)

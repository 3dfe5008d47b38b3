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

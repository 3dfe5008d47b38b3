"""What stands below ``http:`` in the configuration."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from appliance.config.schema import vol
from appliance.config.validators import host, integer, list_of, network, path, string


def origin(value: object) -> str:
    """Accept the exact origin of a page: scheme, host and port, nothing else."""
    text = string(value).strip().rstrip("/").lower()
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or text != f"{parts.scheme}://{parts.netloc}" or "@" in text or "*" in text:
        raise vol.Invalid("expected an origin such as https://mainsail.example:8443")
    return text


def _both_or_none(value: dict[str, Any]) -> dict[str, Any]:
    if ("certificate" in value) != ("key" in value):
        raise vol.Invalid("certificate and key come together, or not at all")
    return value


any_port = integer(least=0, most=65535, what="a port number")

CONFIG_SCHEMA = vol.Schema(
    {
        vol.Optional(
            "host",
            default=["0.0.0.0"],  # noqa: S104 - the LAN
            description="The addresses to listen on; 0.0.0.0 is all.",
        ): list_of(host),
        vol.Optional("port", default=[8080], description="The ports to listen on."): list_of(
            any_port
        ),
        vol.Optional("tls", description="HTTPS, beside HTTP."): vol.All(
            {
                vol.Optional(
                    "port", default=8443, description="The ports to listen on."
                ): any_port,
                vol.Optional(
                    "certificate",
                    description="File of the certificate; without one, Gantry makes its own.",
                ): path,
                vol.Optional("key", description="File of its private key."): path,
            },
            _both_or_none,
        ),
        vol.Optional(
            "cors_origins", default=list, description="Pages of other servers that may call."
        ): list_of(origin),
        vol.Optional(
            "allowed_hosts",
            default=list,
            description="Names by which the server may be called.",
        ): list_of(host),
        vol.Optional(
            "trusted_proxies",
            default=list,
            description="Proxies whose word about the caller is believed.",
        ): list_of(network),
    }
)

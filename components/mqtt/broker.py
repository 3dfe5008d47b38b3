"""Which broker, from the configuration or by looking around on the network."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

from paho.mqtt.client import MQTTv5, MQTTv311

from appliance.components.mqtt.connection import Broker, BrokerUnavailable
from appliance.components.mqtt.options import AUTO
from appliance.core import Appliance
from appliance.domain.discovery import DISCOVERY
from appliance.errors import SetupError

SERVICE = "_mqtt._tcp"
_DEFAULT_PORTS = {
    ("tcp", False): 1883,
    ("tcp", True): 8883,
    ("websockets", False): 80,
    ("websockets", True): 443,
}


async def finder(
    appliance: Appliance, config: dict[str, Any], client_id: str
) -> Callable[[], Awaitable[Broker]]:
    """Return what tells where the broker is; raise `SetupError` for files that are wrong."""
    tls = await asyncio.to_thread(_tls, appliance, config["tls"])
    websockets = config["transport"] == "websockets"
    port = config.get("port") or _DEFAULT_PORTS[config["transport"], tls is not None]

    def made(host: str, port: int) -> Broker:
        return Broker(
            host,
            port,
            config.get("client_id", client_id),
            config.get("username"),
            config.get("password"),
            MQTTv5 if config["protocol"] == "5" else MQTTv311,
            config["keepalive"],
            config["path"] if websockets else None,
            tls,
        )

    if config["broker"] != AUTO:

        async def configured() -> Broker:
            return made(config["broker"], port)

        return configured
    if appliance.find(DISCOVERY) is None:
        raise SetupError("'broker: auto' needs the component zeroconf; or name the broker")

    async def found() -> Broker:
        services = await appliance.use(DISCOVERY).browse(SERVICE)
        for service in services:
            # A certificate is for a name; without one the address saves a look-up.
            host = service.host if tls is not None else next(iter(service.addresses), None)
            if host is not None:
                return made(host, config.get("port") or service.port)
        raise BrokerUnavailable("no broker announces itself on the network")

    return found


def _tls(appliance: Appliance, options: dict[str, Any] | None) -> ssl.SSLContext | None:
    """Read the certificates; blocks on the disk."""
    if options is None:
        return None
    resolve = appliance.paths.resolve
    ca = resolve(options["ca"]) if "ca" in options else None
    try:
        context = ssl.create_default_context(cafile=None if ca is None else str(ca))
        if "certificate" in options:
            context.load_cert_chain(resolve(options["certificate"]), resolve(options["key"]))
    except (OSError, ssl.SSLError) as error:
        message = f"the certificates of 'tls:' cannot be used: {error}"
        raise SetupError(message) from error
    if not options["verify"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context

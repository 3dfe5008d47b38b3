"""The HTTP server: listeners, guard, errors, security headers and limits for every API."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from functools import partial
from typing import Any

from appliance.components.http.captive import CaptivePortal
from appliance.components.http.figures import LoopLag, of_printers, of_server
from appliance.components.http.guard import Guard
from appliance.components.http.health import Health
from appliance.components.http.listeners import Listener, reachable, take_everything
from appliance.components.http.metrics import MetricsPage
from appliance.components.http.openapi import OpenApi
from appliance.components.http.options import CONFIG_SCHEMA
from appliance.components.http.peers import Peers
from appliance.components.http.server import Server
from appliance.components.http.tls import (
    load_context,
    names_of_this_machine,
    own_certificate,
)
from appliance.control import socket_path
from appliance.core import Appliance, ApplianceStarted, Stage, StopReason
from appliance.domain.audit import AUDIT
from appliance.domain.auth import AUTH, CLAIM_CODE
from appliance.domain.host import OWN_NETWORK
from appliance.domain.identity import CredentialRevoked
from appliance.domain.logins import UserLoggedOut
from appliance.domain.metrics import METRICS
from appliance.domain.printer import PRINTERS
from appliance.domain.serving import HttpListening
from appliance.domain.users import GroupChanged, UserChanged, UserDeleted
from appliance.web import HTTP

__all__ = ["CONFIG_SCHEMA", "async_setup"]

# After these somebody may be less, or nobody, on a websocket that is open.
_ENDINGS = (UserLoggedOut, UserChanged, UserDeleted, GroupChanged, CredentialRevoked)

_LOGGER = logging.getLogger(__name__)


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Take the ports; answer on them once every component is set up."""
    listeners = await asyncio.to_thread(_listen, appliance, config)
    guard = Guard(
        Peers(config["trusted_proxies"], config["allowed_hosts"]),
        partial(appliance.find, AUTH),
        config["cors_origins"],
        time.monotonic,
    )
    printers = appliance.use(PRINTERS)
    main = listeners[0]
    scheme = "http" if main.tls is None else "https"
    url = f"{scheme}://{reachable(config['host'][0])}:{main.port}"
    portal = CaptivePortal(
        partial(appliance.find, OWN_NETWORK), partial(_is_unclaimed, appliance)
    )
    server = Server(guard, printers, partial(appliance.find, AUDIT), listeners, url, portal)
    appliance.provide(HTTP, server)
    lag = LoopLag()
    metrics = MetricsPage()
    metrics.add_source(lambda: of_printers(printers))
    metrics.add_source(lambda: of_server(server, lag))
    appliance.provide(METRICS, metrics)
    server.add_routes([Health(appliance).route(), metrics.route(), OpenApi(server).route()])
    server.add_routes(portal.routes())
    _live(appliance, server, lag)


def _is_unclaimed(appliance: Appliance) -> bool:
    claim = appliance.find(CLAIM_CODE)
    return claim is not None and claim() is not None


def _live(appliance: Appliance, server: Server, lag: LoopLag) -> None:
    """Start and stop the server with the appliance, and heed what becomes of users."""

    async def answer() -> None:
        await server.start()
        lag.start()
        _LOGGER.info("Listening on port %s", ", ".join(map(str, server.ports)))
        appliance.bus.fire(HttpListening(server.url))

    def start(_event: ApplianceStarted) -> None:
        appliance.tasks.spawn(answer(), "start http")

    async def stop(_reason: StopReason) -> None:
        lag.stop()
        await server.stop()

    def recheck(_event: object) -> None:
        if (auth := appliance.find(AUTH)) is not None:
            server.recheck(auth)

    appliance.bus.listen(ApplianceStarted, start)
    for event in _ENDINGS:
        appliance.bus.listen(event, recheck)
    appliance.on_stop(Stage.VIEWS, "http", stop)


def _listen(appliance: Appliance, config: dict[str, Any]) -> list[Listener]:
    """Bind every socket; blocks on names and the disk."""
    own_ports = [
        (entry["http_port"], entry["id"])
        for entry in appliance.configuration.printers
        if entry.get("http_port") is not None
    ]
    control = socket_path(appliance.paths.config)
    return take_everything(config, own_ports, control, _tls(appliance, config))


def _tls(appliance: Appliance, config: dict[str, Any]) -> ssl.SSLContext | None:
    options = config.get("tls")
    if options is None:
        return None
    if "certificate" in options:
        resolve = appliance.paths.resolve
        return load_context(resolve(options["certificate"]), resolve(options["key"]))
    names = names_of_this_machine() | set(config["allowed_hosts"])
    return load_context(*own_certificate(appliance.paths.storage / "tls", names))

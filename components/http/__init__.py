"""The HTTP server: listeners, guard, errors, security headers and limits for every API."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from functools import partial
from typing import Any

from appliance.components.http.guard import Guard
from appliance.components.http.listeners import Listener, take_control_socket, take_port
from appliance.components.http.peers import Peers
from appliance.components.http.server import Server
from appliance.config.schema import vol
from appliance.config.validators import host, integer, list_of, network, url
from appliance.control import socket_path
from appliance.core import Appliance, ApplianceStarted, Stage, StopReason
from appliance.domain.printer import PRINTERS
from appliance.domain.serving import HttpListening
from appliance.domain.users import AUTH
from appliance.errors import SetupError
from appliance.web import HTTP

_LOGGER = logging.getLogger(__name__)

CONFIG_SCHEMA = vol.Schema(
    {
        vol.Optional("host", default=["0.0.0.0"]): list_of(host),  # noqa: S104 - the LAN
        vol.Optional("port", default=[8080]): list_of(integer(least=0, most=65535)),
        vol.Optional("cors_origins", default=list): list_of(url()),
        vol.Optional("allowed_hosts", default=list): list_of(host),
        vol.Optional("trusted_proxies", default=list): list_of(network),
    }
)


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Take the ports; answer on them once every component is set up."""
    listeners = await asyncio.to_thread(_take_ports, appliance, config)
    guard = Guard(
        Peers(config["trusted_proxies"], config["allowed_hosts"]),
        partial(appliance.find, AUTH),
        config["cors_origins"],
        time.monotonic,
    )
    url = f"http://{_reachable(config['host'][0])}:{listeners[0].port}"
    server = Server(guard, appliance.use(PRINTERS), listeners, url)
    appliance.provide(HTTP, server)

    def start(_event: ApplianceStarted) -> None:
        appliance.tasks.spawn(answer(), "start http")

    async def answer() -> None:
        await server.start()
        _LOGGER.info("Listening on port %s", ", ".join(map(str, server.ports)))
        appliance.bus.fire(HttpListening(server.url))

    async def stop(_reason: StopReason) -> None:
        await server.stop()

    appliance.bus.listen(ApplianceStarted, start)
    appliance.on_stop(Stage.VIEWS, "http", stop)


def _take_ports(appliance: Appliance, config: dict[str, Any]) -> list[Listener]:
    hosts = config["host"]
    wanted: list[tuple[int, str | None]] = [(port, None) for port in config["port"]]
    wanted += [
        (entry["http_port"], entry["id"])
        for entry in appliance.configuration.printers
        if entry.get("http_port") is not None
    ]
    listeners: list[Listener] = []
    try:
        for number, printer_id in wanted:
            listeners.append(take_port(hosts, number, printer_id=printer_id))
    except SetupError:
        for listener in listeners:
            listener.close()
        raise
    try:
        listeners.append(take_control_socket(socket_path(appliance.paths.config)))
    except OSError as error:
        _LOGGER.warning("No control socket for commands on this machine: %s", error)
    return listeners


def _reachable(address: str) -> str:
    """Return the address by which others reach us, without asking any of them."""
    if address not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return f"[{address}]" if ":" in address else address
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737; a datagram socket sends nothing yet
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"

"""The sockets: taken at set-up, so that a port in use is an error at once; served later."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from appliance.addresses import outward_address
from appliance.errors import SetupError
from appliance.records import dataclass
from appliance.storage import make_private_directory
from appliance.web import Route

_LOGGER = logging.getLogger(__name__)

BACKLOG = 512
# asyncio accepts up to so many before the first of them is looked at and may be refused.
AT_ONCE = 16

Factory = Callable[[], asyncio.Protocol]


@dataclass(slots=True)
class Listener:
    """A port (or the control socket); ``printer_id`` where a printer has one of its own."""

    sockets: list[socket.socket]
    port: int = 0
    printer_id: str | None = None
    path: Path | None = None
    tls: ssl.SSLContext | None = None
    site: Route | None = None  # what answers for paths that no API has
    servers: list[asyncio.Server] = field(default_factory=list)

    async def serve(self, factory: Factory) -> None:
        """Accept connections from now on."""
        loop = asyncio.get_running_loop()
        for sock in self.sockets:
            if self.path is not None:
                server = await loop.create_unix_server(factory, sock=sock, backlog=AT_ONCE)
            else:
                server = await loop.create_server(
                    factory, sock=sock, ssl=self.tls, backlog=AT_ONCE
                )
            sock.listen(BACKLOG)  # for the kernel it is another number
            self.servers.append(server)

    def close(self) -> None:
        """Accept nothing any more."""
        for server in self.servers:
            server.close()
        for sock in self.sockets:
            sock.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def take_port(
    hosts: Sequence[str],
    port: int,
    *,
    printer_id: str | None = None,
    tls: ssl.SSLContext | None = None,
) -> Listener:
    """Bind a port on those addresses; a SetupError says what stands in the way."""
    listener = Listener([], port, printer_id, tls=tls)
    for host in hosts:
        try:
            listener.sockets.append(_bind(host, listener.port))
        except OSError as error:
            listener.close()
            raise SetupError(_why(host, port, error)) from error
        listener.port = listener.sockets[0].getsockname()[1]  # port 0: whichever is free
    return listener


def take_control_socket(path: Path) -> Listener:
    """Bind the control socket, in place of what a former run left behind."""
    make_private_directory(path.parent)
    path.unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.bind(str(path))
        path.chmod(0o600)  # and nobody else gets into the folder anyway
    except OSError:
        sock.close()
        raise
    sock.setblocking(False)
    return Listener([sock], path=path)


def take_everything(
    config: Mapping[str, Any],
    own_ports: Iterable[tuple[int, str]],
    control: Path,
    tls: ssl.SSLContext | None,
) -> list[Listener]:
    """Bind what is configured: ports, TLS, ports of single printers, the control socket."""
    hosts = config["host"]
    wanted: list[tuple[int, str | None, ssl.SSLContext | None]] = [
        (port, None, None) for port in config["port"]
    ]
    if tls is not None:
        wanted.append((config["tls"]["port"], None, tls))
    if not wanted:
        raise SetupError("http.port is empty and there is no http.tls: nobody could come in")
    wanted += [(port, printer_id, None) for port, printer_id in own_ports]
    listeners: list[Listener] = []
    try:
        for port, printer_id, context in wanted:
            listeners += [take_port(hosts, port, printer_id=printer_id, tls=context)]
    except SetupError:
        for listener in listeners:
            listener.close()
        raise
    try:
        listeners.append(take_control_socket(control))
    except OSError as error:
        _LOGGER.warning("No control socket for commands on this machine: %s", error)
    return listeners


def reachable(address: str) -> str:
    """Return the address by which others reach us, without asking any of them."""
    if address not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return f"[{address}]" if ":" in address else address
    return outward_address() or "127.0.0.1"


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if not host.replace(".", "").isdecimal() and ":" not in host:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        host = str(address[0])
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, port))
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock


def _why(host: str, port: int, error: OSError) -> str:
    where = f"cannot listen on {host} port {port}"
    if error.errno == errno.EADDRINUSE:
        return f"{where}: another program uses it; change http.port"
    if error.errno == errno.EACCES:
        return f"{where}: ports below 1024 need a privilege; use 8080"
    return f"{where}: {error.strerror or error}"

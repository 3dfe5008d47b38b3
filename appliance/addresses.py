"""By which address others reach this computer."""

from __future__ import annotations

import socket


def outward_address() -> str | None:
    """Return our address in the network, without asking anybody; None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737; a datagram socket sends nothing yet
            return str(probe.getsockname()[0])
        except OSError:
            return None

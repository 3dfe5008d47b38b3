"""Ports for what a test starts in another process, which has to be told one beforehand."""

from __future__ import annotations

import itertools
import os
import random
import socket

# Below those that the system gives to connections (32768 and above): between the choice and
# the start, or while a server is down for a restart, any connection might take one of them.
_FIRST = 20_000
_WORKERS = 8  # each has its own ports
_EACH = 1_500


def _places() -> itertools.cycle[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
    mine = [*range(_FIRST + worker * _EACH, _FIRST + (worker + 1) * _EACH)]
    begin = random.SystemRandom().randrange(_EACH)  # beside another run of the tests
    return itertools.cycle(mine[begin:] + mine[:begin])


_PORTS = _places()


def free_port() -> int:
    """Return a port that nobody listens on, and that is not given to anybody soon again."""
    for port in _PORTS:
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError  # the places begin anew for ever

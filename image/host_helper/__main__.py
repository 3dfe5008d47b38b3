"""Serves wishes at the socket that systemd hands over, until nobody has any for a while."""

from __future__ import annotations

import contextlib
import json
import pwd
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterator

from .verbs import Refused, obey, run
from .wifi import Run

FIRST_FD = 3  # sd_listen_fds(3)
IDLE_S = 30.0
_CLIENT_S = 5.0
_MOST = 1024  # bytes of a wish


def main(user: str = "gantry") -> int:
    """Serve ``user`` and root; systemd starts us again for the next client."""
    owner = pwd.getpwnam(user).pw_uid
    with socket.socket(fileno=FIRST_FD) as listener:
        serve(listener, run, lambda uid: uid in (0, owner))
    return 0


def serve(
    listener: socket.socket, run: Run, may: Callable[[int], bool], idle_s: float = IDLE_S
) -> None:
    """Answer one client after the other."""
    listener.settimeout(idle_s)
    while True:
        try:
            client, _ = listener.accept()
        except TimeoutError:
            return
        with client, _undisturbed():
            client.settimeout(_CLIENT_S)
            try:
                _answer(client, run, may)
            except OSError as error:
                print(f"A client has gone: {error}", file=sys.stderr)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let a wish be done that stops us, too, as restart and switch off do.

    The commands that are run inherit it: systemctl is not stopped before it has been told
    that its order was taken.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _answer(client: socket.socket, run: Run, may: Callable[[int], bool]) -> None:
    _, uid, _ = struct.unpack(
        "3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    )
    if not may(uid):
        print(f"User {uid} is none of ours", file=sys.stderr)
        return
    line = b""
    while not line.endswith(b"\n") and len(line) < _MOST:
        part = client.recv(_MOST - len(line))
        if not part:
            return
        line += part
    wish = line.decode("ascii", errors="replace").strip()
    then = None
    try:
        done = obey(wish, run)
        answer, then = {"ok": True, **done.answer}, done.then
        print(f"Done: {_without_data(wish)}", file=sys.stderr)
    except Refused as error:
        answer = {"ok": False, "error": str(error)}
        print(f"Refused: {_without_data(wish)!r}: {error}", file=sys.stderr)
    client.sendall(json.dumps(answer).encode() + b"\n")
    if then is not None:
        # On a busy computer Gantry would be gone before it could tell anybody.
        try:
            run(then)
        except Refused as error:
            print(f"Refused, after all: {_without_data(wish)!r}: {error}", file=sys.stderr)


def _without_data(wish: str) -> str:
    """Return a wish without what may be a password."""
    return wish.partition("{")[0].strip()[:64]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))

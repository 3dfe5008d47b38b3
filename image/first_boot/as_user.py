"""Work done in a process of the user to whom the configuration belongs.

Checking a configuration imports its components, and a folder of the user may hold more of
them: none of that code runs as root, and no link of theirs leads root astray.
"""

from __future__ import annotations

import json
import os
import pwd
import select
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LONGEST_S = 120.0
_MOST = 4 * 1024 * 1024


class WorkFailed(Exception):
    """The process did not come to an end as it should; the text says how."""


@dataclass(frozen=True, slots=True)
class AsUser:
    """Runs functions as ``user``; as we are, if that is nobody."""

    user: str | None

    def __call__(self, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return what ``work`` returns (plain JSON); raise `WorkFailed`."""
        if self.user is None:
            return work()
        account = pwd.getpwnam(self.user)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _in_child(account, writer, work)
        os.close(writer)
        try:
            answer = _read(reader)
        finally:
            os.close(reader)
            os.kill(child, signal.SIGKILL)  # it has answered, or never will
            _, status = os.waitpid(child, 0)
        if answer is None:
            message = f"the check of the configuration did not end (status {status})"
            raise WorkFailed(message)
        if "error" in answer:
            raise WorkFailed(str(answer["error"]))
        return dict(answer["result"])


def _in_child(account: pwd.struct_passwd, writer: int, work: Callable[[], Any]) -> None:
    """Become the user, work, answer, and end without any clean-up of the parent's."""
    try:
        os.initgroups(account.pw_name, account.pw_gid)
        os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
        os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
        answer = {"result": work()}
    except BaseException as error:  # noqa: BLE001 - the parent is told
        last = traceback.extract_tb(error.__traceback__)[-1]
        answer = {"error": f"{type(error).__name__}: {error} ({last.name}:{last.lineno})"}
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(json.dumps(answer).encode() + b"\n")
    while True:
        signal.pause()


def _read(reader: int) -> dict[str, Any] | None:
    content = b""
    while not content.endswith(b"\n") and len(content) < _MOST:
        ready, _, _ = select.select([reader], [], [], LONGEST_S)
        part = os.read(reader, 65536) if ready else b""
        if not part:
            return None
        content += part
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None

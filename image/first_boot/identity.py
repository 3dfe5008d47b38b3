"""Programs run as the user to whom the configuration belongs."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence


def run_as(
    user: str | None, command: Sequence[str], timeout_s: float, content: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run a command as ``user`` (None: as we are) with ``content`` on its stdin."""
    account = None if user is None else pwd.getpwnam(user)
    if account is None or account.pw_uid == os.geteuid():
        return subprocess.run(  # noqa: S603 - a command of ours, no shell
            command, input=content, capture_output=True, timeout=timeout_s, check=False
        )
    return subprocess.run(  # noqa: S603 - likewise
        command,
        input=content,
        capture_output=True,
        timeout=timeout_s,
        check=False,
        cwd="/",
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        umask=0o077,
    )


def give_to(user: str | None, path: os.PathLike[str]) -> None:
    """Have a file or folder belong to ``user``."""
    if user is not None:
        account = pwd.getpwnam(user)
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)

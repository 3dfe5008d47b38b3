"""Run programs of another architecture by Debian's qemu-user.

A container has no systemd that would tell the kernel about it. From Linux 6.7 each user
namespace has a register of its own: ours is filled in a namespace that maps every user to
itself, so nothing outside of it changes. Needs root.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from image.build.flavours import Flavour

_RULES = Path("/usr/lib/binfmt.d")
_EVERYBODY = "0 0 4294967295\n"
# Waits until the user map is written, then registers qemu, then becomes the program.
_CHILD = """
read -r _
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
cat "$1" > /proc/sys/fs/binfmt_misc/register
shift
exec "$@"
"""


def run_for(
    flavour: Flavour, command: Sequence[str], environment: Mapping[str, str] | None = None
) -> None:
    """Run ``command`` where programs of the flavour's architecture can be started."""
    env = {**os.environ, **(environment or {})}
    if flavour.is_native or _can_run(flavour.architecture):
        subprocess.run(command, check=True, env=env)  # noqa: S603 - our own arguments
        return
    rule = _RULES / f"qemu-{flavour.machine}.conf"
    line = ["unshare", "--user", "--mount", "sh", "-euc", _CHILD, "sh", str(rule), *command]
    with subprocess.Popen(line, stdin=subprocess.PIPE, env=env) as child:  # noqa: S603
        assert child.stdin is not None
        _map_everybody(child.pid)
        child.stdin.write(b"go\n")
        child.stdin.close()
        code = child.wait()
    if code:
        raise subprocess.CalledProcessError(code, line)


def _can_run(architecture: str) -> bool:
    asked = subprocess.run(  # noqa: S603
        ["arch-test", architecture],  # noqa: S607
        check=False,
        stdout=subprocess.DEVNULL,
    )
    return asked.returncode == 0


def _map_everybody(pid: int) -> None:
    """Map the users of the child's namespace to themselves, as soon as it has one."""
    ours = Path("/proc/self/ns/user").readlink()
    while Path(f"/proc/{pid}/ns/user").readlink() == ours:
        os.sched_yield()
    for table in ("uid_map", "gid_map"):
        Path(f"/proc/{pid}/{table}").write_text(_EVERYBODY)

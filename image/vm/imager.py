"""A card that Raspberry Pi Imager has written its own settings onto, with a key for SSH."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from image.vm.rehearsal import Rehearsal

_SETTINGS = """\
config_version = "1.0"
[system]
hostname = "ender3"
[user]
name = "ada"
password = "$5$salt$hash"
password_encrypted = true
[ssh]
enabled = true
password_authentication = true
authorized_keys = [ "{key}" ]
[wlan]
ssid = "Zuhause"
password = "geheim1234"
country = "DE"
[locale]
timezone = "Europe/Berlin"
"""
_FILE = "rpi-preseed.toml"
_SSH = (
    "ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
    " -o LogLevel=ERROR -i /run/key"
)
_SECRETS = (b"geheim1234", b"$5$salt$hash")


def imager(self: Rehearsal) -> Iterator[str]:
    """Take what Imager's dialog says; let its key in by SSH, and nothing else."""
    self.insert_fresh_card()
    private, public = _key_pair()
    self.card.put(_FILE, _SETTINGS.format(key=public).encode())
    machine = self.boot()
    assert machine.shell("hostname").strip() == "ender3"
    assert machine.shell("date +%Z").strip() in ("CET", "CEST")
    yield "name and time zone are those of Imager's dialog"
    machine.shell(f"umask 077; printf %s {shlex.quote(private)} > /run/key")
    machine.wait_until(
        lambda: machine.shell(f"{_SSH} root@127.0.0.1 whoami").strip() == "root", "SSH"
    )
    yield "root logs in by SSH with the key"
    for what, command in (
        ("another key", "ssh-keygen -qt ed25519 -N '' -f /run/other; {ssh} -i /run/other"),
        ("a password", "{ssh} -o PubkeyAuthentication=no"),
    ):
        ssh = _SSH.replace("/run/key", "/run/other") if what == "another key" else _SSH
        said = machine.shell(f"{command.format(ssh=ssh)} root@127.0.0.1 whoami")
        assert "Permission denied (publickey)" in said, said
        yield f"refused with {what}: {said.strip()}"
    said = machine.shell(f"{_SSH} ada@127.0.0.1 whoami")
    assert "Permission denied" in said, said
    network = machine.shell("cat /data/system/network/*.nmconnection")
    assert "geheim1234" in network, network
    yield from self.reported("the user 'ada' is not made")
    self.switch_off()
    kept = self.card.get(_FILE) or b""
    assert kept.startswith(b"# Its settings were taken"), kept
    raw = self.card.first_partition()
    assert not [secret for secret in _SECRETS if secret in raw]
    yield "its passwords are nowhere on the first partition any more"
    yield f"power cut; the card is {self.card.check()}"


def _key_pair() -> tuple[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "key"
        subprocess.run(  # noqa: S603
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", str(file)],  # noqa: S607
            check=True,
        )
        return file.read_text(), file.with_suffix(".pub").read_text().strip()

"""A Wi-Fi network of our own where there is no other way to the appliance.

It exists in memory only: after a restart, or once a network is there, it is gone.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from . import disk
from .host import Host
from .keyfile import ACCESS_POINT_ID, access_point_keyfile
from .network import SCAN, Run, devices

# Without letters and digits that look alike.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_FILE = "import/access-point.json"
RUNTIME = Path("/run/NetworkManager/system-connections")
AROUND = Path("/run/gantry-wifi/around")


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """Our network; name and password stay the same for the life of a card."""

    host: Host
    run: Run
    runtime: Path = RUNTIME
    around: Path = AROUND

    @property
    def name(self) -> str:
        """What the network is called."""
        return f"{self.host.hostname or 'gantry'}-{self._known()['suffix']}"

    @property
    def password(self) -> str:
        """Its WPA2 key."""
        return self._known()["password"]

    @property
    def is_open(self) -> bool:
        """Whether it is on the air."""
        return any(each.connection == ACCESS_POINT_ID for each in devices(self.run))

    def open_if_needed(self) -> bool:
        """Go on the air if nothing else leads here; return whether we are."""
        known = devices(self.run)
        if self.is_open:
            return True
        radio = next((each for each in known if each.kind == "wifi"), None)
        is_reachable = any(each.is_connected or each.is_connecting for each in known)
        if radio is None or is_reachable or self.host.has_wifi:
            return False
        if not self.host.wants_access_point:
            return False
        return self.open()

    def open(self) -> bool:
        """Go on the air; what is around is noted before, since we are deaf afterwards."""
        disk.write(self.around, (self.run(SCAN) or "").encode())
        file = self.runtime / f"{ACCESS_POINT_ID}.nmconnection"
        disk.write(file, access_point_keyfile(self.name, self.password))
        self.run(["nmcli", "connection", "load", str(file)])
        return self.run(["nmcli", "connection", "up", ACCESS_POINT_ID]) is not None

    def _known(self) -> dict[str, str]:
        file = self.host.folder / _FILE
        try:
            found = json.loads(file.read_bytes())
            if re.fullmatch(f"[{_ALPHABET}]{{10,}}", found["password"]):
                return {"suffix": str(found["suffix"]), "password": found["password"]}
        except (OSError, ValueError, TypeError, KeyError):
            pass
        made = {"suffix": _letters(4), "password": _letters(10)}
        disk.write(file, json.dumps(made).encode())
        return made


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))

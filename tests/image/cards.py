"""A card in a temporary folder, and starts of the computer that it is in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from appliance.catalogue import Catalogue
from appliance.config import Configuration, load_configuration
from image.first_boot.importer import Importer, Places
from image.first_boot.outcome import Outcome
from image.first_boot.report import FILE, write_report
from image.first_boot.work import do

KEY = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBVxSmiNnf/JGZ6VfZ0Gd0uP2ZwdzqLk1T6vTt0JdY8p me@home"
)
DEFAULTS = """\
# The factory's.
appliance:
  name: Gantry
auth:  # users
  first_run: claim
printer:
  - id: printer
    platform: serial
    port: auto
"""


@dataclass(slots=True)
class Card:
    """The folders."""

    root: Path

    def __post_init__(self) -> None:
        for folder in (self.boot, self.config, self.system):
            folder.mkdir(parents=True, exist_ok=True)
        (self.root / "defaults.yaml").write_text(DEFAULTS)

    @property
    def boot(self) -> Path:
        return self.root / "boot"

    @property
    def config(self) -> Path:
        return self.root / "config"

    @property
    def system(self) -> Path:
        return self.root / "system"

    @property
    def places(self) -> Places:
        return Places(self.boot, self.config, self.system, self.root / "defaults.yaml")

    def put(self, text: str | bytes, name: str = "gantry.yaml") -> None:
        content = text.encode() if isinstance(text, str) else text
        (self.boot / name).write_bytes(content)

    def start(self) -> Outcome:
        outcome = Importer(self.places, do).run()
        write_report(self.boot, outcome)
        return outcome

    def on_card(self, name: str = "gantry.yaml") -> str:
        return (self.boot / name).read_text(encoding="utf-8")

    @property
    def report(self) -> str:
        return (self.boot / FILE).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")

    @property
    def in_force(self) -> Configuration:
        return load_configuration(self.config, Catalogue(self.config))

    @property
    def live(self) -> dict[str, Any]:
        """What stands in configuration.yaml, tags as text."""
        return dict(YAML(typ="rt").load(self.live_text.replace("!secret ", "secret-")))

    @property
    def live_text(self) -> str:
        return (self.config / "configuration.yaml").read_text()

    @property
    def networks(self) -> dict[str, dict[str, str]]:
        """The Wi-Fi files, by the name of the network."""
        found = {}
        for file in (self.system / "network").glob("*.nmconnection"):
            assert file.stat().st_mode & 0o777 == 0o600
            lines = [line.partition("=") for line in file.read_text().splitlines()]
            entry = {key: value for key, equals, value in lines if equals}
            name = bytes(int(each) for each in entry["ssid"].split(";") if each).decode()
            found[name] = entry
        return found

    def set(self, name: str) -> str | None:
        file = self.system / name
        return file.read_text().strip() if file.exists() else None

    @property
    def remembered(self) -> dict[str, Any]:
        return dict(json.loads((self.system / "import/state.json").read_bytes()))

"""What is seen of the appliance some time after the start: network, printer, claim code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.config import CONFIGURATION_FILE
from appliance.config.yaml import read_document
from appliance.domain.host import HostTrouble

from .access_point import AccessPoint
from .diagnosis import why_not_joined
from .host import Host
from .network import Run, network_lines

Ask = Callable[[str], Any]  # GET a path of the running appliance

_CODE = re.compile(r"^\s+([0-9A-Z]{6,})\s*$", re.MULTILINE)
_FAULTS: Mapping[str, str] = {
    "online": "connected",
    "offline": "not connected",
    "detecting": "looking for it",
    "opening": "connecting",
    "handshaking": "connecting",
    "halted": "halted: restart it",
    "failed": "the connection has failed",
}
_LOG_LINES = 12


@dataclass(frozen=True, slots=True)
class Sight:
    """Where to look."""

    run: Run
    ask: Ask
    host: Host
    config: Path
    claim_code: Path
    devices: Path = Path("/dev/serial/by-id")
    not_kept: Path = Path("/run/gantry-data-missing")  # gantry-volatile.service

    def lines(self, after_s: int) -> list[str]:
        """Return what there is to say."""
        hostname = self.host.hostname or "gantry"
        return [
            f"--- {after_s} seconds after the start ---",
            *self._network(hostname),
            *self._access_point(),
            "",
            *self._claim(hostname),
            *self._update(),
            *self._printers(),
        ]

    def _network(self, hostname: str) -> list[str]:
        return network_lines(
            self.run,
            hostname,
            self._port(),
            lambda device: why_not_joined(self.run, device, self.host.networks),
            has_wifi=self.host.has_wifi,
            has_country=self.host.country is not None,
        )

    def _port(self) -> int:
        data = read_document(self.config, CONFIGURATION_FILE).data
        section = data.get("http") if isinstance(data, dict) else None
        ports = section.get("port", 80) if isinstance(section, dict) else 80
        first = ports[0] if isinstance(ports, list) and ports else ports
        return first if isinstance(first, int) else 80

    def _access_point(self) -> list[str]:
        point = AccessPoint(self.host, self.run)
        if not point.is_open:
            return []
        return [
            "",
            "No network was found, so there is one of our own:",
            f"  name: {point.name}",
            f"  password: {point.password}",
            "  then open http://10.42.0.1",
        ]

    def _claim(self, hostname: str) -> list[str]:
        try:
            found = _CODE.search(self.claim_code.read_text(encoding="utf-8"))
        except OSError:
            return []
        if found is None:
            return []
        return [
            "Nobody owns this appliance yet:",
            f"  open http://{hostname}.local/claim and enter the code {found[1]}",
            "",
        ]

    def _update(self) -> list[str]:
        """Tell of an update that was undone, and why."""
        updates = self.ask("/api/gantry/updates")
        outcome = updates.get("outcome") if isinstance(updates, dict) else None
        if not outcome or outcome["result"] != "rolled_back":
            return []
        said = " ".join(str(outcome["reason"]).split())
        return [
            f"Gantry {outcome['version']} was not well, so {updates['running']} runs:",
            f"  {said}",
            "",
        ]

    def _printers(self) -> list[str]:
        health = self.ask("/api/gantry/health")
        if not isinstance(health, dict):
            memory = (
                [f"The computer: {HostTrouble.NOT_KEPT.value}"]
                if self.not_kept.exists()
                else []
            )
            words = self._last_words()
            return [*memory, "Gantry itself does not answer. Its last words:", *words]
        lines = ["Printers:"]
        lines += [f"  {each['name']}: {self._state(each)}" for each in health["printers"]]
        if not health["printers"]:
            lines.append("  none is configured")
        if troubles := health.get("troubles"):
            lines += ["The computer:", *(f"  {each['text']}" for each in troubles)]
        if failed := health.get("failed_components"):
            lines += ["Parts that did not start:"]
            lines += [f"  {name}: {reason}" for name, reason in failed.items()]
        return [*lines, *self._ports(health)]

    def _state(self, printer: Mapping[str, Any]) -> str:
        found = self.ask(f"/printers/{printer['id']}/api/gantry/printer")
        port = found["connection"]["port"] if isinstance(found, dict) else None
        words = _FAULTS.get(str(printer["link"]), str(printer["link"]))
        said = printer.get("fault") or {}
        fault = " ".join(str(said[key]) for key in ("message", "advice") if said.get(key))
        return f"{words}{f', at {port}' if port else ''}{f' ({fault})' if fault else ''}"

    def _ports(self, health: Mapping[str, Any]) -> list[str]:
        """List what is plugged in, unless every printer is there."""
        if health["printers"] and all(each["link"] == "online" for each in health["printers"]):
            return []
        try:
            names = sorted(str(each) for each in self.devices.iterdir())
        except OSError:
            names = []
        if not names:
            return [
                "USB ports: nothing that could be a printer is plugged in.",
                "  Is the printer switched on, and is it a data cable (not one for charging)?",
            ]
        return ["USB ports (for 'port:' in gantry.yaml):", *(f"  {name}" for name in names)]

    def _last_words(self) -> Sequence[str]:
        text = self.run(
            ["journalctl", "--boot", "--unit=gantry", "--output=cat", "--quiet",
             f"--lines={_LOG_LINES}"]
        )  # fmt: skip
        return [f"  {line[:200]}" for line in (text or "").splitlines()] or ["  (none)"]

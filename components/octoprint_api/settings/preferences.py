"""What clients keep here for themselves, per printer, in the storage."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from appliance.components.octoprint_api.settings.merging import accept, merge
from appliance.core import Appliance
from appliance.errors import InvalidRequest
from appliance.records import dataclass
from appliance.storage import Store, mapping

_LOGGER = logging.getLogger(__name__)

# The answers of a fresh server; only what is here is kept.
DEFAULTS: Mapping[str, Any] = {
    "appearance": {
        "closeModalsWithClick": True,
        "color": "default",
        "colorIcon": True,
        "colorTransparent": False,
        "defaultLanguage": "_default",
        "fuzzyTimes": True,
        "showFahrenheitAlso": False,
        "showInternalFilename": True,
    },
    "controls": [],
    "feature": {
        "autoUppercaseBlacklist": ["M117", "M118"],
        "enableDragDropUpload": True,
        "fileDeleteConfirmation": True,
        "keyboardControl": True,
        "modelSizeDetection": True,
        "printCancelConfirmation": True,
        "printStartConfirmation": False,
        "rememberFileFolder": False,
        "sdSupport": True,
        "temperatureGraph": True,
        "uploadOverwriteConfirmation": True,
    },
    "plugins": {
        "action_command_notification": {"enable": True, "enable_popups": False},
        "gcodeviewer": {"mobileSizeThreshold": 2_097_152, "sizeThreshold": 20_971_520},
    },
    "server": {"diskspace": {"critical": 209_715_200, "warning": 524_288_000}},
    "temperature": {
        "cutoff": 30,
        "profiles": [
            {"name": "ABS", "extruder": 210, "bed": 100, "chamber": None},
            {"name": "PLA", "extruder": 180, "bed": 60, "chamber": None},
        ],
        "sendAutomatically": False,
        "sendAutomaticallyAfter": 1,
    },
    "terminalFilters": [
        {"name": "Hide temperatures", "regex": r"(Send: (N\d+ )?M105)|(Recv: (ok )?T\d*:)"},
        {"name": "Hide the state of the card", "regex": r"(Send: (N\d+ )?M27)|(Recv: .*SD)"},
        {"name": "Hide that it is busy", "regex": "Recv: (echo:)?busy:"},
        {"name": "Hide waiting", "regex": "Recv: wait"},
    ],
}


@dataclass(frozen=True, slots=True)
class PreferencesChanged:
    """What clients keep for a printer is different now."""

    printer_id: str


class Preferences:
    """The preferences of every printer."""

    def __init__(self, appliance: Appliance) -> None:
        self._bus = appliance.bus
        self._store: Store = appliance.storage.store("octoprint_api")
        self._changed: dict[str, dict[str, Any]] = {}
        self.revision = 0

    async def load(self) -> None:
        """Read what was kept; what is no longer known is dropped."""
        kept = await self._store.read(lambda data: mapping(data.get("settings", {})))
        for printer_id, tree in (kept or {}).items():
            try:
                self._changed[printer_id] = accept(DEFAULTS, tree)
            except InvalidRequest as error:  # of another version
                _LOGGER.warning("The preferences of '%s' are dropped: %s", printer_id, error)

    def of(self, printer_id: str) -> dict[str, Any]:
        """Return the whole tree of a printer."""
        return merge(dict(DEFAULTS), self._changed.get(printer_id, {}))

    def has_card(self, printer_id: str) -> bool:
        """Return whether the printer's own card is to be offered."""
        return bool(self.of(printer_id)["feature"]["sdSupport"])

    async def change(self, printer_id: str, accepted: dict[str, Any]) -> bool:
        """Keep what was accepted; return whether anything is different now."""
        before = self._changed.get(printer_id, {})
        after = merge(before, accepted)
        if after == before:
            return False
        self._changed[printer_id] = after
        self.revision += 1
        await self._store.save({"settings": self._changed})
        self._bus.fire(PreferencesChanged(printer_id))
        return True

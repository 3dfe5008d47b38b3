"""What the settings say and nobody can change through them: how we are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from appliance.components.octoprint_api.settings.homes import Here
from appliance.components.octoprint_api.settings.webcams import first_camera
from appliance.domain.camera import without_credentials


def facts(here: Here, ports: Sequence[str], uuid: str) -> dict[str, Any]:
    """Return the tree."""
    configuration = here.appliance.configuration
    own = configuration.components.get("octoprint_api", {})
    return {
        "accessControl": {"autologinLocal": False, "autologinHeadsupAcknowledged": False},
        "devel": {"pluginTimings": False},
        "feature": {"g90InfluencesExtruder": False, "pollWatched": False},
        "folder": {
            "timelapse": configuration.components.get("timelapse", {}).get("path"),
            "uploads": configuration.components.get("file_manager", {}).get("path"),
            "watched": None,
        },
        "gcodeAnalysis": {"bedZ": 0.0, "runAt": "always"},
        "plugins": {
            "action_command_notification": {"filter": ""},
            "action_command_prompt": {
                "command": "M876",
                "enable": "detected",
                "enable_emergency_sending": True,
                "enable_signal_support": True,
            },
            "classicwebcam": _classic_webcam(here),
            "discovery": {"upnpUuid": uuid, "publicHost": None, "publicPort": None},
        },
        "serial": {
            "additionalBaudrates": [],
            "additionalPorts": [],
            "baudrateOptions": list(here.printer.baudrates),
            "blacklistedBaudrates": [],
            "exclusive": True,
            "firmwareDetection": True,
            "portOptions": list(ports),
        },
        "server": {
            "allowFraming": False,
            "commands": {
                "serverRestartCommand": "built-in",
                "systemRestartCommand": _shown_command(own.get("restart_command")),
                "systemShutdownCommand": _shown_command(own.get("shutdown_command")),
            },
            "onlineCheck": {"enabled": False},
            "pluginBlacklist": {"enabled": False},
        },
        "slicing": {"defaultSlicer": None},
        "system": {
            "actions": [
                {
                    "action": each["action"],
                    "name": each.get("name"),
                    "confirm": each.get("confirm"),
                }
                for each in own.get("system_commands", [])
            ],
            "events": None,
        },
    }


def _shown_command(command: Sequence[str] | None) -> str | None:
    return " ".join(command) if command else None


def _classic_webcam(here: Here) -> dict[str, Any]:
    camera = first_camera(here)
    return {
        "snapshot": without_credentials(camera.snapshot) if camera else "",
        "stream": without_credentials(camera.stream) if camera else "",
        "streamRatio": camera.aspect_ratio if camera else "16:9",
        "flipH": bool(camera and camera.flip_horizontal),
        "flipV": bool(camera and camera.flip_vertical),
        "rotate90": bool(camera and camera.rotation == 270),
    }

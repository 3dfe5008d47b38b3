"""Updates in Moonraker's words: one Python application, named ``gantry``."""

from __future__ import annotations

from typing import Any

from appliance.domain.updates import UpdatePhase, UpdateResult, UpdateStatus

NAME = "gantry"
# What front ends take for "there is no such thing", where no hash is known.
_NO_HASH, _OTHER_HASH = "not-specified", "update-available"

_WORDS = {
    UpdatePhase.CHECKING: "Asking for new releases",
    UpdatePhase.DOWNLOADING: "Downloading",
    UpdatePhase.VERIFYING: "Checking the signature",
    UpdatePhase.BACKING_UP: "Backing up",
    UpdatePhase.INSTALLING: "Installing",
    UpdatePhase.TESTING: "Testing the new release on this configuration",
    UpdatePhase.RESTARTING: "Starting again",
    UpdatePhase.PROVING: "Looking whether the new release is well",
}


def status(found: UpdateStatus) -> dict[str, Any]:
    """Return the answer of ``machine.update.status``; GitHub is never asked."""
    return {
        "busy": found.phase is not UpdatePhase.IDLE,
        "github_rate_limit": None,
        "github_requests_remaining": None,
        "github_limit_reset_time": None,
        "version_info": {NAME: _application(found)},
    }


def message(found: UpdateStatus) -> str:
    """Return what is being done, for a line on the screen."""
    if found.phase is UpdatePhase.IDLE:
        return (found.error or "Done").partition("\n")[0]
    what = _WORDS[found.phase]
    return f"{what} ({found.version})" if found.version else what


def _application(found: UpdateStatus) -> dict[str, Any]:
    offered = found.available
    return {
        "name": NAME,
        "configured_type": "python",
        "channel": "stable",
        "channel_invalid": False,
        "debug_enabled": False,
        "owner": "?",
        "repo_name": "?",
        "branch": None,
        "version": found.running,
        "remote_version": found.running if offered is None else offered.version,
        "rollback_version": found.previous or found.running,
        "full_version_string": found.running,
        "current_hash": _NO_HASH,
        "remote_hash": _NO_HASH if offered is None else _OTHER_HASH,
        "is_valid": True,
        "is_dirty": False,
        "changelog_url": "",
        "anomalies": _anomalies(found),
        "warnings": [],
        "info_tags": ["desc=Gantry"],
    }


def _anomalies(found: UpdateStatus) -> list[str]:
    outcome = found.outcome
    if outcome is None or outcome.result in (UpdateResult.INSTALLED, UpdateResult.WENT_BACK):
        return []
    first, _, _ = outcome.reason.partition("\n")  # the rest may quote the configuration
    return [f"{outcome.version}: {first}"]

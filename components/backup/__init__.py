"""Backups of everything that somebody would miss, made, kept and restored."""

from __future__ import annotations

from typing import Any

from appliance.backup.contents import BACKUPS_FOLDER
from appliance.components.backup.service import BackupService
from appliance.config.schema import vol
from appliance.config.validators import integer, path
from appliance.core import Appliance
from appliance.domain.backup import BACKUPS

CONFIG_SCHEMA = vol.Schema(
    {
        vol.Optional(
            "path",
            default=BACKUPS_FOLDER,
            description="The folder for backups, relative to the configuration.",
        ): path,
        vol.Optional(
            "keep",
            default=3,
            description="How many are kept of those made by themselves, before "
            "an update or a restore.",
        ): integer(least=1),
    }
)


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer the backups."""
    service = BackupService(appliance, appliance.paths.resolve(config["path"]), config["keep"])
    await service.prepare()
    appliance.provide(BACKUPS, service)

"""Writing wishes of clients into the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.config.write import CONFIGURATION_WRITER
from appliance.core import Appliance
from appliance.domain.printer import Printer

YamlChanges = dict[tuple[str | int, ...], Any]


async def change_configuration(
    appliance: Appliance,
    printer: Printer,
    common: Mapping[tuple[str | int, ...], Any],
    own: Mapping[tuple[str | int, ...], Any],
) -> None:
    """Write changes for the appliance and for a printer into the YAML, and go by them."""
    writer = appliance.use(CONFIGURATION_WRITER)
    if common:
        appliance.adopt(await writer.change(common))
    if own:
        appliance.adopt(await writer.change_printer(printer.id, own))

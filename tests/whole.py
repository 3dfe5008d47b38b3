"""A whole appliance in this process, as its configuration.yaml says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from appliance.catalogue import Catalogue
from appliance.config import load_configuration
from appliance.config.write import CONFIGURATION_WRITER, ConfigurationWriter
from appliance.core import Appliance, ApplianceStarted, StopReason
from appliance.domain.serving import HttpListening
from appliance.loader import Loader
from appliance.logs import REDACTOR, Redactor
from appliance.web import HTTP
from tests.made import make_configuration
from tests.waiting import eventually


@asynccontextmanager
async def whole_appliance(
    folder: Path, text: str, stop: StopReason = StopReason.CANCEL
) -> AsyncIterator[Appliance]:
    """Set up what the YAML says, and serve; ends engines too, unless ``stop`` says no."""
    make_configuration(folder, text)
    catalogue = Catalogue(folder)
    configuration = await asyncio.to_thread(load_configuration, folder, catalogue)
    appliance = Appliance(configuration)
    appliance.provide(REDACTOR, Redactor(configuration.secrets))
    appliance.provide(CONFIGURATION_WRITER, ConfigurationWriter(folder, catalogue))
    listening: list[HttpListening] = []
    appliance.bus.listen(HttpListening, listening.append)
    try:
        await Loader(appliance, catalogue).set_up()
        assert not appliance.failed_components, appliance.failed_components
        appliance.bus.fire(ApplianceStarted())
        if appliance.find(HTTP) is not None:  # it begins to listen a moment later
            await eventually(lambda: listening, "HTTP is served")
        yield appliance
    finally:
        await appliance.stop(stop)

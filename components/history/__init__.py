"""The history of jobs."""

from __future__ import annotations

from typing import Any

from appliance.components.history.pictures import Pictures
from appliance.components.history.recorder import Recorder
from appliance.components.history.rows import SCHEMA
from appliance.components.history.store import HistoryStore
from appliance.config.schema import vol
from appliance.core import Appliance, Stage, StopReason
from appliance.database import Database
from appliance.domain.file_service import FILES
from appliance.domain.history import HISTORY
from appliance.domain.printer import PRINTERS

CONFIG_SCHEMA = vol.Schema({})


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer the history and write it down."""
    del config
    database = Database(appliance.paths.storage / "history.sqlite", SCHEMA)
    await database.open()
    pictures = Pictures(appliance.paths.storage / "history")
    store = HistoryStore(database, appliance.bus, pictures)
    recorder = Recorder(
        store,
        pictures,
        printers=lambda: appliance.use(PRINTERS),
        files=lambda: appliance.find(FILES),
    )
    recorder.listen(appliance.bus)
    await recorder.catch_up()
    appliance.provide(HISTORY, store)
    appliance.tasks.supervise(recorder.run, "write the history")
    appliance.tasks.supervise(recorder.keep_progress, "write the progress of jobs")

    async def stop(reason: StopReason) -> None:
        del reason
        await recorder.flush()
        await database.close()

    appliance.on_stop(Stage.STORAGE, "history", stop)

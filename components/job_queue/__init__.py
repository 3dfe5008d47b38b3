"""The job queue."""

from __future__ import annotations

from functools import partial
from typing import Any

from appliance.components.job_queue.queue import Between, Break
from appliance.components.job_queue.queues import Queues
from appliance.config.schema import vol
from appliance.config.validators import one_of, time_period
from appliance.core import Appliance
from appliance.domain.file_service import FILES
from appliance.domain.printer import PRINTERS
from appliance.domain.queue import JOB_QUEUE
from appliance.templates import template

CONFIG_SCHEMA = vol.Schema(
    {
        # confirm: a person says that the bed is clear; script: G-code clears it
        vol.Optional(
            "between",
            default=Between.CONFIRM.value,
            description="What happens between two prints.",
        ): one_of(*Between),
        vol.Optional(
            "script", default="", description="G-code that clears the bed."
        ): template,
        vol.Optional(
            "delay", default=0, description="How long it waits before the next print."
        ): time_period,
    }
)


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer the queues and serve them."""
    queues = Queues(
        appliance.bus,
        appliance.use(FILES),
        lambda: appliance.use(PRINTERS),
        appliance.storage.store("job_queue"),
        Break(Between(config["between"]), config["script"], config["delay"]),
    )
    await queues.load()
    queues.listen()
    appliance.provide(JOB_QUEUE, queues)
    for printer in appliance.use(PRINTERS):
        name = f"serve the queue of {printer.id}"
        appliance.tasks.supervise(partial(queues.serve, printer), name)

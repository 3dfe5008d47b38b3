"""Sending lines and waiting until the printer has executed them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from appliance.domain.printer import Fault

from .dialogue import Dialogue
from .framing import sanitise
from .outbox import Command

Execute = Callable[[Sequence[str], str], Awaitable[list[list[str]]]]


class Interrupted(Exception):
    """The lines were given up: the connection went away, or the print was cancelled."""


class Execution:
    """Lines whose end somebody waits for."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    async def execute(self, lines: Sequence[str], origin: str) -> list[list[str]]:
        """Send ``lines`` and return the answers to each once all are acknowledged."""
        return await self.execute_bytes([sanitise(line) for line in lines], origin)

    async def execute_bytes(self, texts: Sequence[bytes], origin: str) -> list[list[str]]:
        """Do the same with lines that are clean already."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        commands = [Command(text, origin) for text in texts if text]
        if not commands:
            return []
        if not self._dialogue.is_open:
            message = "the printer is not connected"
            raise Interrupted(message)

        def finished(command: Command, fault: Fault | None) -> None:
            if done.done():
                return
            if fault is not None:
                done.set_exception(Interrupted(fault.message))
            elif command is commands[-1]:
                done.set_result(None)

        for command in commands:
            command.on_done = finished
        self._dialogue.send(*commands)
        await done
        return [command.answers for command in commands]

"""The steps that the phases of a job are made of, each told by the printer to be done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from .dialogue import Dialogue
from .execution import Execute

SCRIPT = "script"
# Answers to M105 that end a job, and how often it is asked at most (not every firmware
# answers in one line).
CONFIRMATIONS = 2
CONFIRM_TRIES = 10


class Steps:
    """What a job has the printer do beside the lines of its file."""

    def __init__(self, dialogue: Dialogue, execute: Execute) -> None:
        self._dialogue = dialogue
        self._execute = execute

    async def script(self, lines: Sequence[str]) -> None:
        """Run a script to its end."""
        if lines:
            await self._execute(tuple(lines), SCRIPT)

    async def drained(self) -> None:
        """Wait until nothing is on the way."""
        loop = asyncio.get_running_loop()
        # Queued commands may have gone out before this coroutine has its turn again.
        while not self._dialogue.window.empty:
            done: asyncio.Future[None] = loop.create_future()
            self._dialogue.when_empty(
                lambda done=done: None if done.done() else done.set_result(None)  # type: ignore[misc]
            )
            await done

    async def stand_still(self) -> None:
        """Let the printer say where it stands once it stands still."""
        await self._execute(("M400", "M114"), SCRIPT)

    async def end(self) -> None:
        """Let every move come to its end, and make sure that every line has arrived."""
        await self._execute(("M400",), SCRIPT)
        await self._confirm()

    async def _confirm(self) -> None:
        """Ask until the printer has surely read all, whatever oks were lost or doubled.

        The ok of M105 is unmistakable (``ok T:``) and firmware takes it in its turn only.
        The first may still be that of an earlier M105.
        """
        confirmed = 0
        for _ in range(CONFIRM_TRIES):
            (answer,) = await self._execute(("M105",), SCRIPT)
            confirmed += any(line.startswith("ok") and "T:" in line for line in answer)
            if confirmed == CONFIRMATIONS:
                return

    async def open_on_card(self, name: str | None) -> bool:
        """Open a file on the card; what a card does not take, the printer would execute."""
        (answer,) = await self._execute((f"M28 {name}",), SCRIPT)
        return any("writing to file" in line.lower() for line in answer)

    async def close_on_card(self) -> None:
        """Close the file on the card, and list what is there now."""
        await self._execute(("M29", "M20"), SCRIPT)

"""What the printer asks, and how a person's answer reaches it; nothing answers by itself."""

from __future__ import annotations

from appliance.errors import InvalidRequest, PrinterRefused

from .dialogue import Dialogue
from .runner import JobRunner
from .state import State


class Prompting:
    """Answers one printer in a person's name."""

    def __init__(self, state: State, dialogue: Dialogue, runner: JobRunner) -> None:
        self._state = state
        self._dialogue = dialogue
        self._runner = runner

    @property
    def waits(self) -> bool:
        """Whether the printer goes on only once somebody answers it."""
        if not self._state.waiting_for_user:
            return False
        return self._dialogue.window.dialect.resume_command is None

    def answer(self, button: int, origin: str) -> None:
        """Press a button of the prompt."""
        state = self._state
        prompt = state.prompt
        if prompt is None and not state.waiting_for_user:
            message = "the printer asks nothing"
            raise InvalidRequest(message)
        if prompt is not None and prompt.buttons and not 0 <= button < len(prompt.buttons):
            message = f"the prompt has {len(prompt.buttons)} buttons"
            raise InvalidRequest(message)
        self._runner.require_no_upload()
        self._press(button, origin)
        if not state.waiting_for_user:  # a mere notice: firmware does not take it back
            state.prompt = None
            state.touch()

    def go_on(self, origin: str) -> None:
        """Answer a printer that waits for a person (M0, M600) with what lets it go on."""
        if not self._state.hears_emergency:
            message = "the printer waits for a button on itself: it hears nothing until then"
            raise PrinterRefused(message)
        prompt = self._state.prompt
        self._press(prompt.continues if prompt is not None else 0, origin)

    def _press(self, button: int, origin: str) -> None:
        firmware = self._state.firmware
        supported = firmware is not None and firmware.capabilities.get("PROMPT_SUPPORT", False)
        text = b"M876 S%d" % button if supported else b"M108"
        self._dialogue.send_now(text, origin)

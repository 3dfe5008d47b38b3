"""Host prompts: the `//action:` lines by which the firmware asks a person through the host."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

PURGE_MORE = 0
CONTINUE = 1


class Reason(Enum):
    """What a prompt is about, which decides what an answer does."""

    NONE = auto()
    INFO = auto()
    USER_CONTINUE = auto()
    PAUSE_RESUME = auto()
    FILAMENT = auto()


class HostPrompts:
    """The prompt on display, and who waits for its answer."""

    def __init__(self, say: Callable[[str], None], inject: Callable[[str], None]) -> None:
        self._say = say
        self._inject = inject
        self.reset()

    def reset(self) -> None:
        """Forget the prompt and who waited."""
        self.reason = Reason.NONE
        self.text: str | None = None
        self.buttons: tuple[str, ...] = ()
        self.waiting = False
        """A command waits for a click, M108 or the answer of its prompt."""
        self.choosing = False
        """A command waits for the choice between its buttons; M108 is not enough."""
        self.choice: int | None = None

    def action(self, words: str) -> None:
        """Say an action command."""
        self._say(f"//action:{words}")

    def notify(self, text: str) -> None:
        """Show a message."""
        self.action(f"notification {text}")

    def ask(self, reason: Reason, text: str, *buttons: str) -> None:
        """Show a prompt in place of the one on display."""
        self.action("prompt_end")
        self.reason = reason
        self.text = text
        self.buttons = buttons
        self.action(f"prompt_begin {text}")
        for button in buttons:
            self.action(f"prompt_button {button}")
        self.action("prompt_show")

    def offer(self, reason: Reason, text: str, *buttons: str) -> None:
        """Show a prompt unless one is still open: what is on display stays."""
        if self.reason is Reason.NONE:
            self.ask(reason, text, *buttons)

    def end(self) -> None:
        """Take the prompt away."""
        self.action("prompt_end")
        self.text = None
        self.buttons = ()

    def click(self) -> None:
        """Do what M108 and the knob do."""
        self.waiting = False

    def answer(self, choice: int) -> None:
        """Do what M876 does."""
        reason = self.reason
        self.reason = Reason.NONE
        self.text = None
        self.buttons = ()
        if reason is Reason.USER_CONTINUE:
            self.waiting = False
        elif reason is Reason.FILAMENT:
            self.choice = choice
            self.choosing = False
        elif reason is Reason.PAUSE_RESUME:
            self._inject("M24")

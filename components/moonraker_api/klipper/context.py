"""What the meaning of a command depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import field

from appliance.components.moonraker_api.klipper.call import Call
from appliance.components.moonraker_api.klipper.modes import Modes
from appliance.components.moonraker_api.klipper.steps import Step
from appliance.domain.macros import Macro
from appliance.domain.printer import Profile, Snapshot
from appliance.domain.telemetry import Motion
from appliance.records import dataclass


@dataclass(slots=True)
class Context:
    """The printer as it is while a script is understood; the modes follow its lines."""

    snapshot: Snapshot
    profile: Profile
    macros: Mapping[str, Macro] = field(default_factory=dict)
    # Renders a macro with its parameters into lines.
    render: Callable[[Macro, Mapping[str, str]], Iterable[str]] = lambda _macro, _values: ()
    saved: MutableMapping[str, Modes] = field(default_factory=dict)
    modes: Modes = field(init=False)

    def __post_init__(self) -> None:
        self.modes = Modes.of(self.snapshot.motion)

    @property
    def motion(self) -> Motion:
        """Where and how the head moves."""
        return self.snapshot.motion

    @property
    def speaks_klipper(self) -> bool:
        """Whether the printer runs Klipper itself: its own macros are no business of ours."""
        firmware = self.snapshot.firmware
        return firmware is not None and firmware.profile == "klipper"


Meaning = Callable[[Call, Context], Iterable[Step]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it means, and the sentence that explains it."""

    meaning: Meaning
    help: str


def command(text: str) -> Callable[[Meaning], Command]:
    """Make a command of its meaning; the text explains it to people."""
    return lambda meaning: Command(meaning, text)


def table(*commands: Command) -> dict[str, Command]:
    """Name commands by the functions that are their meaning."""
    return {each.meaning.__name__.strip("_").upper(): each for each in commands}

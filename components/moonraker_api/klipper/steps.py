"""What becomes of a script: lines to send, things to say, verbs of the domain."""

from __future__ import annotations

from enum import StrEnum

from appliance.records import dataclass


class Verb(StrEnum):
    """A verb of the printer or the host that a command stands for."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    START = "start"  # argument: path below gcodes
    DISMISS = "dismiss"  # put the last job away
    EXCLUDE = "exclude"  # argument: name of the object
    EMERGENCY_STOP = "emergency_stop"
    RESTART = "restart"
    FIRMWARE_RESTART = "firmware_restart"
    ANSWER = "answer"  # argument: index of the button
    WAIT = "wait"  # argument: heater, lowest and highest temperature
    ENDSTOPS = "endstops"  # say what M119 found
    REMOTE = "remote"  # argument: JSON, the method and its params


@dataclass(frozen=True, slots=True)
class Send:
    """A line for the printer."""

    line: str


@dataclass(frozen=True, slots=True)
class Say:
    """A line for whoever reads the console, with Klipper's sign for its kind."""

    text: str

    @classmethod
    def note(cls, text: str) -> Say:
        """Make an information."""
        return cls("\n".join(f"// {line}" for line in text.splitlines() or [""]))

    @classmethod
    def error(cls, text: str) -> Say:
        """Make an error: front ends show it as a toast."""
        return cls(f"!! {text}")


@dataclass(frozen=True, slots=True)
class Do:
    """A verb to call."""

    verb: Verb
    argument: str = ""


Step = Send | Say | Do

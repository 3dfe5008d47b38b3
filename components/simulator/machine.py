"""The simulated printer: everything that the firmware and its hardware know.

Nothing here reads a clock or a device. `receive` hands over bytes at a time, `advance`
lets the time pass, and what the firmware says is collected in `output` with the time at
which it said it. All times are seconds of the machine's own clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from appliance.components.simulator.autoreport import AutoReport
from appliance.components.simulator.dialect import banner_lines, dialect_named
from appliance.components.simulator.eeprom import Eeprom
from appliance.components.simulator.emergency import Emergency
from appliance.components.simulator.faults import Faults
from appliance.components.simulator.heaters import Heaters
from appliance.components.simulator.job import PrintTimer
from appliance.components.simulator.journal import Accepted
from appliance.components.simulator.mainloop import Handler, MainLoop
from appliance.components.simulator.motion import Motion
from appliance.components.simulator.objects import PrintObjects
from appliance.components.simulator.options import Options
from appliance.components.simulator.planner import Point
from appliance.components.simulator.prompts import HostPrompts
from appliance.components.simulator.runout import RunoutSensor
from appliance.components.simulator.sdcard import Card
from appliance.components.simulator.settings import Settings
from appliance.components.simulator.timers import Timer, Timers
from appliance.records import dataclass

PROTECTION_SECONDS = 1.0
SETTINGS_NOTICE = 0.05  # s after the banner at which the settings are announced
CARD_NOTICE = 0.5  # s after the banner at which the card is


@dataclass(slots=True)
class PauseState:
    """What the firmware remembers while it is paused."""

    active: bool = False
    sd_job: bool = False
    position: Point = (0.0, 0.0, 0.0, 0.0)


class Printer:
    """A printer that speaks Marlin."""

    def __init__(
        self,
        options: Options,
        handlers: Mapping[str, Handler],
        accepted: Accepted | None = None,
        faults: Faults | None = None,
    ) -> None:
        self.options = options
        self.dialect = dialect_named(options.firmware)
        self.accepted = Accepted(None) if accepted is None else accepted
        self.faults = Faults() if faults is None else faults
        self.random = Random(options.seed)  # noqa: S311 (repeatable, not secret)
        self.now = 0.0
        self.output: list[tuple[float, bytes]] = []
        self.timers = Timers()
        self.settings = Settings()
        self.eeprom = Eeprom(options.eeprom)
        self.heaters = Heaters(options)
        self.motion = Motion(options, self.settings)
        self.card = None if options.sd is None else Card(options.sd)
        self.job = PrintTimer()
        self.runout = RunoutSensor()
        self.loop = MainLoop(self, handlers)
        self.prompts = HostPrompts(self.say, self.loop.inject)
        self.temperature_report = AutoReport(self, self.report_temperatures)
        self.position_report = AutoReport(self, self.report_position)
        self.card_report = AutoReport(self, self.report_card)
        self.boots = 0
        self._forget()

    def _forget(self) -> None:
        """Lose everything that a reset loses."""
        self.timers.clear()
        for report in (self.temperature_report, self.position_report, self.card_report):
            report.stop()
        self.eeprom.retrieve(self.settings)
        self.heaters.all_off(self.now)
        self.motion.reset()
        self.loop.reset()
        self.prompts.reset()
        self.job = PrintTimer()
        self.objects = PrintObjects()
        self.pause = PauseState()
        if self.card is not None:
            self.card.mount()
        self.fans = [0]
        self.message = ""
        self.progress = 0
        self.minutes_left: int | None = None
        self.killed = False
        self.running = False
        self.heatup_cancelled = False
        self._protection: Timer | None = None

    # The outside world

    def power_up(self) -> None:
        """Start the firmware: after a reset, or when the power comes back."""
        self._forget()
        self.boots += 1
        self.timers.at(self.now + self.options.boot_seconds, self._boot)

    def power_down(self) -> None:
        """Lose the power."""
        self._forget()

    def run_silently(self) -> None:
        """Be a printer that was switched on long before anyone opened its port."""
        self.boots += 1
        self.running = True

    def _boot(self) -> None:
        for line in banner_lines(self.dialect, self.options):
            self.say(line)
        self.say(self.dialect.settings_retrieved.format(crc=self.eeprom.crc))
        self.timers.at(self.now + SETTINGS_NOTICE, self._announce_settings)
        if self.card is not None:
            self.timers.at(self.now + CARD_NOTICE, self._announce_card)
        self.running = True
        self.watch_heaters()

    def _announce_settings(self) -> None:
        self.prompts.notify("Stored settings retrieved")
        self.prompts.action("prompt_end")

    def _announce_card(self) -> None:
        if self.card is not None:
            self.say("echo:SD card ok" if self.card.mounted else "echo:SD init fail")

    def close(self) -> None:
        """Let go of the card's files."""
        if self.card is not None:
            self.card.close()

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes off the wire at a time."""
        self.advance(now)
        if self.running:
            self.loop.receive(data)

    def advance(self, now: float) -> None:
        """Let the time pass until now."""
        while (due := self.next_due()) <= now:
            self.now = max(self.now, due)
            self.timers.run(self.now)
            self.loop.run_due()
        self.now = max(self.now, now)

    def next_due(self) -> float:
        """Return when something will happen without any byte from outside."""
        return min(self.loop.next_due(), self.timers.next_due())

    # What the firmware says

    def say(self, text: str, end: str = "\n") -> None:
        """Say one line."""
        self.output.append((self.now, (text + end).encode("latin-1", "replace")))

    def report_temperatures(self) -> None:
        """Say the temperatures, as the automatic report does."""
        self.say(self.heaters.report(self.now, self.motion.tool))

    def report_position(self) -> None:
        """Say the position."""
        self.say(self.motion.report())

    def report_card(self) -> None:
        """Say how far the print from the card is."""
        if self.card is not None:
            self.say(self.card.status())

    def set_fan(self, index: int, speed: int) -> None:
        """Set a fan (0 to 255) and report it."""
        if 0 <= index < len(self.fans):
            self.fans[index] = max(0, min(speed, 255))
            self.say(f"M106 P{index} S{self.fans[index]}")

    # Emergencies

    def act_at_once(self, emergency: Emergency) -> None:
        """Do what an emergency command does the moment it is seen."""
        match emergency.code:
            case "M108":
                self.heatup_cancelled = True
                self.prompts.click()
            case "M112":
                self.kill("echo:M112 Shutdown")
            case "M410":
                self.motion.stop_here(self.now)
            case "M876":
                self.prompts.answer(emergency.choice or 0)
        self.loop.wake()

    def kill(self, reason: str) -> None:
        """Halt for good: only a reset brings the firmware back."""
        self.say(reason)
        self.say("Error:Printer halted. kill() called!")
        self.say("//action:poweroff")
        self.heaters.all_off(self.now)
        self.motion.stop_here(self.now)
        self.fans = [0] * len(self.fans)
        self.timers.clear()
        self._protection = None
        self.loop.stop()
        self.prompts.reset()
        if self.card is not None:
            self.card.close()
        self.killed = True
        self.running = False

    # Thermal protection

    def watch_heaters(self) -> None:
        """Check the heaters from now on, as long as one is on or broken."""
        if self._protection is None and self.running and self.heaters.need_watching():
            self._protection = self.timers.at(self.now + PROTECTION_SECONDS, self._protect)

    def _protect(self) -> None:
        self._protection = None
        complaint = self.heaters.complaint(self.now)
        if complaint is not None:
            self.kill(complaint)
        else:
            self.watch_heaters()

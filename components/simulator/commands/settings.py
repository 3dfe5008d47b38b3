"""Settings: each command sets values, or reports them when it is given none."""

from __future__ import annotations

from collections.abc import Callable

from appliance.components.simulator.gcode import Command
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.mainloop import Activity, Handler

Values = Callable[[Printer], list[float]]


def _list_setting(letters: str, values: Values) -> Handler:
    """Make the handler of a setting that is a list of numbers, one for each letter."""

    def handle(printer: Printer, command: Command) -> Activity | None:
        numbers = values(printer)
        if any(command.has(letter) for letter in letters):
            for place, letter in enumerate(letters):
                numbers[place] = command.number(letter, numbers[place])
        else:
            printer.say(f"  {printer.settings.line(command.code)}")
        return None

    return handle


def accelerations(printer: Printer, command: Command) -> None:
    """Do M204."""
    settings = printer.settings
    if not command.words:
        printer.say(f"  {settings.line('M204')}")
        return
    both = command.number("S", 0)
    settings.acceleration = command.number("P", both or settings.acceleration)
    settings.travel_acceleration = command.number("T", both or settings.travel_acceleration)
    settings.retract_acceleration = command.number("R", settings.retract_acceleration)


def advanced(printer: Printer, command: Command) -> None:
    """Do M205."""
    settings = printer.settings
    if not command.words:
        printer.say(f"  {settings.line('M205')}")
        return
    settings.min_segment_time = command.number("B", settings.min_segment_time)
    settings.min_feedrate = command.number("S", settings.min_feedrate)
    settings.min_travel_feedrate = command.number("T", settings.min_travel_feedrate)
    for place, letter in enumerate("XYZE"):
        settings.jerk[place] = command.number(letter, settings.jerk[place])


def filament(printer: Printer, command: Command) -> None:
    """Do M200."""
    settings = printer.settings
    if not command.words:
        printer.say(f"  {settings.line('M200')}")
        return
    settings.filament_diameter = command.number("D", settings.filament_diameter)
    settings.volumetric = command.flag("S", default=settings.volumetric)


def auto_retract(printer: Printer, command: Command) -> None:
    """Do M209."""
    if command.given("S"):
        printer.settings.auto_retract = command.flag("S")
    else:
        printer.say(f"  {printer.settings.line('M209')}")


def filament_lengths(printer: Printer, command: Command) -> None:
    """Do M603."""
    settings = printer.settings
    if not command.words:
        printer.say(f"  {settings.line('M603')}")
    settings.load_length = abs(command.number("L", settings.load_length))
    settings.unload_length = abs(command.number("U", settings.unload_length))


def linear_advance(printer: Printer, command: Command) -> None:
    """Do M900."""
    if not command.given("K"):
        printer.say(f"echo:Advance K={printer.settings.linear_advance:.2f}")
    elif 0 <= command.number("K") <= 10:
        printer.settings.linear_advance = command.number("K")
    else:
        printer.say("echo:?K value out of range (0-10).")


def soft_endstops(printer: Printer, command: Command) -> None:
    """Do M211."""
    motion = printer.motion
    if command.given("S"):
        motion.soft_endstops = command.flag("S")
        return
    x, y, z = motion.volume
    printer.say(f"  M211 S{int(motion.soft_endstops)} ; {_on(motion.soft_endstops)}")
    printer.say(f"  Min:  X0.00 Y0.00 Z0.00   Max:  X{x:.2f} Y{y:.2f} Z{z:.2f}")


def cold_extrusion(printer: Printer, command: Command) -> None:
    """Do M302."""
    motion = printer.motion
    if not command.words:
        state = "en" if motion.cold_extrusion_allowed else "dis"
        degrees = int(motion.min_extrusion)
        printer.say(f"echo:Cold extrudes are {state}abled (min temp {degrees}C)")
        return
    if command.given("S"):
        motion.min_extrusion = command.number("S")
        motion.cold_extrusion_allowed = motion.min_extrusion == 0
    if command.given("P"):
        motion.cold_extrusion_allowed = motion.min_extrusion == 0 or command.flag("P")


def runout(printer: Printer, command: Command) -> None:
    """Do M412."""
    settings, sensor = printer.settings, printer.runout
    if not command.words:
        handling = _on(sensor.host_handles)
        state = _on(settings.runout_enabled)
        printer.say(f"echo:Filament runout {state} ; Host handling {handling}")
        return
    if command.given("S"):
        settings.runout_enabled = command.flag("S")
    if command.given("H"):
        sensor.host_handles = command.flag("H")
    sensor.reset()


def store(printer: Printer, _: Command) -> None:
    """Do M500."""
    printer.eeprom.store(printer.settings)
    printer.say(f"echo:Settings Stored (614 bytes; crc {printer.eeprom.crc})")
    for _time in range(2):
        printer.prompts.notify("Settings Stored")


def retrieve(printer: Printer, _: Command) -> None:
    """Do M501."""
    printer.eeprom.retrieve(printer.settings)
    printer.say(printer.dialect.settings_retrieved.format(crc=printer.eeprom.crc))
    _report(printer, titles=True)


def defaults(printer: Printer, _: Command) -> None:
    """Do M502."""
    printer.settings.reset()
    printer.say("echo:Hardcoded Default Settings Loaded")


def report(printer: Printer, command: Command) -> None:
    """Do M503; S0 leaves titles and `echo:` out."""
    _report(printer, titles=command.flag("S"))


def _report(printer: Printer, *, titles: bool) -> None:
    for title, lines in printer.settings.sections():
        if titles:
            printer.say(f"echo:; {title}:")
        for line in lines:
            printer.say(f"echo:  {line}" if titles else f"  {line}")


def validate(printer: Printer, _: Command) -> None:
    """Do M504."""
    printer.say("echo:EEPROM OK")


def _on(switch: object) -> str:
    return "ON" if switch else "OFF"


HANDLERS: dict[str, Handler] = {
    "M92": _list_setting("XYZE", lambda printer: printer.settings.steps_per_mm),
    "M200": filament,
    "M201": _list_setting("XYZE", lambda printer: printer.settings.max_acceleration),
    "M203": _list_setting("XYZE", lambda printer: printer.settings.max_feedrate),
    "M204": accelerations,
    "M205": advanced,
    "M206": _list_setting("XYZ", lambda printer: printer.settings.home_offset),
    "M207": _list_setting("SFZ", lambda printer: printer.settings.retract),
    "M208": _list_setting("SF", lambda printer: printer.settings.recover),
    "M209": auto_retract,
    "M211": soft_endstops,
    "M301": _list_setting("PID", lambda printer: printer.settings.hotend_pid),
    "M302": cold_extrusion,
    "M304": _list_setting("PID", lambda printer: printer.settings.bed_pid),
    "M412": runout,
    "M500": store,
    "M501": retrieve,
    "M502": defaults,
    "M503": report,
    "M504": validate,
    "M603": filament_lengths,
    "M851": _list_setting("XYZ", lambda printer: printer.settings.probe_offset),
    "M900": linear_advance,
}

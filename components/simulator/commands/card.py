"""The SD card: list, select, print, pause, upload, delete."""

from __future__ import annotations

from collections.abc import Callable

from appliance.components.simulator.commands.moves import home_axes
from appliance.components.simulator.gcode import Command
from appliance.components.simulator.machine import Printer
from appliance.components.simulator.mainloop import FILE_PRINTED, Activity, Handler
from appliance.components.simulator.pausing import Pause, pause_and_resume, resume_print
from appliance.components.simulator.prompts import Reason
from appliance.components.simulator.sdcard import Card, CardError
from appliance.components.simulator.waiting import synchronize

CardHandler = Callable[[Printer, Card, Command], Activity | None]


def _with_card(handler: CardHandler) -> Handler:
    """Make a handler of a build that has a card reader; others do not know the command."""

    def handle(printer: Printer, command: Command) -> Activity | None:
        if printer.card is None:
            printer.say(printer.dialect.unknown_command.format(text=command.text))
            return None
        return handler(printer, printer.card, command)

    return handle


def _path(command: Command) -> str:
    """Return the path that a command names: up to the first blank."""
    return command.rest.partition(" ")[0]


def list_files(printer: Printer, card: Card, command: Command) -> None:
    """Do M20; L adds long names, T timestamps."""
    if not card.mounted:
        printer.say("echo:No media")
        return
    printer.say("Begin file list")
    listing = card.listing(long_names=command.has("L"), timestamps=command.has("T"))
    for line in listing:
        printer.say(line)
    printer.say("End file list")


def mount(printer: Printer, card: Card, _: Command) -> None:
    """Do M21."""
    printer.say("echo:SD card ok" if card.mount() else "echo:SD init fail")


def release(printer: Printer, card: Card, _: Command) -> None:
    """Do M22."""
    card.release()
    printer.say("echo:SD card released")


def select(printer: Printer, card: Card, command: Command) -> None:
    """Do M23."""
    if card.mounted:
        open_file(printer, card, _path(command))


def open_file(printer: Printer, card: Card, path: str) -> bool:
    """Open a file for printing and say so; tell whether it could be."""
    printer.say(f"echo:Now fresh file: {path}")
    try:
        entry = card.select(path)
    except CardError as error:
        printer.say(f"open failed, File: {error}.")
        return False
    printer.say(f"File opened: {entry.short} Size: {entry.size}")
    printer.say("File selected")
    printer.prompts.notify(entry.long)
    return True


def start(printer: Printer, card: Card, _: Command) -> Activity | None:
    """Do M24: start, or go on after a pause."""
    if printer.pause.active:
        return resume_print(printer, Pause(purge=0.0))
    if card.open:
        card.printing = True
        printer.job.start(printer.now)
    printer.prompts.action("resume")
    printer.prompts.offer(Reason.INFO, "Resuming SD", "Dismiss")
    return None


def pause(printer: Printer, card: Card, _: Command) -> Activity:
    """Do M25: pause the print from the card, park, and wait for a person."""
    if card.printing:
        card.printing = False
        printer.pause.sd_job = True
    return pause_and_resume(printer, Pause())


def seek(_printer: Printer, card: Card, command: Command) -> None:
    """Do M26."""
    if card.mounted and command.given("S"):
        card.seek(command.integer("S"))


def status(printer: Printer, card: Card, command: Command) -> None:
    """Do M27; C names the file, S sets an interval."""
    if command.has("C"):
        entry = card.selected if card.open else None
        if entry is None:
            name = "(no file)"
        elif entry.long == entry.short:
            name = entry.short
        else:
            name = f"{entry.short} {entry.long}"
        printer.say(f"Current file: {name}")
    elif command.given("S"):
        printer.card_report.start(command.integer("S"))
    else:
        printer.report_card()


def start_upload(printer: Printer, card: Card, command: Command) -> None:
    """Do M28."""
    if not card.mounted:
        return
    try:
        name = card.start_writing(_path(command))
    except CardError as error:
        printer.say(f"open failed, File: {error}.")
    else:
        printer.say(f"Writing to file: {name}")


def end_upload(printer: Printer, card: Card, _: Command) -> None:
    """Do M29."""
    if card.saving:
        card.close()
        printer.say("Done saving file.")


def delete(printer: Printer, card: Card, command: Command) -> None:
    """Do M30."""
    if not card.mounted:
        return
    try:
        printer.say(f"File deleted:{card.delete(_path(command))}")
    except CardError as error:
        printer.say(f"Deletion failed, File: {error}.")


def select_and_start(printer: Printer, card: Card, command: Command) -> None:
    """Do M32."""
    path = _path(command).lstrip("!").rstrip("#")
    if card.mounted and open_file(printer, card, path):
        card.printing = True
        printer.job.start(printer.now)


def long_path(printer: Printer, card: Card, command: Command) -> None:
    """Do M33."""
    printer.say(card.long_path(_path(command)))


def abort(printer: Printer, card: Card, _: Command) -> Activity | None:
    """Do M524."""
    if not card.printing:
        card.close()
        return None
    return abort_print(printer, card)


def abort_print(printer: Printer, card: Card) -> Activity:
    """End a print from the card: cold, still, X and Y homed."""
    card.close()
    printer.loop.drop_card_lines()
    printer.motion.stop_here(printer.now)
    printer.job.stop(printer.now, finished=False)
    printer.heaters.all_off(printer.now)
    printer.set_fan(0, 0)
    yield from home_axes(printer, [0, 1])


def file_printed(printer: Printer, card: Card, _: Command) -> Activity:
    """Do M1001, which the firmware queues for itself at the end of a file."""
    yield from synchronize(printer)
    card.close()
    printer.job.stop(printer.now)
    printer.say("Done printing file")


HANDLERS: dict[str, Handler] = {
    code: _with_card(handler)
    for code, handler in {
        "M20": list_files,
        "M21": mount,
        "M22": release,
        "M23": select,
        "M24": start,
        "M25": pause,
        "M26": seek,
        "M27": status,
        "M28": start_upload,
        "M29": end_upload,
        "M30": delete,
        "M32": select_and_start,
        "M33": long_path,
        "M524": abort,
        FILE_PRINTED: file_printed,
    }.items()
}

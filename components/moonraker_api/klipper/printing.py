"""Commands about the print, its objects, the host and what is said to people."""

from __future__ import annotations

from collections.abc import Iterable

from appliance.components.moonraker_api.klipper.call import Call
from appliance.components.moonraker_api.klipper.context import Command, Context, command, table
from appliance.components.moonraker_api.klipper.steps import Do, Say, Send, Step, Verb
from appliance.components.moonraker_api.words import klippy_state, object_names, state_message
from appliance.domain.macros import REMOTE_CALL
from appliance.errors import InvalidRequest

_PREFIXES = {"echo": "echo:", "command": "//", "error": "!!"}


@command("Pause the print.")
def pause(_call: Call, _context: Context) -> Iterable[Step]:
    return [Do(Verb.PAUSE)]


@command("Go on with the paused print.")
def resume(_call: Call, _context: Context) -> Iterable[Step]:
    return [Do(Verb.RESUME)]


@command("Cancel the print.")
def cancel_print(_call: Call, _context: Context) -> Iterable[Step]:
    return [Do(Verb.CANCEL)]


@command("Say how a pause ends; there is no other way on this printer.")
def clear_pause(_call: Call, _context: Context) -> Iterable[Step]:
    return [Say.note("A paused print ends by RESUME or CANCEL_PRINT")]


@command("Print a file (FILENAME).")
def sdcard_print_file(call: Call, _context: Context) -> Iterable[Step]:
    return [Do(Verb.START, call.text("FILENAME").lstrip("/"))]


@command("Put the last print away.")
def sdcard_reset_file(_call: Call, _context: Context) -> Iterable[Step]:
    return [Do(Verb.DISMISS)]


@command("Leave an object of the print out (NAME or CURRENT=1).")
def exclude_object(call: Call, context: Context) -> Iterable[Step]:
    job = context.snapshot.job if context.snapshot.phase.active else None
    if "RESET" in call.parameters:
        message = f"Error on '{call}': what was left out cannot be printed any more"
        raise InvalidRequest(message)
    if "NAME" in call.parameters:
        return [Do(Verb.EXCLUDE, _object(call.text("NAME"), context))]
    if "CURRENT" in call.parameters:
        if job is None or job.current_object is None:
            message = f"Error on '{call}': There is no current object to cancel"
            raise InvalidRequest(message)
        return [Do(Verb.EXCLUDE, job.current_object)]
    excluded = () if job is None else job.excluded
    return [Say.note(f"Excluded objects: {' '.join(excluded)}".strip())]


@command("Pass over the marks of objects, which files carry.")
def exclude_object_define(_call: Call, _context: Context) -> Iterable[Step]:
    return ()  # for files, where the marks of the objects are read by the streamer


@command("Pass over what a slicer says about layers.")
def set_print_stats_info(_call: Call, _context: Context) -> Iterable[Step]:
    return ()  # the layers are counted by the streamer


@command("Connect to the printer anew.")
def restart(_call: Call, _context: Context) -> Iterable[Step]:
    return [Do(Verb.RESTART)]


@command("Reset the board and connect anew.")
def firmware_restart(_call: Call, _context: Context) -> Iterable[Step]:
    return [Do(Verb.FIRMWARE_RESTART)]


@command("Say how the printer is.")
def status(_call: Call, context: Context) -> Iterable[Step]:
    state = klippy_state(context.snapshot).capitalize()
    return [Say.note(f"Klipper state: {state}\n{state_message(context.snapshot)}")]


@command("Say something to whoever reads the console (MSG, TYPE, PREFIX).")
def respond(call: Call, _context: Context) -> Iterable[Step]:
    prefix = call.parameters.get("PREFIX")
    if prefix is None:
        kind = call.parameters.get("TYPE", "echo").lower()
        if kind not in (*_PREFIXES, "echo_no_space"):
            message = (
                f"RESPOND TYPE '{kind}' is invalid. Must be one of 'echo', 'command', 'error'"
            )
            raise InvalidRequest(message)
        prefix = _PREFIXES.get(kind, "echo:")
    return [Say(f"{prefix} {call.parameters.get('MSG', '')}".rstrip())]


@command("Show a text on the display (MSG).")
def set_display_text(call: Call, _context: Context) -> Iterable[Step]:
    return [Send(f"M117 {call.parameters.get('MSG', '')}".rstrip())]


@command("Call a method that a program has registered (CALL, in JSON).")
def _call_remote_method(call: Call, _context: Context) -> Iterable[Step]:
    return [Do(Verb.REMOTE, call.text("CALL"))]


def _object(name: str, context: Context) -> str:
    """Find an object by its name; Klipper writes names in capitals."""
    job = context.snapshot.job if context.snapshot.phase.active else None
    known = () if job is None else job.objects
    shown = object_names(known)
    return next(
        (each for each in known if name.upper() in (shown[each].upper(), each.upper())), name
    )


COMMANDS: dict[str, Command] = {
    **table(
        pause,
        resume,
        cancel_print,
        clear_pause,
        sdcard_print_file,
        sdcard_reset_file,
        exclude_object,
        exclude_object_define,
        set_print_stats_info,
        restart,
        firmware_restart,
        status,
        respond,
        set_display_text,
    ),
    REMOTE_CALL: _call_remote_method,
    "EXCLUDE_OBJECT_START": Command(
        exclude_object_define.meaning, "Mark where an object begins; for files."
    ),
    "EXCLUDE_OBJECT_END": Command(
        exclude_object_define.meaning, "Mark where an object ends; for files."
    ),
    "PAUSE_BASE": pause,
    "RESUME_BASE": resume,
    "CANCEL_PRINT_BASE": cancel_print,
}

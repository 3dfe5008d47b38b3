"""The line whose answer tells what has arrived, where oks and lines may be out of step.

The ok of M105 is unmistakable (``ok T:``), as are those that name their line. A file on its
way to the card takes no M105, which would be stored as well: its own next line goes instead.
"""

from __future__ import annotations

from .outbox import Command, JobSource, Outbox
from .window import Line, Window

PROBE = b"M105"
ORIGIN = "probe"


def question() -> Command:
    """Return the command that asks."""
    return Command(PROBE, ORIGIN, poll=True)


def worth_asking(window: Window, job: JobSource | None) -> bool:
    """Whether after damage it takes a question to know what has arrived.

    A piece of a line that was cut has an ok as well: believed, it would let a second line
    follow each, to be cut at the next damage.
    """
    uploading = job is not None and job.uploading
    return not window.advanced and window.dialect.numbered and not uploading


def ask_at_once(window: Window, now: float) -> Line:
    """Put an M105 on its way past the window; what was asked before had its chance."""
    window.forget_probes()
    return window.push(PROBE, now, question(), in_step=True)


def upload_at_once(window: Window, outbox: Outbox, job: JobSource, now: float) -> Line | None:
    """Put the upload's next line on its way past the window, if one is left.

    If one before it is missing the firmware asks for it; with none left the numbers of what
    follows tell the same.
    """
    unsent = outbox.next_of_job(job)
    if unsent is None:
        return None
    text, end = unsent
    line = window.push(text, now, None, end, in_step=True)
    window.tells(line)
    return line

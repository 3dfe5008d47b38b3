"""What the dialogue tells those who wait for a command: the truth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from appliance.components.serial_printer.engine.outbox import Command
from appliance.domain.printer import Fault
from tests.serial_printer.talk import Talk, WirePort


@pytest.fixture
def talk() -> Iterator[Talk]:
    talk = Talk()
    talk.dialogue.job = None
    yield talk
    talk.close()


def test_a_command_that_nobody_knows_about_is_not_told_to_be_executed(talk: Talk) -> None:
    ended: list[Fault | None] = []
    talk.dialogue.send(Command(b"G28", "test", lambda _, fault: ended.append(fault)))
    talk.dialogue.received(b"Error:Line Number is not Last Line Number+1, Last Line: 70\n")
    talk.dialogue.received(b"Resend: 71\nok\n")
    assert len(ended) == 1
    assert ended[0] is not None
    assert "lost count" in ended[0].message
    assert b"G28" not in talk.ran


def test_an_acknowledgement_of_a_person_does_not_stick_to_half_a_line(talk: Talk) -> None:
    talk.dialogue.send(Command(b"G28", "test"), Command(b"M220", "test"))
    talk.dialogue.received(b"echo:some")
    talk.dialogue.acknowledge()
    assert talk.ran == [b"G28"]
    talk.dialogue.received(b"thing\nok\n")
    assert talk.ran == [b"G28", b"M220"]


def test_an_acknowledgement_of_a_person_counts_where_oks_are_numbered(talk: Talk) -> None:
    talk.dialogue.send(Command(b"M220", "test"))
    talk.dialogue.received(b"ok N1 P15 B3\n")
    talk.dialogue.send(Command(b"G28", "test"))
    talk.dialogue.acknowledge()
    assert talk.ran == [b"M220", b"G28"]
    assert talk.dialogue.idle
    talk.dialogue.acknowledge()  # of nothing
    assert talk.ran == [b"M220", b"G28"]


def test_an_error_that_was_held_back_is_not_told_of_the_next_connection(talk: Talk) -> None:
    """It would end what is printed there, half a second after the port is open again."""
    talk.dialogue.received(b"Error:gargle\n")
    talk.dialogue.close(None)
    talk.dialogue.reopen(WirePort(talk.firmware))
    talk.wait(1.0)
    assert talk.faults == []

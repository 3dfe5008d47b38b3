"""The invariant of the serial line: accepted lines are the job's, in order, each once.

A state machine plays everything a cable can do against a model of Marlin's input, with
and without ADVANCED_OK. Where the invariant cannot be kept going, the dialogue must say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from appliance.components.serial_printer.engine.dialect import MARLIN, PRUSA, SMOOTHIE, UNKNOWN
from appliance.components.serial_printer.engine.outbox import Command
from tests.serial_printer.model_marlin import ModelMarlin
from tests.serial_printer.talk import Talk
from tests.thoroughness import THOROUGH

LINES = [f"G1 X{number} E{number / 10:g}" for number in range(1, 61)]
# What a good cable does now and then must never end a print.
FEW = 3
PATIENT_S = 10.0  # a printer may say nothing for so long
BITS = st.integers(0, 8 * 60)


class Cable(RuleBasedStateMachine):
    """Everything that can happen between the host and the printer."""

    advanced_ok: bool
    dialect = MARLIN
    firmware: ModelMarlin
    talk: Talk

    @initialize(lines=st.integers(1, len(LINES)))
    def begin(self, lines: int) -> None:
        self.answered: list[str] = []
        self.asked = 0
        self.damage = 0
        self.waited = 0.0
        self.firmware = ModelMarlin(
            advanced_ok=self.advanced_ok,
            ok_after_resend=self.dialect.ok_after_resend,
            silent_duplicates=self.dialect.silent_duplicates,
        )
        self.talk = Talk(LINES[:lines], self.firmware, self.dialect)

    @rule()
    def arrive(self) -> None:
        self.firmware.arrive()

    @rule(bit=BITS)
    def arrive_damaged(self, bit: int) -> None:
        self.damage += 1
        self.firmware.arrive(flip=bit)

    @rule()
    def execute(self) -> None:
        self.firmware.execute()

    @rule()
    def hear(self) -> None:
        self.talk.hear()

    @rule()
    def lose_a_reply(self) -> None:
        self.damage += 1
        self.talk.hear(times=0)

    @rule()
    def hear_twice(self) -> None:
        self.damage += 1
        self.talk.hear(times=2)

    @rule(bit=BITS)
    def hear_damaged(self, bit: int) -> None:
        self.damage += 1
        self.talk.hear(flip=bit)

    @rule(lines=st.integers(1, 4))
    def go_well_for_a_while(self, lines: int) -> None:
        for _ in range(lines):
            self.firmware.arrive()
            self.firmware.execute()
            self.talk.hear()

    @rule(seconds=st.sampled_from([0.25, 1.0, 4.0]))
    def wait(self, seconds: float) -> None:
        self.waited += seconds
        self.talk.wait(seconds)

    @precondition(lambda self: not self.talk.faults)
    @rule()
    def command(self) -> None:
        """Somebody asks something in between."""
        self.asked += 1
        text = f"M117 {self.asked}"
        self.talk.dialogue.send(
            Command(text.encode(), "test", lambda command, fault: self.answered.append(text))
        )

    @invariant()
    def accepted_lines_are_the_jobs(self) -> None:
        if hasattr(self, "talk"):
            moves = self.talk.moves
            assert moves == LINES[: len(moves)]

    def teardown(self) -> None:
        if not hasattr(self, "talk"):
            return
        try:
            self.talk.finish()
            self.accepted_lines_are_the_jobs()
            if self.damage <= FEW and self.waited < PATIENT_S:
                assert not self.talk.faults
            if not self.talk.faults:
                count = len(self.talk.job.lines)
                assert self.talk.job.given == count
                assert self.talk.moves == LINES[:count]
                assert self.talk.job.done == list(range(1, count + 1))
                assert len(self.answered) == self.asked
                assert self.talk.dialogue.idle
        finally:
            self.talk.close()


class PlainCable(Cable):
    advanced_ok = False


class AdvancedCable(Cable):
    advanced_ok = True


class CautiousCable(Cable):
    advanced_ok = False
    dialect = UNKNOWN


class PrusaCable(Cable):
    advanced_ok = False
    dialect = PRUSA


class SmoothieCable(Cable):
    """Asks for lines without an ok of their own."""

    advanced_ok = False
    dialect = replace(SMOOTHIE, window=4)


# GANTRY_THOROUGH=50 looks fifty times as long.
STEPS = settings(max_examples=60 * THOROUGH, stateful_step_count=60)
TestPlain = PlainCable.TestCase
TestAdvanced = AdvancedCable.TestCase
TestCautious = CautiousCable.TestCase
TestPrusa = PrusaCable.TestCase
TestSmoothie = SmoothieCable.TestCase
for _case in (TestPlain, TestAdvanced, TestCautious, TestPrusa, TestSmoothie):
    _case.settings = STEPS
del _case


@pytest.fixture
def numbered() -> Iterator[Talk]:
    """A firmware that has counted far, and a job that begins by M110."""
    talk = Talk([], ModelMarlin())
    talk.firmware.last = 157
    talk.dialogue.window.reset(158)
    talk.job.lines = LINES[:10]
    talk.job.flowing = False
    talk.dialogue.renumber()
    talk.job.flowing = True
    yield talk
    talk.close()


@pytest.mark.parametrize("bit", range(0, 120, 7))
def test_a_damaged_m110_is_said_again(numbered: Talk, bit: int) -> None:
    numbered.firmware.arrive(flip=bit)
    numbered.finish()
    assert not numbered.faults
    assert numbered.moves == LINES[:10]
    assert numbered.job.done == list(range(1, 11))


def test_an_m110_is_not_said_again_because_of_one_damaged_resend(numbered: Talk) -> None:
    numbered.settle()
    before = list(numbered.firmware.accepted)
    numbered.dialogue.received(b"Resend: 93\n")
    numbered.finish()
    assert not numbered.faults
    assert [line for line in numbered.firmware.accepted[len(before) :] if line == "M110"] == []
    assert numbered.moves == LINES[:10]

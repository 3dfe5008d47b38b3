"""An error tells what a lost Resend was for; an unknown one is believed only in the end."""

from __future__ import annotations

from appliance.components.serial_printer.engine.faults import classify
from appliance.components.serial_printer.engine.line_errors import (
    SUSPICION_S,
    LineErrors,
    Suspect,
    likely,
)


def pending(errors: LineErrors) -> bool:
    """Whether the next line tells of one now."""
    return errors.pending


def test_an_announced_line_is_told_once_and_pending_until_then() -> None:
    errors = LineErrors()
    assert not pending(errors)
    errors.announce(classify("Error:Line Number is not Last Line Number+1, Last Line: 41"))
    assert pending(errors)
    assert errors.take_expected() == 42
    assert not pending(errors)
    assert errors.take_expected() is None
    assert errors.take_out_of_order()
    assert not errors.take_out_of_order()


def test_an_error_that_names_no_line_leaves_nothing_pending() -> None:
    errors = LineErrors()
    errors.announce(classify("Error:checksum mismatch"))
    assert not pending(errors)
    assert not errors.take_out_of_order()


def test_an_unknown_error_is_meant_when_nothing_has_followed_for_long() -> None:
    errors = LineErrors()
    unknown = Suspect(classify("Error:gargle"), "Error:gargle", 10.0)
    errors.suspect(unknown)
    assert pending(errors)
    assert errors.take_meant(10.0 + SUSPICION_S) is None
    assert errors.take_meant(10.1 + SUSPICION_S) is unknown
    assert not pending(errors)
    assert errors.take_suspect() is None


def test_what_is_still_announced_stays_pending_beside_a_suspect() -> None:
    errors = LineErrors()
    errors.suspect(Suspect(classify("Error:gargle"), "Error:gargle", 10.0))
    errors.announce(classify("Error:checksum mismatch, Last Line: 7"))
    assert errors.take_expected() == 8
    assert pending(errors)
    errors.announce(classify("Error:checksum mismatch, Last Line: 7"))
    errors.take_suspect()
    assert pending(errors)


def test_of_two_numbers_the_possible_one_is_likely() -> None:
    assert likely(9, 8, lambda number: number == 8) == 8
    assert likely(9, 8, lambda number: True) == 9
    assert likely(9, 8, lambda number: False) == 9
    assert likely(9, None, lambda number: False) == 9

"""Error lines: how bad they are, in the firmwares' own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.serial_printer.engine.faults import Severity, classify
from appliance.domain.printer import FaultReason

LINE, HARMLESS, FATAL, HALTED = Severity
CASES = [
    # Marlin, recorded
    ("Error:checksum mismatch, Last Line: 2", LINE),
    ("Error:Line Number is not Last Line Number+1, Last Line: 3", LINE),
    ("Error:No Checksum with line number, Last Line: 4", LINE),
    ("Error:No Line Number with checksum, Last Line: 4", LINE),
    ("Error:G2/G3 bad parameters", HARMLESS),
    ("Error:Printer halted. kill() called!", HALTED),
    ("Error:Thermal Runaway, system stopped! Heater_ID: 0", HALTED),
    ("Error:Thermal Runaway, system stopped! Heater_ID: bed", HALTED),
    ("Error:Heating failed, system stopped! Heater_ID: 0", HALTED),
    ("Error:MAXTEMP triggered, system stopped! Heater_ID: 0", HALTED),
    ("Error:MINTEMP triggered, system stopped! Heater_ID: bed", HALTED),
    ("Error:0: Extruder switched off. MAXTEMP triggered !", HALTED),
    ("Error:Homing Failed", FATAL),
    ("Error:Probing Failed", FATAL),
    ("Error:volume.init failed", HARMLESS),
    ("Error:open failed, File: x.gco.", HARMLESS),
    ("Error:error writing to file", HARMLESS),
    # Marlin 2.1.x, its source
    ("Error:Serial status mismatch", LINE),
    ("Error:RX BUF overflow, increase RX_BUFFER_SIZE: 12", LINE),
    ("Error:Protected Pin", HARMLESS),
    ("Error:Invalid slot. Total: 4", HARMLESS),
    ("Error:Too far from reference point", HARMLESS),
    ("Error:M421 incorrect parameter usage", HARMLESS),
    ("Error:Failed to enable Bed Leveling", FATAL),
    # Repetier
    ("Error:expected line 12 got 14", LINE),
    ("Error:Wrong checksum", LINE),
    ("Error:Format error", LINE),
    ("fatal:Heater/sensor defect", HALTED),
    # Prusa
    ("Error:Full RX Buffer", LINE),
    ("Error:RX timeout", LINE),
    # others
    ("!! Move out of range: 0.000 -3.000 5.000 [0.000]", HARMLESS),
    ("!! MCU 'mcu' shutdown: ADC out of range", HALTED),
    ("!!", FATAL),
    ("ALARM:1", FATAL),
    ("Error:something that nobody has seen", FATAL),
    ("error: Something", FATAL),
]


@pytest.mark.parametrize(("line", "severity"), CASES)
def test_severity(line: str, severity: Severity) -> None:
    assert classify(line).severity is severity


@pytest.mark.parametrize(("line", "severity"), CASES)
def test_whoever_is_told_gets_a_fault(line: str, severity: Severity) -> None:
    fault = classify(line).fault
    assert (fault is not None) == (severity in (FATAL, HALTED))
    if fault is not None:
        assert fault.halted == (severity is HALTED)
        assert fault.message


def test_the_last_line_that_was_taken() -> None:
    wrong_sum = classify("Error:checksum mismatch, Last Line: 41")
    assert (wrong_sum.last_line, wrong_sum.out_of_order) == (41, False)
    wrong_number = classify("Error:Line Number is not Last Line Number+1, Last Line: 7")
    assert (wrong_number.last_line, wrong_number.out_of_order) == (7, True)


def test_damaged_errors_about_lines_are_still_about_lines() -> None:
    assert classify("Error:checkqum mi3match, Last Line: 41").severity is LINE
    assert classify("Error:checksum mismatcl, Lest Line: 41").severity is LINE


def test_reasons() -> None:
    assert classify("Error:MAXTEMP triggered").fault.reason is FaultReason.THERMAL  # type: ignore[union-attr]
    assert classify("Error:Printer halted.").fault.reason is FaultReason.KILLED  # type: ignore[union-attr]
    assert classify("Error:foo").fault.reason is FaultReason.FIRMWARE  # type: ignore[union-attr]


def test_some_firmwares_say_error_for_everything() -> None:
    assert classify("Error:foo", unknown_is_fatal=False).severity is HARMLESS
    assert classify("Error:MAXTEMP", unknown_is_fatal=False).severity is HALTED


@given(st.text())
def test_no_text_raises(text: str) -> None:
    classify(text)
    classify("Error:" + text)
    classify("Error:Last Line: " + text)

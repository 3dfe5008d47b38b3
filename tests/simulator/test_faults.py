from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.simulator.faults import Disturbance, Faults

LINE = b"G1 X123.456 Y78.9 E1.2345\n"


def disturbed(**switches: object) -> Disturbance:
    faults = Faults()
    for name, value in switches.items():
        faults.set(name, value)
    return Disturbance(faults, seed=5)


def flipped_bits(data: bytes, other: bytes) -> int:
    return sum((a ^ b).bit_count() for a, b in zip(data, other, strict=True))


@pytest.mark.parametrize("rate", [1e-2, 1e-3, 1e-4])
def test_noise_flips_bits_at_its_rate(rate: float) -> None:
    cable = disturbed(noise_in=rate, noise_out=rate)
    count = int(400 / rate / 8 / len(LINE))
    flipped_in = sum(flipped_bits(LINE, cable.incoming(LINE)) for _ in range(count))
    flipped_out = sum(flipped_bits(LINE, cable.outgoing(LINE)) for _ in range(count))
    # 400 are expected; 6 standard deviations to each side.
    assert 280 < flipped_in < 520
    assert 280 < flipped_out < 520


@given(st.binary(max_size=200))
def test_without_faults_nothing_changes(data: bytes) -> None:
    cable = disturbed()
    assert cable.incoming(data) == data
    assert cable.outgoing(data) == data


def test_the_same_seed_makes_the_same_noise() -> None:
    first, second = disturbed(noise_in=0.01), disturbed(noise_in=0.01)
    assert [first.incoming(LINE) for _ in range(50)] == [
        second.incoming(LINE) for _ in range(50)
    ]


def test_a_share_of_the_lines_is_corrupted_in_one_bit() -> None:
    cable = disturbed(corrupt_lines=0.25)
    bits = [flipped_bits(LINE, cable.incoming(LINE)) for _ in range(1000)]
    assert set(bits) == {0, 1}
    assert 150 < sum(bits) < 350


def test_oks_are_lost_doubled_and_glued() -> None:
    assert disturbed(lost_ok=1).outgoing(b"ok P15 B3\n") == b""
    assert disturbed(lost_ok=1).outgoing(b"X:0.00\n") == b"X:0.00\n"
    assert disturbed(doubled_ok=1).outgoing(b"ok\n") == b"ok\nok\n"
    assert disturbed(glued_ok=1).outgoing(b"ok\n") == b"echo:ok\n"
    assert disturbed(lost_line_out=1).outgoing(b"X:0.00\n") == b""


@pytest.mark.parametrize(
    ("name", "value", "is_now"),
    [
        ("lost_ok", "0.5", 0.5),
        ("lost_ok", 0, 0.0),
        ("lost_ok", False, 0.0),
        ("silence", "now", "now"),
        ("silence", False, "off"),
        ("silence", 7, "7"),
        ("busy_forever", "on", True),
        ("busy_forever", False, False),
        ("busy_at", "G1 X5", "G1 X5"),
        ("busy_at", False, "off"),
        ("reset_after", "30", 30),
        ("runaway", "bed", "bed"),
        ("runaway", None, "off"),
    ],
)
def test_switches_take_what_text_and_json_give(
    name: str, value: object, is_now: object
) -> None:
    faults = Faults()
    faults.set(name, value)
    assert faults.as_dict()[name] == is_now


def test_wrong_switches_are_refused_with_words() -> None:
    with pytest.raises(ValueError, match="no fault 'gremlins'; there are noise_in, "):
        Faults().set("gremlins", 1)
    with pytest.raises(ValueError, match="reset_after: 'soon' is not a number"):
        Faults().set("reset_after", "soon")

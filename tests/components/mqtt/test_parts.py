"""The parts that need no broker: names, the outbox, values, payloads."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.mqtt.commands import COMMANDS, parse
from appliance.components.mqtt.connection import Broker, Outgoing
from appliance.components.mqtt.options import CONFIG_SCHEMA
from appliance.components.mqtt.outbox import Outbox
from appliance.components.mqtt.render.printer import render
from appliance.components.mqtt.render.values import number
from appliance.components.mqtt.topics import check_pattern, check_topic, fits, level
from appliance.config.schema import vol
from appliance.domain.permissions import Scope
from appliance.domain.printer import Snapshot
from appliance.errors import InvalidRequest

LEVELS = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="+#/$"))


@given(st.lists(LEVELS, min_size=1))
def test_a_topic_fits_itself_and_the_rest(levels: list[str]) -> None:
    topic = "/".join(levels)
    assert fits(topic, topic)
    assert fits("#", topic)
    assert fits("/".join("+" for _ in levels), topic)
    assert fits(f"{levels[0]}/#", topic) or len(levels) == 1
    assert not fits(f"{topic}/more", topic)


@pytest.mark.parametrize(
    ("pattern", "topic", "result"),
    [
        ("a/+/c", "a/b/c", True),
        ("a/+", "a/b/c", False),
        ("a/#", "a", True),
        ("#", "$SYS/load", False),
        ("+/load", "$SYS/load", False),
        ("$SYS/#", "$SYS/load", True),
    ],
)
def test_patterns(pattern: str, topic: str, result: bool) -> None:
    assert fits(pattern, topic) is result


@pytest.mark.parametrize("topic", ["", "a/+", "a/#", "a\0b", "a\nb", "x" * 70_000])
def test_no_topic_to_publish_to(topic: str) -> None:
    with pytest.raises(InvalidRequest):
        check_topic(topic)


@pytest.mark.parametrize("pattern", ["", "a/#/b", "a+/b", "a/b#"])
def test_no_pattern(pattern: str) -> None:
    with pytest.raises(InvalidRequest):
        check_pattern(pattern)


@given(st.text())
def test_text_from_outside_is_one_level(text: str) -> None:
    made = level(text)
    assert made
    assert not set(made) & set("/+#")
    check_topic(made)


def drain(outbox: Outbox) -> list[Outgoing]:
    found = []
    while (message := outbox.next()) is not None:
        found.append(message)
    return found


def test_the_newest_state_wins_and_the_same_is_not_sent_twice() -> None:
    outbox = Outbox()
    assert outbox.state(Outgoing("a", b"1"))
    assert outbox.state(Outgoing("a", b"2"))
    assert [message.payload for message in drain(outbox)] == [b"2"]
    assert not outbox.state(Outgoing("a", b"2"))
    assert drain(outbox) == []
    outbox.send_states_again()
    assert [message.payload for message in drain(outbox)] == [b"2"]


def test_what_is_forgotten_is_forgotten_once() -> None:
    outbox = Outbox()
    outbox.state(Outgoing("a", b"1", retain=True))
    drain(outbox)
    assert outbox.forget("a")
    assert [(m.payload, m.retain) for m in drain(outbox)] == [(b"", True)]
    outbox.send_states_again()
    assert drain(outbox) == []
    # A state that comes again before the removal was sent is the newer wish.
    outbox.state(Outgoing("a", b"1", retain=True))
    outbox.forget("a")
    outbox.state(Outgoing("a", b"2", retain=True))
    assert [message.payload for message in drain(outbox)] == [b"2"]


@given(st.lists(st.binary(max_size=50)), st.integers(1, 10), st.integers(50, 200))
def test_the_queue_is_bounded_and_keeps_the_newest(
    payloads: list[bytes], most: int, most_bytes: int
) -> None:
    outbox = Outbox(most, most_bytes)
    for payload in payloads:
        outbox.message(Outgoing("t", payload))
    kept = [message.payload for message in drain(outbox)]
    assert len(kept) <= most
    assert sum(map(len, kept)) <= most_bytes
    assert kept == payloads[len(payloads) - len(kept) :]
    assert outbox.lost == len(payloads) - len(kept)


def test_what_was_on_its_way_comes_first_again_unless_it_is_a_state() -> None:
    outbox = Outbox()
    state = Outgoing("s", b"1")
    outbox.state(state)
    drain(outbox)
    outbox.message(Outgoing("e", b"later"))
    outbox.put_back([Outgoing("e", b"first"), state])
    assert [message.payload for message in drain(outbox)] == [b"first", b"later"]


def test_an_older_value_never_comes_after_a_newer_one() -> None:
    outbox = Outbox()
    old = Outgoing("s", b"old", 1, retain=True)
    outbox.state(old)
    drain(outbox)  # it is on its way when the connection breaks
    outbox.state(Outgoing("s", b"new", 1, retain=True))
    outbox.put_back([old])
    outbox.send_states_again()
    assert [message.payload for message in drain(outbox)] == [b"new"]
    # Likewise a removal.
    outbox.forget("s")
    removal = drain(outbox)
    outbox.put_back(removal)
    outbox.state(Outgoing("s", b"again", 1, retain=True))
    assert [message.payload for message in drain(outbox)] == [b"again"]


@given(st.floats(-1e6, 1e6))
def test_numbers_are_short_and_right(value: float) -> None:
    text = number(value, 2).decode()
    assert math.isclose(float(text), value, abs_tol=0.00501)
    assert not text.endswith(".")
    assert text != "-0"


def test_unknown_is_none() -> None:
    topics = render(Snapshot(), 0)
    assert topics["state"] == b"offline"
    assert topics["job"] == b"null"
    assert topics["job/progress"] == topics["speed"] == b"None"


@given(st.binary(max_size=200))
def test_any_payload_is_taken_or_refused(payload: bytes) -> None:
    for command in COMMANDS.values():
        with contextlib.suppress(InvalidRequest):
            assert isinstance(parse(command, payload)[0], dict)


def test_secrets_are_in_no_repr() -> None:
    assert "hunter2" not in repr(Broker("h", 1883, "id", "user", "hunter2"))


def test_the_configuration() -> None:
    defaults = CONFIG_SCHEMA({"broker": "auto"})
    assert defaults["commands"] == frozenset()
    assert CONFIG_SCHEMA({"broker": "x", "commands": True})["commands"] == {
        Scope.PRINT,
        Scope.CONTROL,
    }
    assert CONFIG_SCHEMA({"broker": "x", "home_assistant": False})["home_assistant"] is None
    for wrong in (
        {},
        {"broker": "a b"},
        {"broker": "x", "prefix": "a/#"},
        {"broker": "x", "qos": 3},
        {"broker": "x", "commands": ["everything"]},
        {"broker": "x", "tls": {"key": "k"}},
        {"broker": "x", "layouts": ["other"]},
    ):
        with pytest.raises(vol.Invalid):
            CONFIG_SCHEMA(wrong)

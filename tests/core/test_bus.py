"""The event bus: one order for all, nobody stops anybody, nothing goes on for ever."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from appliance.bus import MAX_CHAIN, Bus


@dataclass(frozen=True)
class Told:
    """The nth event of a source; ``echoes`` are fired by whoever hears it."""

    source: str
    number: int
    echoes: int = 0


SOURCES = st.sampled_from(["printer", "files", "queue"])


class Listening(RuleBasedStateMachine):
    """Sources that fire, listeners that fire too, fail, come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.bus = Bus()
        self.fired: list[Told] = []
        self.counts: dict[str, int] = {}
        self.heard: dict[str, list[Told]] = {}
        self.since: dict[str, int] = {}
        self.ways_out: dict[str, Callable[[], None]] = {}
        self.listen("first", fails=False)

    def next(self, source: str, echoes: int = 0) -> Told:
        self.counts[source] = self.counts.get(source, 0) + 1
        event = Told(source, self.counts[source], echoes)
        self.fired.append(event)
        return event

    @rule(source=SOURCES, echoes=st.integers(0, 3))
    def fire(self, source: str, echoes: int) -> None:
        self.bus.fire(self.next(source, echoes))

    @rule(name=st.sampled_from("abc"), fails=st.booleans())
    def listen(self, name: str, fails: bool) -> None:
        if name in self.ways_out:
            return
        heard = self.heard[name] = []
        self.since[name] = len(self.fired)

        def listener(event: Told) -> None:
            heard.append(event)
            if name == "first":
                for _ in range(event.echoes):
                    self.bus.fire(self.next(f"echo of {event.source}"))
            if fails:
                raise ValueError(name)

        self.ways_out[name] = self.bus.listen(Told, listener)

    @rule(name=st.sampled_from("abc"))
    def leave(self, name: str) -> None:
        way_out = self.ways_out.pop(name, None)
        if way_out is not None:
            way_out()
            way_out()  # a second time means nothing
            del self.heard[name]

    @invariant()
    def everybody_has_heard_everything_in_the_same_order(self) -> None:
        for name, heard in self.heard.items():
            assert heard == self.fired[self.since[name] :]


TestListening = Listening.TestCase


def test_a_chain_that_never_ends_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    bus = Bus()
    heard: list[Told] = []

    def again(event: Told) -> None:
        heard.append(event)
        bus.fire(Told("loop", event.number + 1))

    leave = bus.listen(Told, again)
    bus.fire(Told("loop", 1))
    assert len(heard) == MAX_CHAIN
    assert "keep firing each other" in caplog.text
    leave()
    bus.fire(Told("later", 1))
    assert len(heard) == MAX_CHAIN


@dataclass(frozen=True)
class _Happened:
    pass


def test_a_listener_that_always_fails_is_told_of_once_a_minute_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bus = Bus()
    heard: list[_Happened] = []

    def bad(number: int, event: _Happened) -> None:
        raise ValueError(number)

    bus.listen(_Happened, partial(bad, 1))
    bus.listen(_Happened, heard.append)
    with caplog.at_level(logging.ERROR):
        for _ in range(50):
            bus.fire(_Happened())
    assert len(heard) == 50
    assert len(caplog.records) == 1
    assert bus.failures == {__name__: 50}

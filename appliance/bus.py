"""The typed event bus: facts, told synchronously to whoever listens.

An event is a frozen dataclass named in the past tense; its class is the key. Listeners
are plain functions called in order; one that raises is logged and the rest still hear
the event. An event fired by a listener is queued until the present one was told to all,
so that every listener sees the same order, and a chain that never ends is cut.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from appliance.seldom import Seldom

_LOGGER = logging.getLogger(__name__)

# A chain of events that fire each other is an error in the design (facts never ask for
# something to be done); far more than any honest chain, few enough to end at once.
MAX_CHAIN = 1000

E = TypeVar("E")
Unsubscribe = Callable[[], None]


class Bus:
    """Tells events to their listeners, in order, each listener isolated."""

    def __init__(self) -> None:
        self._listeners: dict[type, list[Callable[[Any], None]]] = {}
        self._queue: deque[object] = deque()
        self._seldom = Seldom()  # events come by thousands
        self.failures: Counter[str] = Counter()  # of listeners, by their module
        self._dispatching = False

    def listen(self, event: type[E], listener: Callable[[E], None]) -> Unsubscribe:
        """Call ``listener`` for each event of exactly that class; return the way out."""
        listeners = self._listeners.setdefault(event, [])
        listeners.append(listener)

        def unsubscribe() -> None:
            if listener in listeners:
                listeners.remove(listener)

        return unsubscribe

    def fire(self, event: object) -> None:
        """Tell ``event`` to its listeners now, or after the one being told."""
        self._queue.append(event)
        if self._dispatching:
            return
        self._dispatching = True
        told = 0
        try:
            while self._queue:
                told += 1
                if told > MAX_CHAIN:
                    _LOGGER.error(
                        "Events keep firing each other, dropped %d of them, last %r",
                        len(self._queue),
                        type(self._queue[-1]).__name__,
                    )
                    self._queue.clear()
                    return
                self._tell(self._queue.popleft())
        finally:
            self._dispatching = False

    def _tell(self, event: object) -> None:
        for listener in tuple(self._listeners.get(type(event), ())):
            try:
                listener(event)
            except Exception:  # a bad listener never stops the rest
                module, kind = _module_of(listener), type(event)
                self.failures[module] += 1
                if self._seldom.due((module, kind)):
                    _LOGGER.exception("A listener of %s failed on %s", module, kind.__name__)


def _module_of(listener: Callable[[Any], None]) -> str:
    while isinstance(listener, partial):
        listener = listener.func
    return getattr(listener, "__module__", None) or type(listener).__module__

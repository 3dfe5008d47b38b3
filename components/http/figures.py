"""The figures that the server knows: printers, clients, requests, and the process itself."""

from __future__ import annotations

import asyncio
import os
import resource
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from appliance.components.http.server import Server
from appliance.domain.estimate import progress
from appliance.domain.job import JobPhase
from appliance.domain.machine import Link
from appliance.domain.metrics import Metric, MetricKind, Reading
from appliance.domain.printer import Printer, Printers

_COUNTER = MetricKind.COUNTER

LINK = Metric("printer_link", "1 for the present state of the link")
PHASE = Metric("job_phase", "1 for the present phase of the job")
ACTUAL = Metric("heater_celsius", "Measured temperature")
TARGET = Metric("heater_target_celsius", "Wanted temperature; 0 = off")
POWER = Metric("heater_power_ratio", "Power of the heater, 0 to 1")
COMPLETION = Metric("job_completion_ratio", "Share of the file that was printed")
PRINTING = Metric("job_printing_seconds", "Printing time of the job, without pauses")
LEFT = Metric("job_left_seconds", "Estimated time that the job still takes")
LINES = Metric("serial_lines_sent_total", "Lines sent on this connection", _COUNTER)
SENT = Metric("serial_bytes_sent_total", "Bytes sent on this connection", _COUNTER)
RECEIVED = Metric("serial_bytes_received_total", "Bytes received", _COUNTER)
RESENDS = Metric("serial_resends_total", "Lines sent again", _COUNTER)
TIMEOUTS = Metric("serial_timeouts_total", "Silences of the printer", _COUNTER)
RECONNECTS = Metric("serial_reconnects_total", "Connections made again", _COUNTER)
LATENCY = Metric("serial_ok_latency_seconds", "Mean time from a line to its ok")
LATENCY_P99 = Metric("serial_ok_latency_p99_seconds", "99th percentile of that time")
WINDOW = Metric("serial_window_lines", "Lines that may be in flight")
PLANNER_FREE = Metric("planner_free_blocks", "Free blocks of the planner (ADVANCED_OK)")
ANSWERS = Metric("http_answers_total", "Answers by family of clients and status", _COUNTER)
CONNECTIONS = Metric("http_connections", "Open connections")
WEBSOCKETS = Metric("websockets", "Open websockets")
BACKLOG = Metric("websocket_backlog_bytes", "Bytes that wait for slow websockets")
LAG = Metric("event_loop_lag_seconds", "Worst delay of the event loop in the last minute")
TASKS = Metric("tasks", "Tasks of the event loop")
CPU = Metric("process_cpu_seconds_total", "CPU time of the core", _COUNTER)
MEMORY = Metric("process_resident_bytes", "Resident memory of the core")
FILES = Metric("process_open_files", "Open file descriptors of the core")


class LoopLag:
    """Measures how late the event loop is, by asking for half a second now and then."""

    EVERY_S = 0.5

    def __init__(self) -> None:
        self._delays: deque[float] = deque(maxlen=120)  # a minute
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0

    @property
    def worst_s(self) -> float:
        """Return the worst delay of the last minute."""
        return max(self._delays, default=0.0)

    def start(self) -> None:
        """Begin to measure."""
        loop = asyncio.get_running_loop()
        self._due = loop.time() + self.EVERY_S
        self._timer = loop.call_at(self._due, self._tick)

    def stop(self) -> None:
        """End the measuring."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        late = asyncio.get_running_loop().time() - self._due
        self._delays.append(max(late, 0.0))
        self.start()


def of_printers(printers: Printers) -> Iterator[Reading]:
    """Yield the figures of every printer."""
    for printer in printers:
        labels = {"printer": printer.id}
        snapshot = printer.snapshot
        for link in Link:
            yield Reading(LINK, snapshot.link is link, {**labels, "state": link})
        for phase in JobPhase:
            yield Reading(PHASE, snapshot.phase is phase, {**labels, "phase": phase})
        for name, heater in snapshot.heaters.items():
            named = {**labels, "heater": name}
            yield from _known(
                named,
                (ACTUAL, heater.actual),
                (TARGET, heater.target),
                (POWER, heater.power),
            )
        yield from _of_job(printer, labels)
        yield from _of_cable(printer, labels)


def of_server(server: Server, lag: LoopLag) -> Iterator[Reading]:
    """Yield the figures of the server and the process."""
    for (family, status), count in server.answers.items():
        yield Reading(ANSWERS, count, {"family": family, "status": str(status)})
    yield Reading(CONNECTIONS, len(server.connections))
    yield Reading(WEBSOCKETS, server.clients)
    yield Reading(BACKLOG, sum(channel.backlog for channel in server.channels))
    yield Reading(LAG, lag.worst_s)
    yield Reading(TASKS, len(asyncio.all_tasks()))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    yield Reading(CPU, usage.ru_utime + usage.ru_stime)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    yield Reading(MEMORY, pages * os.sysconf("SC_PAGE_SIZE"))
    yield Reading(FILES, len(os.listdir("/proc/self/fd")))  # noqa: PTH208 - counted only


def _of_job(printer: Printer, labels: dict[str, str]) -> Iterable[Reading]:
    done = progress(printer.snapshot.job)
    return _known(
        labels,
        (COMPLETION, done.completion),
        (PRINTING, done.elapsed_s),
        (LEFT, done.left_s),
    )


def _of_cable(printer: Printer, labels: dict[str, str]) -> Iterable[Reading]:
    health = printer.snapshot.health
    return _known(
        labels,
        (LINES, health.lines_sent),
        (SENT, health.bytes_sent),
        (RECEIVED, health.bytes_received),
        (RESENDS, health.resends),
        (TIMEOUTS, health.timeouts),
        (RECONNECTS, health.reconnects),
        (LATENCY, _seconds(health.ok_latency_ms)),
        (LATENCY_P99, _seconds(health.ok_latency_p99_ms)),
        (WINDOW, health.window_lines),
        (PLANNER_FREE, health.planner_free),
    )


def _known(labels: dict[str, str], *values: tuple[Metric, float | None]) -> Iterator[Reading]:
    """Yield what was measured; what nobody knows is left out."""
    for metric, value in values:
        if value is not None:
            yield Reading(metric, value, labels)


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000

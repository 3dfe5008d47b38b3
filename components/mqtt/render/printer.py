"""The state topics of a printer, below its own: documented in docs/mqtt.md."""

from __future__ import annotations

from collections.abc import Iterator

from appliance.components.mqtt.render.values import (
    json,
    moment,
    number,
    percent,
    rounded,
    switch,
    word,
)
from appliance.components.mqtt.topics import level
from appliance.domain.estimate import Progress, progress
from appliance.domain.job import Job
from appliance.domain.printer import Snapshot
from appliance.domain.telemetry import Motion, SerialHealth
from appliance.domain.words import state_word

# The time of the end moves with every estimate; people read minutes.
END_GRAIN_S = 60

JOB_VALUES = ("name", "layer", "layers", "height", "filament", "object", "result", "cause")

Topics = dict[str, bytes]


def render(snapshot: Snapshot, now: float) -> Topics:
    """Return every topic of a printer with its payload; ``now`` is unix time."""
    topics: Topics = {
        "availability": b"online" if snapshot.operational else b"offline",
        "state": state_word(snapshot).encode(),
        "message": word(snapshot.message),
        "problem": switch(snapshot.fault is not None),
        "waiting": switch(snapshot.waiting_for_user or snapshot.prompt is not None),
        "connection": _connection(snapshot),
        "fault": _fault(snapshot),
        "prompt": _prompt(snapshot),
        "serial": json(_serial(snapshot.health)),
    }
    topics.update(_temperatures(snapshot))
    topics.update(_motion(snapshot.motion))
    topics.update(_fans(snapshot))
    topics.update(_job(snapshot, now))
    for name, present in snapshot.filament_present.items():
        topics[f"filament/{level(name)}"] = switch(present)
    return topics


def _connection(snapshot: Snapshot) -> bytes:
    firmware = snapshot.firmware
    return json(
        {
            "link": snapshot.link,
            "port": snapshot.connection.port,
            "baudrate": snapshot.connection.baudrate,
            "firmware": None if firmware is None else firmware.name,
            "machine": None if firmware is None else firmware.machine,
        }
    )


def _fault(snapshot: Snapshot) -> bytes:
    fault = snapshot.fault
    if fault is None:
        return json(None)
    return json(
        {
            "reason": fault.reason,
            "message": fault.message,
            "advice": fault.advice,
            "halted": fault.halted,
        }
    )


def _prompt(snapshot: Snapshot) -> bytes:
    prompt = snapshot.prompt
    if prompt is None:
        return json(None)
    return json({"text": prompt.text, "buttons": prompt.buttons})


def _serial(health: SerialHealth) -> dict[str, object]:
    return {
        "lines_sent": health.lines_sent,
        "resends": health.resends,
        "resend_percent": round(health.resend_ratio * 100, 3),
        "timeouts": health.timeouts,
        "reconnects": health.reconnects,
        "ok_latency_ms": rounded(health.ok_latency_ms),
        "ok_latency_p99_ms": rounded(health.ok_latency_p99_ms),
        "window_lines": health.window_lines,
    }


def _temperatures(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    everything = {}
    for name, heater in snapshot.heaters.items():
        everything[name] = {
            "actual": rounded(heater.actual),
            "target": rounded(heater.target),
            "power": rounded(heater.power, 2),
        }
        topic = f"temperature/{level(name)}"
        yield f"{topic}/actual", number(heater.actual)
        if heater.target is not None:
            yield f"{topic}/target", number(heater.target)
        if heater.power is not None:
            yield f"{topic}/power", percent(heater.power, 0)
    yield "temperature", json(everything)


def _motion(motion: Motion) -> Iterator[tuple[str, bytes]]:
    position = motion.position
    where = (
        dict.fromkeys("xyze")
        if position is None
        else {axis: round(getattr(position, axis), 2) for axis in "xyze"}
    )
    yield "position", json({**where, "homed": motion.homed})
    yield "speed", number(motion.speed)
    yield "feedrate", number(motion.feedrate)
    yield "factor/feedrate", percent(motion.feed_factor)
    flow = motion.flow_factors
    yield "factor/flow", percent(flow[motion.tool] if motion.tool < len(flow) else None)
    yield "z_offset", number(motion.z_offset, 3)
    yield "tool", f"tool{motion.tool}".encode()


def _fans(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    for index, share in enumerate(snapshot.fans):
        yield f"fan/{index}", percent(share, 0)
    for index, rpm in enumerate(snapshot.fan_rpm):
        yield f"fan/{index}/rpm", number(rpm, 0)


def _job(snapshot: Snapshot, now: float) -> Iterator[tuple[str, bytes]]:
    job = snapshot.job
    done = progress(job)
    active = snapshot.phase.active
    ends = _ends(now, done) if active else None
    yield "job", json(_job_object(job, done, ends) if job is not None else None)
    yield "job/active", switch(active)
    yield "job/progress", percent(done.completion)
    yield "job/elapsed", number(None if job is None else job.elapsed_s, 0)
    yield "job/left", number(done.left_s, 0)
    yield "job/ends", word(moment(ends))
    values = _job_values(job) if job is not None else dict.fromkeys(JOB_VALUES, word(None))
    for name, value in values.items():
        yield f"job/{name}", value


def _job_values(job: Job) -> Topics:
    return {
        "name": word(job.file.display),
        "layer": number(job.layer, 0),
        "layers": number(job.layers, 0),
        "height": number(job.height_mm, 2),
        "filament": number(sum(job.filament_mm) if job.filament_mm else None, 0),
        "object": word(job.current_object),
        "result": word(job.result),
        "cause": word(job.cause),
    }


def _job_object(job: Job, done: Progress, ends: float | None) -> dict[str, object]:
    share = None if done.completion is None else done.completion * 100
    return {
        "id": job.id,
        "kind": job.kind,
        "name": job.file.display,
        "path": job.file.path,
        "origin": job.file.origin,
        "size": job.file.size,
        "user": job.user,
        "started": moment(job.started_at),
        "progress": rounded(share),
        "position": done.position,
        "elapsed": rounded(job.elapsed_s, 0),
        "printing": rounded(job.printing_s, 0),
        "left": rounded(done.left_s, 0),
        "left_origin": done.left_origin,
        "ends": moment(ends),
        "layer": job.layer,
        "layers": job.layers,
        "height": rounded(job.height_mm, 2),
        "filament": [round(each, 1) for each in job.filament_mm],
        "objects": job.objects,
        "excluded": job.excluded,
        "object": job.current_object,
        "pause_source": job.pause_source,
        "result": job.result,
        "cause": job.cause,
    }


def _ends(now: float, done: Progress) -> float | None:
    if done.left_s is None:
        return None
    return round((now + done.left_s) / END_GRAIN_S) * END_GRAIN_S

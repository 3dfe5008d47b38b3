"""What can go wrong with a printer and its cable, switched by name while it runs.

| name | value | effect |
|---|---|---|
| noise_in, noise_out | bit error rate | flipped bits towards, from the printer |
| corrupt_lines | share of lines | one bit of an incoming line is flipped |
| lost_ok, doubled_ok, glued_ok | probability | an ok is lost, said twice, or follows `echo:` |
| lost_line_out | probability | any line of the printer is lost |
| silence | now, off, or lines | the firmware hangs, at once or after so many lines |
| busy_forever | on, off | the next command never ends, only `busy:` is heard |
| busy_at | command | the next one that begins so never ends, until busy_forever is off |
| disconnect_after | lines | the cable is pulled (for `disconnect_seconds`) |
| disconnect_seconds | seconds | how long that lasts, 1 |
| reset_after | lines | the board resets |
| resend_without_ok | on, off | a Resend is not followed by an ok |
| duplicates | silent, resend | what a repeated line number gets |
| heating_failed, runaway, mintemp, maxtemp | heater or off | tool0, bed: broken in that way |
| stuck_heater, welded_heater | heater or off | no or full power, unnoticed by the firmware |
| garbage | bytes | so many random bytes are sent, once |
| flood | bytes per second | random bytes without end, until 0 |
| endless_line | bytes | so many bytes without a line feed are sent, once |
"""

from __future__ import annotations

from dataclasses import fields
from random import Random

from appliance.components.simulator.thermal import HeaterFault
from appliance.records import dataclass

BITS = 8
OFF = frozenset({"", "0", "off", "no", "false", "none", "False", "None"})
HEATER_FAULTS = {
    "heating_failed": HeaterFault.FAILED,
    "stuck_heater": HeaterFault.STUCK,
    "welded_heater": HeaterFault.WELDED,
    "runaway": HeaterFault.RUNAWAY,
    "mintemp": HeaterFault.MINTEMP,
    "maxtemp": HeaterFault.MAXTEMP,
}


@dataclass(slots=True)
class Faults:
    """The state of every switch."""

    noise_in: float = 0.0
    noise_out: float = 0.0
    corrupt_lines: float = 0.0
    lost_ok: float = 0.0
    doubled_ok: float = 0.0
    glued_ok: float = 0.0
    lost_line_out: float = 0.0
    silence: str = "off"
    busy_forever: bool = False
    busy_at: str = "off"
    disconnect_after: int = 0
    disconnect_seconds: float = 1.0
    reset_after: int = 0
    resend_without_ok: bool = False
    duplicates: str = "silent"
    heating_failed: str = "off"
    runaway: str = "off"
    mintemp: str = "off"
    maxtemp: str = "off"
    stuck_heater: str = "off"
    welded_heater: str = "off"
    garbage: int = 0
    flood: int = 0
    endless_line: int = 0

    def set(self, name: str, value: object) -> None:
        """Set one switch from what a command line or JSON gives."""
        kinds = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        if name not in kinds:
            message = f"no fault {name!r}; there are {', '.join(kinds)}"
            raise ValueError(message)
        text = str(value).strip()
        kind = kinds[name]
        try:
            if kind is bool:
                setattr(self, name, text not in OFF)
            elif kind is str:
                setattr(self, name, "off" if text in OFF else text)
            else:
                setattr(self, name, kind(0 if text in OFF else text))
        except ValueError:
            message = f"fault {name}: {value!r} is not a number"
            raise ValueError(message) from None

    def as_dict(self) -> dict[str, object]:
        """Return every switch by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def disturb_input(self) -> bool:
        """Tell whether anything happens to bytes on their way in."""
        return bool(self.noise_in or self.corrupt_lines)

    @property
    def disturb_output(self) -> bool:
        """Tell whether anything happens to lines on their way out."""
        return bool(
            self.noise_out
            or self.lost_ok
            or self.doubled_ok
            or self.glued_ok
            or self.lost_line_out
        )


class Noise:
    """Flipped bits at a rate, the gaps between them drawn at random."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._rate = 0.0
        self._gap = 0.0

    def disturb(self, data: bytes, rate: float) -> bytes:
        """Flip bits of the data."""
        if rate <= 0:
            return data
        if rate != self._rate:
            self._rate = rate
            self._gap = self._random.expovariate(rate)
        length = len(data) * BITS
        if self._gap >= length:
            self._gap -= length
            return data
        flipped = bytearray(data)
        while self._gap < length:
            position = int(self._gap)
            flipped[position // BITS] ^= 1 << position % BITS
            self._gap += max(1.0, self._random.expovariate(rate))
        self._gap -= length
        return bytes(flipped)


class Disturbance:
    """Applies the faults of the cable to what passes through it."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self._faults = faults
        self._random = Random(seed + 1)  # noqa: S311 (repeatable, not secret)
        self._noise_in = Noise(self._random)
        self._noise_out = Noise(self._random)
        self.flipped_lines = 0

    def incoming(self, data: bytes) -> bytes:
        """Disturb bytes on their way to the printer."""
        faults = self._faults
        if faults.corrupt_lines:
            lines = data.split(b"\n")
            whole = lines[:-1]
            lines[:-1] = [self._corrupted(line) for line in whole]
            data = b"\n".join(lines)
        return self._noise_in.disturb(data, faults.noise_in)

    def _corrupted(self, line: bytes) -> bytes:
        if not line or self._random.random() >= self._faults.corrupt_lines:
            return line
        self.flipped_lines += 1
        changed = bytearray(line)
        changed[self._random.randrange(len(line))] ^= 1 << self._random.randrange(7)
        return bytes(changed)

    def outgoing(self, data: bytes) -> bytes:
        """Disturb one line of the printer; it may be lost or come twice."""
        faults = self._faults
        chance = self._random.random
        if faults.lost_line_out and chance() < faults.lost_line_out:
            return b""
        if data.startswith(b"ok"):
            if faults.lost_ok and chance() < faults.lost_ok:
                return b""
            if faults.glued_ok and chance() < faults.glued_ok:
                data = b"echo:" + data
            if faults.doubled_ok and chance() < faults.doubled_ok:
                data += data
        return self._noise_out.disturb(data, faults.noise_out)

    def garbage(self, length: int) -> bytes:
        """Return random bytes, a line feed among them now and then."""
        return self._random.randbytes(length)

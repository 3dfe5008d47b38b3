"""What a Raspberry Pi says of its power supply and temperature; None on other computers.

The firmware's own word (as `vcgencmd get_throttled` prints it) is in /sys with Raspberry
Pi's kernel; Debian's has the alarm of the under-voltage alone. Both block shortly.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

UNDER_VOLTAGE, CAPPED, THROTTLED, TOO_HOT = (1 << bit for bit in range(4))

_SYS = Path("/sys")
_FIRMWARE = "devices/platform/soc/soc:firmware/get_throttled"


def read_throttled(sys: Path = _SYS) -> int | None:
    """Return the bits: 0 to 3 now (see above), 16 to 19 the same since the start."""
    try:
        return int((sys / _FIRMWARE).read_text(encoding="ascii"), 16)
    except (OSError, ValueError):
        return _from_alarm(sys.glob("class/hwmon/hwmon*"))


def _from_alarm(monitors: Iterable[Path]) -> int | None:
    for monitor in monitors:
        try:
            if (monitor / "name").read_text(encoding="ascii").strip() == "rpi_volt":
                alarm = (monitor / "in0_lcrit_alarm").read_text(encoding="ascii")
                return UNDER_VOLTAGE if int(alarm) else 0
        except (OSError, ValueError):
            continue
    return None

"""The serial devices of this machine, and which of them may be a printer."""

from __future__ import annotations

import fnmatch
import glob
import os
from collections.abc import Sequence
from pathlib import Path

from serial.tools import list_ports

from appliance.domain.printer import SerialPort

_BY_ID = Path("/dev/serial/by-id")
_PATTERNS = ("/dev/ttyUSB*", "/dev/ttyACM*")
# Built-in UARTs exist on many machines with nothing behind them: listed, never tried.
_PLAIN_UARTS = ("/dev/ttyS*", "/dev/ttyAMA*")


def list_serial_ports() -> list[SerialPort]:
    """List the serial devices; blocking (reads /sys), so call it in a thread."""
    by_id = _names_by_id()
    ports = []
    for info in list_ports.comports():
        driver = Path(f"/sys/class/tty/{Path(info.device).name}/device/driver")
        ports.append(
            SerialPort(
                device=info.device,
                by_id=by_id.get(info.device),
                description=info.product or info.description or "",
                vendor_id=info.vid,
                product_id=info.pid,
                serial_number=info.serial_number,
                driver=driver.resolve().name if driver.exists() else None,
            )
        )
    return sorted(ports, key=lambda port: (port.vendor_id is None, port.device))


def candidates(ignored: Sequence[str] = (), additional: Sequence[str] = ()) -> list[str]:
    """Return the devices that are worth trying, by their lasting names where they exist.

    ``ignored`` and ``additional`` are patterns of device names.
    """
    found = [
        port.by_id or port.device
        for port in list_serial_ports()
        if _matches((port.device,), _PATTERNS)
        and not _matches((port.device, port.by_id or ""), ignored)
    ]
    more = (name for pattern in additional for name in sorted(glob.glob(pattern)))  # noqa: PTH207 - absolute patterns
    return [*found, *(name for name in more if not _matches((name,), ignored))]


def by_id_of(device: str) -> str | None:
    """Return the lasting name of a device, or None where there is none."""
    return _names_by_id().get(os.path.realpath(device))


def find_same(port: str | None, by_id: str | None) -> str | None:
    """Return where the printer is: by its lasting name, else by the name that was asked for.

    Once a printer was seen under a lasting name, nothing else is taken for it: another
    printer may have got its old device name meanwhile.
    """
    return by_id or port


def _matches(names: Sequence[str], patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for name in names for pattern in patterns)


def _names_by_id() -> dict[str, str]:
    if not _BY_ID.is_dir():
        return {}
    return {str(link.resolve()): str(link) for link in sorted(_BY_ID.iterdir())}

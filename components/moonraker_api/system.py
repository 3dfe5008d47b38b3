"""What the computer is: processor, distribution, network, devices. Blocks; for threads."""

from __future__ import annotations

import fcntl
import platform
import re
import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SYS = Path("/sys")
_SIOCGIFADDR = 0x8915
_BITS = 64 if platform.architecture()[0] == "64bit" else 32
_CONTAINERS = re.compile(r"docker|containerd|lxc|kubepods", re.IGNORECASE)


def read() -> dict[str, Any]:
    """Return everything that does not change while we run, and the addresses."""
    return {
        "cpu_info": cpu_info(_text("/proc/cpuinfo"), _text("/proc/meminfo")),
        "sd_info": {},
        "distribution": distribution(_text("/etc/os-release")),
        "virtualization": _virtualization(),
        "network": network(),
    }


def cpu_info(cpuinfo: str, meminfo: str) -> dict[str, Any]:
    """Return the processor of ``/proc/cpuinfo`` and the memory of ``/proc/meminfo``."""
    fields: dict[str, str] = {}
    for line in cpuinfo.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            fields[name.strip()] = value.strip()
    total = next(
        (int(line.split()[1]) for line in meminfo.splitlines() if line.startswith("MemTotal")),
        None,
    )
    return {
        "cpu_count": max(cpuinfo.count("processor\t"), 1),
        "bits": f"{_BITS}bit",
        "processor": platform.machine(),
        "cpu_desc": fields.get("model name", ""),
        "serial_number": "",  # it tells people apart, and nobody needs it
        "hardware_desc": fields.get("Hardware", ""),
        "model": fields.get("Model", ""),
        "total_memory": total,
        "memory_units": "kB",
    }


def distribution(os_release: str) -> dict[str, Any]:
    """Return the system of ``/etc/os-release``."""
    fields: dict[str, str] = {}
    for line in os_release.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            fields[name] = value.strip().strip('"')
    version = fields.get("VERSION_ID", "")
    major, _, minor = version.partition(".")
    return {
        "name": fields.get("PRETTY_NAME", platform.system()),
        "id": fields.get("ID", ""),
        "version": version,
        "version_parts": {"major": major, "minor": minor, "build_number": ""},
        "like": fields.get("ID_LIKE", ""),
        "codename": fields.get("VERSION_CODENAME", ""),
        "release_info": {},
        "kernel_version": platform.release(),
    }


def network() -> dict[str, Any]:
    """Return the interfaces that are up, without the loopback."""
    found: dict[str, Any] = {}
    for folder in sorted(_SYS.glob("class/net/*")):
        if folder.name != "lo":
            found[folder.name] = {
                "mac_address": _text(folder / "address").strip(),
                "ip_addresses": _addresses(folder.name),
            }
    return found


def usb_devices() -> list[dict[str, Any]]:
    """Return the devices on the USB."""
    found = []
    for folder in sorted(_SYS.glob("bus/usb/devices/*")):
        vendor = _text(folder / "idVendor").strip()
        if not vendor:
            continue
        number = int(_text(folder / "devnum") or 0)
        bus = int(_text(folder / "busnum") or 0)
        found.append(
            {
                "device_num": number,
                "bus_num": bus,
                "vendor_id": vendor,
                "product_id": _text(folder / "idProduct").strip(),
                "usb_location": f"{bus}:{number}",
                "manufacturer": _text(folder / "manufacturer").strip() or None,
                "product": _text(folder / "product").strip() or None,
                "serial": _text(folder / "serial").strip() or None,
                "class": None,
                "subclass": None,
                "protocol": None,
                "description": _text(folder / "product").strip() or None,
            }
        )
    return found


def video_devices() -> list[dict[str, Any]]:
    """Return the cameras that Linux knows."""
    return [
        {
            "device_name": folder.name,
            "device_path": f"/dev/{folder.name}",
            "camera_name": _text(folder / "name").strip(),
            "driver_name": "",
            "hardware_bus": "",
            "modes": [],
            "capabilities": [],
            "version": "",
            "path_by_hardware": None,
            "path_by_id": None,
            "alt_name": None,
            "usb_location": None,
        }
        for folder in sorted(_SYS.glob("class/video4linux/*"))
    ]


def _addresses(interface: str) -> list[dict[str, Any]]:
    """Return the addresses of an interface: one of IPv4, all of IPv6."""
    found: list[dict[str, Any]] = []
    request = struct.pack("256s", interface.encode()[:15])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            answer = fcntl.ioctl(sock.fileno(), _SIOCGIFADDR, request)
        except OSError:
            answer = b""  # it has none
    if answer:
        address = socket.inet_ntoa(answer[20:24])
        found.append({"family": "ipv4", "address": address, "is_link_local": False})
    for line in _text("/proc/net/if_inet6").splitlines():
        digits, _, _, scope, _, name = line.split()
        if name == interface:
            address = socket.inet_ntop(socket.AF_INET6, bytes.fromhex(digits))
            local = scope == "20"
            found.append({"family": "ipv6", "address": address, "is_link_local": local})
    return found


def _virtualization() -> Mapping[str, str]:
    if Path("/.dockerenv").exists() or _CONTAINERS.search(_text("/proc/1/cgroup")):
        return {"virt_type": "container", "virt_identifier": "docker"}
    return {"virt_type": "none", "virt_identifier": "none"}


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""

"""What people write into gantry.yaml: what is right, what is wrong, and a camera."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from image.vm.rehearsal import Rehearsal

# What Notepad makes of it: a mark at the beginning, CRLF.
SETTINGS = """\ufeffhostname: workshop\r
printer:\r
  id: ender3\r
  name: Ender 3\r
  platform: serial\r
  port: auto\r
  baudrate: 115200\r
"""
BROKEN = """hostname: workshop\r
printer:\r
  id: ender3\r
  platfrom: serial\r
  port: auto\r
"""
_CAMERA = """webcam:\r
  - id: nozzle\r
    device: /dev/video0\r
    resolution: 640x480\r
    fps: 5\r
"""
_PICTURE = "/webcam/nozzle/snapshot"
_UNITS = "systemctl list-units -q --plain 'gantry-camera@*' | cut -d' ' -f1"


def broken_settings(self: Rehearsal) -> Iterator[str]:
    """Make a mistake in gantry.yaml: all goes on as it was, and the report says why."""
    self.card.put("gantry.yaml", BROKEN.encode())
    machine = self.boot()
    yield f"answers after {machine.cpu_s():.0f} CPU s"
    self.enter()
    self.reported("WRONG")
    yield from self.report().split("=== Start")[1].splitlines()
    printers = self.visitor.get("/api/gantry/printers")["printers"]
    assert [each["id"] for each in printers] == ["ender3"], printers
    configuration = machine.shell("cat /data/config/configuration.yaml")
    assert "platform: serial" in configuration, configuration
    yield "the printer is the one of the settings before"
    self.switch_off()
    self.card.put("gantry.yaml", SETTINGS.encode())


def camera(self: Rehearsal) -> Iterator[str]:
    """Plug in a camera (the kernel's test driver): pictures come from a unit of its own."""
    self.card.put("gantry.yaml", (SETTINGS + _CAMERA).encode())
    machine = self.boot()
    self.enter()
    status, answer = machine.fetch(_PICTURE, key=self.key)
    assert status >= 500, answer
    yield f"without a camera: {answer.decode()}"
    machine.shell("modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x0")

    def picture() -> bytes | None:
        status, content = machine.fetch(_PICTURE, key=self.key)
        return content if status == 200 and content.startswith(b"\xff\xd8\xff") else None

    first: bytes = machine.wait_until(picture, "picture")
    machine.wait_until(lambda: picture() not in (None, first), "another picture")
    yield f"pictures of {len(first)} bytes, each another"
    (unit,) = machine.shell(_UNITS).split()
    shown = machine.shell(
        f"systemctl show -p User -p CPUQuotaPerSecUSec -p MemoryMax -p MemoryCurrent {unit}"
    ).split()
    yield f"{unit}: {' '.join(shown)}"
    assert {"User=gantry-camera", "CPUQuotaPerSecUSec=600ms"} < {*shown}, shown
    machine.shell("modprobe -r vivid || true")
    self.switch_off()

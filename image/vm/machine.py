"""The machine: QEMU, emulating the processor, with the card in it.

What it emulates is slow, and slower on a busy host: every wait here is long, and nothing
is measured by the clock on the wall.
"""

from __future__ import annotations

import base64
import json
import os
import random
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from image.vm.card import Card

_SLOW_START = "[Service]\nTimeoutStartSec=1800\n"
# A card that is slow to come is not a card that is missing.
_PATIENCE = (
    "systemd.default_device_timeout_sec=1800 systemd.default_timeout_start_sec=1800 "
    "systemd.set_credential_binary="
    f"systemd.unit-dropin.gantry.service:{base64.b64encode(_SLOW_START.encode()).decode()} "
    "mitigations=off cryptomgr.notests systemd.show_status=0 "
    # A shell for us, by a line of the kernel that no card has.
    "systemd.getty_auto=no systemd.debug_shell=hvc0"
)
_CMDLINE = "root=LABEL=gantry-root ro rootwait fsck.repair=yes net.ifnames=0 quiet panic=10"
_STARTS_S = 3000.0
_LOOK_EVERY_S = 1.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Model:
    """What QEMU is to be for a flavour."""

    program: str
    machine: tuple[str, ...]
    console: str
    words: str = ""  # for its kernel


MODELS = {
    # A processor without AVX: emulating that costs more than it brings.
    "amd64": Model(
        "qemu-system-x86_64",
        ("-M", "q35,usb=off", "-cpu", "Nehalem", "-vga", "none"),
        "ttyS0",
        # On a busy host the kernel finds its counter of cycles wrong after a few seconds, and
        # changes its own code while the other processor runs it: a start ended in a panic
        # within sched_clock_tick, in an instruction that was half written.
        "tsc=unstable",
    ),
    "arm64": Model(
        "qemu-system-aarch64", ("-M", "virt,gic-version=3", "-cpu", "cortex-a72"), "ttyAMA0"
    ),
}


class NotAnswering(Exception):
    """The machine does not do what is waited for."""


@dataclass(slots=True)
class Machine:
    """One run of a machine, from power on to power off."""

    model: Model
    card: Card
    folder: Path
    printer: Path | None = None  # a terminal that its USB serial adapter is connected to
    memory_mib: int = 1024
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    format: str = "raw"
    resume: str | None = None  # the name of a snapshot to go on from
    extra: str = ""  # words for the kernel
    clock: str = "utc"  # what its clock says at power on, e.g. 2001-01-01
    _cpu_s: float = field(default=0.0, init=False)
    _link: socket.socket | None = field(default=None, init=False)
    _asked: int = field(default=0, init=False)

    # -- power

    def start(self) -> None:
        """Switch it on."""
        if not (self.folder / "vmlinuz").exists():
            self.take_kernel()
        self.port = self.port or _free_port()
        with (self.folder / "qemu.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us
            )

    def pull_the_plug(self) -> None:
        """Cut the power: what is not on the card by now is gone."""
        process = self._running()
        self._cpu_s = self.cpu_s()
        process.kill()
        process.wait()
        self._let_go()

    def wait_for_power_off(self, within_s: float = 600.0) -> None:
        """Wait until it has switched itself off, or restarted (which ends it too)."""
        try:
            self._running().wait(within_s)
        except subprocess.TimeoutExpired:
            message = "it does not switch off"
            raise NotAnswering(message) from None
        self._let_go()

    def _let_go(self) -> None:
        self.process = None
        if self._link is not None:
            self._link.close()
            self._link = None

    def cpu_s(self) -> float:
        """Return the processor time that emulating it has taken."""
        if self.process is None or self.process.poll() is not None:
            return self._cpu_s
        stat = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / _TICKS

    def _running(self) -> subprocess.Popen[bytes]:
        assert self.process is not None, "it is off"
        return self.process

    def take_kernel(self) -> None:
        """Take kernel and initramfs off the card, as its boot ROM would."""
        names = self.card.boot_names()
        for kind in ("vmlinuz", "initrd.img"):
            name = next(name for name in names if name.startswith(kind))
            content = self.card.get(name)
            assert content is not None
            (self.folder / kind).write_bytes(content)

    def _words(self) -> tuple[str, ...]:
        model = self.model
        return _CMDLINE, _PATIENCE, f"console={model.console}", model.words, self.extra

    def _command(self) -> list[str]:
        folder = self.folder
        usb: list[str] = []
        if self.printer is not None:
            usb = ["-chardev", f"serial,id=printer,path={self.printer}"]
            usb += ["-device", "qemu-xhci", "-device", "usb-serial,chardev=printer"]
        return [
            self.model.program, *self.model.machine, "-nodefaults", "-display", "none",
            "-accel", "tcg,thread=multi,tb-size=512", "-smp", "2", "-m", str(self.memory_mib),
            "-no-reboot", "-kernel", str(folder / "vmlinuz"),
            "-initrd", str(folder / "initrd.img"),
            "-append",
            " ".join(filter(None, self._words())),
            "-rtc", f"base={self.clock}",
            "-serial", f"file:{folder / 'console.log'}",
            "-drive", f"file={self.card.path},format={self.format},if=none,id=card",
            "-device", "virtio-blk-pci,drive=card",
            # It reaches nobody; we reach its web server.
            "-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-:80",
            "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "virtio-rng-pci",
            "-chardev", f"socket,id=shell,path={folder / 'shell'},server=on,wait=off",
            "-device", "virtio-serial-pci", "-device", "virtconsole,chardev=shell",
            "-qmp", f"unix:{folder / 'qmp'},server=on,wait=off",
            *usb,
            *(["-loadvm", self.resume] if self.resume else []),
        ]  # fmt: skip

    # -- talking to QEMU

    def monitor(self, command: str) -> str:
        """Give a command of QEMU's monitor."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(600)
            link.connect(str(self.folder / "qmp"))
            lines = link.makefile("rw")
            lines.readline()
            for request in (
                {"execute": "qmp_capabilities"},
                {"execute": "human-monitor-command", "arguments": {"command-line": command}},
            ):
                lines.write(json.dumps(request) + "\n")
                lines.flush()
                while "return" not in (answer := json.loads(lines.readline())):
                    if "error" in answer:
                        raise NotAnswering(str(answer["error"]))
            return str(answer["return"])

    def unplug(self) -> None:
        """Pull the network cable out; nothing of ours reaches it by HTTP then."""
        self.monitor("set_link net off")

    def plug_in(self) -> None:
        """Put the network cable in."""
        self.monitor("set_link net on")

    def shell(self, command: str, within_s: float = 1800.0) -> str:
        """Run a command as root inside, and return what it says."""
        self._asked += 1
        mark = f"@{self._asked}@"
        wrapped = f" printf '{mark}%s@@' \"$( ({command}) 2>&1 | base64 -w0)\"\n"
        answer = re.compile(re.escape(mark.encode()) + rb"([A-Za-z0-9+/=]*)@@")
        link = self._shell_link(within_s)
        link.sendall(wrapped.encode())
        said = b""
        while (found := answer.search(said)) is None:
            block = link.recv(65536)
            if not block:
                message = "the shell has gone"
                raise NotAnswering(message)
            said += block
        return base64.b64decode(found[1]).decode(errors="replace")

    def _shell_link(self, within_s: float) -> socket.socket:
        """Return the one connection that QEMU has for us, made when it is first needed."""
        if self._link is None:
            self._link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._link.connect(str(self.folder / "shell"))
        self._link.settimeout(within_s)
        return self._link

    # -- talking to Gantry

    def ask(
        self,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        method: str | None = None,
        headers: dict[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> tuple[int, Any]:
        """Ask it over HTTP; return status and answer, JSON parsed. OSError: nobody there."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        status, content = self.fetch(path, data, key, method, sent, timeout_s)
        return status, _parsed(content)

    def fetch(
        self,
        path: str,
        data: bytes | None = None,
        key: str | None = None,
        method: str | None = None,
        headers: dict[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> tuple[int, bytes]:
        """Ask it over HTTP; return status and answer as they are. OSError: nobody there."""
        sent = {**(headers or {}), **({} if key is None else {"X-Api-Key": key})}
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(
            url, data, sent, method=method or ("GET" if data is None else "POST")
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def wait_for_http(self, path: str = "/health", within_s: float = _STARTS_S) -> Any:
        """Wait until it answers."""
        return self.wait_until(
            lambda: (answer := self.ask(path, timeout_s=20))[0] < 500 and answer[1],
            f"an answer at {path}",
            within_s,
        )

    def wait_until(self, condition: Any, what: str, within_s: float = 1800.0) -> Any:
        """Look again and again until the condition is true; nobody there is not yet."""
        ends = time.monotonic() + within_s
        while True:
            try:
                if found := condition():
                    return found
            except (OSError, ConnectionError, TimeoutError):
                pass
            if self.process is not None and self.process.poll() is not None:
                said = (self.folder / "qemu.log").read_text(errors="replace")[-500:]
                message = f"it has switched off while waiting for {what} {said}".rstrip()
                raise NotAnswering(message)
            if time.monotonic() > ends:
                message = f"no {what} within {within_s:.0f} s"
                raise NotAnswering(message)
            time.sleep(_LOOK_EVERY_S)


def some_seconds(least: float, most: float) -> float:
    """Return a random time, for pulling the plug."""
    return random.uniform(least, most)  # noqa: S311


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode(errors="replace")

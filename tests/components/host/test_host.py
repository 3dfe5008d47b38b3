"""The computer as its users see it: the image's own helper behind every view."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from appliance.bus import Bus
from appliance.components.host import announcement
from appliance.components.host.watch import LEAST_FREE, Machine, Watch
from appliance.core import Appliance
from appliance.domain.host import HostChanged, HostTrouble
from appliance.domain.printer import PRINTERS
from appliance.throttling import read_throttled
from image.host_helper.__main__ import serve
from image.host_helper.verbs import SERVICES, Refused, obey
from image.host_helper.wifi import Run
from tests.waiting import eventually, eventually_answers
from tests.whole import whole_appliance

KEY = "0123456789abcdef0123456789abcdef"
CONFIGURATION = """
http: {{host: 127.0.0.1, port: {port}}}
auth: {auth}
octoprint_api:
moonraker_api:
gantry_api:
host: {{socket: {socket}, announce_address: {announce}}}
printer: {{id: cube, platform: simulator, speed: 50}}
"""


class System:
    """Takes commands as systemd would."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []
        self.refusal: str | None = None

    @property
    def last(self) -> list[str]:
        return list(self.asked[-1][-2:]) if self.asked else []

    def __call__(self, words: Sequence[str]) -> str:
        self.asked.append(words[1:])
        if self.refusal is not None:
            raise Refused(self.refusal)
        return "ActiveState=active\nSubState=running\n"


@pytest.fixture
def system() -> System:
    return System()


class _Ended(Exception):
    """The test is over."""


@contextlib.contextmanager
def helping(path: Path, system: Run, *, stranger: bool = False) -> Iterator[None]:
    """Serve as the helper does, in a thread, at its socket."""
    over = threading.Event()

    def may(uid: int) -> bool:
        if over.is_set():
            raise _Ended
        return uid == os.getuid() and not stranger

    def work() -> None:
        with contextlib.suppress(_Ended):
            serve(listener, system, may, idle_s=600)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            over.set()
            with socket.socket(socket.AF_UNIX) as last:
                last.connect(str(path))
                thread.join()


@pytest.fixture
def helper(tmp_path: Path, system: System) -> Iterator[Path]:
    path = tmp_path / "helper"
    with helping(path, system):
        yield path


@asynccontextmanager
async def running(
    folder: Path, port: int, helper: Path, auth: str = "", *, announce: bool = False
) -> AsyncIterator[tuple[Appliance, aiohttp.ClientSession]]:
    text = CONFIGURATION.format(
        port=port, auth=auth or f"{{api_key: {KEY}}}", socket=helper, announce=announce
    )
    headers = {"X-Api-Key": KEY}
    async with (
        whole_appliance(folder, text) as appliance,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as client,
    ):
        await eventually_answers(lambda: is_served(client), "HTTP is served")
        yield appliance, client


async def is_served(client: aiohttp.ClientSession) -> bool:
    try:
        async with client.get("/health") as answer:
            return answer.status == 200
    except aiohttp.ClientConnectorError:
        return False


async def test_both_apis_command_the_computer(
    tmp_path: Path, unused_tcp_port: int, helper: Path, system: System
) -> None:
    async with running(tmp_path / "config", unused_tcp_port, helper) as (_, client):
        async with client.get("/api/system/commands/core") as answer:
            assert [each["action"] for each in await answer.json()] == [
                "restart",
                "reboot",
                "shutdown",
            ]
        # It is answered before it is done.
        assert await post(client, "/api/system/commands/core/reboot") == 204
        await eventually(lambda: system.last == ["start", "reboot.target"], "it restarts")
        assert await post(client, "/machine/shutdown") == 200
        await eventually(lambda: system.last == ["start", "poweroff.target"], "it is off")
        assert await post(client, "/machine/services/restart?service=mosquitto") == 200
        assert system.last == ["restart", "mosquitto.service"]
        async with client.get("/machine/system_info") as answer:
            info = (await answer.json())["result"]["system_info"]
        assert info["provider"] == "systemd"
        assert info["service_state"]["gantry"] == {
            "active_state": "active",
            "sub_state": "running",
        }
        assert await post(client, "/machine/services/stop?service=gantry") == 400
        assert await post(client, "/machine/services/stop?service=sshd.socket") == 400
        system.refusal = "Job for mosquitto.service failed"
        assert await post(client, "/machine/services/start?service=mosquitto") == 400
        async with client.get("/machine/system_info") as answer:
            assert answer.status == 200, "what is known is shown all the same"


async def test_nothing_is_offered_where_the_computer_is_not_ours(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    nobody = tmp_path / "nobody"
    async with running(tmp_path / "config", unused_tcp_port, nobody) as (_, client):
        assert await post(client, "/machine/reboot") == 501
        assert await post(client, "/api/system/commands/core/reboot") == 404
        async with client.get("/api/system/commands/core") as answer:
            assert [each["action"] for each in await answer.json()] == ["restart"]


async def post(client: aiohttp.ClientSession, path: str) -> int:
    async with client.post(path) as answer:
        return answer.status


class TestVerbs:
    @pytest.mark.parametrize(
        "wish",
        ["", "reboot now", "reboot\n", "restart", "restart ssh.service", "stop gantry",
         "start ../x", "restart gantry; reboot", "Reboot", "services gantry", "restart  ssh"],
    )  # fmt: skip
    def test_everything_else_is_refused(self, wish: str, system: System) -> None:
        with pytest.raises(Refused):
            obey(wish, system)
        assert system.asked == []

    def test_each_service_can_be_restarted(self, system: System) -> None:
        for name, (unit, _) in SERVICES.items():
            done = obey(f"restart {name}", system)
            # Gantry itself only when it has its answer.
            order = done.then[1:] if done.then is not None else system.asked[-1]
            assert order == ["--no-block", "restart", unit]
            assert (done.then is not None) == (name == "gantry")

    def test_strangers_get_no_answer(self, tmp_path: Path, system: System) -> None:
        path = tmp_path / "socket"
        with (
            helping(path, system, stranger=True),
            socket.socket(socket.AF_UNIX) as client,
        ):
            client.connect(str(path))
            # It may be gone before we have said anything.
            with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                client.sendall(b"reboot\n")
                assert client.recv(100) == b""
        assert system.asked == []

    def test_the_program_takes_the_socket_that_systemd_hands_over(
        self, tmp_path: Path
    ) -> None:
        image = Path(__file__).parents[3] / "image"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(tmp_path / "socket"))
            listener.listen()
            # As sd_listen_fds(3) has it: descriptor 3.
            shell = f'exec "$0" -P -m host_helper "$1" 3<&{listener.fileno()}'
            with (
                subprocess.Popen(
                    ["bash", "-c", shell, sys.executable, getpass.getuser()],
                    env={**os.environ, "PYTHONPATH": str(image)},
                    pass_fds=(listener.fileno(),),
                    stderr=subprocess.DEVNULL,
                ) as helper,
                socket.socket(socket.AF_UNIX) as client,
            ):
                client.settimeout(30)
                client.connect(str(tmp_path / "socket"))
                client.sendall(b"open the door\n")
                answer = json.loads(client.makefile().readline())
                helper.terminate()
        assert answer == {"ok": False, "error": "that is nothing that can be wished"}

    def test_a_wish_that_ends_who_asks_is_answered_before(self, tmp_path: Path) -> None:
        """As ``reboot`` does: systemd stops every unit before systemctl has returned."""
        program = (
            "import os, signal, socket, sys\n"
            "from image.host_helper.__main__ import serve\n"
            "def run(words):\n"
            "    sys.stdin.readline()\n"  # who asked has its answer
            "    os.kill(os.getpid(), signal.SIGTERM)\n"
            "    print('done', flush=True)\n"
            "    return ''\n"
            "serve(socket.socket(fileno=int(sys.argv[1])), run, lambda _: True)\n"
        )
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(tmp_path / "socket"))
            listener.listen()
            with (
                subprocess.Popen(
                    [sys.executable, "-c", program, str(listener.fileno())],
                    cwd=Path(__file__).parents[3],
                    pass_fds=(listener.fileno(),),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                ) as helper,
                socket.socket(socket.AF_UNIX) as client,
            ):
                client.settimeout(30)
                client.connect(str(tmp_path / "socket"))
                client.sendall(b"reboot\n")
                assert json.loads(client.makefile().readline()) == {"ok": True}
                done, _ = helper.communicate(b"answered\n", timeout=30)
                assert (done, helper.returncode) == (b"done\n", -signal.SIGTERM)

    def test_it_ends_when_nobody_asks(self, tmp_path: Path, system: System) -> None:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(tmp_path / "socket"))
            listener.listen()
            serve(listener, system, lambda _: True, idle_s=0.01)


class TestTroubles:
    def machine(self, tmp_path: Path, bits: str | None = None) -> Machine:
        if bits is not None:
            file = tmp_path / "devices/platform/soc/soc:firmware/get_throttled"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(bits)
        return Machine(tmp_path, tmp_path, tmp_path / "not-kept")

    @pytest.mark.parametrize(
        ("bits", "troubles"),
        [
            ("0", []),
            ("50000", []),  # it was, and is over
            ("50005", [HostTrouble.UNDER_VOLTAGE]),
            ("8", [HostTrouble.TOO_HOT]),
        ],
    )
    def test_power_and_heat(
        self, tmp_path: Path, bits: str, troubles: list[HostTrouble]
    ) -> None:
        assert list(self.machine(tmp_path, bits).troubles()) == troubles

    @pytest.mark.parametrize(("alarm", "bits"), [("0\n", 0), ("1\n", 1), ("?", None)])
    def test_the_alarm_of_debians_kernel(
        self, tmp_path: Path, alarm: str, bits: int | None
    ) -> None:
        monitor = tmp_path / "class/hwmon/hwmon1"
        monitor.mkdir(parents=True)
        (monitor / "name").write_text("rpi_volt\n")
        (monitor / "in0_lcrit_alarm").write_text(alarm)
        assert read_throttled(tmp_path) == bits

    async def test_the_card(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        machine = self.machine(tmp_path)
        bus, told = Bus(), []
        bus.listen(HostChanged, lambda event: told.append(event.troubles))
        watch = Watch(bus, tmp_path, machine)
        await watch.look()
        assert told == [], "this computer is well"
        real = os.statvfs(tmp_path)
        bad = os.statvfs_result(
            (real.f_bsize, real.f_frsize, real.f_blocks, 0, LEAST_FREE // real.f_frsize - 1,
             0, 0, 0, real.f_flag | os.ST_RDONLY, 255, 0)
        )  # fmt: skip
        monkeypatch.setattr(os, "statvfs", lambda _: bad)
        machine.not_kept.touch()
        await watch.look()
        await watch.look()
        wrong = (HostTrouble.READ_ONLY, HostTrouble.NOT_KEPT, HostTrouble.NEARLY_FULL)
        assert told == [wrong]
        assert watch.troubles == wrong

    async def test_front_ends_are_told(
        self, tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Machine, "troubles", lambda _: iter([HostTrouble.UNDER_VOLTAGE]))
        nobody = tmp_path / "nobody"
        async with running(tmp_path / "config", unused_tcp_port, nobody) as (_, client):
            async with client.get("/server/info") as answer:
                warnings = (await answer.json())["result"]["warnings"]
            assert warnings == [HostTrouble.UNDER_VOLTAGE.value]
            async with client.get("/api/gantry/health") as answer:
                troubles = (await answer.json())["troubles"]
            assert troubles[0]["id"] == "under_voltage"


class TestDisplay:
    @pytest.fixture(autouse=True)
    def address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(announcement, "outward_address", lambda: "192.0.2.7")

    async def test_the_address_is_shown_once(
        self, tmp_path: Path, unused_tcp_port: int
    ) -> None:
        nobody = tmp_path / "nobody"
        folder = tmp_path / "config"
        async with running(folder, unused_tcp_port, nobody, announce=True) as (one, _):
            wanted = f"M117 http://192.0.2.7:{unused_tcp_port}"
            await eventually(lambda: wanted in sent(one), "the address is shown")
            await eventually(lambda: not announcing(), "it ends")
            assert (await all_sent(one)).count(wanted) == 1

    async def test_code_and_address_take_turns_until_it_is_claimed(
        self, tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(announcement, "TURN_S", 0.05)
        file = tmp_path / "code"
        auth = f"{{first_run: claim, code_file: {file}}}"
        nobody, folder = tmp_path / "nobody", tmp_path / "config"
        async with running(folder, unused_tcp_port, nobody, auth, announce=True) as (
            one,
            client,
        ):
            address = f"M117 http://192.0.2.7:{unused_tcp_port}"
            code = file.read_text().split()[-1]
            await eventually(lambda: sent(one).count(address) > 1, "the address comes again")
            assert f"M117 Code {code}" in sent(one)
            claim = {"code": code, "user": "me", "password": "long-enough"}
            async with client.post("/api/gantry/claim", json=claim) as answer:
                assert answer.status == 200
            await eventually(lambda: not announcing(), "it ends")
            assert (await all_sent(one))[-1] == address


async def all_sent(appliance: Appliance) -> list[str]:
    """Return what was shown when all of it has come back from the engine."""
    last = "M117 and this is the last"
    await appliance.use(PRINTERS).get("cube").send([last], origin="test")
    await eventually(lambda: last in sent(appliance))
    return sent(appliance)[:-1]


def sent(appliance: Appliance) -> list[str]:
    printer = appliance.use(PRINTERS).get("cube")
    return [line.text for line in printer.console if line.text.startswith("M117")]


def announcing() -> bool:
    return any(task.get_name() == "show the address" for task in asyncio.all_tasks())


def test_the_socket_of_the_card_is_for_gantry_alone() -> None:
    unit = Path(__file__).parents[3] / "image/overlay/etc/systemd/system/gantry-host.socket"
    lines = unit.read_text().splitlines()
    assert "SocketGroup=gantry" in lines
    mode = next(line.partition("=")[2] for line in lines if line.startswith("SocketMode"))
    assert not int(mode, 8) & stat.S_IRWXO

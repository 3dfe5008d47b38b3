"""Updates over a real server: what can be seen and wished, and how they end."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from appliance import __version__
from appliance.components import backup, gantry_api, octoprint_api, updates
from appliance.components.file_manager import component as file_manager
from appliance.components.updates import fetching, proof, service
from appliance.components.updates.service import UpdateService
from appliance.core import ApplianceStarted, StopReason
from appliance.domain.identity import LOCAL
from appliance.domain.permissions import Scope
from appliance.domain.updates import UPDATES, UpdateRefused, UpdateResult
from appliance.outgoing import Answer as Fetched
from appliance.outgoing import Caller
from appliance.releases.launching import begin_trial, choose
from appliance.releases.places import Places, find_places
from appliance.releases.slots import PYTHON, Slots, State
from tests.releases.made import BASE_PYTHON, KEY, make_bundle, make_keys, make_slots
from tests.serving import API_KEY, Answer, Running, serving
from tests.waiting import eventually, eventually_answers


class Card:
    """The folders of an SD card, and what was asked of the appliance."""

    def __init__(self, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.base = base
        self.slots = make_slots(base, __version__)
        self.keys = make_keys(base)
        self.stops: list[StopReason] = []
        self.components: list[tuple[Any, dict[str, Any]]] = []  # besides
        self.patch = monkeypatch
        self.patch.setattr(service, "GOODBYE_S", 0.0)
        self.patch.setattr(proof, "PAUSE_S", 0.0)
        self.config = base / "config"
        self.config.mkdir()
        (self.config / "configuration.yaml").write_text("appliance: {name: X}\n")

    @property
    def places(self) -> Places:
        return Places(self.slots, self.keys, BASE_PYTHON)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Running]:
        self.patch.setattr(updates, "find_places", lambda: self.places)
        components: list[tuple[Any, dict[str, Any]]] = [
            (file_manager, {"watch": False, "analysis": False}),
            (backup, {}),
            (updates, {}),
            (gantry_api, {}),
            *self.components,
        ]
        async with serving(self.config, components=components) as found:
            self.patch.setattr(found.appliance, "request_stop", self.stops.append)
            yield found


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    return Card(tmp_path, monkeypatch)


async def ask(running: Running, method: str, path: str = "", **options: Any) -> Answer:
    return await running.call(method, f"/api/gantry/updates{path}", key=API_KEY, **options)


async def idle(running: Running) -> dict[str, Any]:
    async def look() -> dict[str, Any]:
        status: dict[str, Any] = (await ask(running, "GET")).json
        return status if status["phase"] == "idle" else {}

    return await eventually_answers(look)


async def test_off_the_card_only_the_running_version_is_told(tmp_path: Path) -> None:
    components: list[tuple[Any, dict[str, Any]]] = [
        (file_manager, {"watch": False, "analysis": False}),
        (updates, {}),
        (gantry_api, {}),
    ]
    async with serving(tmp_path, components=components) as running:
        status = (await ask(running, "GET")).json
        assert (status["running"], status["supported"]) == (__version__, False)
        assert "image" in status["unsupported_because"]
        for path in ("/check", "/install", "/back", "/upload"):
            answer = await ask(running, "POST", path)
            assert answer.status == 409, path
            assert "image" in answer.json["error"]["message"]


async def test_a_card_without_a_key_says_so(card: Card) -> None:
    (card.keys / "gantry.pub").unlink()
    async with card.running() as running:
        assert "key" in (await ask(running, "GET")).json["unsupported_because"]


async def test_a_bundle_is_backed_up_installed_and_started(card: Card) -> None:
    bundle = make_bundle(card.base / "new", "9.0")
    async with card.running() as running:
        before = (await ask(running, "GET")).json
        assert before["supported"] is True
        assert (before["running"], before["factory"], before["previous"]) == (
            __version__,
            "1.0",
            "1.0",
        )
        answer = await ask(running, "POST", "/upload", data=bundle.read_bytes())
        assert answer.status == 202, answer.text
        assert answer.json["version"] == "9.0"
        assert (await ask(running, "POST", "/upload", data=b"x")).status == 409, (
            "one at a time"
        )
        await eventually(lambda: card.stops)
        status = (await ask(running, "GET")).json
        assert (status["phase"], status["running"]) == ("restarting", __version__)
        backups = (await running.call("GET", "/api/gantry/backups", key=API_KEY)).json
        assert [each["reason"] for each in backups["backups"]] == ["update"]
    assert card.stops == [StopReason.RESTART]
    assert choose(card.slots, start=True).name == "9.0"
    assert not (card.slots.root / service.INCOMING).exists()


@pytest.mark.parametrize(
    ("content", "code", "said"), [(b"no bundle", 400, "no release"), (b"", 400, "no release")]
)
async def test_what_is_no_release_is_refused_at_once(
    card: Card, content: bytes, code: int, said: str
) -> None:
    async with card.running() as running:
        answer = await ask(running, "POST", "/upload", data=content)
        assert answer.status == code
        assert said in answer.json["error"]["message"]
        assert said in (await idle(running))["error"]
    assert not (card.slots.root / service.INCOMING).exists()


async def test_a_release_that_fails_its_own_test_changes_nothing(card: Card) -> None:
    bundle = make_bundle(card.base / "new", "9.0", main="raise SystemExit('no good')")
    async with card.running() as running:
        assert (await ask(running, "POST", "/upload", data=bundle.read_bytes())).status == 202
        status = await idle(running)
        assert "no good" in status["error"]
        assert status["outcome"]["result"] == "failed"
        assert status["installed"] == [__version__]
    assert card.stops == []
    assert choose(card.slots, start=True).name == __version__


async def test_a_new_release_shows_that_it_is_well(card: Card) -> None:
    card.slots.point("current", None)
    begin_trial(card.slots, __version__)
    async with card.running() as running:
        status = await eventually_outcome(running)
        assert (status["outcome"]["result"], status["outcome"]["version"]) == (
            "installed",
            __version__,
        )
    assert card.slots.state().highest == __version__
    assert card.slots.state().trial is None
    assert card.stops == []


async def test_a_release_is_well_on_an_appliance_that_has_no_printer_yet(card: Card) -> None:
    """Nothing of OctoPrint's or Moonraker's API answers there."""
    begin_trial(card.slots, __version__)
    card.components.append((octoprint_api, {}))
    async with card.running() as running:
        assert (await running.call("GET", "/api/version", key=API_KEY)).status == 404
        status = await eventually_outcome(running)
        assert status["outcome"]["result"] == "installed"
    assert card.stops == []


async def eventually_outcome(running: Running) -> dict[str, Any]:
    async def look() -> dict[str, Any]:
        status: dict[str, Any] = (await ask(running, "GET")).json
        return status if status["outcome"] is not None else {}

    return await eventually_answers(look)


@pytest.mark.parametrize("failed_before", [(), ("webcam",)])
async def test_a_new_release_that_is_not_well_is_left(
    card: Card, failed_before: tuple[str, ...]
) -> None:
    """A component that had failed before the update is no reason."""
    begin_trial(card.slots, __version__, failed_before)
    card.patch.setattr(UpdateService, "started", lambda *_: None)
    async with card.running() as running:
        running.appliance.failed_components["webcam"] = "no such device"
        card.patch.undo()
        card.patch.setattr(running.appliance, "request_stop", card.stops.append)
        card.patch.setattr(proof, "PAUSE_S", 0.0)
        card.patch.setattr(service, "GOODBYE_S", 0.0)
        cast("UpdateService", running.appliance.use(UPDATES)).started(ApplianceStarted())
        if failed_before:
            await eventually_outcome(running)
            assert card.stops == []
            return
        await eventually(lambda: card.stops)
    assert card.stops == [StopReason.RESTART]
    outcome = card.slots.state().outcome
    assert outcome is not None
    assert outcome.result == UpdateResult.ROLLED_BACK
    assert "webcam" in outcome.reason
    assert choose(card.slots, start=True) == card.slots.factory


async def test_a_person_goes_back_to_what_is_there(card: Card) -> None:
    async with card.running() as running:
        for version, said in (("9.9", "not installed"), (__version__, "runs already")):
            answer = await ask(running, "POST", "/back", json={"version": version})
            assert answer.status == 409
            assert said in answer.json["error"]["message"]
        answer = await ask(running, "POST", "/back", json={"version": "../../etc"})
        assert answer.status == 409
        assert (await ask(running, "POST", "/back", json={"version": 5})).status == 400
        assert (await ask(running, "POST", "/back")).json["version"] == "1.0"
        await eventually(lambda: card.stops)
    assert choose(card.slots, start=True) == card.slots.factory
    card.stops.clear()
    async with card.running() as running:
        assert (await ask(running, "GET")).json["outcome"]["result"] == "went_back"
        answer = await ask(running, "POST", "/back", json={"version": __version__})
        assert answer.status == 202
        await eventually(lambda: card.stops)
    assert choose(card.slots, start=True).name == __version__


class Shelf:
    """A server of releases: what `Caller` would get from it."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    async def call(self, _method: str, url: str, *, limit: int) -> Fetched:
        body = self.files.get(url)
        assert body is None or len(body) <= limit
        return Fetched(404 if body is None else 200, {}, body or b"", "releases.example")

    @asynccontextmanager
    async def stream(self, url: str, limit: int) -> AsyncIterator[AsyncIterator[bytes]]:
        async def pieces() -> AsyncIterator[bytes]:
            assert len(self.files[url]) <= limit
            yield self.files[url]

        yield pieces()

    async def close(self) -> None:
        pass


CHANNEL = "https://releases.example/stable.json"


def shelf(bundle: Path, version: str, *, spoilt: bool = False) -> Shelf:
    content = bundle.read_bytes()
    url = f"https://releases.example/{version}"
    entry = {
        "version": version,
        "python": PYTHON,
        "machine": "any",
        "url": url,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "made_at": 5.0,
        "notes": "What is new",
    }
    other = {**entry, "version": "99.0", "machine": "vax"}
    text = orjson.dumps({"gantry_channel": 1, "releases": [entry, other]})
    signature = KEY.sign(b"something else" if spoilt else text).signature
    return Shelf({CHANNEL: text, f"{CHANNEL}.sig": signature, url: content})


@asynccontextmanager
async def channel(card: Card, running: Running, server: Shelf) -> AsyncIterator[UpdateService]:
    found = UpdateService(running.appliance, card.places, CHANNEL, cast("Caller", server))
    await found.prepare()
    yield found
    await found.close()


async def test_a_channel_is_asked_and_its_release_installed(card: Card) -> None:
    server = shelf(make_bundle(card.base / "new", "9.0"), "9.0")
    async with card.running() as running, channel(card, running, server) as found:
        with pytest.raises(UpdateRefused, match="nothing newer"):
            await found.install()
        status = await found.check()
        assert status.available is not None
        assert (status.available.version, status.available.notes) == ("9.0", "What is new")
        assert status.checked_at is not None
        assert (await found.install()).version == "9.0"
        await eventually(lambda: card.stops)
    assert choose(card.slots, start=True).name == "9.0"


async def test_a_channel_offers_nothing_older(card: Card) -> None:
    server = shelf(make_bundle(card.base / "new", "0.0.1"), "0.0.1")
    async with card.running() as running, channel(card, running, server) as found:
        assert (await found.check()).available is None


async def test_a_list_that_nobody_signed_and_a_server_that_has_none(card: Card) -> None:
    bundle = make_bundle(card.base / "new", "9.0")
    spoilt = shelf(bundle, "9.0", spoilt=True)
    async with card.running() as running:
        async with channel(card, running, spoilt) as found:
            with pytest.raises(Exception, match="signed"):
                await found.check()
            assert found.status.available is None
        async with channel(card, running, Shelf({})) as found:
            with pytest.raises(UpdateRefused, match="404"):
                await found.check()
            assert found.status.phase == "idle"


async def test_a_list_that_comes_for_ever_is_given_up(
    card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Drip(Shelf):
        async def call(self, _method: str, url: str, *, limit: int) -> Fetched:
            await asyncio.Event().wait()
            raise AssertionError

    monkeypatch.setattr(fetching, "LIST_S", 0.01)
    async with card.running() as running, channel(card, running, Drip({})) as found:
        with pytest.raises(UpdateRefused, match="did not send the list"):
            await found.check()
        assert found.status.phase == "idle"


async def test_a_download_that_is_not_what_was_listed(card: Card) -> None:
    server = shelf(make_bundle(card.base / "new", "9.0"), "9.0")
    url = "https://releases.example/9.0"
    server.files[url] = server.files[url][:-1] + b"x"
    async with card.running() as running, channel(card, running, server) as found:
        await found.check()
        await found.install()
        await eventually(lambda: found.status.phase == "idle")
        assert found.status.error is not None
        assert "downloaded" in found.status.error
    assert card.stops == []


async def test_a_signature_as_text_is_read_too(card: Card) -> None:
    server = shelf(make_bundle(card.base / "new", "9.0"), "9.0")
    server.files[f"{CHANNEL}.sig"] = base64.b64encode(server.files[f"{CHANNEL}.sig"]) + b"\n"
    async with card.running() as running, channel(card, running, server) as found:
        assert (await found.check()).available is not None


def test_the_places_are_said_by_the_launcher(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("GANTRY_RELEASES", "GANTRY_FACTORY", "GANTRY_RELEASE_KEYS")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    assert find_places() is None
    for name in names:
        monkeypatch.setenv(name, f"/x/{name}")
    found = find_places()
    assert found is not None
    assert isinstance(found.slots, Slots)


async def test_what_a_self_test_has_said_is_for_admins(card: Card) -> None:
    card.slots.save(State(outcome=card.slots.note("rolled_back", "9.0", "why\nport: secret")))
    async with card.running() as running:
        assert "secret" in (await ask(running, "GET")).text
        _, key = await running.auth.create_key(
            "admin", "display", scopes=frozenset({Scope.READ}), by=LOCAL
        )
        answer = await running.call("GET", "/api/gantry/updates", key=key)
        assert (answer.status, answer.json["outcome"]["reason"]) == (200, "why")

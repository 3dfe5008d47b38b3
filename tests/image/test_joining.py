"""Another Wi-Fi network from the page: tried, kept or taken back, also after a power cut."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.first_boot.__main__ import main
from image.first_boot.host import Host
from image.first_boot.joining import Joining, WishRefused, put_back, read_wish, remember
from image.first_boot.keyfile import Wifi, read_wifi, wifi_keyfile
from image.first_boot.on_card import write_wifi
from tests.image.cards import Card

HOME = "wifi:\n  country: DE\n  ssid: at home\n  password: geheim-1234\n"
WISH = {"ssid": "workshop", "password": "geheim-5678", "country": "AT"}
NO_SECRETS = "device (wlan0): state change: need-auth -> failed (reason 'no-secrets')"


class Radio:
    """NetworkManager, in a place where some networks can be joined."""

    def __init__(self, *joinable: str) -> None:
        self.uuids = {Wifi(name, None).uuid: name for name in (*joinable, "workshop")}
        self.joinable = joinable
        self.asked: list[Sequence[str]] = []
        self.now = "Wi-Fi at home"

    def __call__(self, words: Sequence[str]) -> str | None:
        self.asked.append(words)
        if words[0] == "journalctl":
            return NO_SECRETS
        if words[-1] == "device":
            return f"wlan0:wifi:connected:{self.now}\n"
        if "up" in words:
            name = self.uuids.get(words[-1], words[-1])
            if name not in (*self.joinable, "gantry-access-point"):
                return None
            self.now = name if name == "gantry-access-point" else f"Wi-Fi {name}"
        return ""

    @property
    def countries(self) -> list[str]:
        return [words[-1] for words in self.asked if words[:2] == ["iw", "reg"]]


@pytest.fixture
def host(card: Card) -> Host:
    card.put(HOME)
    card.start()
    return Host(card.system)


def names(host: Host) -> list[str]:
    return [each.ssid for each in host.networks]


@given(
    st.text(min_size=1, max_size=8),
    st.none()
    | st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))),
    st.booleans(),
    st.booleans(),
    st.integers(0, 9),
)
def test_a_network_is_read_as_it_was_written(
    ssid: str, password: str | None, hidden: bool, wpa3: bool, priority: int
) -> None:
    network = Wifi(ssid, password, hidden, wpa3 and password is not None, priority)
    assert read_wifi(wifi_keyfile(network)) == network


def test_a_network_that_can_be_joined_comes_first_and_the_old_one_stays(host: Host) -> None:
    radio = Radio("at home", "workshop")
    ended = Joining(host, radio).join(WISH)
    assert (ended.joined, ended.ssid) == (True, "workshop")
    assert names(host) == ["workshop", "at home"]
    assert host.country == "AT"
    assert [each.password for each in host.networks] == ["geheim-5678", "geheim-1234"]
    assert not (host.folder / "import/wifi-before.json").exists()


def test_a_wrong_password_is_told_and_the_old_network_is_back(host: Host) -> None:
    before = snapshot(host.folder)
    radio = Radio("at home")
    ended = Joining(host, radio).join(WISH)
    assert not ended.joined
    assert "the password is wrong" in ended.reason
    assert ended.back == "at home"
    assert radio.now == "Wi-Fi at home"
    assert radio.countries == ["AT", "DE"]
    assert snapshot(host.folder) == before


def test_a_new_password_of_the_same_network_is_taken_back_too(host: Host) -> None:
    before = snapshot(host.folder)
    Joining(host, Radio()).join({"ssid": "at home", "password": "wrong-wrong"})
    assert snapshot(host.folder) == before


def test_without_another_way_our_own_network_comes_back(card: Card) -> None:
    host, radio = Host(card.system), Radio()
    radio.now = "gantry-access-point"
    point = Joining(host, radio, runtime=card.root / "runtime", around=card.root / "around")
    ended = point.join(WISH)
    assert ended.back.startswith("gantry-")
    assert radio.now == "gantry-access-point"
    assert names(host) == []


def test_a_power_cut_while_trying_ends_where_it_began(card: Card, host: Host) -> None:
    before = snapshot(host.folder)
    remember(host.folder)
    host.set_wifi({"country": "AT"})
    host.put_first(Wifi("workshop", "geheim-5678"))
    outcome = card.start()
    assert "was being tried" in " ".join(outcome.notes)
    assert names(host) == ["at home"]
    assert {**snapshot(host.folder), "import/state.json": b""} == {
        **before,
        "import/state.json": b"",
    }
    assert not put_back(host.folder)


def test_the_card_says_what_was_set_on_the_page(card: Card, host: Host) -> None:
    host.put_first(Wifi("workshop: süd", "geheim-5678", hidden=True))
    assert write_wifi(card.boot, host)
    text = card.on_card()
    assert "workshop: süd" in text
    assert "geheim" not in text
    assert text.count("(stored)") == 2
    assert not write_wifi(card.boot, host), "once is enough for the card"
    outcome = card.start()
    assert not outcome.problems
    assert names(host) == ["workshop: süd", "at home"]
    assert host.networks[0].hidden
    assert host.networks[0].password == "geheim-5678"


def test_remarks_and_windows_lines_stay_on_the_card(card: Card) -> None:
    card.put(f"# mine\n{HOME}# the printer\nhostname: cube\n".replace("\n", "\r\n"))
    card.start()
    host = Host(card.system)
    host.put_first(Wifi("workshop", None))
    write_wifi(card.boot, host)
    text = (card.boot / "gantry.yaml").read_bytes().decode()
    assert "\n" not in text.replace("\r\n", "")
    assert "# mine" in text
    assert "# the printer" in text


def test_a_network_is_forgotten(host: Host) -> None:
    host.put_first(Wifi("workshop", None))
    Joining(host, Radio()).forget("at home")
    assert names(host) == ["workshop"]


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"ssid": "x", "password": "short"}, "8 to 63"),
        ({"ssid": "x" * 33}, "1 to 32"),
        ({"ssid": "x", "country": "UK"}, "GB"),
        ({}, "one network"),
        ({"networks": [{"ssid": "a"}, {"ssid": "b"}]}, "one network"),
        ({"ssid": "x", "evil": "1"}, "extra keys"),
    ],
)
def test_nonsense_is_refused_as_in_gantry_yaml(wish: dict[str, object], message: str) -> None:
    with pytest.raises(WishRefused, match=message):
        read_wish(wish)


def test_the_program_leaves_word_and_no_password(
    card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "request.json").write_text(json.dumps({"do": "join", **WISH}))
    monkeypatch.setenv("PATH", str(tmp_path))  # no nmcli: no radio
    words = ["--boot", str(card.boot), "--system", str(card.system), "wifi"]
    assert main([*words, "--folder", str(folder)]) == 0
    assert [each.name for each in folder.iterdir()] == ["ended.json"]
    ended = json.loads((folder / "ended.json").read_text())
    assert ended["reason"] == "this computer has no Wi-Fi"
    assert "geheim" not in str(ended)


def snapshot(folder: Path) -> dict[str, bytes]:
    files = (each for each in sorted(folder.rglob("*")) if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in files}

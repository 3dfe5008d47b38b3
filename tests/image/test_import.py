"""What stands in gantry.yaml, and what becomes of it."""

import pytest

from tests.image.cards import DEFAULTS, KEY, Card

EVERYTHING = f"""\
# My card
hostname: Ender3   # its name
time_zone: Europe/Berlin
wifi:
  country: de
  ssid: at home
  password: geheim123   # from the router
ssh: {KEY}
auth:
  password: long-enough
mqtt:
  broker: homeassistant.local
  password: !secret broker
printer:
  id: ender3
  platform: serial
  port: /dev/ttyUSB0
"""
SECRETS = "broker: hunter22 # of the broker\nunused: another1\n"


class TestEverything:
    def test_the_computer_is_set(self, card: Card) -> None:
        card.put(EVERYTHING)
        card.put(SECRETS, "secrets.yaml")
        outcome = card.start()
        assert outcome.problems == []
        assert card.set("hostname") == "ender3"
        assert card.set("timezone") == "Europe/Berlin"
        assert (card.system / "localtime").readlink().name == "Berlin"
        assert card.set("regdomain") == "DE"
        assert card.networks["at home"]["psk"] == "geheim123"
        assert card.set("ssh/authorized_keys") == KEY

    def test_the_product_is_set_and_its_comments_stay(self, card: Card) -> None:
        card.put(EVERYTHING)
        card.put(SECRETS, "secrets.yaml")
        card.start()
        components = card.in_force.components
        assert components["auth"]["password"] == "long-enough"
        assert components["auth"]["first_run"] == "claim"
        assert components["mqtt"]["password"] == "hunter22"
        assert [entry["id"] for entry in card.in_force.printers] == ["ender3"]
        assert card.live_text.startswith("# The factory's.\n")
        assert "auth:  # users" in card.live_text

    def test_secrets_go_from_the_card_to_the_data_and_comments_stay(self, card: Card) -> None:
        card.put(EVERYTHING)
        card.put(SECRETS, "secrets.yaml")
        card.start()
        hidden = EVERYTHING.replace("geheim123", '"(stored)"')
        assert card.on_card() == hidden.replace("long-enough", '"(stored)"')
        assert card.on_card("secrets.yaml") == (
            'broker: "(stored)" # of the broker\nunused: "(stored)"\n'
        )
        assert "long-enough" not in card.live_text
        assert "hunter22" not in card.live_text
        secrets = (card.config / "secrets.yaml").read_text()
        assert {"hunter22", "another1", "long-enough"} <= set(secrets.split())
        assert "geheim123" not in secrets, "the user of the web server has no business with it"
        for word in ("hunter22", "geheim123", "long-enough", "another1"):
            assert word not in card.report

    def test_a_second_start_changes_nothing(self, card: Card) -> None:
        card.put(EVERYTHING)
        card.put(SECRETS, "secrets.yaml")
        card.start()
        before = snapshot(card)
        outcome = card.start()
        assert outcome.applied == []
        assert outcome.problems == []
        assert snapshot(card) == before

    def test_an_edit_with_stored_passwords_keeps_them(self, card: Card) -> None:
        card.put(EVERYTHING)
        card.put(SECRETS, "secrets.yaml")
        card.start()
        edited = card.on_card().replace("ttyUSB0", "ttyACM0").replace("Ender3", "voron")
        edited = edited.replace("country: de", "country: at")
        card.put(edited)
        outcome = card.start()
        assert outcome.problems == []
        assert card.set("hostname") == "voron"
        assert card.set("regdomain") == "AT"
        assert card.networks["at home"]["psk"] == "geheim123"
        assert card.in_force.printers[0]["port"] == "/dev/ttyACM0"
        assert card.in_force.components["mqtt"]["password"] == "hunter22"
        assert "printer ender3: port" in "\n".join(outcome.applied)

    def test_a_new_password_replaces_the_stored_one(self, card: Card) -> None:
        card.put(EVERYTHING)
        card.put(SECRETS, "secrets.yaml")
        card.start()
        card.put(card.on_card().replace('"(stored)"   # from', "neues-wort # from"))
        card.put("broker: changed-now\n", "secrets.yaml")
        outcome = card.start()
        assert card.networks["at home"]["psk"] == "neues-wort"
        assert card.in_force.components["mqtt"]["password"] == "changed-now"
        assert "mqtt: password" in "\n".join(outcome.applied)
        assert "neues-wort" not in card.on_card()


class TestOnlyWhatHasChanged:
    def test_a_change_on_the_page_survives_an_edit_of_something_else(self, card: Card) -> None:
        card.put("mqtt: {broker: one.local, port: 1883}\nhostname: a\n")
        card.start()
        file = card.config / "configuration.yaml"
        file.write_text(file.read_text().replace("one.local", "by-page.local"))
        card.put("mqtt: {broker: one.local, port: 1884}\nhostname: b\n")
        card.start()
        assert card.in_force.components["mqtt"]["broker"] == "by-page.local"
        assert card.in_force.components["mqtt"]["port"] == 1884

    def test_what_is_deleted_on_the_card_is_deleted(self, card: Card) -> None:
        card.put("mqtt: {broker: one.local}\nhistory:\nhostname: a\n")
        card.start()
        card.put("history:\n")
        card.start()
        assert "mqtt" not in card.live
        assert "history" in card.live
        assert card.set("hostname") == "a", "the computer keeps its name"

    def test_what_was_never_on_the_card_stays(self, card: Card) -> None:
        card.put("hostname: a\n")
        card.start()
        assert card.live_text == DEFAULTS

    def test_a_printer_is_known_by_its_id(self, card: Card) -> None:
        card.put("printer:\n- {id: a, platform: serial, port: /dev/a}\n"
                 "- {id: b, platform: serial, port: /dev/b}\n")  # fmt: skip
        card.start()
        card.put("printer:\n- {id: b, platform: serial, port: /dev/new}\n")
        card.start()
        assert [(each["id"], each["port"]) for each in card.in_force.printers] == [
            ("b", "/dev/new")
        ]

    def test_the_factory_printer_stays_when_somebody_has_touched_it(self, card: Card) -> None:
        card.start()
        file = card.config / "configuration.yaml"
        file.write_text(file.read_text().replace("port: auto", "port: /dev/mine"))
        card.put("printer: {id: second, platform: serial, port: /dev/b}\n")
        card.start()
        assert [each["id"] for each in card.in_force.printers] == ["printer", "second"]

    @pytest.mark.parametrize("live", ["{id: a, platform: serial, port: /dev/x}", "[]", ""])
    def test_one_printer_alone_and_none_are_understood(self, card: Card, live: str) -> None:
        (card.config / "configuration.yaml").write_text(f"auth:\nprinter: {live}\n")
        card.put("printer:\n- {id: a, platform: serial, port: /dev/a}\n"
                 "- {id: b, platform: serial, port: /dev/b}\n")  # fmt: skip
        assert card.start().problems == []
        assert [(each["id"], each["port"]) for each in card.in_force.printers] == [
            ("a", "/dev/a"),
            ("b", "/dev/b"),
        ]


class TestMistakes:
    """A mistake costs the section in which it stands, and is shown at its place."""

    def test_a_bad_printer_costs_neither_wifi_nor_name_nor_others(self, card: Card) -> None:
        card.put(EVERYTHING.replace("port: /dev/ttyUSB0", "prot: /dev/ttyUSB0"))
        card.put(SECRETS, "secrets.yaml")
        card.start()
        assert card.networks
        assert card.set("hostname") == "ender3"
        assert card.in_force.components["mqtt"]["broker"] == "homeassistant.local"
        assert [entry["id"] for entry in card.in_force.printers] == ["printer"]
        assert "gantry.yaml:17:3: printer->prot: 'prot' is no option of" in card.report
        assert "did you mean 'port'?" in card.report
        assert "    17 |   prot: /dev/ttyUSB0" in card.report

    @pytest.mark.parametrize(
        ("bad", "message"),
        [
            ("password: kurz", "expected a Wi-Fi password"),
            ("passwort: geheim123", "'passwort' is no option of 'wifi'"),
            ("password: “geheim123”", "use straight ones"),
        ],
    )
    def test_a_bad_wifi_costs_nothing_else(self, card: Card, bad: str, message: str) -> None:
        card.put(EVERYTHING.replace("password: geheim123", bad))
        card.put(SECRETS, "secrets.yaml")
        card.start()
        assert card.networks == {}
        assert card.set("hostname") == "ender3"
        assert [entry["id"] for entry in card.in_force.printers] == ["ender3"]
        assert message in card.report
        assert "gantry.yaml:7" in card.report
        assert "kurz" not in card.report
        assert "geheim123" not in card.report

    def test_a_tab_costs_its_own_section_only(self, card: Card) -> None:
        text = EVERYTHING.replace("  port: /dev", "\tport: /dev")
        card.put(text)
        card.put(SECRETS, "secrets.yaml")
        card.start()
        assert card.networks
        assert card.in_force.components["mqtt"]["password"] == "hunter22"
        assert [entry["id"] for entry in card.in_force.printers] == ["printer"]
        assert "gantry.yaml:17:1: a tab where YAML takes spaces only" in card.report
        assert card.on_card().endswith("\tport: /dev/ttyUSB0\n"), "left to be corrected"
        assert "geheim123" not in card.on_card()

    @pytest.mark.parametrize(
        ("broken", "line"),
        [
            ('ssid: "open', 6),
            ("ssid: a: b", 6),
            ("   ssid: deeper", 6),
            ("- ssid", 6),
            ("*nobody", 6),
        ],
    )
    def test_whatever_breaks_the_wifi_the_printer_is_set(
        self, card: Card, broken: str, line: int
    ) -> None:
        card.put(EVERYTHING.replace("ssid: at home", broken))
        card.put(SECRETS, "secrets.yaml")
        card.start()
        assert card.networks == {}
        assert card.set("hostname") == "ender3"
        assert [entry["id"] for entry in card.in_force.printers] == ["ender3"]
        assert "gantry.yaml:" in card.report
        assert f"{line} |" in card.report or f"line {line}" in card.report

    def test_a_key_twice_costs_its_section(self, card: Card) -> None:
        card.put("hostname: one\nprinter: {id: a, platform: serial}\nhostname: two\n")
        card.start()
        assert card.set("hostname") is None
        assert "'hostname' is there twice, first in line 1" in card.report
        assert [entry["id"] for entry in card.in_force.printers] == ["a"]

    def test_a_mistyped_key_is_explained(self, card: Card) -> None:
        card.put("hostnam: a\nmqt: {broker: b}\ntime_zone: Europe/Berlni\n")
        card.start()
        assert "there is no setting 'hostnam'" in card.report
        assert "did you mean 'hostname'?" in card.report
        assert "did you mean 'mqtt'?" in card.report
        assert "did you mean Europe/Berlin?" in card.report

    def test_the_mistake_is_told_at_every_start_until_it_is_gone(self, card: Card) -> None:
        card.put("hostname: under_score\n")
        card.start()
        assert card.start().problems
        card.put("hostname: underscore\n")
        assert not card.start().problems

    def test_a_private_key_is_not_taken(self, card: Card) -> None:
        card.put("ssh:\n  keys: -----BEGIN OPENSSH PRIVATE KEY-----\n")
        card.start()
        assert card.set("ssh/authorized_keys") is None
        assert "this is a private key" in card.report

    def test_stored_without_anything_stored_is_explained(self, card: Card) -> None:
        card.put("wifi: {ssid: a, password: (stored)}\nmqtt:\n  broker: b\n"
                 "  password: (stored)\n")  # fmt: skip
        card.start()
        assert card.networks == {}
        assert "mqtt" not in card.live
        assert "no password is stored for the network 'a'" in card.report
        assert "gantry.yaml:4:13: mqtt->password: it says (stored)" in card.report

    def test_a_password_that_yaml_would_cut_is_pointed_out(self, card: Card) -> None:
        card.put("wifi:\n  ssid: a\n  password: pass1234 #word\n")
        card.start()
        assert "gantry.yaml, line 3: what follows the # is a comment" in card.report


class TestLastGoodConfiguration:
    def test_a_configuration_broken_by_hand_gives_way(self, card: Card) -> None:
        card.put("mqtt: {broker: one.local}\n")
        card.start()
        file = card.config / "configuration.yaml"
        good = file.read_text()
        file.write_text(good + "mqttt: {}\n")
        outcome = card.start()
        assert file.read_text() == good
        assert "mqttt" in (card.config / "configuration.yaml.broken").read_text()
        assert "did you mean 'mqtt'?" in "\n".join(outcome.problems)
        assert card.start().problems == []

    def test_without_a_good_one_it_stays_and_is_reported(self, card: Card) -> None:
        (card.config / "configuration.yaml").write_text("nonsense: 1\n")
        outcome = card.start()
        assert "there is no component 'nonsense'" in "\n".join(outcome.problems)
        assert card.live_text == "nonsense: 1\n"

    def test_a_broken_one_costs_no_secrets_on_the_card(self, card: Card) -> None:
        (card.config / "configuration.yaml").write_text("nonsense: 1\n")
        card.put("auth: {password: long-enough}\nwifi: {ssid: a, password: geheim123}\n")
        card.start()
        assert "long-enough" in card.on_card(), "it is stored nowhere else yet"
        assert "geheim123" not in card.on_card()


def test_a_file_that_stays_as_it_is_is_not_imported_again(card: Card) -> None:
    card.put("hostname: a\nauth: {password: long-enough}\n")
    card.start()
    assert card.start().notes == ["gantry.yaml has not changed since its import"]


def snapshot(card: Card) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for folder in (card.boot, card.config, card.system)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("gantry-report.txt", "state.json")
    }


def test_an_included_file_is_part_of_it(card: Card) -> None:
    card.put("mqtt: !include mqtt.yaml\n")
    card.put("broker: one.local\npassword: hunter22\n", "mqtt.yaml")
    card.start()
    assert card.in_force.components["mqtt"]["password"] == "hunter22"
    card.put("broker: two.local\npassword: hunter22\n", "mqtt.yaml")
    card.start()
    assert card.in_force.components["mqtt"]["broker"] == "two.local"
    assert "could not be taken off the card: mqtt.yaml: mqtt->password" in card.report

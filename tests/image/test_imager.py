"""Raspberry Pi Imager's dialog: its files are read, set, and emptied."""

import pytest

from tests.image.cards import KEY, Card

PRESEED = f"""\
config_version = 1
[system]
hostname = "workshop"
[user]
name = "pi"
password = "$5$salt$hash"
password_encrypted = true
[ssh]
enabled = true
password_authentication = false
authorized_keys = ["{KEY}"]
[wlan]
ssid = "Imager's \\"net\\""
password = "{"ab" * 32}"
password_encrypted = true
hidden = true
country = "GB"
[locale]
keymap = "gb"
timezone = "Europe/London"
"""
USER_DATA = f"""\
#cloud-config
hostname: workshop
manage_etc_hosts: true
timezone: Europe/London
enable_ssh: true
users:
- name: pi
  lock_passwd: false
  passwd: $5$salt$hash
  ssh_authorized_keys:
    - {KEY}
"""
NETWORK_CONFIG = f"""\
network:
  version: 2
  wifis:
    wlan0:
      dhcp4: true
      regulatory-domain: "GB"
      access-points:
        "Imager's \\"net\\"":
          hidden: true
          password: "{"ab" * 32}"
      optional: true
"""
_CUSTOM = "/usr/lib/raspberrypi-sys-mods/imager_custom"
SCRIPT = f"""\
#!/bin/sh
set +e
if [ -f {_CUSTOM} ]; then
   {_CUSTOM} set_hostname workshop
else
   echo workshop >/etc/hostname
fi
   {_CUSTOM} enable_ssh -k '{KEY}'
   /usr/lib/userconf-pi/userconf 'pi' '$5$salt$hash'
   {_CUSTOM} set_wlan  -h 'Imager'"'"'s "net"' '{"ab" * 32}' 'GB'
   {_CUSTOM} set_keymap 'gb'
   {_CUSTOM} set_timezone 'Europe/London'
touch /tmp/this-was-executed
"""
CMDLINE = "console=tty0 root=LABEL=gantry-root ro fsck.repair=yes rootwait"

WAYS = {
    "preseed": {"rpi-preseed.toml": PRESEED},
    "cloud-init": {"user-data": USER_DATA, "network-config": NETWORK_CONFIG},
    "script": {"firstrun.sh": SCRIPT},
}


@pytest.mark.parametrize("files", WAYS.values(), ids=WAYS.keys())
def test_the_settings_are_set_and_the_secrets_go(card: Card, files: dict[str, str]) -> None:
    for name, text in files.items():
        card.put(text, name)
    outcome = card.start()
    assert outcome.problems == []
    assert card.set("hostname") == "workshop"
    assert card.set("timezone") == "Europe/London"
    assert card.set("regdomain") == "GB"
    assert card.set("ssh/authorized_keys") == KEY
    network = card.networks['Imager\'s "net"']
    assert (network["psk"], network["hidden"]) == ("ab" * 32, "true")
    for name in files:
        assert "$5$" not in card.on_card(name)
        assert "abab" not in card.on_card(name)
        assert "were taken at start 1" in card.on_card(name)
    assert "abab" not in card.report
    assert card.start().applied == [], "once is enough"


def test_gantry_yaml_says_the_last_word(card: Card) -> None:
    card.put(PRESEED, "rpi-preseed.toml")
    card.put("hostname: mine\n")
    card.start()
    assert card.set("hostname") == "mine"
    assert card.set("timezone") == "Europe/London"


def test_a_password_login_is_refused_with_a_word(card: Card) -> None:
    card.put('[ssh]\nenabled = true\npassword_authentication = true\n[user]\nname = "pi"\n'
             '[system]\nhostname = "a"\n', "rpi-preseed.toml")  # fmt: skip
    card.start()
    assert card.set("ssh/authorized_keys") is None
    assert "SSH stays off: nobody logs in with a password here" in card.report
    assert "the user 'pi' is not made" in card.report


def test_a_name_that_is_no_text_survives(card: Card) -> None:
    card.put('[wlan]\nssid_hex = "fffe41"\npassword = "12345678"\n', "rpi-preseed.toml")
    card.start()
    (file,) = (card.system / "network").glob("*.nmconnection")
    assert "ssid=255;254;65;" in file.read_text()
    assert "?" in card.report


def test_what_cannot_be_read_is_reported_and_left(card: Card) -> None:
    card.put("[system\nhostname=", "rpi-preseed.toml")
    card.put("hostname: [", "user-data")
    card.put("imager_custom set_wlan 'open\n/x/imager_custom set_wlan 'open\n", "firstrun.sh")
    card.put('[wlan]\nssid = "a"\npassword = "short"\n', "custom.toml")
    card.start()
    for name in ("rpi-preseed.toml", "user-data", "firstrun.sh", "custom.toml"):
        assert f"{name}: " in card.report
        assert "taken" not in card.on_card(name)
    assert "expected a Wi-Fi password" in card.report


def test_the_kernel_is_not_told_to_run_the_script_again(card: Card) -> None:
    card.put(SCRIPT, "firstrun.sh")
    order = (" systemd.run=/boot/firstrun.sh systemd.run_success_action=reboot"
             " systemd.unit=kernel-command-line.target")  # fmt: skip
    card.put(f"{CMDLINE}{order}\n", "cmdline.txt")
    card.start()
    assert card.on_card("cmdline.txt") == f"{CMDLINE}\n"

"""What is taken for a secret, and what has to stay readable."""

from __future__ import annotations

import pytest

from appliance.config.report import redact
from appliance.config.secrets import secrets_in

HIDDEN = [
    {"mqtt": {"password": "PLANTED12345"}},
    {"spoolman": {"server": "http://me:PLANTED12345@spool.lan:7912"}},
    {"webcam": [{"snapshot": "http://PLANTED12345@cam/snap"}]},
    {"webcam": [{"stream": "rtsp://me:PL%41NTED12345@cam/1"}]},
    {"webcam": {"stream": "http://cam/video?size=1&token=PLANTED12345#x"}},
    {"power": [{"turn_on": {"url": "http://plug/cm?user=me&pass=PLANTED12345&cmnd=On"}}]},
    {"power": [{"turn_on": {"headers": {"Authorization": "Bearer PLANTED12345"}}}]},
    {"automation": [{"actions": [{"http": {"headers": {"X-Auth-Token": "PLANTED12345"}}}]}]},
    {"automation": [{"actions": [{"notify": {"to": ["tgram://PLANTED12345/1234"]}}]}]},
    {"automation": [{"actions": [{"notify": {"to": ["discord://1234/PLANTED12345"]}}]}]},
]
SHOWN = [
    {"webcam": {"stream": "http://cam.lan:8080/?action=stream&resolution=1280x720"}},
    {"printer": {"port": "socket://192.168.1.5:8899"}},
    {"printer": {"port": "rfc2217://serial.lan:4000?ign_set_control"}},
    {"http": {"cors_origins": ["https://mainsail.example.org"]}},
    {"macro": {"x": {"gcode": "M117 a@b: c"}}},
]


@pytest.mark.parametrize("data", HIDDEN)
def test_passwords_and_tokens_are_secrets(data: object) -> None:
    secrets = set(secrets_in(data))
    for text in (str(data), "the log says PLANTED12345"):
        assert "PLANTED12345" not in redact(
            text.replace("PL%41NTED12345", "PLANTED12345"), secrets
        )
    assert "PL%41NTED12345" not in redact(str(data), secrets)


@pytest.mark.parametrize("data", SHOWN)
def test_addresses_are_none(data: object) -> None:
    assert not set(secrets_in(data))

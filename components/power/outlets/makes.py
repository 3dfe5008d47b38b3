"""The makes of plugs that are asked over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from appliance.components.power.outlets.outlet import state_of
from appliance.components.power.outlets.web import Ask
from appliance.domain.power import PowerState
from appliance.errors import DeviceFailed
from appliance.outgoing import Answer, Login
from appliance.records import dataclass
from appliance.templates import render

_TRUE = frozenset({"on", "true", "1", "yes"})
_FALSE = frozenset({"off", "false", "0", "no"})


@dataclass(frozen=True, slots=True)
class Tasmota:
    """Tasmota's web commands: ``/cm?cmnd=Power1 On``."""

    address: str  # http://host
    output: int = 1
    password: str | None = None
    user: str = "admin"

    def switch(self, on: bool) -> Ask:
        """Switch an output."""
        return self._command(f"Power{self.output} {'On' if on else 'Off'}")

    def status(self) -> Ask:
        """Ask an output."""
        return self._command(f"Power{self.output}")

    def read(self, answer: Answer) -> PowerState:
        """Read ``{"POWER": "ON"}``; with several outputs the key has a number."""
        said = _mapping(answer)
        word = said.get(f"POWER{self.output}", said.get("POWER"))
        return _word(answer, word)

    def _command(self, command: str) -> Ask:
        query = {"cmnd": command}
        if self.password is not None:
            query |= {"user": self.user, "password": self.password}
        return Ask(f"{self.address}/cm?{urlencode(query)}")


@dataclass(frozen=True, slots=True)
class Shelly:
    """Shelly's switches; the first generation has another interface than all later ones."""

    address: str
    output: int = 0
    generation: int = 2
    login: Login | None = None

    def switch(self, on: bool) -> Ask:
        """Switch an output."""
        if self.generation == 1:
            return self._ask(f"/relay/{self.output}?turn={'on' if on else 'off'}")
        return self._ask(f"/rpc/Switch.Set?id={self.output}&on={'true' if on else 'false'}")

    def status(self) -> Ask:
        """Ask an output."""
        if self.generation == 1:
            return self._ask(f"/relay/{self.output}")
        return self._ask(f"/rpc/Switch.GetStatus?id={self.output}")

    def read(self, answer: Answer) -> PowerState:
        """Read ``{"ison": true}`` or ``{"output": true}``."""
        said = _mapping(answer).get("ison" if self.generation == 1 else "output")
        return _word(answer, said)

    def _ask(self, path: str) -> Ask:
        return Ask(self.address + path, login=self.login)


@dataclass(frozen=True, slots=True)
class HomeAssistant:
    """An entity of Home Assistant, through its REST interface."""

    address: str
    token: str
    entity: str  # switch.printer

    def switch(self, on: bool) -> Ask:
        """Call the service of the entity's domain."""
        domain = self.entity.partition(".")[0]
        service = f"{self.address}/api/services/{domain}/turn_{'on' if on else 'off'}"
        body = orjson.dumps({"entity_id": self.entity})
        return Ask(service, "post", self._headers(), body)

    def status(self) -> Ask:
        """Ask for the entity's state."""
        return Ask(f"{self.address}/api/states/{self.entity}", headers=self._headers())

    def read(self, answer: Answer) -> PowerState:
        """Read the state; what Home Assistant does not know itself is unknown."""
        said = _mapping(answer).get("state")
        if said in ("unavailable", "unknown"):
            return PowerState.UNKNOWN
        return _word(answer, said)

    def _headers(self) -> Mapping[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
        }


@dataclass(frozen=True, slots=True)
class Generic:
    """Anything else with a request for on, one for off and perhaps one for the state."""

    turn_on: Ask
    turn_off: Ask
    ask: Ask | None = None
    is_on: str = "{{ value }}"  # a template that says on or off (true or false, 1 or 0)

    def switch(self, on: bool) -> Ask:
        """Return what is configured."""
        return self.turn_on if on else self.turn_off

    def status(self) -> Ask | None:
        """Return what is configured."""
        return self.ask

    def read(self, answer: Answer) -> PowerState:
        """Render the template with the answer."""
        try:
            value = orjson.loads(answer.body)
        except orjson.JSONDecodeError:
            value = None
        try:
            said = render(self.is_on, {"value": answer.text, "value_json": value})
        except ValueError as error:
            raise DeviceFailed(str(error)) from error
        return _word(answer, said)


def _mapping(answer: Answer) -> Mapping[str, Any]:
    said = answer.json()
    return said if isinstance(said, dict) else {}


def _word(answer: Answer, said: object) -> PowerState:
    word = str(said).strip().lower()
    if word not in _TRUE | _FALSE:
        message = f"{answer.server} did not say whether it is on"
        raise DeviceFailed(message)
    return state_of(word in _TRUE)

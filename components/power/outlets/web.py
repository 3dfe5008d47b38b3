"""A plug that is switched over HTTP: what to ask differs, how it is asked does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Protocol

from appliance.components.power.outlets.outlet import Tell
from appliance.domain.power import PowerState
from appliance.errors import DeviceFailed
from appliance.outgoing import Answer, Caller, Login
from appliance.records import dataclass

# Far more than any plug says.
MAX_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Ask:
    """A request."""

    url: str
    method: str = "get"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    login: Login | None = None


class Recipe(Protocol):
    """What a make of plugs is asked, and how its answers read."""

    def switch(self, on: bool) -> Ask:
        """Return the request that switches."""

    def status(self) -> Ask | None:
        """Return the request for the state; None: it tells none."""

    def read(self, answer: Answer) -> PowerState:
        """Read an answer to the request for the state; `DeviceFailed` if it says none."""


class WebOutlet:
    """A plug with an address."""

    def __init__(self, caller: Caller, recipe: Recipe) -> None:
        self._caller = caller
        self._recipe = recipe
        self._known = PowerState.UNKNOWN

    @property
    def polled(self) -> bool:
        """Its button is pressed without a word to us."""
        return self._recipe.status() is not None

    async def start(self, _tell: Tell) -> None:
        """There is nothing to get ready."""

    async def switch(self, on: bool) -> PowerState:
        """Switch, and look whether it has obeyed."""
        await self._ask(self._recipe.switch(on))
        wanted = PowerState.ON if on else PowerState.OFF
        if self._recipe.status() is None:
            self._known = wanted
            return wanted
        found = await self.read()
        if found is not wanted:
            message = f"it was told to be {wanted} and says that it is {found}"
            raise DeviceFailed(message)
        return found

    async def read(self) -> PowerState:
        """Ask how it is."""
        ask = self._recipe.status()
        return self._known if ask is None else self._recipe.read(await self._ask(ask))

    async def stop(self) -> None:
        """Hold nothing: whoever made the caller closes it."""

    async def _ask(self, ask: Ask) -> Answer:
        answer = await self._caller.call(
            ask.method,
            ask.url,
            headers=ask.headers,
            body=ask.body,
            login=ask.login,
            limit=MAX_ANSWER,
        )
        if not 200 <= answer.status < 300:
            message = f"{answer.server} answered with status {answer.status}"
            raise DeviceFailed(message)
        return answer

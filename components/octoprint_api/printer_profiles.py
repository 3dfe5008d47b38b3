"""``/api/printerprofiles``: list, add, change and remove profiles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from appliance import web
from appliance.components.octoprint_api import body
from appliance.components.octoprint_api.profiles import Profiles
from appliance.components.octoprint_api.render import profile as render
from appliance.components.octoprint_api.routing import route
from appliance.domain.permissions import Permission
from appliance.domain.printer import Profile
from appliance.errors import FileInUse, InvalidRequest


class ProfilesApi:
    """The profiles as one printer sees them."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        path, one = "/api/printerprofiles", "/api/printerprofiles/{id}"
        yield route("GET", path, self.get_all, Permission.CONNECTION)
        yield route("POST", path, self.post, Permission.SETTINGS)
        yield route("GET", one, self.get_one, Permission.CONNECTION)
        yield route("PATCH", one, self.patch, Permission.SETTINGS)
        yield route("POST", one, self.patch, Permission.SETTINGS)  # as an older document says
        yield route("DELETE", one, self.delete, Permission.SETTINGS)

    async def get_all(self, request: web.Request) -> web.StreamResponse:
        """Return every profile by its id."""
        profiles = {
            profile.id: self._render(request, profile)
            for profile in self._profiles.all(web.printer(request))
        }
        etag = hashlib.sha1(repr(profiles).encode(), usedforsecurity=False).hexdigest()
        headers = web.not_modified(request, etag, bypass=body.flag(request, "force"))
        return web.json_response({"profiles": profiles}, headers=headers)

    async def get_one(self, request: web.Request) -> web.StreamResponse:
        """Return one profile."""
        profile = self._profiles.get(web.printer(request), request.match_info["id"])
        return web.json_response(self._render(request, profile))

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Add a profile, based on another one."""
        given = await web.json_body(request)
        wanted = _profile_in(given)
        for key in ("id", "name"):
            if not isinstance(wanted.get(key), str) or not wanted[key].strip():
                message = f"profile.{key} is missing"
                raise InvalidRequest(message)
        printer = web.printer(request)
        config = render.to_config(wanted, self._profiles.default(printer))
        profile = await self._profiles.add(printer, config, wanted["id"], given.get("basedOn"))
        return await self._answer(request, profile, wanted)

    async def patch(self, request: web.Request) -> web.StreamResponse:
        """Change what is sent of a profile."""
        wanted = _profile_in(await web.json_body(request))
        printer = web.printer(request)
        present = self._profiles.get(printer, request.match_info["id"])
        config = render.to_config(wanted, present)
        profile = await self._profiles.change(printer, present.id, config)
        return await self._answer(request, profile, wanted)

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Remove a profile that no printer uses."""
        printer, profile_id = web.printer(request), request.match_info["id"]
        if self._profiles.in_use(printer, profile_id):
            raise FileInUse("a printer uses that profile")
        await self._profiles.remove(printer, profile_id)
        return web.no_content()

    async def _answer(
        self, request: web.Request, profile: Profile, wanted: Mapping[str, Any]
    ) -> web.StreamResponse:
        if body.truth(wanted.get("default", False)):
            await self._profiles.choose(web.printer(request), profile.id)
        return web.json_response({"profile": self._render(request, profile)})

    def _render(self, request: web.Request, profile: Profile) -> dict[str, Any]:
        printer = web.printer(request)
        return render.profile(
            profile,
            resource=web.url_for(request, f"/api/printerprofiles/{quote(profile.id)}"),
            current=profile.id == printer.profile.id,
            default=profile.id == self._profiles.default(printer).id,
        )


def _profile_in(given: Mapping[str, Any]) -> Mapping[str, Any]:
    wanted = given.get("profile")
    if not isinstance(wanted, Mapping):
        raise InvalidRequest("profile is missing")
    return wanted

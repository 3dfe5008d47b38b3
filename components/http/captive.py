"""The captive portal: in our own Wi-Fi network every name leads to us.

Right after joining, a phone or laptop asks for a page whose answer it knows (Android
/generate_204, iOS and macOS captive.apple.com/hotspot-detect.html, Windows
www.msftconnecttest.com/connecttest.txt, Firefox detectportal.firefox.com/success.txt, Ubuntu
connectivity-check.ubuntu.com): another answer, and it offers the page that it is sent to.
Names that are not ours are refused everywhere else, and while that network is off the air.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus

from aiohttp.web import Request, Response, StreamResponse

from appliance import web
from appliance.domain.host import OwnNetwork
from appliance.domain.permissions import public
from appliance.errors import DeviceMissing
from appliance.web import Family, HttpError, Route

API = "/api/gantry/captive"  # RFC 8908; DHCP option 114 of the image names it


class CaptivePortal:
    """Sends those who are in our own network to the page."""

    def __init__(
        self, find_network: Callable[[], OwnNetwork | None], is_unclaimed: Callable[[], bool]
    ) -> None:
        self._find_network = find_network
        self._is_unclaimed = is_unclaimed

    def routes(self) -> Iterable[Route]:
        """Declare what RFC 8908 has a device ask."""
        yield Route("GET", API, self.show, public(), Family.GANTRY)

    async def show(self, request: Request) -> StreamResponse:
        """Tell a device in our own network where the page is."""
        page = await self._page(request)
        if page is None:
            raise DeviceMissing("this is no captive network")
        response = web.json_response({"captive": True, "user-portal-url": page})
        response.content_type = "application/captive+json"
        response.headers["Cache-Control"] = "private"
        return response

    async def instead_of(self, error: Exception, request: Request) -> StreamResponse | None:
        """Return a redirection in the place of the refusal of a name that is not ours."""
        if not isinstance(error, HttpError) or error.status != HTTPStatus.MISDIRECTED_REQUEST:
            return None
        if request.method not in ("GET", "HEAD"):
            return None
        page = await self._page(request)
        if page is None:
            return None
        return Response(status=302, headers={"Location": page, "Cache-Control": "no-store"})

    async def _page(self, request: Request) -> str | None:
        """Return the address of the page for who came in by our own network."""
        network = self._find_network()
        transport = request.transport
        if network is None or transport is None:
            return None
        ours = transport.get_extra_info("sockname")
        if not isinstance(ours, tuple) or ours[0] != await network.address():
            return None
        port = "" if ours[1] == 80 else f":{ours[1]}"
        return f"http://{ours[0]}{port}/{'claim' if self._is_unclaimed() else ''}"

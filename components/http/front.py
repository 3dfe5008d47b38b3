"""Our routes as aiohttp sees them: one resource that takes every path.

aiohttp's own table would look at every path with regular expressions, and know nothing of
repeated slashes, prefixes and printers; so it is given one resource and one route.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aiohttp.web import AbstractResource, AbstractRoute, Request, StreamResponse
from yarl import URL

from appliance.web import Handler, Match


async def _no_answer_yet(request: Request) -> StreamResponse | None:
    """Leave ``Expect: 100-continue`` to the guard: only who may go on is told to."""
    return None


class FrontRoute(AbstractRoute):
    """The one route."""

    def __init__(self, handler: Handler) -> None:
        super().__init__("*", handler, expect_handler=_no_answer_yet)

    @property
    def name(self) -> str | None:
        """No name: nothing refers to it."""
        return None

    def get_info(self) -> Any:
        """Return nothing: the declared routes are known to the server."""
        return {}

    def url_for(self, *_args: str, **_parts: str) -> URL:
        """Return the root."""
        return URL("/")

    def __repr__(self) -> str:
        return "<FrontRoute>"


class Front(AbstractResource):
    """The one resource."""

    def __init__(self, handler: Handler) -> None:
        super().__init__()
        self._route = FrontRoute(handler)

    @property
    def canonical(self) -> str:
        """The path below which everything is."""
        return "/"

    async def resolve(self, request: Request) -> tuple[Match, set[str]]:
        """Take every request; the server looks into its own table."""
        return Match({}, self._route, None), set()

    def url_for(self, **_parts: str) -> URL:
        """Return the root."""
        return URL("/")

    def add_prefix(self, prefix: str) -> None:
        """Refuse: the server is never a part of another application."""
        raise NotImplementedError

    def get_info(self) -> Any:
        """Return nothing: the declared routes are known to the server."""
        return {}

    def raw_match(self, path: str) -> bool:
        """Return whether the path is ours: all are."""
        return True

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[AbstractRoute]:
        return iter((self._route,))

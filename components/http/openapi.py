"""The OpenAPI document: made from the routes as they are declared, never by hand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp.web import Request, StreamResponse

from appliance import __version__, docstrings, web
from appliance.domain.permissions import Need, authenticated
from appliance.web import Family, HttpServer, Route

PATH = "/api/gantry/openapi.json"

_PARAMETER = re.compile(r"\{(\w+)(:[^}]*)?\}")
_TEXT = {"type": "string"}
_FAMILY_ERRORS: Mapping[Family, Mapping[str, Any]] = {
    Family.OCTOPRINT: {
        "type": "object",
        "required": ["error"],
        "properties": {"error": _TEXT},
    },
    Family.MOONRAKER: {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "traceback"],
                "properties": {
                    "code": {"type": "integer"},
                    "message": _TEXT,
                    "traceback": _TEXT,
                },
            }
        },
    },
    Family.GANTRY: {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {"code": {"type": "integer"}, "message": _TEXT},
            }
        },
    },
}
_SECURITY: list[dict[str, list[str]]] = [{"apiKey": []}, {"bearer": []}, {"session": []}]


class OpenApi:
    """The route."""

    def __init__(self, server: HttpServer) -> None:
        self._server = server

    def route(self) -> Route:
        """Return it."""
        return Route("GET", PATH, self.show, authenticated(), Family.GANTRY)

    async def show(self, request: Request) -> StreamResponse:
        """Describe every route of this appliance."""
        return web.json_response(await asyncio.to_thread(document, self._server.routes))


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the document of those routes; may read their source, which blocks."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = _PARAMETER.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Gantry", "version": __version__},
        "paths": paths,
        "components": {
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "session"},
            },
            "schemas": {
                f"{family.value.title()}Error": schema
                for family, schema in _FAMILY_ERRORS.items()
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": docstrings.summary(route.handler),
        "tags": [route.family.value],
        "description": f"Access: {route.access}.",
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": _responses(route),
    }
    exchange = route.exchange
    if route.access.need not in (Need.NOTHING, Need.OPTIONAL):
        operation["security"] = _SECURITY
    if exchange.multipart:
        content: dict[str, Any] = {"multipart/form-data": {"schema": {"type": "object"}}}
        operation["requestBody"] = {"content": content}
    elif exchange.body is not None:
        content = {"application/json": {"schema": exchange.body}}
        operation["requestBody"] = {"content": content}
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": match[1], "in": "path", "required": True, "schema": _TEXT}
        for match in _PARAMETER.finditer(route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "schema": schema}
        for name, schema in route.exchange.query.items()
    ]


def _responses(route: Route) -> dict[str, Any]:
    exchange = route.exchange
    responses: dict[str, Any] = {}
    for index, status in enumerate(exchange.statuses):
        responses[str(status)] = {"description": "done"}
        if index == 0 and status not in (101, 204, 302):
            schema = exchange.answer if exchange.answer is not None else {}
            responses[str(status)]["content"] = {exchange.media_type: {"schema": schema}}
    error = {"$ref": f"#/components/schemas/{route.family.value.title()}Error"}
    responses["4XX"] = {
        "description": "refused; the text says why",
        "content": {"application/json": {"schema": error}},
    }
    responses["503"] = {**responses["4XX"], "description": "the printer is not there"}
    responses["507"] = {**responses["4XX"], "description": "the disk is full"}
    return responses

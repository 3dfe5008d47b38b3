"""``/api/gantry/recovery``: a print that was lost, and how it can go on from a layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance import web
from appliance.components.gantry_api import render
from appliance.components.gantry_api.routing import route
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest

_BODY = {
    "type": "object",
    "required": ["job_id"],
    "properties": {"job_id": {"type": "string"}},
}


class RecoveryApi:
    """The routes. Nothing happens before a person has read the plan and named its job."""

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        yield route("GET", "/recovery", self.plan, Scope.READ, per_printer=True)
        yield route(
            "POST",
            "/recovery",
            self.recover,
            Scope.PRINT,
            per_printer=True,
            exchange=web.Exchange(body=_BODY),
        )

    async def plan(self, request: web.Request) -> web.StreamResponse:
        """Return the plan: what is surely printed, the steps in words, the G-code before."""
        plan = await web.printer(request).recovery_plan()
        shown: dict[str, Any] = {
            "job_id": plan.job_id,
            "file": plan.file.path,
            "layer": plan.layer,
            "height_mm": plan.height_mm,
            "steps": list(plan.steps),
            "lines": list(plan.lines),
        }
        return web.json_response(shown)

    async def recover(self, request: web.Request) -> web.StreamResponse:
        """Carry out the plan for that job."""
        body = await web.json_body(request)
        job_id = body.get("job_id")
        if not isinstance(job_id, str) or not job_id:
            raise InvalidRequest("'job_id' names the job of the plan that was read")
        web.note(request, f"recover {job_id}")
        job = await web.printer(request).recover(job_id)
        return web.json_response(render.job(job))

"""What a browser does: keeps cookies, repeats the CSRF token, sends its Origin."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

from tests.serving import Answer, Running


class Browser:
    """A browser with one page of ours open."""

    def __init__(self, running: Running, *, origin: str | None = None) -> None:
        self.running = running
        self.origin = running.url if origin is None else origin
        self.cookies: dict[str, str] = {f"csrf_token_P{running.port}": "token-of-this-browser"}

    def cookie(self, name: str) -> str | None:
        return self.cookies.get(f"{name}_P{self.running.port}")

    async def call(
        self, method: str, path: str, *, csrf: bool = True, **options: Any
    ) -> Answer:
        headers = dict(options.pop("headers", {}))
        headers["Cookie"] = "; ".join(
            f"{name}={value}" for name, value in self.cookies.items()
        )
        if method != "GET":
            headers.setdefault("Origin", self.origin)
        token = self.cookie("csrf_token")
        if csrf and token is not None:
            headers["X-CSRF-Token"] = token
        answer = await self.running.call(method, path, headers=headers, **options)
        for line in answer.headers.getall("Set-Cookie", ()):
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return answer

    async def login(self, user: str, password: str, *, remember: bool = False) -> Answer:
        body = {"user": user, "pass": password, "remember": remember}
        return await self.call("POST", "/api/login", json=body)

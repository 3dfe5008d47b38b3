from __future__ import annotations

from tests.components.octoprint_api.served import Served


async def test_the_version_is_what_slicers_test_for(served: Served) -> None:
    answer = await served.get("/api/version")
    assert answer.status == 200
    assert list(answer.json) == ["api", "server", "text"]
    assert answer.json["api"] == "0.1"
    assert answer.json["server"] == "1.11.8"
    assert answer.json["text"].startswith("OctoPrint 1.11.8 (Gantry ")
    assert answer.headers["Cache-Control"] == "max-age=0"


async def test_the_server_is_never_in_safe_mode(served: Served) -> None:
    answer = await served.get("/api/server")
    assert answer.json == {"version": "1.11.8", "safemode": None}


async def test_a_wrong_key_is_403_and_on_a_change_400(served: Served) -> None:
    wrong = {"X-Api-Key": "wrong"}
    assert (await served.get("/api/version", headers=wrong)).status == 403
    answer = await served.post("/api/job", {"command": "start"}, headers=wrong)
    assert answer.status == 400
    assert answer.json == {"error": "CSRF validation failed"}


async def test_online_txt_needs_nobody(served: Served) -> None:
    served.headers.clear()
    answer = await served.get("/online.txt")
    assert (answer.status, answer.text) == (200, "online\n")

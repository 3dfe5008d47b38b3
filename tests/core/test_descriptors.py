"""What a process says that can open no more files."""

from __future__ import annotations

import asyncio
import errno
import logging
import os

import pytest

from appliance import seldom
from appliance.descriptors import SayOnce


async def test_that_nothing_can_be_opened_is_said_once_a_minute(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, say = asyncio.get_running_loop(), SayOnce()
    error = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    with caplog.at_level(logging.ERROR):
        for _ in range(500):
            say(
                loop, {"message": "socket.accept() out of system resource", "exception": error}
            )
        assert len(caplog.records) == 1
        monkeypatch.setattr(seldom, "AGAIN_S", -1.0)
        say(loop, {"message": "again", "exception": error})
        say(loop, {"message": "something else", "exception": ValueError("x")})
    assert [record.getMessage()[:14] for record in caplog.records][1:] == [
        "Too many open ",
        "something else",
    ]

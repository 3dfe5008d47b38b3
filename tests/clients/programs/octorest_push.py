"""The push side as octorest listens to it: a websocket, and a stream over HTTP."""

import json
import queue
import sys
from typing import Any

import requests
from octorest import WebSocketEventHandler, XHRStreamingEventHandler

url, key = sys.argv[1:3]
session = requests.post(
    url + "/api/login", json={"passive": True}, headers={"X-Api-Key": key}, timeout=30
).json()
pair = f"{session['name']}:{session['session']}"
counts: dict[str, int] = {}
for kind in (WebSocketEventHandler, XHRStreamingEventHandler):
    heard: queue.Queue[dict[str, Any]] = queue.Queue()
    handler = kind(
        url,
        on_open=lambda _: None,
        on_close=lambda _: None,
        on_message=lambda _, message, heard=heard: heard.put(message),
    )
    handler.run()
    assert "connected" in heard.get(timeout=30)
    # It frames nothing by itself: a SockJS server is sent a list of texts.
    handler.send([json.dumps({"auth": pair})])
    names: set[str] = set()
    while not {"history", "current"} <= names:
        names |= set(heard.get(timeout=30))
    counts[kind.__name__] = len(names)
print(json.dumps(counts))

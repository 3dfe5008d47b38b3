"""A camera on the network, as most are: a picture, and a stream of them that never ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.components.webcam.camera import JPEG

_BETWEEN_S = 0.1
_PART = b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


@contextmanager
def camera() -> Iterator[str]:
    """Run one until the block is over; yields its address."""
    over = threading.Event()

    class Answer(BaseHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            pass

        def do_GET(self) -> None:
            stream = self.path.startswith("/stream")
            kind = "multipart/x-mixed-replace; boundary=b" if stream else "image/jpeg"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            try:
                while stream and not over.wait(_BETWEEN_S):
                    self.wfile.write(_PART % len(JPEG) + JPEG + b"\r\n")
                self.wfile.write(JPEG)
            except OSError:
                pass  # nobody looks any more

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()

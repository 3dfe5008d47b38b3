"""Cameras: where they are seen, and a picture of what they see now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

from appliance.errors import DomainError
from appliance.interfaces import Key
from appliance.records import dataclass


class CameraUnavailable(DomainError):
    """No picture can be had; the text says why."""


class StreamKind(StrEnum):
    """How a stream is to be shown; Moonraker's words, which front ends know."""

    MJPEG = "mjpegstreamer"
    MJPEG_ADAPTIVE = "mjpegstreamer-adaptive"
    USTREAMER = "uv4l-mjpeg"
    WEBRTC = "webrtc-camerastreamer"
    WEBRTC_GO2RTC = "webrtc-go2rtc"
    WEBRTC_MEDIAMTX = "webrtc-mediamtx"
    HLS = "hlsstream"
    IFRAME = "iframe"


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera as configured. URLs are for clients; a path is one of our own server."""

    name: str
    id: str  # safe in URLs, unique
    stream: str | None = None
    snapshot: str | None = None
    kind: StreamKind = StreamKind.MJPEG
    printer: str | None = None  # id; None: it sees every printer
    flip_horizontal: bool = False
    flip_vertical: bool = False
    rotation: int = 0  # degrees clockwise: 0, 90, 180, 270
    aspect_ratio: str = "16:9"
    target_fps: int = 15
    timeout_s: float = 5.0
    verify_tls: bool = True

    @property
    def takes_pictures(self) -> bool:
        """Whether `Cameras.picture` can work."""
        return self.snapshot is not None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, checked to be one."""

    data: bytes
    media_type: str  # image/jpeg, image/png or image/webp

    @property
    def suffix(self) -> str:
        """The ending of a file that holds it."""
        return "." + {"jpeg": "jpg"}.get(kind := self.media_type.rpartition("/")[2], kind)


def without_credentials(address: str | None) -> str | None:
    """Return a URL without the user and password in it."""
    if address is None or "@" not in address:
        return address
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host).geturl()


class Cameras(Protocol):
    """The cameras of the appliance."""

    def of(self, printer_id: str) -> Sequence[Camera]:
        """Return the cameras that see that printer, its own first."""

    def get(self, camera_id: str) -> Camera:
        """Return that camera, or raise `CameraUnavailable`."""

    async def picture(self, camera: Camera) -> Picture:
        """Take a picture, or raise `CameraUnavailable`."""

    async def try_out(self, options: Mapping[str, Any]) -> Picture:
        """Take a picture with a camera of these options, which is not configured."""


CAMERAS: Key[Cameras] = Key("cameras")

"""The cameras of the configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from appliance.config.schema import vol
from appliance.config.validators import (
    boolean,
    integer,
    one_of,
    slug,
    string,
    time_period,
    title,
    url,
)
from appliance.domain.camera import Camera, StreamKind

_RATIO = re.compile(r"\d{1,4}:\d{1,4}")
_RESOLUTION = re.compile(r"\d{2,5}x\d{2,5}")
_DEVICE = re.compile(r"/dev/[A-Za-z0-9_./:+-]+")


def _url_or_path(value: object) -> str:
    """Accept an absolute URL, or a path of our own server."""
    text = string(value).strip()
    if text.startswith("/") and not text.startswith("//") and text.isprintable():
        return text
    return url()(text)


def _matching(pattern: re.Pattern[str], wanted: str) -> Any:
    def check(value: object) -> str:
        text = string(value).strip()
        if not pattern.fullmatch(text) or ".." in text:
            message = f"expected {wanted}"
            raise vol.Invalid(message)
        return text

    return check


_ratio = _matching(_RATIO, "a ratio such as 16:9")
_CAMERA = vol.Schema(
    {
        vol.Optional("name", default="Camera", description="What people read."): title,
        vol.Optional(
            "id", description="Its name in addresses and topics; made of the name if left out."
        ): slug,
        vol.Optional(
            "stream", description="Address of the moving picture, or a path of this server."
        ): _url_or_path,
        vol.Optional("snapshot", description="Address of a single picture."): url(),
        vol.Optional(
            "device", description="A camera at this computer, such as /dev/video0."
        ): _matching(_DEVICE, "a video device such as /dev/video0"),
        vol.Optional(
            "resolution", default="1280x720", description="Of a camera at this computer."
        ): _matching(_RESOLUTION, "a resolution such as 1280x720"),
        vol.Optional(
            "kind", default=StreamKind.MJPEG.value, description="How the stream is shown."
        ): one_of(*(kind.value for kind in StreamKind)),
        vol.Optional(
            "printer", description="The printer it sees; all of them if left out."
        ): slug,
        vol.Optional(
            "flip_horizontal", default=False, description="Mirror left and right."
        ): boolean,
        vol.Optional(
            "flip_vertical", default=False, description="Mirror top and bottom."
        ): boolean,
        vol.Optional("rotation", default=0, description="Degrees clockwise."): vol.All(
            integer(least=0, most=270), vol.In((0, 90, 180, 270))
        ),
        vol.Optional(
            "aspect_ratio", default="16:9", description="Width to height."
        ): _matching(_RATIO, "a ratio such as 16:9"),
        vol.Optional("fps", default=15, description="Pictures a second."): integer(
            least=1, most=120
        ),
        vol.Optional(
            "timeout", default="5 s", description="How long a picture may take."
        ): time_period,
        vol.Optional(
            "verify_tls", default=True, description="Check the certificate of the camera."
        ): boolean,
    }
)


def cameras(value: object) -> list[dict[str, Any]]:
    """Accept a list of cameras, one alone, or none; give each an id."""
    entries = value if isinstance(value, list) else [value] if value else []
    checked: list[dict[str, Any]] = vol.Schema([_CAMERA])(entries)
    taken: set[str] = set()
    for index, entry in enumerate(checked):
        wanted = entry.get("id") or _id_from(entry["name"])
        if wanted in taken and "id" in entry:
            raise vol.Invalid("the id is taken by another camera", [index, "id"])
        number = 2
        unique = wanted
        while unique in taken:
            unique = f"{wanted}-{number}"
            number += 1
        taken.add(unique)
        entry["id"] = unique
    return checked


cameras.validators = [[_CAMERA]]  # type: ignore[attr-defined]  # for suggestions


def build(entries: Sequence[Mapping[str, Any]]) -> list[Camera]:
    """Build the domain's cameras; one on this machine is reached through us."""
    return [_camera(entry) for entry in entries]


def _camera(entry: Mapping[str, Any]) -> Camera:
    local = "device" in entry
    return Camera(
        name=entry["name"],
        id=entry["id"],
        stream=f"/webcam/{entry['id']}/stream" if local else entry.get("stream"),
        snapshot=f"/webcam/{entry['id']}/snapshot" if local else entry.get("snapshot"),
        kind=StreamKind(entry["kind"]),
        printer=entry.get("printer"),
        flip_horizontal=entry["flip_horizontal"],
        flip_vertical=entry["flip_vertical"],
        rotation=entry["rotation"],
        aspect_ratio=entry["aspect_ratio"],
        target_fps=entry["fps"],
        timeout_s=entry["timeout"],
        verify_tls=entry["verify_tls"],
    )


def _id_from(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "camera"

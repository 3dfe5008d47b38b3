"""The options of the configuration, and how they are written back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.config.schema import vol
from appliance.config.validators import (
    integer,
    non_empty,
    number,
    one_of,
    path,
    slug,
    time_period,
)
from appliance.domain.timelapse import RenderWhen, TimelapseMode, TimelapseOptions
from appliance.records import dataclass

_KNOWN = TimelapseOptions()
_RECORDING: dict[Any, Any] = {
    vol.Optional("mode", description="A picture each layer, each interval, or none."): one_of(
        "off", "layer", "timed"
    ),
    vol.Optional("interval", description="Between two pictures."): vol.All(
        time_period, number(least=0.1, most=86400)
    ),
    vol.Optional("fps", description="Pictures a second of the video."): integer(
        least=1, most=120
    ),
    vol.Optional("post_roll", description="How long the last picture stays."): vol.All(
        time_period, number(least=0, most=600)
    ),
    vol.Optional(
        "retraction_z_hop", description="The height of a hop that is no layer, in mm."
    ): number(least=0, most=50),
    vol.Optional("min_delay", description="Between two layers at least."): vol.All(
        time_period, number(least=0, most=3600)
    ),
    vol.Optional("render", description="When the video is made."): one_of(
        *(each.value for each in RenderWhen)
    ),
}
SCHEMA = vol.Schema(
    {
        **_RECORDING,
        vol.Optional(
            "path", default="timelapse", description="The folder of the videos."
        ): path,
        vol.Optional(
            "camera", description="The camera that records; the first one if left out."
        ): slug,
        vol.Optional(
            "ffmpeg", default="ffmpeg", description="The program that makes the video."
        ): non_empty,
        vol.Optional("threads", default=1, description="How many cores it may use."): integer(
            least=1, most=64
        ),
        vol.Optional(
            "codec", default="libx264", description="How the video is encoded."
        ): one_of("libx264", "mpeg4", "h264_v4l2m2m"),
        vol.Optional(
            "bitrate", default="10000k", description="How many bits a second it takes."
        ): vol.Match(r"^\d{1,6}[kM]?$"),
        vol.Optional(
            "render_delay", default=0, description="How long it waits after the print."
        ): time_period,
        vol.Optional(
            "printers", default=dict, description="Exceptions for single printers."
        ): {slug: vol.Schema(_RECORDING)},
    }
)
_MODES = {"off": TimelapseMode.OFF, "layer": TimelapseMode.LAYER, "timed": TimelapseMode.TIMED}


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How ffmpeg is called."""

    ffmpeg: str = "ffmpeg"
    codec: str = "libx264"
    threads: int = 1
    bitrate: str = "10000k"
    delay_s: float = 0.0


def options_for(config: Mapping[str, Any], printer_id: str) -> TimelapseOptions:
    """Return the options of a printer: its own over the common ones."""
    merged = {**config, **config["printers"].get(printer_id, {})}
    return TimelapseOptions(
        mode=_MODES[merged.get("mode", "off")],
        interval_s=merged.get("interval", _KNOWN.interval_s),
        fps=merged.get("fps", _KNOWN.fps),
        post_roll_s=merged.get("post_roll", _KNOWN.post_roll_s),
        retraction_z_hop=merged.get("retraction_z_hop", _KNOWN.retraction_z_hop),
        min_delay_s=merged.get("min_delay", _KNOWN.min_delay_s),
        render=RenderWhen(merged.get("render", _KNOWN.render.value)),
    )


def render_options(config: Mapping[str, Any]) -> RenderOptions:
    """Return how ffmpeg is called."""
    return RenderOptions(
        config["ffmpeg"],
        config["codec"],
        config["threads"],
        config["bitrate"],
        config["render_delay"],
    )


def to_config(options: TimelapseOptions) -> dict[str, Any]:
    """Return the options as they stand in the YAML."""
    mode = next(word for word, mode in _MODES.items() if mode is options.mode)
    values: dict[str, Any] = {"mode": mode, "fps": options.fps}
    if options.mode is TimelapseMode.TIMED:
        values["interval"] = _plain(options.interval_s)
    if options.mode is TimelapseMode.LAYER:
        values["retraction_z_hop"] = _plain(options.retraction_z_hop)
        values["min_delay"] = _plain(options.min_delay_s)
    values["post_roll"] = _plain(options.post_roll_s)
    values["render"] = options.render.value
    return values


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value

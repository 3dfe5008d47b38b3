"""Names of topics: which are well formed, and what a pattern fits."""

from __future__ import annotations

import re

from appliance.errors import InvalidRequest

MAX_TOPIC_BYTES = 65535
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def check_topic(topic: str) -> str:
    """Return a topic that may be published to, or raise `InvalidRequest`."""
    if not topic or "+" in topic or "#" in topic or not _well_formed(topic):
        raise InvalidRequest("that is no topic to publish to: no wildcards, not empty")
    return topic


def check_pattern(pattern: str) -> str:
    """Return a pattern that may be subscribed to, or raise `InvalidRequest`."""
    levels = pattern.split("/")
    fits = all(level in ("+", "#") or not {"+", "#"} & set(level) for level in levels)
    if not pattern or not fits or "#" in levels[:-1] or not _well_formed(pattern):
        raise InvalidRequest("that is no topic filter: + stands for a level, # for the rest")
    return pattern


def fits(pattern: str, topic: str) -> bool:
    """Return whether the topic is one of those that the pattern stands for."""
    wanted, levels = pattern.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(levels) or level not in ("+", levels[index]):
            return False
    return len(wanted) == len(levels)


def level(text: str) -> str:
    """Return text from outside as one level of a topic, or an id: letters, digits, _ and -."""
    return _UNSAFE.sub("_", text).strip("_") or "_"


def _well_formed(topic: str) -> bool:
    if _CONTROL.search(topic):
        return False
    try:
        return len(topic.encode()) <= MAX_TOPIC_BYTES
    except UnicodeEncodeError:
        return False

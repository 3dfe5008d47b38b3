"""Messages to people through Apprise, where that library is installed."""

from __future__ import annotations

from collections.abc import Sequence

from appliance.errors import InvalidRequest

try:
    import apprise
except ImportError:  # optional: pip install apprise
    apprise = None

AVAILABLE = apprise is not None


async def notify(targets: Sequence[str], title: str, message: str) -> None:
    """Send a message; the URLs of targets hold secrets and are never shown."""
    if apprise is None:
        raise InvalidRequest("notifications need the library Apprise: pip install apprise")
    sender = apprise.Apprise()
    for number, target in enumerate(targets, 1):
        if not sender.add(target):
            error = f"target {number} of 'to:' is no URL that Apprise understands"
            raise InvalidRequest(error)
    if not await sender.async_notify(body=message, title=title):
        raise InvalidRequest("the notification was not delivered")

"""The push side: what happens is told to every client that listens, over SockJS.

`frames` is the wire format, `transports` the ways it travels, `client` what one listener
wants and may see, `messages` and `*_events` what is said, `hub` who says it and when.
"""

"""The domain in Moonraker's words, apart from the printer objects: pure functions."""

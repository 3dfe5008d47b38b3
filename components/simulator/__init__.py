"""A simulated printer: a believable Marlin on a pty, in a process of its own.

`firmware` is that process; `component` starts it and lets the serial driver drive it as it
would any printer. This module stays empty because the process imports it too.
"""

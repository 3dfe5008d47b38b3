"""Marlin-family printers over a serial line.

`engine` is the print engine, a process of its own that owns the port and the job; the
rest of the package is its proxy in the appliance. This module stays empty because the
engine imports it too: set-up and schema stand in `component`.
"""

"""The printer objects: pure renderings of a snapshot in the words of Klipper.

Each renderer takes a `Scene` and returns the object's fields. A value that nobody measured
is null, or its object is not listed at all.
"""

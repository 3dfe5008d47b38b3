"""Backups as files: what belongs in them, how they are packed, sealed, checked, restored.

    contents.py   what of a configuration folder somebody would miss
    packing.py    a folder into an archive
    sealing.py    an archive under a passphrase
    reading.py    an archive from anywhere, not trusted in anything
    staging.py    an archive unpacked beside what it is to replace
    ready.py      what waits to be put in its place
    replacing.py  the old files out, the new ones in; goes on wherever it was killed
    worker.py     the process that does it (order.py what it is told, work.py who tells it)

An archive is a zip file, so that people can look into it. Its first member says what it is,
its last holds the checksum of every other one.
"""

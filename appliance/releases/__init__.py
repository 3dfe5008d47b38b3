"""Releases of Gantry beside each other, and which of them is started.

    slots.py      the folder of the releases: what is in it, which one is current
    launching.py  which one to start, and when to go back; with the standard library only
    bundle.py     a signed file that is to become a release; not trusted before it is verified
    building.py   wheels into a bundle
    installing.py a bundle into a folder of its own, tested by its own code
    worker.py     the process that does it

On the card: ``/data/releases/VERSION``, ``current`` and ``previous`` (links), ``state.json``;
and the factory release in the read-only root, which is there whatever becomes of the rest.
"""

"""The image in a virtual machine: boot it, use it, pull its plug, look at the card."""

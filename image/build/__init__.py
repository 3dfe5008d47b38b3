"""Build the image with Debian's tools alone: no loop devices, no mounts of the image."""

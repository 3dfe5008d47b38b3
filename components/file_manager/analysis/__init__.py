"""What the moves of a file say: extents, time, filament, layers; made in a process apart."""

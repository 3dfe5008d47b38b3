"""What slicers write about a file: read from its head and its tail, whatever its size."""

"""The root's part of what can be wished of the computer; only Python's own library."""

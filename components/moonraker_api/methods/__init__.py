"""The handlers of the method table, one module per family of calls."""

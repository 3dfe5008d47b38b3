"""The domain in OctoPrint's words: pure functions, shared by the REST and the push side."""

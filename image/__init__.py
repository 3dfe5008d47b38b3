"""The SD-card image: what it consists of, how it is built, how it is tested."""

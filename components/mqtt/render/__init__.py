"""What a printer looks like on the broker: pure renderings of its snapshot."""

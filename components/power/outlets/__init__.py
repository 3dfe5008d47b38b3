"""What switches: one module per way of reaching a device."""

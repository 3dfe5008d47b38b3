"""How Home Assistant learns of us: one retained message per device, with all its entities."""

"""Take what stands on the boot partition into the appliance, and report what became of it."""

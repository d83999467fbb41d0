"""Pages of sharing rules."""

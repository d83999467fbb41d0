"""Pages of public money."""

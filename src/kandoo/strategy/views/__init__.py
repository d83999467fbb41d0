"""Pages of diagnosis and plan."""

"""Reports: forms."""

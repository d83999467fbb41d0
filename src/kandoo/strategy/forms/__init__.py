"""Strategy: forms."""

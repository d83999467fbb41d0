"""Strategy: queries."""

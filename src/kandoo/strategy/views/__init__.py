"""Strategy: views."""

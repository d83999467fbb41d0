"""Strategy: actions."""

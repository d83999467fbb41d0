"""Results: actions."""

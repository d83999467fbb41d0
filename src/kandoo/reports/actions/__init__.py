"""Reports: actions."""

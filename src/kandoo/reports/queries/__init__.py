"""Reports: queries."""

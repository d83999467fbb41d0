"""Strategy: models."""

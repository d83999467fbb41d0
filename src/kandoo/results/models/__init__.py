"""Results: models."""

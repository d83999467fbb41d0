"""Maturity: models."""

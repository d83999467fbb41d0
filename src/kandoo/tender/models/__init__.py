"""Tender: models."""

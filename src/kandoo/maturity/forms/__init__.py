"""Maturity: forms."""

"""Maturity: queries."""

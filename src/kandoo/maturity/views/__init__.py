"""Maturity: views."""

"""Maturity: actions."""

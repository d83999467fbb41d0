"""Rows of the programme become plain values."""

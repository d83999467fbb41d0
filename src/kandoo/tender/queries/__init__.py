"""Tender: queries."""

"""Tender: forms."""

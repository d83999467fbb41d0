"""Tender: views."""

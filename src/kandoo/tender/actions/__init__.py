"""Tender: actions."""

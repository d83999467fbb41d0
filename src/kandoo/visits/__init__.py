"""Visits of technical supervisors: planned, reported, and what became of their advice."""

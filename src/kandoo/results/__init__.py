"""Indicators of a cluster: what is measured, how, from which records, and what came of it."""

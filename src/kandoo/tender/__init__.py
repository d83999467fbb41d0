"""Choosing a cluster development agent: the call, sealed offers, scoring and the contract."""

"""Peer and ours on the same generated instance, in the same run, on the same machine."""

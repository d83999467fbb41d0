"""The only writers of buying together: one transaction each."""

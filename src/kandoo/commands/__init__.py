"""The commands of `kandoo`, one module each."""

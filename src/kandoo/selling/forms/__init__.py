"""Forms of selling together."""

"""Pages of the account of cooperation."""

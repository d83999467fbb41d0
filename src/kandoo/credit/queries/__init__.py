"""Public money as plain values: rules in force, totals, what is late, what is due."""

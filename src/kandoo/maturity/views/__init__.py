"""Pages of maturity: the gauge, self-assessments."""

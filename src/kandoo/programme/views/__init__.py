"""Pages of the programme's file."""

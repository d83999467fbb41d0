"""Independent checkers: they import nothing from the code they check."""

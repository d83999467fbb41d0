"""A list of sites as people bring it: read, its columns guessed, every row checked, made ready for the engine."""

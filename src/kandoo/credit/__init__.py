"""Credit lines of a programme: public money from the budget law to the payee, and what came of it."""

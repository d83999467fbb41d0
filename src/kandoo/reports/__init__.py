"""Reports of a period, made from the records, frozen when submitted."""

"""Who sees what of a tenant's record by their word: all of it on one page, to begin, to go on and to stop."""

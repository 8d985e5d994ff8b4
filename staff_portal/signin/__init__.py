"""The workers' way in: password, then second factor."""

"""A keyworker's caseload, and one tenant as far as they share."""

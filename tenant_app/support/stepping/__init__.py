"""A session that counts as a step of a goal, if the tenant says so. Only what brings rooms together knows of both."""

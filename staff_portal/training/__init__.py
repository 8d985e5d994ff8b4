"""Training at the staff door: each worker's own page, the team's table, and the records that coordinators write."""

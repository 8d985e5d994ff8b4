"""The plan for moving on: it begins on the first day of the placement, and is the tenant's own."""

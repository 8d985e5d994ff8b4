"""A rest for all of a tenant's medicines at once."""

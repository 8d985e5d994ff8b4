"""The repairs desk: what tenants reported, what breaches next first, and what we make of it."""

"""Who lives and works here: welcoming tenants and colleagues, their codes, and goodbyes."""

"""Key work: what a worker writes after a contact, what they will do, and the papers of a tenant's record."""

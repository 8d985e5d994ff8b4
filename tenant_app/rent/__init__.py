"""What a home costs: the part a tenant pays, when, and what came in."""

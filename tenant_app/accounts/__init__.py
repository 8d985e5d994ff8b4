"""Who is who: tenants, workers, how they sign in, and who looked at whose record."""

"""What a tenant has going for them, in their own words: it stands before any need."""

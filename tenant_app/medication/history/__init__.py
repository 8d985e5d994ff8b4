"""What a tenant recorded, week by week."""

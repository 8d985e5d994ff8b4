"""What tenants asked about their record: to have it put right, or erased; answered within a month."""

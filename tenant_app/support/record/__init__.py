"""A tenant's rights over their record: a copy of all of it, having it put right, having it erased."""

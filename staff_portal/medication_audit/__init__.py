"""Medicines that tenants share: the month's counts, second signatures, and levels of self-administration."""

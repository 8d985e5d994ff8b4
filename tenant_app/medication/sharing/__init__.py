"""Letting a worker see one's medicines, for as long as the tenant says."""

"""Medicines that tenants take by themselves: it reminds and records, and never advises."""

"""Registers at the staff door."""

"""Inspections at the staff door: what is due where, done on a phone with or without signal, signed off and kept."""

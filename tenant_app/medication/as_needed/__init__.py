"""Medicines that are taken when they are needed (PRN)."""

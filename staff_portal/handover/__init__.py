"""The handover between shifts, at the desk and on a phone at the door."""

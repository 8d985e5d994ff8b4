"""House meetings: an agenda that tenants make, minutes that become actions, and "you said, we did"."""

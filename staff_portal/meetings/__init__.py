"""House meetings at the staff door: running them, minutes, and what was agreed to do."""

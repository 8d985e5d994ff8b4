"""Training: what is written down of it, and its pages at the staff door."""

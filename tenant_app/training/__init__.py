"""Training: which courses people who work here need, which they have done, and until when that holds."""

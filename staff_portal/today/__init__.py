"""What waits for a keyworker or coordinator today, each kind of thing once, and early signs."""

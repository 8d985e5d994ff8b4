"""Help at once, and plain guides: content, for anyone, signed in or not."""

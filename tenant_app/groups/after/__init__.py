"""Around a session: how one felt, what one came to, a paper that says so, and what one thought of it."""

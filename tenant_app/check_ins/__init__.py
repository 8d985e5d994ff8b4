"""A minute for oneself: a few plain statements, a tap each, and one sentence. Never a score."""

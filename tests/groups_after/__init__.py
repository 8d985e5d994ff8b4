"""Before and after a session: moods, what one came to, certificates, steps and feedback."""

"""Faults made on purpose, at full size, and what must not come of them: `python -m tests.faults S2 --json`."""

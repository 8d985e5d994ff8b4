"""Reminders: planned ahead as rows, claimed by workers, sent to phones, settled.

A feature says `schedule(...)` or `announce(...)` and knows nothing of push. Delivery knows no feature: each
registers in its `notices.py` how its notices are worded.
"""

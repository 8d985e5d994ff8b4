"""Repairs: what needs mending in a home, in the tenant's words and pictures, and what became of it.

`hazards.py` counts the days that the law gives for damp and mould; `photos.py` takes in pictures; `words.py` says
things in the reader's language, at both doors.
"""

"""The clocks of a repair: what the law and our own policy ask to be done by when, and what came of it.

`counting.py` counts days and hours; `policy.py` reads the limits from the content; `models.py` keeps a row of each
clock; `rules.py` writes those rows whenever something changes; `summaries.py` and `stays.py` are what the law asks for
beside deadlines; `listing.py` finds what is due next; `words.py` says it all in the reader's language.
"""

"""Goals: in the tenant's own words, in small steps, seen by whom the tenant chooses.

This is the room to copy. `models.py` is what a goal is and what can happen to it; `rules.py` decides across things;
`forms.py` is what the pages ask; `pages.py` finds, asks and answers.
"""

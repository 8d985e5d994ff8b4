"""Firms and people from outside who mend things: who they are, and the one repair that a link lets each of them see.

`links.py` makes and reads the links, `jobs.py` is what the desk does, `work.py` what a contractor does, `pages.py` the
open door that a link leads to.
"""

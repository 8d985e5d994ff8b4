"""Which kinds of file there are, and what may be amiss with one of their rows: words that are kept with an import."""

from __future__ import annotations

import enum


class Kind(enum.StrEnum):
    """What the rows of a file are. Its headings tell."""

    TRANSACTIONS = "transactions"
    ACCOUNTS = "accounts"
    CHARGES = "charges"


class Why(enum.StrEnum):
    """What is amiss with a row."""

    BROKEN = "broken"
    CELLS = "cells"
    EMPTY = "empty"
    FORMULA = "formula"
    LONG = "long"
    OURS = "ours"
    ACCOUNT = "account"
    TENANT = "tenant"
    KIND = "kind"
    WORD = "word"
    DAY = "day"
    SHORT_YEAR = "short_year"
    LONG_AGO = "long_ago"
    FAR_OFF = "far_off"
    SUM = "sum"
    COMMA = "comma"
    FINE = "fine"
    NOTHING = "nothing"
    NEGATIVE = "negative"
    LARGE = "large"
    OTHERWISE = "otherwise"
    NOT_DUE = "not_due"
    CHARGED = "charged"
    TERMS = "terms"
    GOES_ON = "goes_on"
    ORDER = "order"
    DATABASE = "database"

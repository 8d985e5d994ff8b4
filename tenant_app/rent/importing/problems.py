"""Why a file or one of its rows was refused, in words that say what to do."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from tenant_app.rent.importing.kinds import Why

__all__ = ["LONGEST_CELL", "BadCell", "FileRefused", "Problem", "Why", "say_problem", "say_reason"]

LONGEST_CELL = 40
"""Letters of a cell that are shown again; somebody may have pasted a novel."""


class BadCell(ValueError):
    """A cell that cannot be taken. `column` is its heading, `cell` what stands in it."""

    def __init__(self, why: Why, cell: str = "", column: str = "") -> None:
        super().__init__(why)
        self.why, self.cell, self.column = why, cell, column


@dataclass(frozen=True)
class Problem:
    """One refused row: the line on which it begins, and why."""

    line: int
    why: Why
    cell: str = ""
    column: str = ""


class FileRefused(ValueError):
    """Nothing of the file can be taken. Its text says what to do, in the language of whoever sent it."""


def say_problem(problem: Problem) -> str:
    """`Line 12: nobody has the account “WH 9”.`"""
    reason = say_reason(problem.why, problem.cell, problem.column)
    return gettext("Line %(line)s: %(reason)s", line=problem.line, reason=reason)


def say_reason(why: Why, cell: str = "", column: str = "") -> str:
    """`no account has the reference “WH 9”.` A cell that was not kept is shown as three dots."""
    shown = cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - 1] + "…"
    return _reasons()[why] % {"cell": shown or "…", "column": column}


def _reasons() -> dict[Why, str]:
    return {
        Why.BROKEN: gettext("a quotation mark is opened and not closed, or closed too early."),
        Why.CELLS: gettext("it has more cells than the first line. Put a cell that holds a comma in quotation marks."),
        Why.EMPTY: gettext("%(column)s is empty."),
        Why.FORMULA: gettext("“%(cell)s” in %(column)s is a formula. Write the value itself."),
        Why.LONG: gettext("%(column)s is too long."),
        Why.OURS: gettext("“%(cell)s” in %(column)s is how Homeward names its own entries. Use another."),
        Why.ACCOUNT: gettext("no account has the reference “%(cell)s”."),
        Why.TENANT: gettext("no tenant has the sign-in name “%(cell)s”."),
        Why.KIND: gettext("“%(cell)s” is no type of transaction that we know."),
        Why.WORD: gettext("“%(cell)s” is not one of the words for %(column)s."),
        Why.DAY: gettext("“%(cell)s” in %(column)s is no day. Write it as 2026-11-26, 26/11/2026 or 26 Nov 2026."),
        Why.SHORT_YEAR: gettext("write the year of “%(cell)s” with four digits."),
        Why.LONG_AGO: gettext("“%(cell)s” is too long ago."),
        Why.FAR_OFF: gettext("“%(cell)s” is more than a year away."),
        Why.SUM: gettext("“%(cell)s” in %(column)s is no sum. Write it as 14.20 or £1,234.50."),
        Why.COMMA: gettext("“%(cell)s” has its comma where we write a point. Write it as 1234.50."),
        Why.FINE: gettext("“%(cell)s” is finer than pence."),
        Why.NOTHING: gettext("the sum is nothing."),
        Why.NEGATIVE: gettext("“%(cell)s” is below nothing. The type says which way; only an adjustment has a minus."),
        Why.LARGE: gettext("“%(cell)s” is more than any rent account holds."),
        Why.OTHERWISE: gettext("“%(cell)s” is known with another day, type or sum."),
        Why.NOT_DUE: gettext("Homeward writes the charges of this account, and nothing falls due on “%(cell)s”."),
        Why.CHARGED: gettext("charges of “%(cell)s” or later are written already. Choose a later day."),
        Why.TERMS: gettext("the account “%(cell)s” is known with other terms. Change them at the rent desk."),
        Why.GOES_ON: gettext("this tenant has another account, which has not ended."),
        Why.ORDER: gettext("it ends before it begins."),
        Why.DATABASE: gettext("the database did not take it."),
    }

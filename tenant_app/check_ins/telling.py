"""How check-ins are told: each statement as a picture over time with a table, for the tenant and, if they agree, their
keyworker. Words, never numbers: what somebody said of their week is not a measurement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from flask import abort, request
from flask_babel import gettext
from markupsafe import Markup

from tenant_app.check_ins.models import ANSWERS, CheckIn
from tenant_app.check_ins.rules import SPAN, Span
from tenant_app.check_ins.statements import Statement, said, statements
from tenant_app.web import charts
from tenant_app.web.locale import tell_day, tell_short_day


@dataclass(frozen=True)
class Told:
    """What was answered to one statement over some time."""

    statement: Statement
    rows: Sequence[tuple[CheckIn, str | None]]
    """Newest first, with the answer in words; None where nobody knows the words any more."""
    drawn: Markup
    """Empty where there is nothing to draw."""


def told(span: Span) -> list[Told]:
    """Each statement that was answered in this span, in the order of asking."""
    found = []
    for statement in statements():
        answered = [(it, answer) for it in span.check_ins if (answer := it.answer_to(statement.asked_in, statement.id))]
        if answered:
            # An answer to another wording may mean another thing: it stands in the table and in no line of dots.
            dots = [(it.day, answer.choice) for it, answer in reversed(answered) if answer.version == statement.version]
            rows = [(it, said(statement, answer)) for it, answer in answered]
            found.append(Told(statement, rows, _draw(statement, dots)))
    return found


def answers_of(it: CheckIn) -> list[tuple[Statement, str | None]]:
    """What one check-in says, in the order of asking; statements that were left out, or are asked no more, are not
    there."""
    answers = [(each, it.answer_to(each.asked_in, each.id)) for each in statements()]
    return [(statement, said(statement, answer)) for statement, answer in answers if answer]


def reaches_out(it: CheckIn) -> bool:
    """Whether help is to be shown with it: the lowest answer to a statement about going on. Nobody is told."""
    return any(
        answer.choice == 1
        for each in statements()
        if each.reach_out and (answer := it.answer_to(each.asked_in, each.id))
    )


def asked_month() -> date | None:
    """`until=2026-11` of the address: the last month to show; None without it. 404 for what is no month."""
    asked = request.args.get("until")
    if asked is None:
        return None
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", asked, re.ASCII):
        abort(404)
    return date.fromisoformat(f"{asked}-01")


def span_until(day: date, *, begins: bool = False) -> str:
    """What the address of a span says, for one that ends with the month of `day`, or begins with it."""
    return f"{day + (SPAN - relativedelta(months=1)) if begins else day:%Y-%m}"


def _draw(statement: Statement, dots: Sequence[tuple[date, int]]) -> Markup:
    if not dots:
        return Markup("")
    (first, _), (last, newest) = dots[0], dots[-1]
    days = max((last - first).days, 1)
    points = [((day - first).days / days if len(dots) > 1 else 0.5, choice) for day, choice in dots]
    words = statement.now.answers
    if len(dots) > 1:
        label = gettext(
            "%(statement)s From %(first)s to %(last)s, the last answer: %(answer)s. The table below says it in words.",
            statement=statement.now.words, first=tell_day(first), last=tell_day(last), answer=words[newest - 1],
        )  # fmt: skip
    else:
        label = gettext(
            "%(statement)s On %(day)s: %(answer)s.", statement=statement.now.words, day=tell_day(last),
            answer=words[newest - 1],
        )  # fmt: skip
    ends = tell_short_day(first), tell_short_day(last) if len(dots) > 1 else ""
    return charts.over_time(points, (words[0], words[ANSWERS - 1]), ends, label)

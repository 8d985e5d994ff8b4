"""Reports of repairs: clocks kept, what came back and how tenants say it went, as pictures with tables, and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from flask import Response, abort, render_template, request
from flask_babel import gettext

from staff_portal.repairs_desk.clock_forms import LEVELS
from staff_portal.repairs_desk.pages import room
from staff_portal.roles import MENDERS
from staff_portal.spans import MonthsForm, Span
from tenant_app.accounts.gate import worker
from tenant_app.repairs import words
from tenant_app.repairs.clocks import words as clock_words
from tenant_app.repairs.clocks.policy import EMERGENCY
from tenant_app.repairs.figures import (
    FEWEST,
    Kept,
    Measure,
    OnTime,
    Reopened,
    Said,
    by_month,
    on_time,
    reopened,
    satisfaction,
)
from tenant_app.repairs.visits.words import star_words
from tenant_app.web.audience import open_to
from tenant_app.web.house import session
from tenant_app.web.locale import tell_month
from tenant_app.web.workbooks import table_answer

Lines = list[list[object]]


class Report:
    """What some months came to, for this worker: each part is counted once it is asked for."""

    def __init__(self, span: Span) -> None:
        self.span = span

    @cached_property
    def on_time(self) -> OnTime:
        return on_time(session(), worker(), *self.span.moments)

    @cached_property
    def months(self) -> dict[str, Kept]:
        """By month, as it is told."""
        found = by_month(session(), worker(), self.span.month_moments)
        return {tell_month(month): kept for month, kept in zip(self.span.months, found, strict=True)}

    @cached_property
    def reopened(self) -> dict[str, Reopened]:
        return reopened(session(), worker(), *self.span.moments)

    @cached_property
    def all_reopened(self) -> Reopened:
        return sum(self.reopened.values(), start=Reopened())

    @cached_property
    def said(self) -> tuple[Said, dict[str, Said]]:
        return satisfaction(session(), worker(), *self.span.moments)

    @property
    def anything(self) -> bool:
        return bool(self.on_time.by_measure or self.reopened or self.said[0].answers)


@room.get("/repairs/reports")
@open_to(*MENDERS)
def reports() -> str | tuple[str, int]:
    """On time against each clock, by month, property and hazard; reopened; and how it went."""
    form, span = MonthsForm.from_address()
    page = render_template(
        "repairs_desk/reports.html", form=form, span=span, report=Report(span) if span else None, fewest=FEWEST,
        measure_words=measure_words, measure_hint=measure_hint, hazard_words=hazard_words,
    )  # fmt: skip
    return page if span else (page, 422)


@room.get("/repairs/reports.<suffix>")
@open_to(*MENDERS)
def reports_file(suffix: str) -> Response:
    """One of the tables as a file; `by` says which. Homes and people are counted, and none is named."""
    by, (_form, span) = request.args.get("by", ""), MonthsForm.from_address()
    if span is None or by not in TABLES:
        abort(400)
    name = f"repairs-by-{by}-{span.first:%Y-%m}-{span.last:%Y-%m}"
    return table_answer(suffix, TABLES[by](Report(span)), name, title=gettext("Reports of repairs"))


def hazard_words(rule: str) -> str:
    """What a hazard of the law is called; empty is none."""
    if rule == EMERGENCY:
        return gettext("Emergency hazards")
    return words.kind_of(rule).name if rule else gettext("No hazard")


def measure_words(measure: Measure) -> str:
    """What had to be done."""
    return clock_words.task(measure.kind)


def measure_hint(measure: Measure) -> str:
    """For what, as `Damp or mould` or `No hazard, urgent`."""
    return hazard_words(measure.rule) if measure.legal else str(LEVELS[measure.rule])


def _by_clock(report: Report) -> Lines:
    head: list[object] = [gettext("Clock"), gettext("Hazard"), gettext("Limit"), *_kept_heads()]
    return [head, *(
        [measure_words(each), measure_hint(each), str(clock_words.limit_words(each.limit)), *_kept_cells(kept)]
        for each, kept in report.on_time.by_measure.items()
    )]  # fmt: skip


def _by_property(report: Report) -> Lines:
    return _kept(gettext("Property"), report.on_time.by_property)


def _by_hazard(report: Report) -> Lines:
    return _kept(gettext("Hazard"), {hazard_words(rule): kept for rule, kept in report.on_time.by_hazard.items()})


def _by_month(report: Report) -> Lines:
    return _kept(gettext("Month"), report.months)


def _reopened(report: Report) -> Lines:
    head: list[object] = [
        gettext("Property"), gettext("Finished"), gettext("Opened again"), gettext("Opened again, in percent")
    ]  # fmt: skip
    found: Lines = [[name, each.finished, each.reopened, each.percent] for name, each in report.reopened.items()]
    return [head, *found]


def _went(report: Report) -> Lines:
    total, by_property = report.said
    everywhere = {gettext("All properties"): total, **by_property}
    head: list[object] = [gettext("Property"), gettext("Answers"), *star_words()]
    few = [gettext("Too few answers")] + [""] * (len(star_words()) - 1)
    return [head, *([name, said.answers, *(said.stars or few)] for name, said in everywhere.items())]


def _kept(head: str, found: Mapping[str, Kept]) -> Lines:
    return [[head, *_kept_heads()], *([name, *_kept_cells(kept)] for name, kept in found.items())]


def _kept_heads() -> list[object]:
    return [
        gettext("In time"), gettext("Late"), gettext("In time, in percent"), gettext("Running"), gettext("Paused"),
        gettext("Not needed"),
    ]  # fmt: skip


def _kept_cells(kept: Kept) -> list[object]:
    percent = "" if kept.percent is None else kept.percent
    return [kept.met, kept.late, percent, kept.running, kept.paused, kept.needless]


TABLES: dict[str, Callable[[Report], Lines]] = {
    "clock": _by_clock, "property": _by_property, "hazard": _by_hazard, "month": _by_month, "reopened": _reopened,
    "went": _went,
}  # fmt: skip

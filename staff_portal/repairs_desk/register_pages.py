"""The register of hazards (Awaab's Law): every clock of the law that began between two days, to take home."""

from __future__ import annotations

from datetime import date, time, timedelta

from flask import Response, abort, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from staff_portal.repairs_desk.pages import room
from staff_portal.roles import MENDERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.repairs import words
from tenant_app.repairs.clocks import words as clock_words
from tenant_app.repairs.clocks.listing import legal_between
from tenant_app.repairs.clocks.models import RepairClock
from tenant_app.web.audience import open_to
from tenant_app.web.forms import DayField, Form
from tenant_app.web.house import house, session
from tenant_app.web.locale import language
from tenant_app.web.spreadsheets import csv_answer
from tenant_app.web.workbooks import workbook_answer

LONGEST = timedelta(days=371)
WEEKS = 12


class SpanForm(Form):
    """From which day to which."""

    first = DayField(_("From"), [validators.InputRequired(_("Choose a day"))])
    last = DayField(_("To"), [validators.InputRequired(_("Choose a day"))])


@room.get("/repairs/register")
@open_to(*MENDERS)
def register() -> str | tuple[str, int]:
    """How many of each clock were met, late, or still run."""
    form, span = _span()
    rows = _found(*span) if span else []
    page = render_template("repairs_desk/register.html", form=form, span=span, sums=_sums(rows))
    return page if span else (page, 422)


@room.get("/repairs/register.<suffix>")
@open_to(*MENDERS)
def register_file(suffix: str) -> Response:
    """The register as a file: one line a clock, homes by name and no tenant's."""
    if suffix not in ("csv", "xlsx"):
        abort(404)
    _form, span = _span()
    if span is None:
        abort(400)
    lines = _lines(_found(*span))
    name = f"hazards-{span[0]}-{span[1]}.{suffix}"
    if suffix == "csv":
        return csv_answer(lines, name)
    return workbook_answer(lines, name, title=gettext("Register of hazards"), rtl=language().rtl)


def _span() -> tuple[SpanForm, tuple[date, date] | None]:
    today = clock.today(house().settings.zone)
    given = "first" in request.args or "last" in request.args
    form = SpanForm(request.args if given else None, first=today - timedelta(weeks=WEEKS), last=today)
    if given and not form.valid():
        return form, None
    first, last = form.first.data, form.last.data
    assert first
    assert last
    if last < first:
        form.blame("last", gettext("Choose a day that is not before the first"))
    elif last - first >= LONGEST:
        form.blame("last", gettext("Choose at most a year and a week"))
    return form, None if form.problems else (first, last)


def _found(first: date, last: date) -> list[RepairClock]:
    zone = house().settings.zone
    since, until = clock.at(first, time(), zone), clock.at(last + timedelta(days=1), time(), zone)
    return list(session().scalars(legal_between(worker(), since, until)))


def _sums(rows: list[RepairClock]) -> list[tuple[str, int, int, int, int]]:
    """Of each kind of clock: how many, met in time, over or late, and still running in time."""
    found = []
    for kind in dict.fromkeys(row.kind for row in rows):
        mine = [row for row in rows if row.kind is kind]
        late = sum(row.breached for row in mine)
        met = sum(row.met for row in mine)
        found.append((clock_words.task(kind), len(mine), met, late, sum(r.running and not r.breached for r in mine)))
    return found


def _lines(rows: list[RepairClock]) -> list[list[object]]:
    zone = house().settings.zone

    def told(moment: object) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""  # type: ignore[attr-defined]

    head: list[object] = [
        gettext("Repair"), gettext("Property"), gettext("Home"), gettext("What"), gettext("Where"), gettext("Hazard"),
        gettext("We knew"), gettext("Clock"), gettext("Limit"), gettext("Began"), gettext("Due"), gettext("Done"),
        gettext("How it stands"),
    ]  # fmt: skip
    lines: list[list[object]] = [
        [str(row.repair_id)[-12:], row.repair.building.name, row.repair.home, words.kind_of(row.repair.kind).name,
         words.rooms_of(row.repair), row.rule, told(row.repair.aware_at), clock_words.task(row.kind),
         str(clock_words.limit_words(row)), told(row.started_at), told(row.due_at), told(row.met_at),
         str(clock_words.tag(clock_words.shown(row))[0])]
        for row in rows
    ]  # fmt: skip
    return [head, *lines]

"""The register of hazards (Awaab's Law): every clock of the law that began between two days, to take home."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, abort, render_template
from flask_babel import gettext

from staff_portal.repairs_desk.pages import room
from staff_portal.roles import MENDERS
from staff_portal.spans import Span, SpanForm
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.repairs import words
from tenant_app.repairs.clocks import words as clock_words
from tenant_app.repairs.clocks.listing import legal_between
from tenant_app.repairs.clocks.models import RepairClock
from tenant_app.web.audience import open_to
from tenant_app.web.house import house, session
from tenant_app.web.workbooks import table_answer

WEEKS = 12


@room.get("/repairs/register")
@open_to(*MENDERS)
def register() -> str | tuple[str, int]:
    """How many of each clock were met, late, or still run."""
    form, span = _span()
    rows = _found(span) if span else []
    page = render_template("repairs_desk/register.html", form=form, span=span, sums=_sums(rows))
    return page if span else (page, 422)


@room.get("/repairs/register.<suffix>")
@open_to(*MENDERS)
def register_file(suffix: str) -> Response:
    """The register as a file: one line a clock, homes by name and no tenant's."""
    _form, span = _span()
    if span is None:
        abort(400)
    name = f"hazards-{span.first}-{span.last}"
    return table_answer(suffix, _lines(_found(span)), name, title=gettext("Register of hazards"))


def _span() -> tuple[SpanForm, Span | None]:
    return SpanForm.from_address(clock.today(house().settings.zone) - timedelta(weeks=WEEKS))


def _found(span: Span) -> list[RepairClock]:
    return list(session().scalars(legal_between(worker(), *span.moments)))


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
         str(clock_words.limit_words(row.limit)), told(row.started_at), told(row.due_at), told(row.met_at),
         str(clock_words.tag(clock_words.shown(row))[0])]
        for row in rows
    ]  # fmt: skip
    return [head, *lines]

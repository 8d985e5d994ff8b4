"""What a tenant recorded, week by week."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext, ngettext

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.medication.history.weeks import Kind, PastWeek, kind_of, mark, monday_of, past_week, picture, week_name
from tenant_app.medication.models import Answer, Dose
from tenant_app.medication.slots import Slot
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import house, session
from tenant_app.web.locale import language, tell_day, tell_time, tell_weekday

room = Blueprint("medicine_history", __name__)


@room.get("/medicines/history")
@open_to(TENANT)
def show() -> str:
    """One week, this one unless `week` names another that there is something of."""
    zone = house().settings.zone
    today = clock.today(zone)
    try:
        past = past_week(session(), tenant(), monday_of(request.args.get("week") or week_name(today)), zone)
    except LookupError:
        abort(404)
    return render_template(
        "medication/history.html", past=past, drawn=_draw(past) if past.slots else "", kind_words=kind_words, mark=mark,
        kind_of=kind_of, said_of=said_of,
    )  # fmt: skip


def kind_words(kind: Kind) -> str:
    """What a mark is called."""
    return {
        Kind.TAKEN: gettext("Taken"), Kind.LATER: gettext("Taken later"), Kind.SKIPPED: gettext("Not taken"),
        Kind.NOT_RECORDED: gettext("Not recorded"), Kind.PAUSED: gettext("Paused"), Kind.NOW: gettext("Now"),
        Kind.TO_COME: gettext("To come"), Kind.OTHER: gettext("Something else"),
    }[kind]  # fmt: skip


def said_of(slot: Slot) -> list[tuple[str, str, Dose | None]]:
    """(name, what is recorded, the dose) of each medicine of a slot."""
    doses = {dose.medicine_id: dose for dose in slot.doses}
    return [(medicine.name, _said(slot, dose), dose)
            for medicine in slot.medicines for dose in [doses.get(medicine.id)]]  # fmt: skip


def _said(slot: Slot, dose: Dose | None) -> str:
    if dose is None:
        unsaid = slot.taken or slot.skipped  # something was said of the slot, but not of this medicine
        return kind_words(Kind.NOT_RECORDED if unsaid else kind_of(slot))
    if dose.answer is Answer.TAKEN:
        return kind_words(Kind.TAKEN)
    return kind_words(Kind(dose.answer) if dose.answer in set(Kind) else Kind.OTHER)


def _draw(past: PastWeek) -> str:
    days = past.week.days
    # The clock alone, without the name of the time of day: a picture has no room for lines that break.
    times = [tell_time(wall_time).striptags() for wall_time, _ in past.week.rows]
    widths = "short" if all(len(tell_weekday(day, "short")) <= 3 for day in days) else "narrow"
    heads = [(tell_weekday(day, widths), str(day.day)) for day in days]
    label = gettext("%(first)s to %(last)s", first=tell_day(days[0]), last=tell_day(days[6]))
    if past.taken:
        label += ". " + ngettext("Taken %(num)s time", "Taken %(num)s times", past.taken)
    today = clock.today(house().settings.zone)
    return picture(past.week, heads, times, label, today, rtl=language().rtl)

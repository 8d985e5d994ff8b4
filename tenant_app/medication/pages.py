"""The tenant's pages about medicines. Names of medicines stand here and nowhere else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.gate import tenant, visit
from tenant_app.medication.forms import WhenForm
from tenant_app.medication.models import Medicine
from tenant_app.medication.rules import (
    FURTHEST,
    PUT_OFF,
    DayClosed,
    Slot,
    StillToCome,
    answer_slot,
    may_put_off,
    may_record,
    overview,
    slot_at,
    snooze,
    standings_of,
    stop_medicine,
    undo,
    week_of,
)
from tenant_app.medication.stock.supply import errands
from tenant_app.medication.words import (
    days_words,
    food_words,
    form_words,
    gap_words,
    most_words,
    part_of_day,
    reason_words,
)
from tenant_app.medication.writing.drafts import draft_of
from tenant_app.medication.writing.forms import Kind
from tenant_app.reminders.subscriptions import wakes_any
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import say, tell_near_day, tell_time, tell_weekday

room = Blueprint("medication", __name__, template_folder="templates")

BACK = {"today": "today.show", "medicines": "medication.index", "gaps": "medication.fill_in"}
"""Pages that an answer leads back to, by what the form says in `from`."""

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@room.app_context_processor
def words() -> dict[str, object]:
    """What this room's partials need wherever they are shown.

    `dose_toast()` is the slot that an answer which led here was about, or None; `no_phone_rings()` is whether reminders
    stand in the app alone, though this phone could tell of them.
    """
    zone = house().settings.zone

    def dose_toast() -> Slot | None:
        day, _, hhmm = request.args.get("answered", "").partition("T")
        try:
            return slot_at(session(), tenant(), *_slot_key(day, hhmm), zone)
        except LookupError:
            return None

    return {
        "dose_toast": dose_toast, "no_phone_rings": _no_phone_rings,
        "may_put_off": may_put_off, "may_record": lambda day: may_record(day, zone),
        "part_of_day": part_of_day, "slot_page": _slot_address, "tell_slot": _tell_slot,
        "today_here": lambda: clock.today(zone), "column_head": _column_head, "back_from": BACK,
        "days_words": days_words, "food_words": food_words, "form_words": form_words, "gap_words": gap_words,
        "most_words": most_words, "reason_words": reason_words,
    }  # fmt: skip


def _no_phone_rings() -> bool:
    return house().settings.service_worker and not visit().shared and not wakes_any(session(), tenant())


def _slot_address(slot: Slot, came_from: str) -> str:
    return url_for("medication.slot", **{**slot.address, "from": came_from})


def _column_head(day: date) -> str:
    """`Mo`. Seven columns have no room for the languages that shorten their weekdays to whole words."""
    short = tell_weekday(day, "short")
    return short if len(short) <= 2 else tell_weekday(day, "narrow")


def _tell_slot(slot: Slot) -> Markup:
    """`9:00 am` for today, `Yesterday, 9:00 am` for another day."""
    if slot.day == clock.today(house().settings.zone):
        return tell_time(slot.wall_time)
    return say("%(day)s, %(time)s", day=tell_near_day(slot.day), time=tell_time(slot.wall_time))


@room.get("/medicines")
@open_to(TENANT)
def index() -> str:
    """What is due now, today, this week, and all medicines."""
    zone = house().settings.zone
    today, medicines = clock.today(zone), session().scalars(Medicine.of(tenant())).all()
    return render_template(
        "medication/index.html", view=overview(session(), tenant(), zone), today=today,
        going_on=[medicine for medicine in medicines if medicine.goes_on(today)],
        over=[medicine for medicine in medicines if not medicine.goes_on(today)],
        needed=standings_of(session(), [each for each in medicines if each.as_needed and each.goes_on(today)]),
        draft=draft_of(session(), tenant()), errands=errands(session(), tenant(), zone),
    )  # fmt: skip


@room.get("/medicines/<uuid:medicine_id>")
@open_to(TENANT)
def show(medicine_id: UUID) -> str:
    """One medicine: what the label says, when it is taken, and the ways to change it."""
    zone, medicine = house().settings.zone, find(Medicine.of(tenant()), medicine_id)
    return render_template(
        "medication/show.html", medicine=medicine, kind=Kind.of(medicine), today=clock.today(zone),
        next_due=medicine.next_due(clock.now(), zone),
    )  # fmt: skip


@room.post("/medicines/<uuid:medicine_id>/stop")
@open_to(TENANT)
def stop(medicine_id: UUID) -> Response:
    """It is no longer taken."""
    stop_medicine(session(), find(Medicine.of(tenant()), medicine_id), house().settings.zone)
    flash(gettext("We will not remind you of it any more. What you recorded stays."))
    return redirect(url_for("medication.index"), 303)


@room.get("/medicines/fill-in")
@open_to(TENANT)
def fill_in() -> str:
    """Slots of the last days of which nothing is recorded."""
    return render_template("medication/fill_in.html", view=overview(session(), tenant(), house().settings.zone))


@room.get("/medicines/slots/<day>/<hhmm>")
@open_to(TENANT)
def slot(day: str, hhmm: str) -> str:
    """One slot. While it is due: when shall we ask again? Otherwise: what is recorded, to put right."""
    found = find_slot(day, hhmm)
    if not may_record(found.day, house().settings.zone):
        abort(404)
    return _slot_page(found, WhenForm.asked(at=_told_time(found)))


@room.post("/medicines/slots/<day>/<hhmm>")
@open_to(TENANT)
def answer(day: str, hhmm: str) -> str | tuple[str, int] | Response:
    """Taken, not now, skipped, or nothing after all. `answer` states the result, so a double tap changes nothing."""
    zone, slot, said = house().settings.zone, find_slot(day, hhmm), request.form.get("answer")
    form = WhenForm.asked()
    try:
        if said == "later":
            return _put_off(slot)
        if said == "undo":
            return _answered(undo(session(), tenant(), slot.day, slot.wall_time, zone), told=False)
        if said not in ("taken", "skipped"):
            abort(400)
        if form.valid():
            at = form.at.data or _tapped_at()
            return _answered(answer_slot(session(), tenant(), slot.day, slot.wall_time, said, zone, at=at), told=True)
    except DayClosed:
        abort(400)
    except StillToCome:
        form.blame("at", gettext("Choose a time that has passed"))
    return _slot_page(slot, form), 422


def _put_off(slot: Slot) -> str | tuple[str, int] | Response:
    if not may_record(slot.day, house().settings.zone):
        raise DayClosed(slot.day)
    minutes = request.form.get("minutes", "")
    if not minutes:
        if request.htmx:  # type: ignore[attr-defined]
            return render_template("medication/_not_now.html", slot=slot, came_from=came_from())
        return redirect(_slot_address(slot, came_from()), 303)
    if minutes not in map(str, PUT_OFF):
        abort(400)
    tapped, zone = _tapped_at(), house().settings.zone
    planned = snooze(session(), tenant(), slot.day, slot.wall_time, int(minutes), zone, tapped=tapped)
    fresh = slot_at(session(), tenant(), slot.day, slot.wall_time, zone)
    if planned is not None or not (fresh.due or fresh.not_recorded):
        return _answered(fresh, told=planned is not None)
    if tapped is not None:
        abort(409)  # nobody looks at a page that could say it: they would wait for a reminder that does not come
    if not request.htmx:  # type: ignore[attr-defined]
        return _slot_page(fresh, WhenForm(None), over=fresh.not_recorded), 422
    if fresh.not_recorded:
        return _answered(fresh, told=False, over=True)
    return render_template("medication/_not_now.html", slot=fresh, came_from=came_from()), 422


def _answered(slot: Slot, *, told: bool, over: bool = False) -> str | Response:
    """The slot's card as it is now, and what was recorded with a way back; without htmx, the page one came from."""
    if request.htmx:  # type: ignore[attr-defined]
        zone = house().settings.zone
        week = None if came_from() == "today" else week_of(session(), tenant(), clock.today(zone), zone)
        return render_template(
            "medication/_answered.html", slot=slot, came_from=came_from(), from_today=came_from() == "today",
            named=came_from() != "today", week=week, told=told, over=over,
        )  # fmt: skip
    return redirect(url_for(BACK[came_from()], answered=slot.key if told else None), 303)


def _slot_page(slot: Slot, form: WhenForm, *, over: bool = False) -> str:
    return render_template("medication/slot.html", slot=slot, form=form, came_from=came_from(), over=over)


def came_from() -> str:
    """Which page an answer leads back to: a key of `BACK`."""
    said = request.form.get("from") or request.args.get("from") or ""
    return said if said in BACK else "medicines"


def _told_time(slot: Slot) -> time | None:
    return slot.taken_at.astimezone(house().settings.zone).time() if slot.taken_at else None


def _tapped_at() -> datetime | None:
    """When a phone says that this was tapped, where it had to wait or was tapped on a notification. What cannot be read
    is a moment in no slot's window."""
    said = request.form.get("tapped_at")
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return LONG_AGO
    return moment if moment.tzinfo is not None else LONG_AGO


def find_slot(day: str, hhmm: str) -> Slot:
    """The slot that an address means, or 404."""
    try:
        return slot_at(session(), tenant(), *_slot_key(day, hhmm), house().settings.zone)
    except LookupError:
        abort(404)


def _slot_key(day: str, hhmm: str) -> tuple[date, time]:
    """What an address means. Raises `LookupError` if nothing can be planned then."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) or not re.fullmatch(r"[0-9]{4}", hhmm):
        raise LookupError(day, hhmm)
    try:
        found = date.fromisoformat(day), time(int(hhmm[:2]), int(hhmm[2:]))
    except ValueError as error:
        raise LookupError(day, hhmm) from error
    if abs(found[0] - clock.now().date()) > FURTHEST:
        raise LookupError(day, hhmm)
    return found

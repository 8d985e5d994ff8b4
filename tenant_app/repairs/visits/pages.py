"""The tenant's pages about a repair that was sent: when somebody comes, words to the desk, and whether it is fixed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from tenant_app.accounts.gate import tenant
from tenant_app.accounts.once import say_done
from tenant_app.repairs import words
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.showing import show_repair
from tenant_app.repairs.visits import words as visit_words
from tenant_app.repairs.visits.forms import NONE_FITS, CancelForm, ChooseForm, MessageForm, RatingForm
from tenant_app.repairs.visits.models import VisitSlot, visit_span
from tenant_app.repairs.visits.rules import (
    Gone,
    TooLate,
    cancel,
    choose,
    none_fits,
    opened,
    rate,
    rating_of,
    say_fixed,
    write,
)
from tenant_app.repairs.visits.slots import begun
from tenant_app.repairs.windows import read_window
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.calendars import Entry, calendar_file, calendar_of
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language

room = Blueprint("repair_visits", __name__, template_folder="templates")

Answer = str | tuple[str, int] | AnyResponse


@room.context_processor
def sentences() -> dict[str, object]:
    """What the page of a repair says."""
    return {
        "sentence": words.sentence, "tell_hours": words.tell_hours,
        **visit_words.in_templates(),
    }  # fmt: skip


@room.route("/repairs/<uuid:repair_id>/times", methods=["GET", "POST"])
@open_to(TENANT)
def times(repair_id: UUID) -> Answer:
    """Choose one of the times on offer, change to another, or say that none suits and when would."""
    repair = _sent(repair_id)
    slots = session().scalars(VisitSlot.open_of(repair)).all()
    form: ChooseForm = ChooseForm.asked().offer(slots)
    if request.method == "GET":
        if repair.visit_on:
            form.slot.data = next((str(slot.id) for slot in slots if slot.when == _visit(repair)), None)
        return _choose(repair, form)
    slot = find(VisitSlot.of(repair), form.chosen) if form.chosen else None
    if not form.valid():
        return _choose(repair, form), 422
    try:
        if slot is None:
            none_fits(session(), repair, form.suits.data or "", language=language().code)
            flash(gettext("We have it. We will look for another time."))
        else:
            choose(session(), repair, slot, house().settings.zone)
            flash(gettext("Booked."))
    except TooLate:
        return _choose(repair, form, moved_on=True), 409
    except Gone:
        assert slot is not None
        form.slot.data = None
        form.blame("slot", gettext("That time is not free any more. Choose another"))
        return _choose(repair, form, gone=slot), 409
    return _back(repair)


@room.route("/repairs/<uuid:repair_id>/cancel", methods=["GET", "POST"])
@open_to(TENANT)
def off(repair_id: UUID) -> Answer:
    """Call the visit off, perhaps with a word why. The form says which visit it was about."""
    repair = _sent(repair_id)
    form = CancelForm.asked()
    if request.method == "GET":
        return _back(repair) if repair.visit_on is None else _call_off(repair, form)
    seen = _said_visit()
    if not form.valid():
        return _call_off(repair, form), 422
    try:
        cancel(session(), repair, seen, house().settings.zone, why=form.why.data or "", language=language().code)
    except TooLate:
        return _call_off(repair, form, moved_on=True), 409
    flash(gettext("Called off. We can find another time."))
    return _back(repair)


@room.get("/repairs/<uuid:repair_id>/visit.ics")
@open_to(TENANT)
def calendar(repair_id: UUID) -> Response:
    """The visit as a file for a calendar; it says what it is about if the tenant's locked phone may."""
    repair = find(Repair.of(tenant()), repair_id)
    if repair.visit_on is None:
        abort(404)
    zone, address, named = house().settings.zone, house().settings.tenant_url, tenant().named_on_lock_screen
    starts_at, ends_at = visit_span(repair.visit_on, repair.visit_window, zone)
    entry = Entry(
        uid=f"{repair.id}@{address.partition('://')[2]}", sequence=repair.version, starts_at=starts_at,
        ends_at=ends_at, zone=zone.key, off=False,
        summary=gettext("Visit: %(what)s", what=words.kind_of(repair.kind).name) if named
        else gettext("Something is planned"),
        url=f"{address}/repairs/{repair.id}" if named else f"{address}/",
    )  # fmt: skip
    return calendar_file(calendar_of([entry], name=house().settings.app_name), "visit.ics")


@room.post("/repairs/<uuid:repair_id>/message")
@open_to(TENANT)
def say(repair_id: UUID) -> Answer:
    """A line to the desk."""
    repair = _sent(repair_id)
    form = MessageForm.asked(prefix="message")
    if not form.valid():
        return show_repair(repair, message=form), 422
    write(session(), repair, form.words.data, language=language().code)
    say_done(gettext("Sent"))
    flash(gettext("We have it. We read it when we are at work."))
    return _back(repair, anchor="story")


@room.post("/repairs/<uuid:repair_id>/read")
@open_to(TENANT)
def read(repair_id: UUID) -> AnyResponse:
    """The tenant has read what is new."""
    repair = _sent(repair_id)
    opened(session(), repair)
    return _back(repair)


@room.post("/repairs/<uuid:repair_id>/fixed")
@open_to(TENANT)
def fixed(repair_id: UUID) -> Answer:
    """It is fixed. On to how it went, if they like."""
    repair = _sent(repair_id)
    try:
        say_fixed(session(), repair)
    except TooLate:
        return show_repair(repair, moved_on=True), 409
    return redirect(url_for("repair_visits.how", repair_id=repair.id), 303)


@room.route("/repairs/<uuid:repair_id>/how", methods=["GET", "POST"])
@open_to(TENANT)
def how(repair_id: UUID) -> Answer:
    """How it went, once it is closed. Said again, it is what they say now."""
    repair = _sent(repair_id)
    said = rating_of(session(), repair)
    form = RatingForm.asked(stars=said.stars if said else None, words=said.words if said else "")
    if request.method == "GET":
        return render_template("repairs/how.html", repair=repair, form=form) if _closed(repair) else _back(repair)
    if not form.valid():
        return render_template("repairs/how.html", repair=repair, form=form), 422
    try:
        rate(session(), repair, form.stars.data, form.words.data or "", language=language().code)
    except TooLate:
        return show_repair(repair, moved_on=True), 409
    flash(gettext("Thank you for telling us."))
    return _back(repair)


def _sent(repair_id: UUID) -> Repair:
    """A repair that the desk has, held for a POST until it is answered."""
    sent = Repair.whole(Repair.of(tenant()).where(Repair.state != State.DRAFT))
    return find(sent if request.method == "GET" else sent.with_for_update(of=Repair), repair_id)


def _back(repair: Repair, anchor: str | None = None) -> AnyResponse:
    return redirect(url_for("repairs.show", repair_id=repair.id, _anchor=anchor), 303)


def _closed(repair: Repair) -> bool:
    return repair.state is State.CLOSED


def _visit(repair: Repair) -> tuple[date | None, str]:
    return repair.visit_on, repair.visit_window


def _said_visit() -> tuple[date, str]:
    """Which visit the page was about; 400 for what no page of ours says."""
    try:
        day, window = date.fromisoformat(request.form.get("visit_on", "")), request.form.get("visit_window", "")
        if read_window(window) is None:
            abort(400)
    except ValueError:
        abort(400)
    return day, window


def _choose(repair: Repair, form: ChooseForm, *, gone: VisitSlot | None = None, moved_on: bool = False) -> str:
    slots = session().scalars(VisitSlot.open_of(repair)).all()
    return render_template(
        "repairs/times.html", repair=repair, form=form, slots=slots, none_fits=NONE_FITS, gone=gone, moved_on=moved_on,
        begun=begun(repair, house().settings.zone),
    )  # fmt: skip


def _call_off(repair: Repair, form: CancelForm, *, moved_on: bool = False) -> str:
    return render_template(
        "repairs/cancel.html", repair=repair, form=form, moved_on=moved_on,
        begun=begun(repair, house().settings.zone),
    )  # fmt: skip

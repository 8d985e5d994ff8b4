"""All that was ever said to a tenant, and how and where they want to be reminded."""

from __future__ import annotations

import hashlib
from datetime import date, time, timedelta
from itertools import groupby
from uuid import UUID

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import tenant, visit
from tenant_app.accounts.leaving import on_leaving
from tenant_app.reminders.addresses import Address
from tenant_app.reminders.carriers import offered
from tenant_app.reminders.forms import QuietForm
from tenant_app.reminders.models import Notice, Subscription
from tenant_app.reminders.notices import TEST
from tenant_app.reminders.preferences import EVERYTHING, Group, Lead, ReminderPreference, preference_of
from tenant_app.reminders.reach import last_test
from tenant_app.reminders.rules import announce
from tenant_app.reminders.subscriptions import lost_channels, turn_off, unsubscribe, unsubscribe_device
from tenant_app.reminders.wording import Words, full_words
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated, tidy
from tenant_app.web.house import find, house, session

log = structlog.get_logger()

room = Blueprint("reminders", __name__, template_folder="templates")

A_PAGE = 50
LAST_PAGE = 10_000


@room.get("/reminders")
@open_to(TENANT)
def index() -> str:
    """Everything said to this tenant, newest first and by day, whether or not a phone took it."""
    number = request.args.get("page", "1")
    if not number.isdecimal() or not 1 <= int(number[:9]) <= LAST_PAGE:
        abort(404)
    skipped = (int(number) - 1) * A_PAGE
    found = session().scalars(Notice.of(tenant()).offset(skipped).limit(A_PAGE + 1)).all()
    said = [(notice, _words(notice)) for notice in found[:A_PAGE]]
    return render_template(
        "reminders/index.html",
        days=[(day, list(them)) for day, them in groupby(said, key=lambda pair: _day(pair[0]))],
        lit=next((notice for notice, _ in said if notice.seen_at is None), None),
        number=int(number),
        more=len(found) > A_PAGE,
        lost=lost_channels(session(), tenant()),
    )


@room.post("/reminders/<uuid:notice_id>")
@open_to(TENANT)
def see(notice_id: UUID) -> Response:
    """The tenant has read this one, and goes where it leads."""
    notice = find(Notice.of(tenant()), notice_id)
    if not stated("seen"):
        abort(400)
    notice.see()
    return redirect(request.script_root + _words(notice).address, 303)


@room.get("/settings/reminders")
@open_to(TENANT)
def settings() -> str:
    """Which phones are woken, of what, how early, in which hours quietly, and what a locked one shows."""
    return _settings()


def _settings(quiet: QuietForm | None = None) -> str:
    browsers = session().scalars(_browsers()).all()
    chosen = preference_of(session(), tenant())
    return render_template(
        "reminders/settings.html",
        tenant=tenant(),
        browsers=[(browser, hashlib.sha256(browser.endpoint.encode()).hexdigest()) for browser in browsers],
        lost=lost_channels(session(), tenant()),
        shared=visit().shared,
        example=time(11),
        chosen=chosen,
        groups=Group,
        quiet=quiet or QuietForm(None, quiet_from=chosen.quiet_from or time(22), quiet_to=chosen.quiet_to or time(7)),
        quiet_until=chosen.quiet_until(clock.now(), house().settings.zone),
        test=last_test(session(), tenant()),
        carriers=offered(house().settings),
        addresses={address.carrier: address for address in session().scalars(Address.of(tenant()))},
    )


@room.post("/settings/reminders/lock-screen")
@open_to(TENANT)
def choose_lock_screen() -> Response:
    """Let a locked phone say what a reminder is about, or no longer."""
    tenant().named_on_lock_screen = stated("named")
    return _saved("locked")


@room.post("/settings/reminders/kinds")
@open_to(TENANT)
def choose_kinds() -> Response:
    """Which reminders phones tell of. Medicines are asked about once more before they fall silent."""
    wanted = set(request.form.getlist("kind"))
    row = ReminderPreference.of(session(), tenant())
    asks = Group.MEDICINES not in wanted and Group.MEDICINES not in row.muted
    for group in EVERYTHING - ({Group.MEDICINES} if asks else set()):
        row.mute(group, group not in wanted)
    return redirect(url_for("reminders.ask_about_medicines"), 303) if asks else _saved("kinds")


@room.get("/settings/reminders/medicines")
@open_to(TENANT)
def ask_about_medicines() -> str:
    """Whether phones really are to say nothing of medicines."""
    return render_template("reminders/medicines.html")


@room.post("/settings/reminders/medicines")
@open_to(TENANT)
def choose_medicines() -> Response:
    """Let phones say nothing of medicines, or go on."""
    ReminderPreference.of(session(), tenant()).mute(Group.MEDICINES, stated("muted"))
    return _saved("kinds")


@room.post("/settings/reminders/groups")
@open_to(TENANT)
def choose_lead() -> Response:
    """How early phones tell of a group session."""
    try:
        lead = Lead(request.form.get("lead", ""))
    except ValueError:
        abort(400)
    ReminderPreference.of(session(), tenant()).lead(Group.GROUPS, lead)
    return _saved("early")


@room.post("/settings/reminders/quiet")
@open_to(TENANT)
def choose_quiet() -> Response | tuple[str, int]:
    """In which hours phones make no sound."""
    form = QuietForm.asked()
    if not form.valid():
        return _settings(form), 422
    ReminderPreference.of(session(), tenant()).keep_quiet(form.quiet_from.data, form.quiet_to.data)
    return _saved("quiet")


@room.post("/settings/reminders/quiet/end")
@open_to(TENANT)
def end_quiet() -> Response:
    """No quiet hours any more."""
    ReminderPreference.of(session(), tenant()).stop_quiet()
    return _saved("quiet")


@room.post("/settings/reminders/phones/<uuid:browser_id>")
@open_to(TENANT)
def remove(browser_id: UUID) -> Response:
    """Wake this phone no longer."""
    turn_off(session(), find(_browsers(), browser_id))
    flash(gettext("That phone gets no more reminders."))
    return redirect(url_for("reminders.settings"), 303)


@room.post("/settings/reminders/phones/<uuid:browser_id>/name")
@open_to(TENANT)
def rename(browser_id: UUID) -> Response:
    """Call this phone something. Nothing gives it back the name it came with."""
    browser = find(_browsers(), browser_id)
    browser.own_name = " ".join((tidy(request.form.get("name")) or "").split())[:40]
    return _saved("phones")


@room.post("/settings/reminders/lost")
@open_to(TENANT)
def see_lost() -> Response:
    """The tenant knows which phones stopped taking reminders."""
    for lost in lost_channels(session(), tenant()):
        lost.see()
    return redirect(url_for("reminders.settings"), 303)


@room.post("/settings/reminders/test")
@open_to(TENANT)
def send_test() -> Response:
    """Send a reminder that says only that reminders arrive; one a minute, however often it is asked for."""
    now = clock.now()
    announce(
        session(), tenant(), TEST, source=f"{TEST}:{tenant().id}", occurrence=f"{now:%Y-%m-%dT%H:%M}",
        lasts=timedelta(minutes=15),
    )  # fmt: skip
    if session().scalar(_browsers().limit(1)) is not None:
        flash(gettext("The test is on its way. It can take a minute."))
    elif any(address.usable for address in session().scalars(Address.of(tenant()))):
        flash(gettext("No phone is turned on, so the test goes to your address. It can take a minute."))
    else:
        flash(gettext("No phone is turned on yet, so the test is only in your list of reminders."))
    return redirect(url_for("reminders.settings"), 303)


def _saved(section: str) -> Response:
    flash(gettext("Your choice is saved."))
    return redirect(url_for("reminders.settings", _anchor=section), 303)


def _browsers() -> Select[Subscription]:
    owned = select(Subscription).where(Subscription.person_id == tenant().id)
    return owned.order_by(Subscription.made_at.desc(), Subscription.id)


def _day(notice: Notice) -> date:
    return notice.due_at.astimezone(house().settings.zone).date()


def _words(notice: Notice) -> Words:
    try:
        return full_words(notice)
    except Exception as error:
        # The list is complete even where a feature stumbles over something it once said.
        log.error("notice_without_words", notice=str(notice.id), kind=notice.kind, error=type(error).__name__)
        return Words(gettext("A reminder"), "", url_for("reminders.index"))


def _forget_browser(leaving_session: Session, visit: Visit, endpoint: str) -> None:
    """A browser that is signed out is woken for nobody. A lost phone cannot say which it is: then its name decides,
    unless the same person is still signed in on another of that name, whose reminders must go on."""
    if endpoint:
        unsubscribe(leaving_session, visit.person, endpoint)
    elif leaving_session.scalars(Visit.of(visit.person).where(Visit.device == visit.device).limit(1)).first() is None:
        unsubscribe_device(leaving_session, visit.person, visit.device)


on_leaving.append(_forget_browser)

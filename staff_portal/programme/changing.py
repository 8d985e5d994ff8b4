"""Changing one session or the rest of its series, and calling them off; how many are told is said before."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from staff_portal.programme.fields import wall_time
from staff_portal.programme.forms import HELPERS, ChangeForm
from staff_portal.programme.meanwhile import changed_since, edition_of
from staff_portal.programme.room import helpers, leads, room
from staff_portal.programme.trained import Untrained, untrained
from staff_portal.roles import REGISTER_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.arranging import Arrangement, Clashing
from tenant_app.groups.programme.changing import Stale, call_off_sessions, change_sessions
from tenant_app.groups.programme.foreseeing import (
    Change,
    Outcome,
    PlacesTaken,
    foresee,
    how_many_told,
    is_so_already,
    rest_of,
)
from tenant_app.groups.programme.planning import Past
from tenant_app.groups.programme.series import NoSuchTime
from tenant_app.groups.rules import Cancelled, Started
from tenant_app.groups.titles import title
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.locale import say_number


@room.route("/programme/<uuid:session_id>/change", methods=["GET", "POST"])
@open_to(*REGISTER_KEEPERS)
def change(session_id: UUID) -> str | tuple[str, int] | Response:
    """Ask how it is to be, show what would come of it and how many are told, and only then change it."""
    it = _found(session_id)
    people = helpers(it)
    form: ChangeForm = ChangeForm.looked(**_as_it_is(it))
    form.offer(leads(people) | {str(it.facilitator_id): it.facilitator}, people, {*it.spoken, *it.interpreted})
    form.rest.choices = [("0", ""), ("1", "")]
    if it.cancelled or it.started:
        return _ask(it, form), 409 if form.shown else 200
    if not form.shown:
        return _ask(it, form)
    rest = form.rest.data == "1"
    wanted = form.change(people) if form.makes_sense() else None
    if not edition_of(it, form.seen.data, rest=rest):
        if wanted and is_so_already(session(), worker(), it, wanted, rest=rest):
            return _done_before(it)
        return _ask(it, form, stale=True), 409
    outcome = _outcome(form, it, wanted, rest=rest) if wanted else None
    if wanted is None or outcome is None:
        return _ask(it, form), 422
    missing = untrained(it.kind, [(each.wanted.arrangement, each.day) for each in outcome.altered if each.wanted])
    if request.method == "GET":
        return _preview(it, form, outcome, missing)
    if missing.stops:
        return _preview(it, form, outcome, missing, refused=True), 422
    try:
        done = change_sessions(
            session(), worker(), it, wanted, rest=rest, seen=form.seen.data,
            despite_place_clashes=request.form.get("despite") == "1",
        )  # fmt: skip
    except Clashing as refused:
        outcome = Outcome(outcome.altered, outcome.told, refused.clashes)
        return _preview(it, form, outcome, missing, refused=True), 422
    except (Stale, Cancelled, Started) as refused:
        if isinstance(refused, Stale) and is_so_already(session(), worker(), it, wanted, rest=rest):
            return _done_before(it)
        return _ask(it, form, stale=True), 409
    flash(_done(done.told))
    return redirect(url_for("programme.show", session_id=it.id), 303)


@room.route("/programme/<uuid:session_id>/call-off", methods=["GET", "POST"])
@open_to(*REGISTER_KEEPERS)
def call_off(session_id: UUID) -> str | tuple[str, int] | Response:
    """Call it off, or it and the rest; `rest` states which. Done twice, nothing more happens."""
    it = _found(session_id)
    if request.method == "GET":
        return _ask_to_call_off(it)
    rest = stated("rest")
    concerned = rest_of(session(), worker(), it) if rest else [it]
    if it.cancelled:
        if len(concerned) > 1:
            flash(gettext("This session was called off before. Those after it are still on."))
        return redirect(url_for("programme.show", session_id=it.id), 303)
    told = how_many_told(session(), concerned)
    try:
        called_off = call_off_sessions(session(), worker(), it, rest=rest, seen=request.form.get("seen", ""))
    except (Stale, Started):
        return _ask_to_call_off(it, stale=True), 409
    if called_off:
        flash(say_number(
            "%(title)s is called off. We are telling %(num)s person.",
            "%(title)s is called off. We are telling %(num)s people.", told, title=title(it.kind),
        ))  # fmt: skip
    return redirect(url_for("programme.show", session_id=it.id), 303)


def _done_before(it: GroupSession) -> Response:
    flash(gettext("It is so already. Nobody was told twice."))
    return redirect(url_for("programme.show", session_id=it.id), 303)


def _found(session_id: UUID) -> GroupSession:
    return find(GroupSession.led_by(worker()).options(selectinload(GroupSession.beside)), session_id)


def _as_it_is(it: GroupSession) -> dict[str, Any]:
    """The session as the form would say it."""
    starts, ends = (wall_time(moment.astimezone(ZoneInfo(it.zone))) for moment in (it.starts_at, it.ends_at))
    values: dict[str, Any] = {
        "day": it.day, "starts": starts, "ends": ends,
        "place": it.place, "link": it.link, "capacity": it.capacity, "lead": str(it.facilitator_id),
        "step_free": it.step_free, "access_note": it.access_note, "languages": it.spoken, "interpreter": it.interpreted,
    }  # fmt: skip
    for number, each in zip(HELPERS, Arrangement.of(it).beside, strict=False):
        values |= {f"beside_{number}": str(each[0].id), f"part_{number}": each[1].value}
    plain = {name: values[name] if isinstance(values[name], (list, bool)) else str(values[name]) for name in values}
    return values | {"seen": it.edition, "was": json.dumps(plain, separators=(",", ":"))}


def _outcome(form: ChangeForm, it: GroupSession, wanted: Change, *, rest: bool) -> Outcome | None:
    """What would come of the change; None where a field is to blame."""
    try:
        return foresee(session(), worker(), it, wanted, rest=rest)
    except NoSuchTime as refused:
        form.blame_gaps(refused)
    except PlacesTaken as refused:
        form.blame_capacity(refused)
    except Past:
        earlier_today = wanted.day == clock.today(ZoneInfo(it.zone))
        form.blame("starts" if earlier_today else "day", gettext("Choose a time that is still to come"))
    return None


def _ask(it: GroupSession, form: ChangeForm, *, stale: bool = False) -> str:
    meanwhile = []
    if stale or it.cancelled or it.started:
        session().refresh(it)
        now = _as_it_is(it)
        meanwhile = changed_since(form, form.was.data, now["was"], helpers(it)) if form.shown else []
        form.seen.data, form.was.data = now["seen"], now["was"]
    later = 0 if it.cancelled or it.started else len(rest_of(session(), worker(), it)) - 1
    return render_template(
        "programme/change.html", it=it, form=form, later=later, stale=stale, meanwhile=meanwhile, numbers=HELPERS
    )


def _preview(
    it: GroupSession, form: ChangeForm, outcome: Outcome, missing: Untrained, *, refused: bool = False
) -> str:
    # The key makes a second tap on the button the same request: otherwise it would find that "somebody" changed this.
    return render_template(
        "programme/change_preview.html", it=it, form=form, outcome=outcome, missing=missing, refused=refused,
        key=uuid4().hex,
    )  # fmt: skip


def _ask_to_call_off(it: GroupSession, *, stale: bool = False) -> str:
    if stale:
        session().refresh(it)
    rest = [] if it.cancelled or it.started else rest_of(session(), worker(), it)
    return render_template(
        "programme/call_off.html", it=it, rest=rest, stale=stale, told_one=how_many_told(session(), [it]),
        told_rest=how_many_told(session(), rest) if len(rest) > 1 else 0,
    )  # fmt: skip


def _done(told: int) -> str:
    if told:
        return say_number("Changed. We are telling %(num)s person.", "Changed. We are telling %(num)s people.", told)
    return gettext("Changed. Nobody needs to be told.")

"""The tenant's pages about groups. Who else comes is nobody's business: they count people and name none."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.groups.models import GroupSession
from tenant_app.groups.rules import (
    NoPlace,
    book_place,
    booked_between,
    cancel_place,
    join_waiting_list,
    leave_waiting_list,
)
from tenant_app.groups.showing import Shown, shown
from tenant_app.groups.titles import programme, spoken_at
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session

room = Blueprint("groups", __name__, template_folder="templates")

WEEK = timedelta(days=7)
SHOWN = ("week", "all", "booked")


@room.context_processor
def words() -> dict[str, object]:
    """What sessions are called, and in which languages they are held."""
    return {"programme": programme, "spoken_at": spoken_at}


@room.get("/groups")
@open_to(TENANT)
def index() -> str:
    """What is on: in the next seven days, at all, or where this tenant has a place."""
    show = request.args.get("show", "week")
    ahead = session().scalars(GroupSession.of(tenant()).where(GroupSession.ends_at > clock.now())).all()
    every = [offer for offer in shown(session(), tenant(), ahead) if _concerns(offer)]
    chosen = {
        "week": [offer for offer in every if offer.group_session.starts_at < clock.now() + WEEK],
        "booked": [offer for offer in every if offer.has_place],
    }.get(show, every)
    return render_template(
        "groups/index.html", offers=chosen, show=show if show in SHOWN else "all", lit=_lit(),
        booked=sum(offer.has_place for offer in every),
    )  # fmt: skip


@room.get("/groups/<uuid:session_id>")
@open_to(TENANT)
def show(session_id: UUID) -> str:
    """One session: when, where, what happens there, and the tenant's place in it."""
    return render_template("groups/show.html", offer=_offer(find(GroupSession.of(tenant()), session_id)), lit=_lit())


@room.post("/groups/<uuid:session_id>/place")
@open_to(TENANT)
def place(session_id: UUID) -> str | tuple[str, int] | Response:
    """Book a place or give it back (`booked`), join the waiting list or leave it (`waiting`)."""
    group_session = find(GroupSession.of(tenant()), session_id)
    refusal: NoPlace | None = None
    try:
        _change_place(group_session)
    except NoPlace as error:
        refusal = error
    offer, given_back = _offer(group_session), request.form.get("booked") == "0"
    if request.htmx:  # type: ignore[attr-defined]
        # A refusal too is a card: htmx swaps in only answers below 400, and nothing was changed.
        return render_template(
            "groups/_card.html", offer=offer, lit=_lit(), whole=_from_whole(), show=_list(), refusal=_name(refusal),
            given_back=given_back,
        )  # fmt: skip
    if refusal:
        return render_template("groups/refused.html", offer=offer, refusal=_name(refusal)), 409
    if given_back:
        flash(gettext("Somebody else can have your place now."))
    if _from_whole():
        return redirect(url_for("groups.show", session_id=session_id), 303)
    return redirect(url_for("groups.index", show=_list(), _anchor=f"session-{session_id}"), 303)


def _change_place(group_session: GroupSession) -> None:
    if "booked" in request.form:
        change = book_place if stated("booked") else cancel_place
    elif "waiting" in request.form:
        change = join_waiting_list if stated("waiting") else leave_waiting_list
    else:
        abort(400)
    change(session(), tenant(), group_session)


def _offer(group_session: GroupSession) -> Shown:
    return shown(session(), tenant(), [group_session])[0]


def _concerns(offer: Shown) -> bool:
    """A session that is called off is still told to those who had a place or waited."""
    return not offer.group_session.cancelled or offer.has_place or offer.waits


def _lit() -> UUID | None:
    """The one session that is lit: the next today in which the tenant has a place."""
    zone = house().settings.zone
    midnight = clock.at(clock.today(zone) + timedelta(days=1), time(), zone)
    booked = [each for each in booked_between(session(), tenant(), _morning(), midnight) if not each.group_session.over]
    return booked[0].session_id if booked else None


def _morning() -> datetime:
    zone = house().settings.zone
    return clock.at(clock.today(zone), time(), zone)


def _name(refusal: NoPlace | None) -> str:
    """`full`, `started` or `cancelled`; empty where nothing was refused."""
    return type(refusal).__name__.lower() if refusal else ""


def _from_whole() -> bool:
    """Whether the button stood on the session's own page."""
    return request.form.get("from") == "session"


def _list() -> str:
    """Which list the button stood in, so that one comes back to it."""
    chosen = request.form.get("from", "")
    return chosen if chosen in SHOWN else "all"

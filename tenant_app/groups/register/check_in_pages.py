"""Checking in by the code on the wall: the page it opens, and the one tap that says "I am here"."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.register.attendance import RegisterClosed, check_in, may_walk_in
from tenant_app.groups.register.check_in import session_meant
from tenant_app.groups.titles import programme
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import house, session

room = Blueprint("check_in", __name__, template_folder="templates")


@room.get("/check-in/<token>")
@open_to(TENANT)
def ask(token: str) -> str:
    """Ask whether they are here: reading the code alone marks nobody, and a phone that looks ahead is not there."""
    group_session = _meant(token)
    mine = select(Booking).where(Booking.session_id == group_session.id, Booking.tenant_id == tenant().id)
    booking = session().scalar(mine)
    here = booking is not None and booking.attendance is not None and booking.attendance.came
    return render_template(
        "groups/check_in.html", it=group_session, page=programme(group_session.kind), here=here, token=token,
        welcome=(booking is not None and booking.listed) or _welcome(group_session),
    )  # fmt: skip


@room.post("/check-in/<token>")
@open_to(TENANT)
def here(token: str) -> Response:
    """They are here."""
    group_session = _meant(token)
    if stated("here"):
        try:
            check_in(session(), tenant(), group_session)
        except LookupError:
            abort(404)
        except RegisterClosed:
            abort(409)
    return redirect(url_for("check_in.ask", token=token), 303)


def _meant(token: str) -> GroupSession:
    try:
        return session_meant(session(), house().keys, token)
    except LookupError:
        abort(404)


def _welcome(group_session: GroupSession) -> bool:
    return session().scalar(may_walk_in(group_session).where(Tenant.id == tenant().id)) is not None

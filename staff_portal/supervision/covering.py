"""Who stands in while somebody of the team is away."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from staff_portal.supervision.desk import team_or_self
from staff_portal.supervision.forms import CoverForm, with_sizes
from staff_portal.supervision.overview import caseload_sizes
from staff_portal.supervision.room import room
from tenant_app import clock
from tenant_app.accounts.cover import (
    AwayToo,
    CoveredAlready,
    NobodyToCover,
    NotToBeCovered,
    StandsIn,
    arrange_cover,
)
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import CARRIERS, Cover, Role, Worker
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import tell_day


@room.route("/supervision/team/<uuid:worker_id>/cover", methods=["GET", "POST"])
@open_to(Role.COORDINATOR)
def cover(worker_id: UUID) -> str | tuple[str, int] | Response:
    """Arrange it. It begins and ends by itself, and the tenants read who it is."""
    zone = house().settings.zone
    colleague = find(team_or_self().where(Worker.role.in_(CARRIERS)), worker_id)
    others = list(session().scalars(
        select(Worker).where(Worker.left_at.is_(None), Worker.role.in_(CARRIERS), Worker.id != colleague.id)
        .order_by(func.lower(Worker.name), Worker.id)
    ))  # fmt: skip
    today = clock.today(zone)
    form = CoverForm.asked(from_on=today)
    form.offer(with_sizes(others, caseload_sizes(session(), [one.id for one in others])))
    if request.method == "GET":
        return render_template("supervision/cover.html", form=form, colleague=colleague)
    if form.valid():
        by = next(one for one in others if str(one.id) == form.covered_by.data)
        try:
            arranged = arrange_cover(
                session(), colleague, by, form.from_on.data, form.until_on.data, zone, arranged_by=worker(),
                reason=form.reason.data or "",
            )  # fmt: skip
        except NotToBeCovered as refused:
            _blame(form, refused)
        else:
            flash(gettext(
                "%(other)s stands in for %(name)s from %(start)s to %(end)s.", other=by.known_as,
                name=colleague.known_as, start=tell_day(arranged.from_on), end=tell_day(arranged.until_on),
            ))  # fmt: skip
            return redirect(url_for("supervision.person", worker_id=colleague.id), 303)
    return render_template("supervision/cover.html", form=form, colleague=colleague), 422


@room.post("/supervision/covers/<uuid:cover_id>")
@open_to(Role.COORDINATOR)
def end_cover(cover_id: UUID) -> Response:
    """They are back: it ends now (`over=1`), and not at the end of its last day. Ending twice is ending once."""
    ours = team_or_self().with_only_columns(Worker.id)
    found = find(select(Cover).where(Cover.worker_id.in_(ours)), cover_id)
    if stated("over"):
        found.end_now()
        flash(gettext("It is over. Nobody stands in any more."))
    return redirect(url_for("supervision.person", worker_id=found.worker_id), 303)


def _blame(form: CoverForm, refused: NotToBeCovered) -> None:
    match refused:
        case NobodyToCover():
            form.blame("covered_by", gettext("Choose somebody who works here"))
        case CoveredAlready(cover=there):
            form.blame("from_on", gettext(
                "%(name)s stands in from %(start)s to %(end)s already. End that first, or choose other days",
                name=there.covered_by.name, start=tell_day(there.from_on), end=tell_day(there.until_on),
            ))  # fmt: skip
        case StandsIn(cover=there):
            form.blame("from_on", gettext(
                "On some of these days they stand in for %(name)s, until %(end)s. Find somebody else for that first",
                name=there.worker.name, end=tell_day(there.until_on),
            ))  # fmt: skip
        case AwayToo(cover=there):
            form.blame("covered_by", gettext(
                "%(name)s is away from %(start)s to %(end)s. Choose somebody else, or other days",
                name=there.worker.name, start=tell_day(there.from_on), end=tell_day(there.until_on),
            ))  # fmt: skip
        case _:
            form.blame("until_on", gettext("Choose a last day from today on, and at most three months after the first"))

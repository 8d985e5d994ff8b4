"""Alerts about reading: what was opened for somebody's safety, and who opened many records in little time."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from staff_portal.read_alerts.forms import DecisionForm, SeenForm
from staff_portal.roles import WATCHERS
from tenant_app.accounts.gate import visitor, worker
from tenant_app.accounts.models import Worker
from tenant_app.accounts.read_alerts import ReadAlert, open_alerts
from tenant_app.accounts.safeguarding import SafeguardingOverride
from tenant_app.accounts.withholding import (
    MOST_DAYS,
    Decided,
    NotYours,
    openings_seen_by,
    see,
    undecided,
    unseen,
    waiting,
)
from tenant_app.reminders.safety import decide_telling
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.locale import language

room = Blueprint("read_alerts", __name__, template_folder="templates")

LATELY = 20
"""Alerts shown of those that were put away."""


def waiting_alerts(session: Session, here: Worker) -> int:
    """How many alerts wait for whoever is here. Two queries, once a page."""
    if here.role not in WATCHERS:
        return 0
    if "waiting_alerts" not in g:
        g.waiting_alerts = waiting(session, here) + open_alerts(session, here)
    found: int = g.waiting_alerts
    return found


@room.app_context_processor
def words() -> dict[str, object]:
    """For the line over every page of the desk, and whether its alerts are new."""

    def alerts() -> int:
        here = visitor()
        return waiting_alerts(session(), here) if isinstance(here, Worker) else 0

    return {"alerts_waiting": alerts}


@room.get("/alerts")
@open_to(*WATCHERS)
def index() -> str:
    """What waits, and lately what was put away."""
    reads = ReadAlert.shown_to(worker())
    return render_template(
        "read_alerts/index.html", undecided=session().scalars(undecided(worker())).all(),
        unseen=session().scalars(unseen(worker())).all(),
        reads=session().scalars(reads.where(ReadAlert.seen_at.is_(None))).all(),
        seen=session().scalars(reads.where(ReadAlert.seen_at.is_not(None)).limit(LATELY)).all(),
        openings=session().scalars(
            openings_seen_by(worker()).where(SafeguardingOverride.seen_at.is_not(None)).limit(LATELY)
        ).all(),
    )  # fmt: skip


@room.post("/alerts/openings/<uuid:override_id>")
@open_to(*WATCHERS)
def opening(override_id: UUID) -> Response:
    """I know that this was opened (`seen=1`)."""
    found = find(openings_seen_by(worker()), override_id)
    if stated("seen"):
        see(found, worker())
        flash(gettext("Written down that you know of it."))
    return redirect(url_for("read_alerts.index"), 303)


@room.route("/alerts/telling/<uuid:override_id>", methods=["GET", "POST"])
@open_to(*WATCHERS)
def telling(override_id: UUID) -> str | tuple[str, int] | Response:
    """Decide whether somebody is told that their record was opened."""
    found = find(openings_seen_by(worker()), override_id)
    if found.withhold_reason is None:
        abort(404)
    form = DecisionForm.asked()
    if request.method == "GET":
        return render_template("read_alerts/telling.html", it=found, form=form, most=MOST_DAYS)
    if not form.valid():
        return render_template("read_alerts/telling.html", it=found, form=form, most=MOST_DAYS), 422
    try:
        decide_telling(session(), found, worker(), days=form.days_from_now, reason=form.reason.data)
    except NotYours:
        abort(404)
    except Decided:
        return render_template("read_alerts/telling.html", it=found, form=form, most=MOST_DAYS), 409
    see(found, worker())
    flash(gettext("Decided. It stands in the list of who looked."))
    return redirect(url_for("read_alerts.index"), 303)


@room.route("/alerts/reads/<uuid:alert_id>", methods=["GET", "POST"])
@open_to(*WATCHERS)
def read(alert_id: UUID) -> str | tuple[str, int] | Response:
    """Put an alert about many records away, saying what it was."""
    alert = find(ReadAlert.shown_to(worker()), alert_id)
    form = SeenForm.asked()
    if request.method == "GET":
        return render_template("read_alerts/read.html", it=alert, form=form)
    if not form.valid():
        return render_template("read_alerts/read.html", it=alert, form=form), 422
    alert.see(worker(), form.words.data, language().code)
    flash(gettext("Put away. What you wrote is kept."))
    return redirect(url_for("read_alerts.index"), 303)


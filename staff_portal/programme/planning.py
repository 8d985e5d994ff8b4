"""Planning a series: questions, then every day of it and what stands in its way, and only then it is put on."""

from __future__ import annotations

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.programme.forms import SeriesForm
from staff_portal.programme.room import helpers, homes, leads, room
from staff_portal.programme.trained import Untrained, untrained
from staff_portal.roles import GROUP_PLANNERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.groups.programme.arranging import Clashing
from tenant_app.groups.programme.planning import (
    NothingLeft,
    Outlook,
    Past,
    SeriesPlan,
    look_ahead,
    plan_series,
    planned_already,
)
from tenant_app.groups.programme.series import NoSuchTime
from tenant_app.groups.titles import title
from tenant_app.web.audience import open_to
from tenant_app.web.house import house, session
from tenant_app.web.locale import say_number


@room.route("/programme/new", methods=["GET", "POST"])
@open_to(*GROUP_PLANNERS)
def new() -> str | tuple[str, int] | Response:
    """Ask for a series, show every day of it, and put it on: tenants can book it from then on."""
    zone, people, buildings = house().settings.zone, helpers(), homes()
    form: SeriesForm = SeriesForm.looked(lead=str(worker().id), weeks=1)
    form.offer(leads(people), people)
    form.offer_series(buildings)
    if not form.shown:
        return render_template("programme/new.html", form=form)
    plan = form.plan(people, buildings, zone) if form.makes_sense() else None
    outlook = _outlook(form, plan) if plan else None
    if plan is None or outlook is None:
        return render_template("programme/new.html", form=form), 422
    missing = untrained(plan.kind, [(plan.arrangement, day.on) for day in outlook.held if day.on])
    if request.method == "GET":
        return _preview(form, plan, outlook, missing)
    if missing.stops:
        return _preview(form, plan, outlook, missing, refused=True), 422
    try:
        planned = plan_series(session(), worker(), plan, despite_place_clashes=request.form.get("despite") == "1")
    except Clashing as refused:
        outlook = Outlook(outlook.days, refused.clashes, outlook.twice)
        already = planned_already(plan, outlook)
        if already:
            flash(gettext("It is planned already. Nothing was planned twice."))
            return redirect(url_for("programme.show", session_id=already[0].id), 303)
        return _preview(form, plan, outlook, missing, refused=True), 422
    flash(say_number(
        "%(title)s is planned, %(num)s session. Tenants can book now.",
        "%(title)s is planned, %(num)s sessions. Tenants can book now.",
        len(planned), title=title(plan.kind),
    ))  # fmt: skip
    return redirect(url_for("programme.show", session_id=planned[0].id), 303)


def _outlook(form: SeriesForm, plan: SeriesPlan) -> Outlook | None:
    """What would come of the plan; None where a field is to blame."""
    try:
        return look_ahead(session(), plan)
    except NoSuchTime as refused:
        form.blame_gaps(refused)
    except NothingLeft:
        form.blame("bank_holidays", gettext("Every day would be a bank holiday. Move them, or choose another day."))
    except Past:
        earlier_today = plan.first_on == clock.today(plan.zone)
        form.blame("starts" if earlier_today else "day", gettext("Choose a time that is still to come"))
    return None


def _preview(
    form: SeriesForm, plan: SeriesPlan, outlook: Outlook, missing: Untrained, *, refused: bool = False
) -> str:
    # The key makes a second tap on the button the same request, so that there is one series.
    return render_template(
        "programme/preview.html", form=form, plan=plan, outlook=outlook, missing=missing, refused=refused,
        key=uuid4().hex, is_bank_holiday=clock.is_bank_holiday, already=planned_already(plan, outlook),
    )  # fmt: skip

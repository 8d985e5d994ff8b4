"""The tenant's page of all they share, and the few questions that belong to it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.consent import (
    MOST_MONTHS,
    USUAL_MONTHS,
    Category,
    Consent,
    GivenAs,
    NotToBeChosen,
    may_be_chosen,
    part_of,
)
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.models import Worker
from tenant_app.accounts.safeguarding import SafeguardingOverride
from tenant_app.goals.models import Goal
from tenant_app.support.sharing import rules
from tenant_app.support.sharing.forms import ShareForm
from tenant_app.support.sharing.kinds import kind_of, kinds, say_part
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import tell_day

room = Blueprint("sharing", __name__, template_folder="templates")

SOON = rules.TOLD_BEFORE
ON_A_PAGE = 30


@room.context_processor
def words() -> dict[str, object]:
    """What kinds of record and people are called."""
    return {"kind_of": kind_of, "say_part": say_part, "part_of": lambda worker: part_of(worker, tenant())}


@room.get("/sharing")
@open_to(TENANT)
def show() -> str:
    """Who sees what by this tenant's word, until when, and what else they could share."""
    today = clock.today(house().settings.zone)
    standing = session().scalars(rules.standing_of(tenant())).all()
    ended = session().scalars(rules.ended_of(tenant())).all()
    choosable = {worker.id for worker in session().scalars(may_be_chosen(tenant()))}
    goals = session().scalars(rules.goals_shared_by(tenant())).all()
    told = SafeguardingOverride.told_to(tenant()).where(SafeguardingOverride.ends_at > clock.now())
    opened = session().scalars(told.options(joinedload(SafeguardingOverride.worker))).all()
    by_category = {category: [each for each in standing if each.category is category] for category in Category}
    return render_template(
        "sharing/show.html", kinds=kinds(), standing=by_category, goals=goals, keyworker=tenant().keyworker,
        ended=[each for each in ended if _may_go_on(each, choosable)], opened=opened, soon=today + SOON,
        nothing=not standing and not goals, choosable=choosable,
        may_go_on=lambda each: _may_go_on(each, choosable), usual=today + relativedelta(months=USUAL_MONTHS),
    )  # fmt: skip


@room.route("/sharing/<category>/with", methods=["GET", "POST"])
@open_to(TENANT)
def share(category: str) -> str | tuple[str, int] | Response:
    """Who may see this kind of record, and until when?"""
    kind = kind_of(_category(category))
    people = [worker for worker in session().scalars(may_be_chosen(tenant()))
              if not kind.keyworker_only or worker.id == tenant().keyworker_id]  # fmt: skip
    people.sort(key=lambda worker: list(GivenAs).index(part_of(worker, tenant())))
    zone = house().settings.zone
    today = clock.today(zone)
    asked = request.args.get("who", "")
    form: ShareForm = ShareForm.asked(
        who=asked if asked in {str(each.id) for each in people} else str(people[0].id) if len(people) == 1 else "",
        until=today + relativedelta(months=USUAL_MONTHS),
    )  # fmt: skip
    form.within(today + timedelta(days=1), today + relativedelta(months=MOST_MONTHS))
    form.who.choices = [(str(worker.id), worker.name) for worker in people]
    page = {"kind": kind, "people": people, "form": form}
    if request.method == "GET":
        return render_template("sharing/share.html", **page)
    if not form.valid():
        return render_template("sharing/share.html", **page), 422
    worker = next(each for each in people if str(each.id) == form.who.data)
    assert form.until.data is not None
    _share(kind.category, worker, form.until.data)
    return redirect(url_for("sharing.show", _anchor=kind.category.value), 303)


@room.post("/sharing/consents/<uuid:consent_id>")
@open_to(TENANT)
def settle(consent_id: UUID) -> Response:
    """No longer (`share=0`), or on for as long as is usual (`share=1`). Twice is once."""
    consent = find(select(Consent).where(Consent.tenant_id == tenant().id), consent_id)
    if stated("share"):
        until = clock.today(house().settings.zone) + relativedelta(months=USUAL_MONTHS)
        _share(consent.category, consent.worker, until)
    else:
        rules.stop(session(), tenant(), consent)
        flash(gettext("%(name)s can no longer see it: %(what)s.", name=consent.worker.known_as,
                      what=kind_of(consent.category).name))  # fmt: skip
    return redirect(url_for("sharing.show", _anchor=consent.category.value), 303)


@room.post("/sharing/goals/<uuid:goal_id>")
@open_to(TENANT)
def goal(goal_id: UUID) -> Response:
    """This goal is the tenant's alone again (`shared=0`)."""
    mine = find(Goal.of(tenant()), goal_id)
    if stated("shared"):
        abort(400)  # a goal is shared on its own page, where it can be read once more before
    mine.share(False)
    flash(gettext("Only you see this goal now."))
    return redirect(url_for("sharing.show", _anchor="goals"), 303)


@room.route("/sharing/stop", methods=["GET", "POST"])
@open_to(TENANT)
def stop() -> str | Response:
    """Stop sharing everything: asked once, done with the second tap."""
    if request.method == "GET":
        return render_template("sharing/stop.html")
    if not stated("sure"):
        abort(400)
    rules.stop_everything(session(), tenant())
    flash(gettext("You share nothing any more. Only you see your goals, medicines, check-ins and plans."))
    return redirect(url_for("sharing.show"), 303)


@room.get("/sharing/history")
@open_to(TENANT)
def history() -> str:
    """Every giving, going on, stopping and ending, and what was opened for safety; newest first."""
    page = max(request.args.get("page", 1, type=int), 1)
    events, count = rules.history_of(session(), tenant(), min(page, 100_000), ON_A_PAGE)
    ids = [event.record_id for event in events]
    given = select(Consent).where(Consent.tenant_id == tenant().id, Consent.id.in_(ids))
    opened = SafeguardingOverride.told_to(tenant()).where(SafeguardingOverride.id.in_(ids))
    rows: dict[UUID, Consent | SafeguardingOverride] = {}
    rows |= {row.id: row for row in session().scalars(given.options(joinedload(Consent.worker)))}
    rows |= {row.id: row for row in session().scalars(opened.options(joinedload(SafeguardingOverride.worker)))}
    return render_template(
        "sharing/history.html", events=[(event, rows[event.record_id]) for event in events], page=page,
        more=page * ON_A_PAGE < count,
    )  # fmt: skip


def _may_go_on(consent: Consent, choosable: set[UUID]) -> bool:
    if kind_of(consent.category).keyworker_only:
        return consent.worker_id == tenant().keyworker_id and consent.worker_id in choosable
    return consent.worker_id in choosable


def _share(category: Category, worker: Worker, until: date) -> None:
    try:
        rules.share(session(), tenant(), category, worker, house().settings.zone, expires_on=until)
    except NotToBeChosen:
        abort(409)
    flash(gettext("%(name)s can see it until %(day)s: %(what)s.", name=worker.known_as, day=tell_day(until, year=True),
                  what=kind_of(category).name))  # fmt: skip


def _category(category: str) -> Category:
    try:
        return Category(category)
    except ValueError:
        abort(404)
